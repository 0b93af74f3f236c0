package read

import "strings"

// unflow joins the lines of a text whose paragraphs flow (format=flowed, RFC
// 3676): a line that ends with a space goes on in the next one of the same
// level of quoting. An empty line goes on with nothing: programs that leave a
// space before it mean a paragraph. delSp: the space itself does not belong to the text.
func unflow(text string, delSp bool) string {
	var out strings.Builder
	out.Grow(len(text))
	level, flows := 0, false
	for s := range strings.Lines(text) {
		s = strings.TrimSuffix(s, "\n")
		depth := len(s) - len(strings.TrimLeft(s, ">"))
		s = strings.TrimPrefix(s[depth:], " ")
		if goesOn := flows && depth == level && s != "-- " && s != ""; !goesOn {
			if flows {
				out.WriteByte('\n')
			}
			startLine(&out, depth, s)
		}
		level, flows = depth, strings.HasSuffix(s, " ") && s != "-- "
		if flows && delSp {
			s = s[:len(s)-1]
		}
		out.WriteString(s)
		if !flows {
			out.WriteByte('\n')
		}
	}
	if flows {
		out.WriteByte('\n')
	}
	return out.String()
}

// startLine writes the marks of quoting before a line.
func startLine(out *strings.Builder, depth int, s string) {
	if depth == 0 {
		return
	}
	out.WriteString(strings.Repeat(">", depth))
	if s != "" {
		out.WriteByte(' ')
	}
}
