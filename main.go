// Command hark is a customer-service desk that lives in the terminal: website
// chat answered from the keyboard, every word sealed and journaled before
// anyone is told.
//
// This package joins the rooms: it reads the command line and the
// configuration, opens a hub (hub.go) or reaches one that runs, and turns
// signals into a context.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"hark/config"
	"hark/desk"
	"hark/staff"
)

func main() {
	limitProcess()
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr}
	os.Exit(p.run(p.signals(), os.Args[1:]))
}

// program is one run of the command line.
type program struct {
	in, out, err *os.File
	globals
	lent lending // of the terminal to an editor
}

// run does what the command line says and returns the exit status.
func (p *program) run(ctx context.Context, args []string) int {
	g, args, err := parseGlobals(args)
	if err != nil {
		return p.fail(err)
	}
	p.globals = g
	switch {
	case p.help || len(args) > 0 && args[0] == "help":
		fmt.Fprint(p.out, usage)
		return staff.ExitOK
	case len(args) == 0:
		return p.open(ctx)
	case args[0] == "doctor":
		return p.doctor(ctx, args)
	case staff.Known(args[0]) && args[0] != "complete":
		return p.remote(ctx, args)
	}
	return p.local(ctx, args)
}

// place returns where the desk is that the command line names.
func (p *program) place() (config.Place, error) {
	place, err := config.Locate(p.data)
	if err != nil {
		return place, desk.Errorf(desk.Invalid, "%w", err)
	}
	return place, nil
}

// load reads the desk's configuration; a file that is not there is the default.
func load(place config.Place) (*config.File, error) {
	f, err := config.Load(place.File)
	if errors.Is(err, fs.ErrNotExist) {
		return config.Parse(place.File, nil)
	}
	return f, err
}

// dial connects to the hub of the desk. A configuration that is broken does not
// keep anybody from a hub that runs.
func (p *program) dial(ctx context.Context, place config.Place) (*staff.Client, error) {
	return staff.Dial(ctx, p.sockets(place), p.as)
}

func (p *program) sockets(place config.Place) []string {
	if p.socket != "" {
		return []string{p.socket}
	}
	sockets := staff.SocketPaths(place.Data)
	if f, err := load(place); err == nil && f.Staff.Socket != "" {
		return append([]string{f.Staff.Socket}, sockets...)
	}
	return sockets
}

// noHub says that no desk is open, and how to open it.
func (p *program) noHub(place config.Place) int {
	fmt.Fprintf(p.err, "hark: no desk is open in %s; open it with: %s\n", place.Data, p.again(""))
	return staff.ExitNoDesk
}

// again writes a command for the same desk, as the person would type it.
func (p *program) again(command string) string {
	argv := []string{"hark"}
	if p.data != "" {
		argv = append(argv, "--data", p.data)
	}
	if command != "" {
		argv = append(argv, command)
	}
	return staff.Quote(argv)
}

// fail tells the person about an error and returns the exit status.
func (p *program) fail(err error) int {
	var problems config.Problems
	if errors.As(err, &problems) {
		fmt.Fprintln(p.err, problems.Error())
		return staff.ExitUsage
	}
	fmt.Fprintln(p.err, "hark: "+sentence(err))
	return staff.ExitStatus(err)
}

// sentence returns what to tell the person who started hark: its sentence where
// an error has one, all of it otherwise, for nobody else will see it.
func sentence(err error) string {
	var e *desk.Error
	if errors.As(err, &e) {
		return e.Msg
	}
	return err.Error()
}
