package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// manCommand writes the manual page.
type manCommand struct{}

// Run writes the page.
func (manCommand) Run(p *program) error {
	_, err := fmt.Fprint(p.out, manPage())
	return err
}

// manPage returns the manual page in roff, made of the commands' own grammar.
func manPage() string {
	var m roff
	m.line(`.TH HARK 1 "" hark "hark manual"`)
	m.section("NAME")
	m.text("hark - a customer-service desk in the terminal")
	m.section("SYNOPSIS")
	m.line(".B hark")
	m.text("[--data DIR] [--as NAME] [COMMAND [ARGUMENT …]]")
	m.section("DESCRIPTION")
	m.text("hark answers customers of websites from the terminal. Without a command it opens the desk: the hub in the background, then the console. " +
		"Everything that happens is kept sealed, and is on record before anybody is told.")
	m.line(".PP")
	m.text("Where a command takes a conversation, the first letters of its identifier are enough, as hark ls shows them. " +
		"Commands that change conversations take several; - reads identifiers from standard input, one a line, and a failure of one is named and does not keep the others.")
	m.section("COMMANDS")
	for _, n := range grammar() {
		m.command(nil, n)
	}
	m.section("OPTIONS")
	for _, o := range [][2]string{
		{"--data DIR", "The desk in DIR: its hark.toml and its data."},
		{"--as NAME", "Act as another account; the owner of the desk's data may."},
		{"--socket PATH", "The hub of another user of this machine."},
		{"--plain", "A console of lines, for screen readers and for scripts on a pipe."},
		{"--accessible", "Questions line by line."},
	} {
		m.term(o[0])
		m.text(o[1])
	}
	m.section("EXIT STATUS")
	for _, s := range [][2]string{
		{"0", "done"},
		{"1", "failed"},
		{"2", "written wrongly, or the input is impossible"},
		{"3", "no desk is open there"},
		{"4", "the account may not do it"},
		{"5", "there is no such conversation, account or file"},
		{"6", "somebody else was first"},
		{"7", "it cannot be done now, but later"},
	} {
		m.term(s[0])
		m.text(s[1])
	}
	m.section("ENVIRONMENT")
	m.term("VISUAL, EDITOR")
	m.text("The editor for longer replies; a program and its arguments, which no shell reads.")
	m.term("NO_COLOR, ACCESSIBLE, TZ, LANG")
	m.text("How the console and the commands write.")
	m.section("FILES")
	m.term("$XDG_CONFIG_HOME/hark/hark.toml")
	m.text("The configuration; hark config show lists what is in force.")
	m.term("$XDG_DATA_HOME/hark")
	m.text("The data.")
	m.section("EXAMPLES")
	for _, e := range []string{
		"hark ls is:open tag:vip",
		"hark ls --json --queue billing | jq -r .id | hark tag refund -",
		"hark snooze 7f3k fri 14:00",
		"hark why 7f3k",
		"hark reply 7f3k --all --cc ida@shop.example - < answer.txt",
		"hark mail status --json | jq .counters",
		"hark mail import ~/Maildir --account support",
	} {
		m.line(".PP\n.nf")
		m.line(escapeRoff(e))
		m.line(".fi")
	}
	return m.b.String()
}

// roff writes a manual page.
type roff struct{ b strings.Builder }

func (m *roff) line(s string)    { m.b.WriteString(s + "\n") }
func (m *roff) section(s string) { m.line(".SH " + s) }
func (m *roff) term(s string)    { m.line(".TP\n.B " + escapeRoff(s)) }

// text writes a paragraph's words.
func (m *roff) text(s string) { m.line(escapeRoff(s)) }

// escapeRoff writes words so that nothing in them is a command of the
// formatter.
func escapeRoff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "…", "...").Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}

// command writes what a command does, its arguments and flags, and those below
// it.
func (m *roff) command(above []string, n *kong.Node) {
	if n.Hidden {
		return
	}
	names := append(above[:len(above):len(above)], n.Name)
	if len(n.Children) == 0 {
		m.term("hark " + strings.Join(names, " ") + written(n))
		m.text(n.Help)
		for _, p := range n.Positional {
			m.argument(placeholder(p), p.Help)
		}
		for _, f := range n.Flags {
			if !f.Hidden && f.Name != "help" {
				m.argument(flagWords(f), f.Help)
			}
		}
	}
	for _, c := range n.Children {
		m.command(names, c)
	}
}

func (m *roff) argument(name, help string) {
	if help == "" {
		return
	}
	m.line(".RS\n.TP\n.I " + escapeRoff(name))
	m.text(help)
	m.line(".RE")
}

// written returns the arguments as a person types them.
func written(n *kong.Node) string {
	if n.Tag != nil && n.Tag.Has("as") {
		return " " + n.Tag.Get("as")
	}
	var b strings.Builder
	for _, p := range n.Positional {
		word := placeholder(p)
		if !p.Required {
			word = "[" + word + "]"
		}
		b.WriteString(" " + word)
	}
	return b.String()
}

func placeholder(v *kong.Value) string {
	word := strings.ToUpper(v.Name)
	if v.IsCumulative() {
		word += "…"
	}
	return word
}

func flagWords(f *kong.Flag) string {
	word := "--" + f.Name
	if f.Short != 0 {
		word = "-" + string(f.Short) + ", " + word
	}
	if !f.IsBool() {
		word += " " + cmp.Or(f.PlaceHolder, strings.ToUpper(f.Name[strings.LastIndexByte(f.Name, '-')+1:]))
	}
	return word
}
