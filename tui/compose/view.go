package compose

import (
	"strings"

	"hark/tui/safe"
	"hark/tui/ui"
)

// wrapped is a text in rows of a width, kept until either changes.
type wrapped struct {
	gen   int
	width int
	m     ui.Measure
	rows  []ui.Span // in bytes of the text; a line end is between two rows
}

// rows returns the text in rows of at most w cells.
func (e *Editor) rows(m ui.Measure, w int) []ui.Span {
	if c := &e.cut; c.rows != nil && c.gen == e.gen && c.width == w && c.m == m {
		return c.rows
	}
	rows := e.cut.rows[:0]
	at := 0
	for line := range strings.SplitSeq(e.text, "\n") {
		for _, sp := range m.Spans(line, w) {
			rows = append(rows, ui.Span{Start: at + sp.Start, End: at + sp.End})
		}
		at += len(line) + 1
	}
	e.cut = wrapped{e.gen, w, m, rows}
	return rows
}

// Rows returns how many rows the text takes.
func (e *Editor) Rows(m ui.Measure, w int) int { return len(e.rows(m, w)) }

// row returns the row that the cursor is in.
func (e *Editor) row(rows []ui.Span) int {
	for i := len(rows) - 1; i > 0; i-- {
		if rows[i].Start <= e.pos {
			return i
		}
	}
	return 0
}

// shown returns a piece of the text as it is drawn.
func (e *Editor) shown(from, to int) string { return safe.New(e.text[from:to]).String() }

// column returns the cell of the cursor within its row.
func (e *Editor) column(m ui.Measure, row ui.Span, w int) int {
	return min(m.Width(e.shown(row.Start, e.pos)), w-1)
}

// Draw returns h rows of exactly w cells around the cursor, and where in them
// the cursor is.
func (e *Editor) Draw(m ui.Measure, w, h int) (lines []string, x, y int) {
	rows := e.rows(m, w)
	at := e.row(rows)
	from := max(min(at-h+1, len(rows)-h), 0)
	if at < from {
		from = at
	}
	lines = make([]string, 0, h)
	for _, r := range rows[from:min(from+h, len(rows))] {
		lines = append(lines, m.Fit(strings.TrimRight(e.shown(r.Start, r.End), " "), w))
	}
	return ui.Fill(lines, w, h), e.column(m, rows[at], w), at - from
}

// Up goes to the row above. It reports false in the first one.
func (e *Editor) Up(m ui.Measure, w int) bool { return e.vertical(m, w, -1) }

// Down goes to the row below. It reports false in the last one.
func (e *Editor) Down(m ui.Measure, w int) bool { return e.vertical(m, w, 1) }

func (e *Editor) vertical(m ui.Measure, w, by int) bool {
	rows := e.rows(m, w)
	at := e.row(rows)
	to := at + by
	if to < 0 || to >= len(rows) {
		return false
	}
	goal := e.goal
	if goal < 0 {
		goal = e.column(m, rows[at], w)
	}
	last := to == len(rows)-1 || e.text[rows[to].End] == '\n'
	e.pos = e.atColumn(m, rows[to], goal, last)
	e.goal = goal
	return true
}

// atColumn returns the place in a row that is nearest to a column. The end of
// a row that goes on in the next one belongs to the next one.
func (e *Editor) atColumn(m ui.Measure, row ui.Span, col int, last bool) int {
	at := row.Start
	for at < row.End {
		next := e.after(at)
		if m.Width(e.shown(row.Start, next)) > col || !last && next >= row.End {
			break
		}
		at = next
	}
	return at
}
