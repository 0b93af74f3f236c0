package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"hark/desk"
	"hark/staff"
)

// Rules of completion: it follows the same grammar as the commands, asks a hub
// that runs for what only the desk knows, and is silent when anything is wrong:
// no hub, no answer in time, no sense in what was typed.

// completeTimeout is how long a hub may take, for somebody waits at the key.
const completeTimeout = 700 * time.Millisecond

// filesWord tells the shell's part to complete names of files.
const filesWord = ":files"

// completeCommand lists what can be typed next. The shells' scripts call it.
type completeCommand struct {
	Line  bool     `help:"The words are one line, as typed up to the cursor."`
	Words []string `arg:"" optional:"" passthrough:""`
}

// Run writes a candidate a line, and behind a tab what it is.
func (c *completeCommand) Run(ctx context.Context, p *program) error {
	words := c.Words
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	strip := 0
	if c.Line {
		words = lineWords(strings.Join(words, " "))
		// readline replaces what stands behind the last of these letters
		strip = strings.LastIndexAny(words[len(words)-1], ":=") + 1
	}
	if len(words) == 0 {
		words = []string{""}
	}
	for _, candidate := range p.complete(ctx, words) {
		if candidate != filesWord {
			candidate = candidate[min(strip, len(candidate)):]
		}
		if _, err := fmt.Fprintln(p.out, candidate); err != nil {
			return err
		}
	}
	return nil
}

// lineWords splits a line as typed so far; the last word is the one at the
// cursor, which may be empty.
func lineWords(line string) []string {
	words, err := staff.Split(line)
	if err != nil || len(words) == 0 {
		return []string{""}
	}
	words = words[1:] // the program
	if strings.HasSuffix(line, " ") || len(words) == 0 {
		words = append(words, "")
	}
	return words
}

// complete returns the candidates for the last of the words.
func (p *program) complete(ctx context.Context, words []string) []string {
	cur, before := words[len(words)-1], words[:len(words)-1]
	g, rest, err := parseGlobals(before)
	if err != nil { // a flag without its value: that is what is being typed
		if before[len(before)-1] == "--as" {
			return matching(cur, p.askHub(ctx, globalsOf(before[:len(before)-1]), "name"))
		}
		return []string{filesWord}
	}
	if len(rest) == 0 {
		return matching(cur, append(commandWords(grammar()), globalFlags(cur)...))
	}
	node, args := walk(grammar(), rest)
	if node == nil {
		return nil
	}
	kinds, fixed := expected(node, args, cur)
	all := fixed
	if len(kinds) > 0 {
		all = append(all, p.askHub(ctx, g, kinds...)...)
	}
	if slices.Contains(all, filesWord) {
		return []string{filesWord}
	}
	return matching(cur, all)
}

func globalsOf(words []string) globals {
	g, _, err := parseGlobals(words)
	if err != nil {
		return globals{}
	}
	return g
}

// askHub asks the hub for candidates of some kinds; none without a hub.
func (p *program) askHub(ctx context.Context, g globals, kinds ...string) []string {
	ctx, cancel := context.WithTimeout(ctx, completeTimeout)
	defer cancel()
	q := &program{in: p.in, out: p.out, err: p.err, globals: g}
	place, err := q.place()
	if err != nil {
		return nil
	}
	c, err := q.dial(ctx, place)
	if err != nil {
		return nil
	}
	defer func() { _ = c.Close() }() // nothing waits for it
	var out bytes.Buffer
	status, err := c.Run(ctx, append([]string{"complete", "--"}, kinds...), nil, staff.Streams{Out: &out, Err: io.Discard})
	if err != nil || status != staff.ExitOK {
		return nil
	}
	return strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
}

// grammar returns every command, those of this process behind those of the hub.
func grammar() []*kong.Node {
	k, err := kong.New(&localCommands{}, kong.Name("hark"))
	if err != nil {
		panic(err) // the table is wrong; every test would see it
	}
	return append(staff.Commands(), k.Model.Children...)
}

func commandWords(nodes []*kong.Node) []string {
	var all []string
	for _, n := range nodes {
		if !n.Hidden {
			all = append(all, n.Name+"\t"+n.Help)
		}
	}
	return all
}

