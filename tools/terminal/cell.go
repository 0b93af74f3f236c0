package terminal

import (
	"image/color"

	"github.com/charmbracelet/x/ansi"
)

// Cell is one place on the screen. A wide character stands in the first of its
// cells and has Width 2; the second is empty with Width 0.
type Cell struct {
	Content             string
	Width               int
	Fg, Bg              color.RGBA
	Bold, Faint, Italic bool
	Underlined, Crossed bool
}

// The attributes of the emulator's cells.
const (
	attrBold = 1 << iota
	attrFaint
	attrItalic
	attrBlink
	attrRapid
	attrReverse
	attrConceal
	attrCrossed
)

// Cells returns the screen, row by row.
func (t *Terminal) Cells() [][]Cell {
	t.mu.Lock()
	defer t.mu.Unlock()
	rows := make([][]Cell, t.screen.Height())
	for y := range rows {
		rows[y] = make([]Cell, t.screen.Width())
		for x := range rows[y] {
			rows[y][x] = t.cell(x, y)
		}
	}
	return rows
}

// Cursor returns where the cursor is, from 0.
func (t *Terminal) Cursor() (x, y int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.screen.CursorPosition()
	return p.X, p.Y
}

func (t *Terminal) cell(x, y int) Cell {
	fg, bg := rgba(t.screen.ForegroundColor()), rgba(t.screen.BackgroundColor())
	c := t.screen.CellAt(x, y)
	if c == nil {
		return Cell{Content: " ", Width: 1, Fg: fg, Bg: bg}
	}
	out := Cell{Content: c.Content, Width: c.Width, Fg: fg, Bg: bg}
	if c.Style.Fg != nil {
		out.Fg = palette(c.Style.Fg)
	}
	if c.Style.Bg != nil {
		out.Bg = palette(c.Style.Bg)
	}
	a := c.Style.Attrs
	out.Bold, out.Faint, out.Italic = a&attrBold != 0, a&attrFaint != 0, a&attrItalic != 0
	out.Crossed, out.Underlined = a&attrCrossed != 0, c.Style.Underline != 0
	if a&attrReverse != 0 {
		out.Fg, out.Bg = out.Bg, out.Fg
	}
	if a&attrConceal != 0 {
		out.Fg = out.Bg
	}
	return out
}

// palette gives the sixteen colours that a user's theme sets the values of a
// usual dark theme.
func palette(c color.Color) color.RGBA {
	values := [16]uint32{
		0x484f58, 0xff7b72, 0x56d364, 0xe3b341, 0x6cb6ff, 0xd2a8ff, 0x56d4dd, 0xb1bac4,
		0x6e7681, 0xffa198, 0x7ee787, 0xf2cc60, 0x96d0ff, 0xe2c5ff, 0x7ce8ee, 0xf0f3f6,
	}
	i := -1
	switch c := c.(type) {
	case ansi.BasicColor:
		i = int(c)
	case ansi.IndexedColor:
		i = int(c)
	}
	if i < 0 || i > 15 {
		return rgba(c)
	}
	v := values[i]
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff}
}

func rgba(c color.Color) color.RGBA {
	r, g, b, _ := c.RGBA()
	return color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0xff}
}
