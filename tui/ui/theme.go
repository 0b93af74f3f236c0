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
	// The letters that a search was typed for, elsewhere and in the row that
	// keys act on.
	Match, SelectMatch Style
}

// ThemeNames are the themes that can be chosen. auto is light or dark, as the
// terminal's background is, in as many colours as it shows.
func ThemeNames() []string { return []string{"auto", "light", "dark", "contrast", "16", "none"} }

// NamedTheme returns a theme by its name, for a terminal with a background and
// what it can show. An unknown name is auto.
func NamedTheme(name string, dark bool, p colorprofile.Profile) *Theme {
	if p <= colorprofile.ASCII {
		return NewTheme(dark, p)
	}
	switch name {
	case "light":
		return NewTheme(false, p)
	case "dark":
		return NewTheme(true, p)
	case "16":
		return NewTheme(dark, colorprofile.ANSI)
	case "none":
		return plainTheme()
	case "contrast":
		return contrastTheme(dark, p)
	}
	return NewTheme(dark, p)
}

// palette is a set of colours; pairs that differ in meaning differ in
// lightness or along blue and orange, never along red and green.
type palette struct {
	dim, accent, good, warn, bad, note, border, focus, selected color.Color
}

// The colours come from the fixed part of the 256, which look the same in every
// terminal and take half the bytes of free ones to ask for.

func darkPalette() palette {
	return palette{
		dim: indexed(245), accent: indexed(111), good: indexed(116), warn: indexed(215), bad: indexed(209),
		note: indexed(186), border: indexed(239), focus: indexed(111), selected: indexed(237),
	}
}

func lightPalette() palette {
	return palette{
		dim: indexed(242), accent: indexed(25), good: indexed(23), warn: indexed(130), bad: indexed(124),
		note: indexed(94), border: indexed(247), focus: indexed(25), selected: indexed(189),
	}
}

// contrastPalette has seven to one at least against black or white.
func contrastPalette(dark bool) palette {
	if dark {
		return palette{
			dim: indexed(252), accent: indexed(159), good: indexed(159), warn: indexed(220), bad: indexed(216),
			note: indexed(229), border: indexed(250), focus: indexed(231), selected: nil,
		}
	}
	return palette{
		dim: indexed(237), accent: indexed(18), good: indexed(18), warn: indexed(88), bad: indexed(88),
		note: indexed(54), border: indexed(239), focus: indexed(16), selected: nil,
	}
}

// contrastTheme turns the row that keys act on around, so that nobody looks
// for it.
func contrastTheme(dark bool, p colorprofile.Profile) *Theme {
	colours := contrastPalette(dark)
	if p == colorprofile.ANSI {
		colours = basicPalette(dark)
		colours.dim, colours.border = nil, nil
	}
	t := colourTheme(colours)
	t.Select = style(ansi.Style{}.Reverse(true).Bold())
	t.SelectMatch = style(ansi.Style{}.Reverse(true).Bold().Underline(true))
	t.Bar = t.Select
	return t
}

func indexed(n uint8) color.Color { return ansi.IndexedColor(n) }

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
		Match: style(ansi.Style{}.Underline(true)), SelectMatch: style(ansi.Style{}.Bold().Underline(true)),
	}
}

func colourTheme(p palette) *Theme {
	fg := func(c color.Color) ansi.Style {
		if c == nil {
			return ansi.Style{}
		}
		return ansi.Style{}.ForegroundColor(c)
	}
	t := &Theme{
		Strong: style(ansi.Style{}.Bold()),
		Dim:    style(fg(p.dim)), Accent: style(fg(p.accent)), Good: style(fg(p.good)),
		Warn: style(fg(p.warn).Bold()), Bad: style(fg(p.bad).Bold()), Note: style(fg(p.note)),
		Border: style(fg(p.border)), Focus: style(fg(p.focus)), Key: style(fg(p.accent)),
		Bar: style(ansi.Style{}.Bold()), Select: style(ansi.Style{}.Bold()),
		Match: style(fg(p.accent).Underline(true)), SelectMatch: style(ansi.Style{}.Bold().Underline(true)),
	}
	if p.selected != nil {
		t.Select = style(ansi.Style{}.BackgroundColor(p.selected).Bold())
		t.SelectMatch = style(ansi.Style{}.BackgroundColor(p.selected).Bold().Underline(true))
	}
	return t
}

func style(s ansi.Style) Style {
	if len(s) == 0 {
		return Style{}
	}
	return Style{s.String()}
}
