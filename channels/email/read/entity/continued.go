package entity

import (
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"

	"hark/channels/email/read/charset"
)

// piece is one parameter as it stands there, or a part of one (RFC 2231).
type piece struct {
	value   string
	encoded bool // percent-encoded; the first piece names the charset
}

// continued are the pieces of each parameter by number; -1 is a plain one.
type continued map[string]map[int]piece

// maxPieces is into how many pieces one parameter may be split.
const maxPieces = 100

// add takes a parameter by the name as it stands there: "filename",
// "filename*", "filename*0" or "filename*0*".
func (c continued) add(name, value string) {
	base, section, split := strings.Cut(name, "*")
	p := piece{value: value}
	n := -1
	if split {
		section, p.encoded = strings.CutSuffix(section, "*")
		p.encoded = p.encoded || section == ""
		n = 0
		if section != "" {
			v, err := strconv.Atoi(section)
			if err != nil || v < 0 || v >= maxPieces {
				return
			}
			n = v
		}
	}
	if base == "" {
		return
	}
	if c[base] == nil {
		c[base] = map[int]piece{}
	}
	if _, there := c[base][n]; !there {
		c[base][n] = p
	}
}

// join puts the pieces together. A split or encoded parameter counts before a
// plain one of the same name, which is for older readers.
func (c continued) join() map[string]string {
	params := make(map[string]string, len(c))
	for name, pieces := range c {
		if v, ok := joined(pieces); ok {
			params[name] = v
			continue
		}
		params[name] = charset.Words(pieces[-1].value)
	}
	return params
}

func joined(pieces map[int]piece) (string, bool) {
	var b []byte
	label, found, encoded := "", false, false
	for _, n := range slices.Sorted(maps.Keys(pieces)) {
		p := pieces[n]
		if n < 0 {
			continue
		}
		if p.encoded && !found {
			if parts := strings.SplitN(p.value, "'", 3); len(parts) == 3 {
				label, p.value = parts[0], parts[2]
			}
		}
		found = true
		if p.encoded {
			encoded = true
			b = append(b, unescape(p.value)...)
			continue
		}
		b = append(b, p.value...)
	}
	if !found {
		return "", false
	}
	if !encoded && label == "" {
		label = "utf-8"
	}
	return charset.Word(b, label), true
}

// unescape decodes percent signs and leaves what is malformed.
func unescape(s string) []byte {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if v, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				b = append(b, v...)
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return b
}
