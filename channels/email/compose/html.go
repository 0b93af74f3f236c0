package compose

import (
	"html"
	"net/url"
	"strings"
)

// The looks of the HTML part: as little as reads well in every program.
const (
	htmlHead  = `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>` + "\r\n"
	htmlTail  = "</body></html>\r\n"
	quoteOpen = `<blockquote type="cite" style="margin:0 0 0 0.8ex;border-left:2px solid #ccc;padding-left:1ex">` + "\r\n"
	quoteEnd  = "</blockquote>\r\n"
)

// markup returns lines as HTML: paragraphs, quotes and links, and nothing that
// was not typed.
func markup(all []textLine) string {
	var b strings.Builder
	b.WriteString(htmlHead)
	depth, open := 0, false
	end := func() {
		if open {
			b.WriteString("</p>\r\n")
		}
		open = false
	}
	for _, l := range all {
		if l.depth != depth {
			end()
			b.WriteString(strings.Repeat(quoteOpen, max(0, l.depth-depth)))
			b.WriteString(strings.Repeat(quoteEnd, max(0, depth-l.depth)))
			depth = l.depth
		}
		if strings.TrimSpace(l.words) == "" {
			end()
			continue
		}
		if open {
			b.WriteString("<br>\r\n")
		} else {
			b.WriteString("<p>")
		}
		open = true
		writeMarkup(&b, l.words)
	}
	end()
	b.WriteString(strings.Repeat(quoteEnd, depth) + htmlTail)
	return b.String()
}

// writeMarkup writes one line: its indentation kept, its links made links.
func writeMarkup(b *strings.Builder, s string) {
	s = strings.ReplaceAll(s, "\t", "    ")
	rest := strings.TrimLeft(s, " ")
	b.WriteString(strings.Repeat("&nbsp;", len(s)-len(rest)))
	for rest != "" {
		at, n := findLink(rest)
		b.WriteString(escape(rest[:at]))
		if n > 0 {
			link := rest[at : at+n]
			b.WriteString(`<a href="` + html.EscapeString(link) + `">` + html.EscapeString(link) + `</a>`)
		}
		rest = rest[at+n:]
	}
}

// escape returns text for HTML; of several spaces none is lost.
func escape(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), "  ", "&nbsp; ")
}

// findLink returns where the first web address of a line is, and its length;
// none is the whole length and 0. What is no address of the web stays text.
func findLink(s string) (at, n int) {
	for from := 0; ; {
		i := strings.Index(s[from:], "http")
		if i < 0 {
			return len(s), 0
		}
		at = from + i
		if n = linkLen(s[at:]); n > 0 && !lettered(s[:at]) {
			return at, n
		}
		from = at + len("http")
	}
}

// lettered reports whether a text ends within a word.
func lettered(s string) bool {
	return s != "" && strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", rune(s[len(s)-1]))
}

// linkLen returns the length of the web address at the start of a text.
func linkLen(s string) int {
	scheme := "https://"
	if !strings.HasPrefix(s, scheme) {
		if scheme = "http://"; !strings.HasPrefix(s, scheme) {
			return 0
		}
	}
	end := strings.IndexAny(s, " \t<>\"'`{}|\\^")
	if end < 0 {
		end = len(s)
	}
	link := strings.TrimRight(s[:end], ".,;:!?*_~")
	if strings.HasSuffix(link, ")") && !strings.Contains(link, "(") {
		link = strings.TrimRight(link, ").,;:!?")
	}
	if u, err := url.Parse(link); err != nil || u.Host == "" {
		return 0
	}
	return len(link)
}
