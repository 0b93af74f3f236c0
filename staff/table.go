package staff

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// columnMax is how wide a column grows at most, in cells, but for the last.
const columnMax = 24

// table writes rows of safe text in columns. On a terminal the last column
// ends where the terminal does; elsewhere nothing of it is cut.
func (k *call) table(rows [][]string) error {
	widths := columnWidths(rows)
	for _, row := range rows {
		if err := k.tell(tableLine(row, widths, k.width)); err != nil {
			return err
		}
	}
	return nil
}

func columnWidths(rows [][]string) []int {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = min(columnMax, max(widths[i], ansi.StringWidth(cell)))
		}
	}
	return widths
}

func tableLine(row []string, widths []int, width int) string {
	var b strings.Builder
	used := 0
	for i, cell := range row {
		if i == len(row)-1 {
			if width > 0 {
				cell = ansi.Truncate(cell, max(width-used, 1), "…")
			}
			b.WriteString(cell)
			break
		}
		cell = ansi.Truncate(cell, widths[i], "…")
		b.WriteString(pad(cell, widths[i]+2))
		used += widths[i] + 2
	}
	return strings.TrimRight(b.String(), " ")
}

// pad fills a cell with blanks up to a width.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-ansi.StringWidth(s), 0))
}
