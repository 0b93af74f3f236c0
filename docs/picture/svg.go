package main

import (
	"encoding/xml"
	"fmt"
	"image/color"
	"strings"

	"hark/tools/terminal"
)

// The grid of the picture, in SVG units.
const (
	cellWidth  = 8.4
	cellHeight = 18.0
	fontSize   = 14.0
	baseline   = 13.4 // from a row's top
	margin     = 14.0
	titleBar   = 30.0
)

// svg draws a screen. Text is text, so that the picture stays sharp, small and
// readable for programs; lines and boxes are drawn, because fonts leave gaps
// between the rows. cursor is drawn as a block where shown is true.
func svg(cells [][]terminal.Cell, title string, cursor place) string {
	width, height := 0.0, titleBar+2*margin+cellHeight*float64(len(cells))
	if len(cells) > 0 {
		width = 2*margin + cellWidth*float64(len(cells[0]))
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s">`+"\n",
		num(width), num(height), num(width), num(height), escape(title))
	b.WriteString(`<style>text{font:` + num(fontSize) + `px ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}` +
		`.b{font-weight:700}.i{font-style:italic}.u{text-decoration:underline}.f{opacity:.62}</style>` + "\n")
	frame(&b, width, height, title)
	fmt.Fprintf(&b, `<g transform="translate(%s %s)">`+"\n", num(margin), num(titleBar+margin/2))
	for y, row := range cells {
		background(&b, row, y)
	}
	for y, row := range cells {
		lines(&b, row, y)
		text(&b, row, y)
	}
	if cursor.shown {
		fmt.Fprintf(&b, `<rect x="%s" y="%s" width="%s" height="%s" fill="#d8dce2" opacity=".8"/>`+"\n",
			num(float64(cursor.x)*cellWidth), num(float64(cursor.y)*cellHeight+1), num(cellWidth), num(cellHeight-2))
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

// place is where the cursor stands.
type place struct {
	x, y  int
	shown bool
}

// frame draws a window around the screen.
func frame(b *strings.Builder, width, height float64, title string) {
	fmt.Fprintf(b, `<rect width="%s" height="%s" rx="9" fill="#161b22"/>`+"\n", num(width), num(height))
	fmt.Fprintf(b, `<path d="M0 %s V9 a9 9 0 0 1 9 -9 H%s a9 9 0 0 1 9 9 V%s Z" fill="#22272e"/>`+"\n", num(titleBar), num(width-9), num(titleBar))
	for i := range 3 {
		fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="5.5" fill="#444c56"/>`+"\n", num(18+20*float64(i)), num(titleBar/2))
	}
	fmt.Fprintf(b, `<text x="%s" y="%s" text-anchor="middle" fill="#909aa5">%s</text>`+"\n", num(width/2), num(titleBar/2+5), escape(title))
}

// background draws what stands behind the text, a rectangle a run.
func background(b *strings.Builder, row []terminal.Cell, y int) {
	for x := 0; x < len(row); {
		end := x + 1
		for end < len(row) && row[end].Bg == row[x].Bg {
			end++
		}
		if c := hex(row[x].Bg); c != "#161b22" {
			fmt.Fprintf(b, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n",
				num(float64(x)*cellWidth), num(float64(y)*cellHeight), num(float64(end-x)*cellWidth), num(cellHeight), c)
		}
		x = end
	}
}

// text draws the words of a row. A run has one style, and is stretched to its
// cells whatever font there is.
func text(b *strings.Builder, row []terminal.Cell, y int) {
	for x := 0; x < len(row); {
		if !drawn(row[x]) {
			x++
			continue
		}
		end, cells := x, 0
		var words strings.Builder
		for end < len(row) && same(row[x], row[end]) && (drawn(row[end]) || row[end].Content == " ") {
			words.WriteString(row[end].Content)
			step := max(row[end].Width, 1)
			end, cells = end+step, cells+step
			if step > 1 { // fonts differ on how wide wide is: each stands alone
				break
			}
		}
		trimmed := strings.TrimRight(words.String(), " ")
		cells -= len(words.String()) - len(trimmed)
		fmt.Fprintf(b, `<text x="%s" y="%s" textLength="%s" lengthAdjust="spacingAndGlyphs"%s fill="%s">%s</text>`+"\n",
			num(float64(x)*cellWidth), num(float64(y)*cellHeight+baseline), num(float64(cells)*cellWidth), class(row[x]), hex(row[x].Fg), escape(trimmed))
		x = end
	}
}

// drawn reports whether a cell holds a character that is drawn as text.
func drawn(c terminal.Cell) bool {
	if c.Content == "" || c.Content == " " {
		return false
	}
	_, line := strokes(c.Content)
	return !line
}

func same(a, b terminal.Cell) bool {
	return a.Fg == b.Fg && a.Bold == b.Bold && a.Faint == b.Faint && a.Italic == b.Italic &&
		a.Underlined == b.Underlined && b.Width <= 1 && a.Width <= 1 || a == b
}

func class(c terminal.Cell) string {
	var names []string
	for _, n := range []struct {
		on   bool
		name string
	}{{c.Bold, "b"}, {c.Italic, "i"}, {c.Underlined, "u"}, {c.Faint, "f"}} {
		if n.on {
			names = append(names, n.name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ` class="` + strings.Join(names, " ") + `"`
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// num writes a length without more digits than can be seen.
func num(f float64) string {
	s := strings.TrimRight(fmt.Sprintf("%.2f", f), "0")
	return strings.TrimSuffix(s, ".")
}

// escape makes text fit for XML. What XML has no way to write becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}
