package staff

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// modes follows what a console asks of its terminal, so that somebody else can
// have the terminal for a while and find it, and leave it, as it should be.
type modes struct {
	p       *ansi.Parser
	private map[int]bool // CSI ? n h and l
	kitty   []int        // keyboard flags, pushed one upon the other
	flags   int          // keyboard flags that were set without a push
	others  int          // modifyOtherKeys
	shape   int          // of the cursor
}

// Modes of a terminal that matter here.
const (
	modeWrap      = 7
	modeCursor    = 25
	modeAltScreen = 1049
	modeSync      = 2026 // within one picture only, so it is never brought back
)

func newModes() *modes {
	m := &modes{p: ansi.NewParser(), private: map[int]bool{}}
	m.p.SetHandler(ansi.Handler{HandleCsi: m.csi})
	return m
}

// follow takes what is written to the terminal.
func (m *modes) follow(p []byte) {
	for _, b := range p {
		m.p.Advance(b)
	}
}

func (m *modes) csi(cmd ansi.Cmd, params ansi.Params) {
	first, _, ok := params.Param(0, 0)
	if !ok {
		first = 0
	}
	switch {
	case cmd.Prefix() == '?' && (cmd.Final() == 'h' || cmd.Final() == 'l'):
		params.ForEach(0, func(_, n int, _ bool) { m.private[n] = cmd.Final() == 'h' })
	case cmd.Final() == 'u':
		m.keys(cmd.Prefix(), first)
	case cmd.Prefix() == '>' && cmd.Final() == 'm' && first == 4:
		m.others, _, _ = params.Param(1, 0)
	case cmd.Intermediate() == ' ' && cmd.Final() == 'q':
		m.shape = first
	}
}

// keys follows the keyboard protocol: > pushes, < pops, = sets.
func (m *modes) keys(prefix byte, n int) {
	switch prefix {
	case '>':
		m.kitty = append(m.kitty, n)
		if len(m.kitty) > 32 {
			m.kitty = m.kitty[1:]
		}
	case '<':
		m.kitty = m.kitty[:max(len(m.kitty)-max(n, 1), 0)]
	case '=':
		m.flags = n
	}
}

// usually reports how a terminal is that nobody asked for anything.
func usually(mode int) bool { return mode == modeCursor || mode == modeWrap }

// changed returns the modes that are not as usual, in the order to set them:
// the screen first, for the keyboard's flags belong to it.
func (m *modes) changed() []int {
	var all []int
	for _, n := range slices.Sorted(maps.Keys(m.private)) {
		if m.private[n] != usually(n) && n != modeSync && n != modeAltScreen {
			all = append(all, n)
		}
	}
	if m.private[modeAltScreen] {
		all = append([]int{modeAltScreen}, all...)
	}
	return all
}

// leave returns what makes the terminal usual again.
func (m *modes) leave() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\x1b[?%dl", modeSync)
	if len(m.kitty) > 0 {
		fmt.Fprintf(&b, "\x1b[<%du", len(m.kitty))
	}
	if m.flags != 0 {
		b.WriteString("\x1b[=0;1u")
	}
	if m.others != 0 {
		b.WriteString("\x1b[>4m")
	}
	if m.shape != 0 {
		b.WriteString("\x1b[0 q")
	}
	all := m.changed()
	slices.Reverse(all)
	for _, n := range all {
		b.WriteString(setMode(n, usually(n)))
	}
	return b.String() + "\x1b[0m\r"
}

// enter returns what makes the terminal as the console believes it to be. The
// picture is for the console to draw again.
func (m *modes) enter() string {
	var b strings.Builder
	for _, n := range m.changed() {
		b.WriteString(setMode(n, !usually(n)))
	}
	for _, flags := range m.kitty {
		fmt.Fprintf(&b, "\x1b[>%du", flags)
	}
	if m.flags != 0 {
		fmt.Fprintf(&b, "\x1b[=%d;1u", m.flags)
	}
	if m.others != 0 {
		fmt.Fprintf(&b, "\x1b[>4;%dm", m.others)
	}
	if m.shape != 0 {
		fmt.Fprintf(&b, "\x1b[%d q", m.shape)
	}
	return b.String() + "\x1b[0m\x1b[2J\x1b[H"
}

func setMode(n int, on bool) string {
	if on {
		return fmt.Sprintf("\x1b[?%dh", n)
	}
	return fmt.Sprintf("\x1b[?%dl", n)
}