func globalFlags(cur string) []string {
	if !strings.HasPrefix(cur, "-") {
		return nil
	}
	return []string{"--data\tthe desk in a folder", "--as\tact as another account", "--socket\tthe hub of another user", "--plain\ta console of lines", "--accessible\tquestions line by line", "--help"}
}

// walk goes down to the command that the words name and returns what is behind
// its name.
func walk(nodes []*kong.Node, words []string) (*kong.Node, []string) {
	var found *kong.Node
	for len(words) > 0 {
		i := slices.IndexFunc(nodes, func(n *kong.Node) bool { return n.Name == words[0] })
		if i < 0 {
			break
		}
		found, nodes, words = nodes[i], nodes[i].Children, words[1:]
	}
	return found, words
}

// expected says what the next word of a command can be: kinds that the hub
// knows, and fixed words.
func expected(node *kong.Node, args []string, cur string) (kinds, fixed []string) {
	if n := len(args); n > 0 {
		if f := flagOf(node, args[n-1]); f != nil && !f.IsBool() {
			return valueWords(f.Value)
		}
	}
	for _, c := range node.Children {
		if !c.Hidden && len(args) == 0 {
			fixed = append(fixed, c.Name+"\t"+c.Help)
		}
	}
	if strings.HasPrefix(cur, "-") && node.Name != "tag" {
		for _, f := range node.Flags {
			if !f.Hidden {
				fixed = append(fixed, "--"+f.Name+"\t"+f.Help)
			}
		}
		return nil, fixed
	}
	kinds, words := argumentWords(node, args, cur)
	return kinds, append(fixed, words...)
}

func flagOf(node *kong.Node, word string) *kong.Flag {
	i := slices.IndexFunc(node.Flags, func(f *kong.Flag) bool { return "--"+f.Name == word || f.Short != 0 && "-"+string(f.Short) == word })
	if i < 0 {
		return nil
	}
	return node.Flags[i]
}

// argumentWords says what the next argument can be.
func argumentWords(node *kong.Node, args []string, cur string) (kinds, fixed []string) {
	n := 0
	for i, a := range args {
		value := i > 0 && flagOf(node, args[i-1]) != nil && !flagOf(node, args[i-1]).IsBool()
		if !value && (!strings.HasPrefix(a, "-") || a == "-" || node.Name == "tag") {
			n++
		}
	}
	if node.Name == "tag" && (n > 0 || strings.HasPrefix(cur, "+")) {
		return tagKinds(cur)
	}
	if len(node.Positional) == 0 || n >= len(node.Positional) && !node.Positional[len(node.Positional)-1].IsCumulative() {
		return nil, nil
	}
	kinds, fixed = valueWords(node.Positional[min(n, len(node.Positional)-1)])
	if node.Tag != nil && node.Tag.Has("then") && n > 0 {
		more, words := kindWords(node.Tag.Get("then"))
		kinds, fixed = append(kinds, more...), append(fixed, words...)
	}
	if node.Name == "tag" {
		return []string{"id"}, nil
	}
	return kinds, fixed
}

// tagKinds keeps the sign that is being typed.
func tagKinds(cur string) (kinds, fixed []string) {
	switch {
	case strings.HasPrefix(cur, "+"), strings.HasPrefix(cur, "-"):
		return []string{cur[:1] + "tag"}, nil
	}
	return []string{"tag", "id"}, nil
}

// valueWords says what an argument or the value of a flag can be.
func valueWords(v *kong.Value) (kinds, fixed []string) {
	if v.Enum != "" {
		return nil, v.EnumSlice()
	}
	if v.Tag != nil && v.Tag.Has("complete") {
		return kindWords(v.Tag.Get("complete"))
	}
	return nil, nil
}

// kindWords resolves a kind that needs no hub.
func kindWords(kind string) (kinds, fixed []string) {
	switch kind {
	case "file":
		return nil, []string{filesWord}
	case "status":
		for _, p := range desk.Presences() {
			fixed = append(fixed, string(p))
		}
		return nil, fixed
	case "priority":
		for _, p := range desk.Priorities() {
			fixed = append(fixed, string(p))
		}
		return nil, fixed
	case "shell":
		return nil, []string{"bash", "zsh", "fish"}
	}
	return []string{kind}, nil
}

// matching returns the candidates that begin with what is typed.
func matching(cur string, all []string) []string {
	return slices.DeleteFunc(all, func(c string) bool { return c == "" || !strings.HasPrefix(c, cur) })
}
