package charset

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

// utf7 decodes RFC 2152 and reports whether b is well-formed.
func utf7(b []byte) (string, bool) {
	var out strings.Builder
	ok := true
	for i := 0; i < len(b); {
		if b[i] != '+' {
			ok = ok && b[i] < 0x80
			out.WriteByte(b[i] & 0x7F)
			i++
			continue
		}
		n := i + 1
		for n < len(b) && isBase64(b[n]) {
			n++
		}
		ok = shifted(&out, b[i+1:n]) && ok
		if i = n; i < len(b) && b[i] == '-' {
			i++
		}
	}
	return out.String(), ok
}

// shifted writes what stands between a plus sign and its end.
func shifted(out *strings.Builder, b []byte) bool {
	if len(b) == 0 {
		out.WriteByte('+')
		return true
	}
	raw := make([]byte, base64.RawStdEncoding.DecodedLen(len(b)))
	n, err := base64.RawStdEncoding.Decode(raw, b)
	units := make([]uint16, n/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	for _, r := range utf16.Decode(units) {
		out.WriteRune(r)
	}
	return err == nil
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}
