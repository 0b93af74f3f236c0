// Command bench measures hark and prints one figure a line as JSON:
//
//	go run ./bench journal
//	go run ./bench chat
//	go run ./bench visitors --count 1000
//	go run ./bench tui
//	go run ./bench route
//	go run ./bench widget
//	go run ./bench email-sync
//	go run ./bench email-parse
//
// Where a peer is named it ran in turns with hark on the same machine, and the
// ratio is hark's value by the peer's. Figures are medians over the rounds.
// What a person may want to know besides goes to standard error.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// benches are the names that bench knows.
func benches() map[string]func(context.Context, *plan) error {
	return map[string]func(context.Context, *plan) error{"journal": appends, "route": offers, "chat": chat, "visitors": visitors, "tui": screen, "widget": widget, "email-sync": emailSync, "email-parse": emailParse}
}

// run is main with its surroundings as values. It returns the exit code.
func run(ctx context.Context, args []string, out, words io.Writer) int {
	if len(args) == 2 && args[0] == relayCommand {
		return exit(words, serveRelay(ctx, args[1], out))
	}
	p, name, err := parse(args, out, words)
	if err != nil {
		fmt.Fprintln(words, "bench:", err)
		return 2
	}
	return exit(words, benches()[name](ctx, p))
}

func exit(words io.Writer, err error) int {
	if err != nil {
		fmt.Fprintln(words, "bench:", err)
		return 1
	}
	return 0
}

// plan says how a bench is run.
type plan struct {
	rounds int
	length time.Duration // of one measurement
	count  int           // of what a bench makes many
	quick  bool          // tiny: to see that it works, not how fast
	hub    string        // the program to measure; built when empty
	words  io.Writer
	out    *json.Encoder
}

func parse(args []string, out, words io.Writer) (*plan, string, error) {
	names := make([]string, 0, len(benches()))
	for n := range benches() {
		names = append(names, n)
	}
	slices.Sort(names)
	usage := errors.New("name one of " + strings.Join(names, ", "))
	if len(args) == 0 || benches()[args[0]] == nil {
		return nil, "", usage
	}
	p := &plan{words: words, out: json.NewEncoder(out)}
	f := flag.NewFlagSet("bench "+args[0], flag.ContinueOnError)
	f.SetOutput(words)
	f.IntVar(&p.rounds, "rounds", 3, "how often each measurement is repeated, in turns with its peer")
	f.DurationVar(&p.length, "length", 10*time.Second, "how long one measurement lasts")
	f.IntVar(&p.count, "count", 0, "how many visitors or conversations; 0 for the bench's own number")
	f.BoolVar(&p.quick, "quick", false, "a tiny run that shows that the bench works")
	f.StringVar(&p.hub, "hub", "", "the hark program to measure; built from this tree when empty")
	if err := f.Parse(args[1:]); err != nil {
		return nil, "", err
	}
	if p.quick {
		p.rounds, p.length = 1, 300*time.Millisecond
	}
	if f.NArg() > 0 || p.rounds < 1 || p.length <= 0 || p.count < 0 {
		return nil, "", fmt.Errorf("%s takes flags with positive values only", f.Name())
	}
	return p, args[0], nil
}

// say tells the person who waits what goes on.
func (p *plan) say(format string, args ...any) { fmt.Fprintf(p.words, format+"\n", args...) }
