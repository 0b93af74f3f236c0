package main

import (
	"fmt"
	"strings"

	"hark/tools/terminal"
)

// stroke says how thick the lines from a cell's middle to its four sides are:
// 0 none, 1 light, 2 heavy.
type stroke struct{ up, right, down, left int }

// strokes knows the box drawing characters that consoles use.
func strokes(s string) (stroke, bool) {
	table := map[string]stroke{
		"─": {0, 1, 0, 1}, "━": {0, 2, 0, 2}, "│": {1, 0, 1, 0}, "┃": {2, 0, 2, 0},
		"┌": {0, 1, 1, 0}, "┐": {0, 0, 1, 1}, "└": {1, 1, 0, 0}, "┘": {1, 0, 0, 1},
		"┏": {0, 2, 2, 0}, "┓": {0, 0, 2, 2}, "┗": {2, 2, 0, 0}, "┛": {2, 0, 0, 2},
		"├": {1, 1, 1, 0}, "┤": {1, 0, 1, 1}, "┬": {0, 1, 1, 1}, "┴": {1, 1, 0, 1}, "┼": {1, 1, 1, 1},
		"┣": {2, 2, 2, 0}, "┫": {2, 0, 2, 2}, "┳": {0, 2, 2, 2}, "┻": {2, 2, 0, 2},
		"╭": {0, 1, 1, 0}, "╮": {0, 0, 1, 1}, "╰": {1, 1, 0, 0}, "╯": {1, 0, 0, 1},
	}
	st, ok := table[s]
	return st, ok
}

// lines draws the boxes of a row. Horizontal runs of one colour become one
// path each.
func lines(b *strings.Builder, row []terminal.Cell, y int) {
	for x := 0; x < len(row); {
		if _, ok := strokes(row[x].Content); !ok {
			x++
			continue
		}
		var light, heavy strings.Builder
		end := x
		for ; end < len(row); end++ {
			st, ok := strokes(row[end].Content)
			if !ok || row[end].Fg != row[x].Fg {
				break
			}
			segments(&light, &heavy, st, end, y)
		}
		path(b, light.String(), hex(row[x].Fg), 1)
		path(b, heavy.String(), hex(row[x].Fg), 2.4)
		x = end
	}
}

func segments(light, heavy *strings.Builder, st stroke, x, y int) {
	left, top := float64(x)*cellWidth, float64(y)*cellHeight
	midX, midY := left+cellWidth/2, top+cellHeight/2
	for _, s := range []struct {
		weight int
		x, y   float64
	}{{st.up, midX, top}, {st.right, left + cellWidth, midY}, {st.down, midX, top + cellHeight}, {st.left, left, midY}} {
		switch s.weight {
		case 1:
			fmt.Fprintf(light, "M%s %sL%s %s", num(midX), num(midY), num(s.x), num(s.y))
		case 2:
			fmt.Fprintf(heavy, "M%s %sL%s %s", num(midX), num(midY), num(s.x), num(s.y))
		}
	}
}

func path(b *strings.Builder, d, colour string, width float64) {
	if d != "" {
		fmt.Fprintf(b, `<path d="%s" stroke="%s" stroke-width="%s" stroke-linecap="square" fill="none"/>`+"\n", d, colour, num(width))
	}
}
