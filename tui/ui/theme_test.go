package ui

import (
	"image/color"
	"math"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// TestContrast holds every colour of a theme far enough from its background:
// 4.5 to 1 for text, 7 to 1 in the theme that is made for it, 1.5 for frames,
// which say nothing.
func TestContrast(t *testing.T) {
	black, white := color.Color(color.Black), color.Color(color.White)
	tests := []struct {
		name        string
		p           palette
		behind      color.Color
		text, frame float64
	}{
		{"dark", darkPalette(), black, 4.5, 1.5},
		{"light", lightPalette(), white, 4.5, 1.5},
		{"contrast on dark", contrastPalette(true), black, 7, 7},
		{"contrast on light", contrastPalette(false), white, 7, 7},
	}
	for _, tt := range tests {
		for role, c := range map[string]color.Color{
			"dim": tt.p.dim, "accent": tt.p.accent, "good": tt.p.good, "warn": tt.p.warn, "bad": tt.p.bad, "note": tt.p.note, "focus": tt.p.focus,
		} {
			if got := contrast(c, tt.behind); got < tt.text {
				t.Errorf("%s: %s has %.1f to 1, want %.1f", tt.name, role, got, tt.text)
			}
		}
		if got := contrast(tt.p.border, tt.behind); got < tt.frame {
			t.Errorf("%s: frames have %.1f to 1", tt.name, got)
		}
	}
}

// TestBlueAndOrange holds what went well and what did not apart for those who
// do not tell red from green: one is bluer than red, the other redder than
// blue.
func TestBlueAndOrange(t *testing.T) {
	for name, p := range map[string]palette{
		"dark": darkPalette(), "light": lightPalette(), "contrast on dark": contrastPalette(true), "contrast on light": contrastPalette(false),
	} {
		if r, _, b, _ := p.good.RGBA(); b <= r {
			t.Errorf("%s: good is not blue", name)
		}
		for _, c := range []color.Color{p.warn, p.bad} {
			if r, _, b, _ := c.RGBA(); r <= b {
				t.Errorf("%s: a warning is not orange", name)
			}
		}
	}
}

func TestNamedThemes(t *testing.T) {
	for _, p := range []colorprofile.Profile{colorprofile.NoTTY, colorprofile.ASCII, colorprofile.ANSI, colorprofile.ANSI256, colorprofile.TrueColor} {
		for _, name := range append(ThemeNames(), "no such") {
			for _, dark := range []bool{true, false} {
				th := NamedTheme(name, dark, p)
				if th == nil {
					t.Fatalf("%s has no theme", name)
				}
				coloured := th.Good.on != "" || th.Note.on != ""
				if coloured != (p > colorprofile.ASCII && name != "none") {
					t.Errorf("%s on %v: coloured %v", name, p, coloured)
				}
			}
		}
	}
	if NamedTheme("light", true, colorprofile.ANSI256).Good != NewTheme(false, colorprofile.ANSI256).Good {
		t.Error("light is not light on a dark terminal")
	}
}

// TestGlyphs holds every sign to one cell in both ways of counting.
func TestGlyphs(t *testing.T) {
	g := Unicode()
	for _, s := range []string{g.Selected, g.Opened, g.Unread, g.Unanswered, g.Done, g.Sent, g.Rail, g.NoteRail, g.Rule, g.Down, g.Dot, g.Heavy.H, g.Thin.V} {
		if ansi.StringWidth(s) != 1 || ansi.StringWidthWc(s) != 1 {
			t.Errorf("%q is not one cell wide", s)
		}
	}
}

// contrast is that of the Web Content Accessibility Guidelines.
func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		f := float64(v) / 0xffff
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
