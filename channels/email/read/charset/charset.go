package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
)

// How a text was read.
const (
	Declared = ""        // in the charset it was declared in
	Guessed  = "guessed" // in another one
)

// Text returns the text of a part declared in a charset ("" when none was) and
// how it was read. HTML may declare its charset inside.
func Text(b []byte, label string, html bool) (text, how string) {
	b = bytes.TrimPrefix(b, []byte("\uFEFF"))
	if label == "" && html {
		label = metaLabel(b)
	}
	if s, ok := declared(b, label); ok {
		return s, Declared
	}
	if utf8.Valid(b) {
		return string(b), how7bit(label)
	}
	if mostlyUTF8(b) {
		return strings.ToValidUTF8(string(b), "\uFFFD"), Guessed
	}
	if s, ok := guessed(b, html); ok {
		return s, Guessed
	}
	return decode(charmap.Windows1252, b), Guessed
}

// how7bit: UTF-8 where none or ASCII was declared is nothing to speak of.
func how7bit(label string) string {
	if label == "" || isASCII(label) {
		return Declared
	}
	return Guessed
}

// Word returns a short text, such as of a field, in a charset.
func Word(b []byte, label string) string {
	if s, ok := declared(b, label); ok {
		return s
	}
	if utf8.Valid(b) {
		return string(b)
	}
	if mostlyUTF8(b) {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return decode(charmap.Windows1252, b)
}

// declared decodes b as it was declared and reports whether it fits.
func declared(b []byte, label string) (string, bool) {
	label = tidyLabel(label)
	if label == "" || isASCII(label) {
		return ascii(b)
	}
	if label == "utf-8" || label == "utf8" {
		return string(b), utf8.Valid(b)
	}
	if isUTF7(label) {
		return utf7(b)
	}
	e := lookup(label)
	if e == nil {
		return "", false
	}
	s := decode(e, b)
	return s, !strings.ContainsRune(s, utf8.RuneError) && fits(b, label)
}

// ascii takes bytes as they are when they are ASCII. Escape sequences that
// switch to Japanese come undeclared too (RFC 1468).
func ascii(b []byte) (string, bool) {
	if bytes.Contains(b, []byte("\x1b$B")) || bytes.Contains(b, []byte("\x1b$@")) {
		s := decode(lookup("iso-2022-jp"), b)
		return s, !strings.ContainsRune(s, utf8.RuneError)
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return "", false
		}
	}
	return string(b), true
}

// fits reports whether a single-byte charset is plausible: text that is long
// and valid UTF-8 with its many pairs was not meant in Latin letters.
func fits(b []byte, label string) bool {
	if !strings.HasPrefix(label, "iso-8859-") && !strings.HasPrefix(label, "windows-125") && !strings.HasPrefix(label, "cp125") {
		return true
	}
	high := 0
	for _, c := range b {
		if c >= utf8.RuneSelf {
			high++
		}
	}
	return high < 2 || !utf8.Valid(b)
}

// mostlyUTF8 reports whether b is UTF-8 but for a few broken characters, such
// as one that was cut.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	return good > 10*bad
}

func decode(e encoding.Encoding, b []byte) string {
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return string(out) + string(utf8.RuneError)
	}
	return string(out)
}

// lookup finds a charset by the names of the web, then by those registered
// with IANA, then by what programs call it besides.
func lookup(label string) encoding.Encoding {
	if other := alias(label); other != "" {
		label = other
	}
	if e, _ := charset.Lookup(label); e != nil && e != encoding.Replacement {
		return e
	}
	if e, err := ianaindex.MIME.Encoding(label); err == nil && e != nil {
		return e
	}
	return nil
}

// alias returns the usual name of a charset that is known by another.
func alias(label string) string {
	switch label {
	case "cp932", "windows-932", "ms932", "x-sjis", "shift-jis", "sjis":
		return "shift_jis"
	case "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3", "iso-2022-jp-ms", "cp50220", "cp50221":
		return "iso-2022-jp"
	case "cp936", "gb18030-2000", "x-gbk", "ms936":
		return "gb18030"
	case "cp949", "ms949", "uhc", "ks_c_5601-1987", "iso-2022-kr", "x-windows-949":
		return "euc-kr"
	case "cp950", "ms950", "big5hkscs":
		return "big5"
	case "8859-1", "iso8859_1", "iso-8859-1-windows-3.0-latin-1", "latin-1", "iso_8859_1", "iso-latin-1":
		return "iso-8859-1"
	case "latin-2":
		return "iso-8859-2"
	case "iso-8859-8-i", "iso-8859-8-e":
		return "iso-8859-8"
	case "koi8":
		return "koi8-r"
	case "mac-cyrillic":
		return "x-mac-cyrillic"
	case "cp-850", "850", "dos850":
		return "ibm850"
	case "cp-1252", "win-1252", "windows1252", "ansi":
		return "windows-1252"
	case "win-1251", "windows1251", "cp-1251":
		return "windows-1251"
	}
	return ""
}

// tidyLabel undoes what programs do to the name of a charset, such as
// "charset=utf-8" inside the value, quotes and trailing words.
func tidyLabel(label string) string {
	label = strings.ToLower(strings.Trim(label, " \t\"'<>;"))
	if i := strings.LastIndexByte(label, '='); i >= 0 {
		label = label[i+1:]
	}
	label, _, _ = strings.Cut(label, " ")
	if i := strings.IndexByte(label, '*'); i > 0 { // a language after it (RFC 2231)
		label = label[:i]
	}
	return strings.Trim(label, "\"'")
}

func isASCII(label string) bool {
	switch tidyLabel(label) {
	case "us-ascii", "ascii", "ansi_x3.4-1968", "us", "iso646-us", "unknown", "x-unknown", "unknown-8bit", "x-user-defined", "default", "none", "binary", "_iso-2022-jp$esc":
		return true
	}
	return false
}

func isUTF7(label string) bool {
	return label == "utf-7" || label == "utf7" || label == "unicode-1-1-utf-7" || label == "x-unicode-1-1-utf-7"
}
