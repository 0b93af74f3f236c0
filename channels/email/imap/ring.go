package imap

import (
	"strings"
	"sync"
)

const (
	ringLines = 64  // lines that are remembered
	ringBytes = 160 // of each of them
)

// ring remembers the last lines of a conversation. Lines are made harmless
// when they are read, not when they are written: most are never read.
type ring struct {
	mu    sync.Mutex
	lines [ringLines][]byte
	next  int
}

// add remembers the beginning of a line.
func (r *ring) add(who string, line []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := &r.lines[r.next%ringLines]
	r.next++
	*at = append(append((*at)[:0], who...), line[:min(len(line), ringBytes)]...)
}

// list returns the lines, oldest first, without what must not be shown.
func (r *ring) list() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []string
	for i := max(0, r.next-ringLines); i < r.next; i++ {
		all = append(all, redact(string(r.lines[i%ringLines])))
	}
	return all
}

// redact takes quoted strings, addresses and control characters out of a line.
func redact(line string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '\\':
			i++ // what follows is quoted too
		case c == '"':
			quoted = !quoted
			if quoted {
				b.WriteString(`"…"`)
			}
		case quoted || c == '\r' || c == '\n':
		case c < 0x20 || c > 0x7e:
			b.WriteByte('?')
		default:
			b.WriteByte(c)
		}
	}
	words := strings.Split(b.String(), " ")
	for i, w := range words {
		if strings.Contains(w, "@") {
			words[i] = "…@…"
		}
	}
	return strings.Join(words, " ")
}
