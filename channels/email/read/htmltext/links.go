package htmltext

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"hark/channels/email/read/clean"
)

// What is written of links at most.
const (
	urlMax   = 400 // bytes of one
	notesMax = 500 // how many are noted
)

// notes are the links that are still to be written below the text.
type notes struct {
	byURL map[string]int // the number of every link so far
	wait  []note
}

type note struct {
	n   int
	url string
}

// startLink begins a link.
func (w *walker) startLink(href string) {
	w.endLink()
	w.href = strings.TrimSpace(href)
	if w.href != "" {
		w.linkText.Reset()
		w.out.linkText = &w.linkText
	}
}

// endLink writes behind a link what its text does not say.
func (w *walker) endLink() {
	href := w.href
	w.href, w.out.linkText = "", nil
	if href == "" {
		return
	}
	text := strings.TrimSpace(w.linkText.String())
	switch u, err := url.Parse(strings.Map(noBlanks, href)); {
	case err != nil:
	case u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "" && u.Host != "":
		w.webLink(u, text)
	case u.Scheme == "mailto" || u.Scheme == "tel" || u.Scheme == "sms":
		w.addressLink(u, text)
	}
}

// noBlanks drops what browsers drop from an address before they look at it.
func noBlanks(r rune) rune {
	if r == '\n' || r == '\r' || r == '\t' {
		return -1
	}
	return r
}

func (w *walker) webLink(u *url.URL, text string) {
	host, international := asciiHost(u)
	if host == "" {
		return
	}
	if port := u.Port(); port != "" {
		u.Host = host + ":" + port
	} else {
		u.Host = host
	}
	named := hostIn(text)
	switch {
	case named != "" && !sameHost(named, host):
		w.lie(named, host)
		w.say(" (leads to " + host + ")")
	case international:
		w.say(" (leads to " + host + ", a name in other letters)")
	}
	target := clean.Line(u.String())
	if strings.TrimSuffix(stripScheme(text), "/") == strings.TrimSuffix(stripScheme(target), "/") {
		return
	}
	w.reference(target)
}

// asciiHost returns the host of a link as it is asked for, and whether it has
// letters that only look like those.
func asciiHost(u *url.URL) (host string, international bool) {
	host = strings.ToLower(u.Hostname())
	ascii, err := idna.Punycode.ToASCII(host)
	if err == nil {
		host = ascii
	}
	host = clean.Line(host)
	return host, strings.Contains("."+host, ".xn--")
}

func (w *walker) addressLink(u *url.URL, text string) {
	to := u.Opaque
	if plain, err := url.PathUnescape(to); err == nil {
		to = plain
	}
	to = clean.Line(to)
	if to == "" || strings.Contains(strings.ToLower(text), strings.ToLower(to)) {
		return
	}
	w.reference(u.Scheme + ":" + to)
}

// lie remembers a link that names another host.
func (w *walker) lie(named, host string) {
	if len(w.lies) < LiesMax {
		w.lies = append(w.lies, Lie{Named: named, Host: host})
	}
}

// say writes words of ours behind a link.
func (w *walker) say(s string) {
	w.out.space = false
	w.out.own(s)
}

// reference writes the number of a link, and the link below.
func (w *walker) reference(target string) {
	if cut := clean.Cut(target, urlMax); cut != target {
		target = cut + "…"
	}
	n, known := w.notes.byURL[target]
	if !known {
		if n = len(w.notes.byURL) + 1; n > notesMax {
			return
		}
		w.notes.byURL[target] = n
		w.notes.wait = append(w.notes.wait, note{n, target})
	}
	w.say(" [" + strconv.Itoa(n) + "]")
}

// flushNotes writes the links of what is above.
func (w *walker) flushNotes() {
	if len(w.notes.wait) == 0 {
		return
	}
	w.out.block(2)
	indent, mark := w.out.indent, w.out.mark
	w.out.indent, w.out.mark = 0, ""
	for _, n := range w.notes.wait {
		w.out.own("[" + strconv.Itoa(n.n) + "] " + n.url)
		w.out.block(1)
	}
	w.out.indent, w.out.mark = indent, mark
	w.out.block(2)
	w.notes.wait = w.notes.wait[:0]
}

func stripScheme(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	return strings.TrimPrefix(s, "//")
}

// hostIn returns the host that a text names, or "" when it names none: the
// first word that is an address of the web or a name with a dot.
func hostIn(text string) string {
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		scheme := strings.HasPrefix(word, "http://") || strings.HasPrefix(word, "https://")
		word = stripScheme(word)
		if strings.ContainsRune(word, '@') && !scheme {
			continue
		}
		if i := strings.IndexAny(word, "/?#:"); i >= 0 {
			word = word[:i]
		}
		word = strings.Trim(word, ".,;!()[]<>\"'")
		if isHost(word) && (scheme || strings.HasPrefix(word, "www.") || topLevel(word)) {
			return word
		}
	}
	return ""
}

// isHost reports whether a word could be the name of a host.
func isHost(s string) bool {
	dot := strings.LastIndexByte(s, '.')
	if dot <= 0 || dot > len(s)-3 || len(s) > 253 || strings.Contains(s, "..") {
		return false
	}
	for _, r := range s {
		if r < 0x80 && r != '.' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') {
			return false
		}
	}
	tail := s[dot+1:]
	return strings.IndexFunc(tail, func(r rune) bool { return r >= '0' && r <= '9' }) < 0 || strings.HasPrefix(tail, "xn--")
}

// topLevel reports whether a word ends as names of hosts do, and not as those
// of files and abbreviations.
func topLevel(s string) bool {
	tail := s[strings.LastIndexByte(s, '.')+1:]
	switch tail {
	case "com", "net", "org", "info", "biz", "shop", "bank", "app", "dev", "online", "site", "store", "example", "test", "gov", "edu", "cloud", "email", "support":
		return true
	case "pdf", "doc", "txt", "jpg", "png", "zip", "csv", "html", "htm", "js", "md", "sh":
		return false
	}
	return len(tail) == 2
}

// sameHost reports whether a link may lead from a name to a host without a
// word: it is the same, or lies below, or both lie below one domain.
func sameHost(named, host string) bool {
	if ascii, err := idna.Punycode.ToASCII(named); err == nil {
		named = ascii
	}
	named, host = strings.TrimPrefix(named, "www."), strings.TrimPrefix(host, "www.")
	return named == host || strings.HasSuffix(host, "."+named) || strings.HasSuffix(named, "."+host)
}
