package charset

import (
	"encoding/base64"
	"strings"
)

// Words decodes the encoded words of a field (RFC 2047), also where programs
// put them against the rules: inside quotes, without a space between, with a
// character split over two, with blanks inside. What is not encoded is taken
// for UTF-8, or for Windows-1252 when it is not.
func Words(s string) string {
	if !strings.Contains(s, "=?") {
		return Word([]byte(s), "utf-8")
	}
	var out strings.Builder
	var held run // words of one charset that stand side by side
	for s != "" {
		i := strings.Index(s, "=?")
		if i < 0 {
			break
		}
		w, size := parseWord(s[i:])
		if size == 0 {
			held.flush(&out)
			out.WriteString(Word([]byte(s[:i+2]), "utf-8"))
			s = s[i+2:]
			continue
		}
		if between := s[:i]; strings.TrimSpace(between) != "" || !held.open {
			held.flush(&out)
			out.WriteString(Word([]byte(between), "utf-8"))
		}
		if held.open && !strings.EqualFold(held.label, w.label) {
			held.flush(&out)
		}
		held.open, held.label, held.bytes = true, w.label, append(held.bytes, w.bytes...)
		s = s[i+size:]
	}
	held.flush(&out)
	out.WriteString(Word([]byte(s), "utf-8"))
	return out.String()
}

// run are bytes of encoded words that are decoded together, because some
// programs split a character between two.
type run struct {
	open  bool
	label string
	bytes []byte
}

func (r *run) flush(out *strings.Builder) {
	if r.open {
		out.WriteString(Word(r.bytes, r.label))
	}
	*r = run{}
}

// word is one encoded word.
type word struct {
	label string
	bytes []byte
}

// wordMax is how long a word may be. The rules say 75; some programs write a
// whole field as one.
const wordMax = 4096

// parseWord reads the encoded word that s begins with. Its size is 0 if s
// begins with none.
func parseWord(s string) (word, int) {
	label, rest, ok := strings.Cut(s[2:], "?")
	if !ok || label == "" || len(label) > 40 || strings.ContainsAny(label, " \t=") || len(rest) < 2 || rest[1] != '?' {
		return word{}, 0
	}
	end := strings.Index(rest[2:min(len(rest), wordMax)], "?=")
	if end < 0 {
		return word{}, 0
	}
	text := rest[2 : 2+end]
	size := 2 + len(label) + 1 + 2 + end + 2
	switch rest[0] {
	case 'B', 'b':
		return word{label: label, bytes: base64Word(text)}, size
	case 'Q', 'q':
		return word{label: label, bytes: qWord(text)}, size
	}
	return word{}, 0
}

func qWord(s string) []byte {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_':
			b = append(b, ' ')
		case c == '=' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0:
			b = append(b, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
		default:
			b = append(b, c)
		}
	}
	return b
}

// base64Word decodes what it can: padding may be missing or stand inside.
func base64Word(s string) []byte {
	clean := make([]byte, 0, len(s))
	for i := range len(s) {
		if isBase64(s[i]) {
			clean = append(clean, s[i])
		}
	}
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	b, _ := base64.RawStdEncoding.DecodeString(string(clean)) // the letters were chosen
	return b
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}
