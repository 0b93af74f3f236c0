package imap

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf16"
)

// mailboxEncoding is the base64 of mailbox names: RFC 3501, section 5.1.3.
var mailboxEncoding = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

// encodeName writes a mailbox name in the modified UTF-7 of IMAP.
func encodeName(name string) string {
	var b strings.Builder
	var run []rune // what cannot stand as it is
	flush := func() {
		if len(run) > 0 {
			b.WriteString("&" + encodeRun(run) + "-")
			run = run[:0]
		}
	}
	for _, r := range name {
		if r < 0x20 || r > 0x7e {
			run = append(run, r)
			continue
		}
		flush()
		if r == '&' {
			b.WriteString("&-")
			continue
		}
		b.WriteRune(r)
	}
	flush()
	return b.String()
}

func encodeRun(run []rune) string {
	units := utf16.Encode(run)
	bytes := make([]byte, 0, 2*len(units))
	for _, u := range units {
		bytes = append(bytes, byte(u>>8), byte(u))
	}
	return mailboxEncoding.EncodeToString(bytes)
}

// decodeName reads a mailbox name; false when it is not written in the one way
// that the standard allows, so that it could not be asked for again.
func decodeName(s string) (string, bool) {
	var b strings.Builder
	for rest := s; rest != ""; {
		before, after, shifted := strings.Cut(rest, "&")
		b.WriteString(before)
		if !shifted {
			break
		}
		run, following, _ := strings.Cut(after, "-")
		text, ok := decodeRun(run)
		if !ok {
			return "", false
		}
		b.WriteString(text)
		rest = following
	}
	name := b.String()
	return name, encodeName(name) == s && !strings.ContainsFunc(name, unicode.IsControl)
}

func decodeRun(run string) (string, bool) {
	if run == "" {
		return "&", true
	}
	bytes, err := mailboxEncoding.DecodeString(run)
	if err != nil || len(bytes)%2 != 0 {
		return "", false
	}
	units := make([]uint16, 0, len(bytes)/2)
	for i := 0; i < len(bytes); i += 2 {
		units = append(units, uint16(bytes[i])<<8|uint16(bytes[i+1]))
	}
	return string(utf16.Decode(units)), true
}

// plainASCII tells whether s consists of printable ASCII.
func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}
