package tui

import (
	"slices"
	"strings"
	"testing"

	"hark/tui/inbox"
)

// TestHostileTextInOverlays opens everything that lies over the screen on a desk
// where every name and word is hostile.
func TestHostileTextInOverlays(t *testing.T) {
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			s := setup{desk: evil(text), size: Size{W: 80, H: 24}, facts: []DeskSetting{{text, text, text}}, filePath: text}
			at(t, s, func(c *console) {
				c.Press("palette").Paste(pasteable(text))
				framed(c)
				c.Key("ctrl+u").Type("evil").Key("end")
				framed(c)
				c.Key("esc").Press("settings")
				framed(c)
				c.Key("end")
				framed(c)
				c.Key("esc").Press(inbox.ActResolve).Press("notifications")
				framed(c)
				c.Key("esc").Sees(" NAV ")
			})
		})
	}
}

// pasteable is what terminals pass on of a text that is pasted: a paste must
// not be able to end itself.
func pasteable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, valid(s))
}

// framed checks that the overlay's frame is whole and that nothing of what
// strangers wrote got through to the terminal.
func framed(c *console) {
	c.t.Helper()
	screen := c.term.text()
	raw := c.term.sentText()
	for _, bad := range []string{"\x1b]52", "\u009b", "\u009d", "\u0090", "\u202e", "\U000E0041", "\x1b]8;"} {
		if strings.Contains(raw, bad) {
			c.t.Fatalf("%q was sent to the terminal", bad)
		}
	}
	left, right, top := -1, -1, -1
	for y := range c.term.emu.Height() {
		for x := range c.term.emu.Width() {
			switch cell := c.term.emu.CellAt(x, y); {
			case cell == nil:
			case top < 0 && cell.Content == "┏" && slices.Contains([]string{"commands", "settings", "notifications"}, titleAt(c, x, y)):
				left, top = x, y
			case y == top && right < 0 && left >= 0 && cell.Content == "┓":
				right = x
			}
		}
	}
	if right < 0 {
		c.t.Fatalf("no overlay is open:\n%s", screen)
	}
	for y := top + 1; y < c.term.emu.Height()-1; y++ {
		l, r := c.term.emu.CellAt(left, y), c.term.emu.CellAt(right, y)
		if l.Content == "┗" && r.Content == "┛" {
			return
		}
		if l.Content != "┃" || r.Content != "┃" {
			c.t.Fatalf("the frame is broken at line %d:\n%s", y, screen)
		}
	}
	c.t.Fatalf("the frame has no end:\n%s", screen)
}

// titleAt returns the title of a frame whose corner is at a cell.
func titleAt(c *console, x, y int) string {
	var b strings.Builder
	for x += 3; x < c.term.emu.Width(); x++ {
		cell := c.term.emu.CellAt(x, y)
		if cell == nil || cell.Content == " " || cell.Content == "" {
			break
		}
		b.WriteString(cell.Content)
	}
	return b.String()
}
