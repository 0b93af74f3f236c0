package compose

import (
	"strings"
	"unicode/utf8"

	"hark/desk"
)

// textLine is one line as it was typed: how deep it quotes, and what it says.
type textLine struct {
	depth int
	words string
}

// depthMax is the deepest quote that is told apart from deeper ones.
const depthMax = 20

// lines returns what a reader sees: the words, and below them what they answer.
func lines(m Mail) []textLine {
	var all []textLine
	for l := range strings.SplitSeq(strings.TrimRight(plain(m.Text), "\n \t"), "\n") {
		all = append(all, parseLine(l))
	}
	if m.Quoted == nil {
		return all
	}
	return append(append(all, textLine{}), quotedLines(*m.Quoted, m.Letter.Forward)...)
}

// parseLine takes the marks of a quote off a line. White space at its end
// would join it to the next one (RFC 3676), but behind the dashes that begin a
// signature.
func parseLine(s string) textLine {
	var l textLine
	for l.depth < depthMax {
		rest, ok := strings.CutPrefix(strings.TrimLeft(s, " "), ">")
		if !ok {
			break
		}
		s, l.depth = rest, l.depth+1
	}
	if l.depth > 0 {
		s = strings.TrimPrefix(s, " ")
	}
	if s == signature {
		l.words = s
		return l
	}
	l.words = strings.TrimRight(s, " \t")
	return l
}

// signature is the line that begins one.
const signature = "-- "

// quotedLines returns what is answered, one deeper and under a line that says
// whose words they are; or what is passed on, as it was.
func quotedLines(q Quoted, forward bool) []textLine {
	var all []textLine
	deeper := 1
	for _, l := range attribution(q.Letter, forward) {
		all = append(all, textLine{words: l})
	}
	if forward {
		deeper = 0
	}
	for l := range strings.SplitSeq(strings.TrimRight(plain(q.Text), "\n \t"), "\n") {
		p := parseLine(l)
		p.depth = min(p.depth+deeper, depthMax)
		all = append(all, p)
	}
	return all
}

// quoteDate is how a quote says when it was written: in words that people and
// the common mail programs read.
const quoteDate = "Mon, 2 Jan 2006 at 15:04 -0700"

func attribution(l desk.Letter, forward bool) []string {
	from := oneLine(l.From.String())
	date := ""
	if l.Date.IsZero() {
		l.Date = l.Received
	}
	if !l.Date.IsZero() {
		date = l.Date.Format(quoteDate)
	}
	if !forward {
		if date == "" {
			return []string{from + " wrote:"}
		}
		return []string{"On " + date + ", " + from + " wrote:"}
	}
	all := []string{"---------- Forwarded message ----------", "From: " + from}
	if date != "" {
		all = append(all, "Date: "+date)
	}
	all = append(all, "Subject: "+oneLine(l.Subject))
	if to := joined(l.To); to != "" {
		all = append(all, "To: "+to)
	}
	if cc := joined(l.Cc); cc != "" {
		all = append(all, "Cc: "+cc)
	}
	return append(all, "")
}

func joined(all []desk.Address) string {
	list := make([]string, len(all))
	for i, a := range all {
		list[i] = oneLine(a.String())
	}
	return strings.Join(list, ", ")
}

// width is where lines are broken: within the 78 that RFC 5322 asks for, with
// room for a few marks of quoting.
const width = 72

// flowed returns lines as format=flowed (RFC 3676): a line that was broken for
// its length ends with a space, and a reader's program joins it again.
func flowed(all []textLine) string {
	var b strings.Builder
	for _, l := range all {
		mark := strings.Repeat(">", l.depth)
		if l.depth > 0 && l.words != "" {
			mark += " "
		}
		rest := l.words
		for {
			head, tail := breakLine(rest, width-len(mark))
			b.WriteString(mark)
			if l.depth == 0 && stuffed(head) {
				b.WriteByte(' ')
			}
			b.WriteString(head + "\r\n")
			if rest = tail; rest == "" {
				break
			}
		}
	}
	return b.String()
}

// stuffed reports whether a line needs a space before it, so that it is not
// taken for a quote, a stuffed line or the start of a mail in an mbox.
func stuffed(s string) bool {
	return strings.HasPrefix(s, " ") || strings.HasPrefix(s, ">") || strings.HasPrefix(s, "From ")
}

// breakLine cuts a line behind a space at most so many letters in. A word that
// is longer stays whole, and no cut makes the line that begins a signature.
func breakLine(s string, most int) (head, tail string) {
	if s == signature || utf8.RuneCountInString(s) <= most {
		return s, ""
	}
	end, letters, begun := 0, 0, false
	for i, r := range s {
		if letters++; letters > most && end > 0 {
			break
		}
		if r != ' ' {
			begun = true
		} else if begun && i+1 < len(s) && s[:i+1] != signature {
			end = i + 1
		}
	}
	if end == 0 {
		return s, ""
	}
	return s[:end], s[end:]
}
