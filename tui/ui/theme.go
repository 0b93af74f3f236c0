package ui

import (
	"image/color"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// Style is a look of text: the sequence that turns it on.
type Style struct{ on string }

// reset turns every style off.
const reset = "\x1b[m"

// Render returns s in the style. s must hold no style itself.
func (st Style) Render(s string) string {
	if st.on == "" || s == "" {
		return s
	}
	return st.on + s + reset
}

// Theme gives every role that text can have its look. Colour literals are in
// this file only, and no width depends on a theme. Nothing is said by colour
// alone: each state has a word or a sign as well.
type Theme struct {
	Text   Style
	Strong Style
	Dim    Style
	Accent Style // who speaks, what can be done
	Good   Style
	Warn   Style
	Bad    Style
	Select Style // the row that keys act on
	Note   Style // what customers never see
	Border Style
	Focus  Style // the frame of the pane that has the keys
	Bar    Style // the line at the top
	Key    Style // a key's name
}

// palette is a set of colours; pairs that differ in meaning differ in
// lightness or along blue and orange, never along red and green.
type palette struct {
	dim, accent, good, warn, bad, note, border, focus, selected color.Color
}

func hex(s string) color.Color { return ansi.XParseColor(s) }

func darkPalette() palette {
	return palette{
		dim: hex("#8b949e"), accent: hex("#79b8ff"), good: hex("#7fd1c7"), warn: hex("#ffb454"), bad: hex("#ff8f6b"),
		note: hex("#d9c27c"), border: hex("#4d5560"), focus: hex("#79b8ff"), selected: hex("#26344a"),
	}
}

func lightPalette() palette {
	return palette{
		dim: hex("#6a737d"), accent: hex("#0b5cad"), good: hex("#0b6e66"), warn: hex("#9a5b00"), bad: hex("#b5390b"),
		note: hex("#775c00"), border: hex("#a5adb6"), focus: hex("#0b5cad"), selected: hex("#d7e6fa"),
	}
}

// basicPalette leaves the colours to the terminal's own sixteen.
func basicPalette(dark bool) palette {
	if dark {
		return palette{
			dim: ansi.White, accent: ansi.BrightBlue, good: ansi.Cyan, warn: ansi.BrightYellow, bad: ansi.BrightRed,
			note: ansi.Yellow, border: ansi.BrightBlack, focus: ansi.BrightBlue, selected: nil,
		}
	}
	return palette{
		dim: ansi.BrightBlack, accent: ansi.Blue, good: ansi.Cyan, warn: ansi.Magenta, bad: ansi.Red,
		note: ansi.Magenta, border: ansi.BrightBlack, focus: ansi.Blue, selected: nil,
	}
}

// NewTheme returns the theme for a background and what the terminal can show.
func NewTheme(dark bool, p colorprofile.Profile) *Theme {
	switch {
	case p <= colorprofile.NoTTY:
		return &Theme{}
	case p == colorprofile.ASCII:
		return plainTheme()
	case p == colorprofile.ANSI:
		return colourTheme(basicPalette(dark))
	case dark:
		return colourTheme(darkPalette())
	}
	return colourTheme(lightPalette())
}

// plainTheme uses weight only.
func plainTheme() *Theme {
	bold, faint := style(ansi.Style{}.Bold()), style(ansi.Style{}.Faint())
	return &Theme{
		Strong: bold, Dim: faint, Accent: bold, Warn: bold, Bad: bold, Select: bold, Border: faint, Focus: bold,
		Key: bold, Bar: style(ansi.Style{}.Reverse(true)),
	}
}

func colourTheme(p palette) *Theme {
	fg := func(c color.Color) ansi.Style { return ansi.Style{}.ForegroundColor(c) }
	t := &Theme{
		Strong: style(ansi.Style{}.Bold()),
		Dim:    style(fg(p.dim)), Accent: style(fg(p.accent)), Good: style(fg(p.good)),
		Warn: style(fg(p.warn).Bold()), Bad: style(fg(p.bad).Bold()), Note: style(fg(p.note)),
		Border: style(fg(p.border)), Focus: style(fg(p.focus)), Key: style(fg(p.accent)),
		Bar: style(ansi.Style{}.Bold()), Select: style(ansi.Style{}.Bold()),
	}
	if p.selected != nil {
		t.Select = style(ansi.Style{}.BackgroundColor(p.selected).Bold())
	}
	return t
}

func style(s ansi.Style) Style { return Style{s.String()} }
