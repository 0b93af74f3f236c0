package tui

import (
	"fmt"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"hark/tui/inbox"
)

// overlays are the moments in which something lies over the screen.
func overlays() []struct {
	name string
	do   func(*console)
} {
	return []struct {
		name string
		do   func(*console)
	}{
		{"palette", func(c *console) { c.Press("palette") }},
		{"palette-typed", func(c *console) { c.Press(inbox.ActReply).Press("palette").Type("re") }},
		{"which-key", func(c *console) { c.Key("g").Key("?") }},
		{"help-below", func(c *console) { c.Press("help").Key("pgdown").Key("pgdown") }},
		{"said", func(c *console) {
			c.Press("undo").Press(inbox.ActResolve).Press("notifications")
		}},
		{"said-nothing", func(c *console) { c.Press("notifications") }},
		{"settings", func(c *console) { c.Press("settings").Key("j").Key("j").Key("j").Key("enter") }},
	}
}

// facts are what a desk's file may say.
func facts() []DeskSetting {
	return []DeskSetting{
		{"desk.name", `"Test desk"`, "hark.toml:2"},
		{"desk.zone", `"Europe/Berlin"`, "hark.toml:3"},
		{"routing.accept_within", `"30s"`, ""},
		{"chat.listen", `"127.0.0.1:4275"`, ""},
		{"chat.origins", `["https://shop.example", "https://www.shop.example"]`, "hark.toml:9"},
		{"console.mouse", "true", ""},
	}
}

// TestOverlays compares what lies over the screen with golden files, without
// styles; go test ./tui -run TestOverlays -update writes them.
func TestOverlays(t *testing.T) {
	for _, size := range []Size{{W: 120, H: 40}, {W: 80, H: 24}, {W: 50, H: 14}} {
		for _, m := range overlays() {
			t.Run(fmt.Sprintf("%s-%dx%d", m.name, size.W, size.H), func(t *testing.T) {
				at(t, overlaySetup(size), func(c *console) {
					m.do(c)
					golden.RequireEqual(t, c.term.text()+"\n")
				})
			})
		}
	}
}

func overlaySetup(size Size) setup {
	return setup{
		desk: shop, size: size, facts: facts(), filePath: "/etc/hark/hark.toml", file: Console{Theme: "dark"},
		notices: []string{"The shop is at http://127.0.0.1:43121"},
	}
}

// TestOverlayStyles compares the palette and the settings with their styles,
// for each kind of terminal and each theme.
func TestOverlayStyles(t *testing.T) {
	const plain = "TERM=xterm-256color"
	kinds := []struct {
		name, background string
		env              []string
		file             Console
	}{
		{"dark", "#101010", []string{plain, "COLORTERM=truecolor", "TZ=UTC"}, Console{}},
		{"light", "#fafafa", []string{plain, "COLORTERM=truecolor", "TZ=UTC"}, Console{}},
		{"sixteen", "#101010", []string{"TERM=xterm-color", "TZ=UTC"}, Console{}},
		{"sixteen-chosen", "#101010", []string{plain, "COLORTERM=truecolor", "TZ=UTC"}, Console{Theme: "16"}},
		{"contrast", "#101010", []string{plain, "COLORTERM=truecolor", "TZ=UTC"}, Console{Theme: "contrast"}},
		{"contrast-light", "#fafafa", []string{plain, "COLORTERM=truecolor", "TZ=UTC"}, Console{Theme: "contrast"}},
		{"no-color", "#101010", []string{plain, "COLORTERM=truecolor", "NO_COLOR=yes", "TZ=UTC"}, Console{}},
		{"none-chosen", "#101010", []string{plain, "COLORTERM=truecolor", "TZ=UTC"}, Console{Theme: "none"}},
		{"ascii", "#101010", []string{plain, "COLORTERM=truecolor", "TZ=UTC"}, Console{Glyphs: "ascii"}},
	}
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			s := setup{desk: shop, size: Size{W: 80, H: 24}, env: k.env, background: k.background, file: k.file}
			at(t, s, func(c *console) {
				c.Press("palette").Type("re")
				found := c.term.styled()
				c.Key("esc").Press("settings")
				golden.RequireEqual(t, found+"\n\n"+c.term.styled()+"\n")
			})
		})
	}
}

// TestSmallWindowsHoldEveryOverlay opens each of them in windows of all sizes:
// nothing breaks, and nothing is wider than the window.
func TestSmallWindowsHoldEveryOverlay(t *testing.T) {
	at(t, overlaySetup(Size{W: 120, H: 40}), func(c *console) {
		for _, m := range overlays() {
			m.do(c)
			for _, size := range []Size{{W: 200, H: 60}, {W: 61, H: 17}, {W: 40, H: 10}, {W: 39, H: 9}, {W: 1, H: 1}, {W: 120, H: 40}} {
				c.Resize(size)
			}
			c.Key("esc").Key("esc").Key("esc").Sees("1 Inbox")
		}
	})
}
