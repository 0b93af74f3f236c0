package staff

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// fileNameMax is the longest name a file is saved under, in bytes: file systems
// take 255, and a number may have to be added.
const fileNameMax = 200

// fileName makes a name that strangers chose one that a file can have: without
// folders, hidden characters and a dot in front. It is safe to show too.
func fileName(s string) string {
	s = strings.ToValidUTF8(s, "_")
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(func(r rune) rune {
		if hidden(r) || strings.ContainsRune(`<>:"|?*`+"\u2028\u2029\u00a0", r) {
			return '_'
		}
		return r
	}, s)
	s = strings.Trim(strings.TrimLeft(s, ".-~"), " ")
	s = cutName(s, fileNameMax)
	if strings.Trim(s, "_. ") == "" {
		return "file"
	}
	return s
}

// cutName shortens a name and keeps its ending.
func cutName(s string, most int) string {
	if len(s) <= most {
		return s
	}
	ext := filepath.Ext(s)
	if len(ext) > 20 {
		ext = ""
	}
	s = s[:most-len(ext)]
	for len(s) > 0 {
		r, n := utf8.DecodeLastRuneInString(s)
		if r != utf8.RuneError || n != 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s + ext
}

// numbered returns the name with a number before its ending.
func numbered(name string, n int) string {
	if n < 2 {
		return name
	}
	ext := filepath.Ext(name)
	return fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), n, ext)
}
