package tui

import (
	"fmt"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"hark/tui/inbox"
)

// TestScreens compares the emulator's screen with golden files, without
// styles; go test ./tui -run TestScreens -update writes them.
func TestScreens(t *testing.T) {
	moments := []struct {
		name string
		do   func(*console)
	}{
		{"start", func(*console) {}},
		{"navigating", func(c *console) { c.Press("down").Press(inbox.ActOpen).Press("back") }},
		{"writing", func(c *console) {
			c.Press("down").Press(inbox.ActReply).Type("I can see both charges; they are only reservations.").Key("alt+enter").Type("They go in 3 days.")
		}},
		{"note", func(c *console) { c.Press("down").Press(inbox.ActNote).Type("asked the bank") }},
		{"customer", func(c *console) { c.Press("down").Press(inbox.ActOpen).Press("customer") }},
		{"help", func(c *console) { c.Press("help") }},
	}
	for _, size := range []Size{{W: 120, H: 40}, {W: 80, H: 24}, {W: 70, H: 20}, {W: 50, H: 14}, {W: 30, H: 8}} {
		for _, m := range moments {
			t.Run(fmt.Sprintf("%s-%dx%d", m.name, size.W, size.H), func(t *testing.T) {
				at(t, setup{desk: shop, size: size, notices: []string{"The shop is at http://127.0.0.1:43121"}}, func(c *console) {
					m.do(c)
					golden.RequireEqual(t, c.term.text()+"\n")
				})
			})
		}
	}
}

// TestStyles compares one screen with its styles for each kind of terminal.
func TestStyles(t *testing.T) {
	kinds := []struct {
		name string
		env  []string
		bg   string // what the terminal says its background is
	}{
		{"dark", []string{"TERM=xterm-256color", "COLORTERM=truecolor", "TZ=UTC"}, "#101010"},
		{"light", []string{"TERM=xterm-256color", "COLORTERM=truecolor", "TZ=UTC"}, "#fafafa"},
		{"sixteen", []string{"TERM=xterm-color", "TZ=UTC"}, "#101010"},
		{"no-color", []string{"TERM=xterm-256color", "COLORTERM=truecolor", "NO_COLOR=yes", "TZ=UTC"}, "#101010"},
	}
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			at(t, setup{desk: shop, size: Size{W: 80, H: 24}, env: k.env, background: k.bg}, func(c *console) {
				c.Press("down").Press(inbox.ActOpen)
				golden.RequireEqual(t, c.term.styled()+"\n")
			})
		})
	}
}

// TestASCII shows every state without a single character beyond ASCII, except
// in what people wrote.
func TestASCII(t *testing.T) {
	at(t, setup{desk: shop, size: Size{W: 80, H: 24}, ascii: true}, func(c *console) {
		c.Press("down").Press(inbox.ActOpen).Press(inbox.ActReply).Type("hello")
		golden.RequireEqual(t, c.term.text()+"\n")
	})
}
