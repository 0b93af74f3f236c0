package desk

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// FileNameMax is the longest name of a file, in bytes.
const FileNameMax = 120

// extensionMax is the longest extension that is kept when a name is cut.
const extensionMax = 16

// SafeFileName returns a name that can be shown and saved under on every
// system: the last part of a path, without control, direction and other
// invisible characters, without what a system forbids or gives a meaning to,
// and of FileNameMax bytes at most with its extension kept. What is left of
// nothing is "file". Cleaning a clean name changes nothing.
func SafeFileName(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = tidyName(strings.Map(visibleRune, s))
	s = harmless(shorten(s, FileNameMax-1)) // one byte for an underscore in front
	if s == "" {
		return "file"
	}
	return s
}

// visibleRune replaces what Windows forbids in names and drops what nobody sees.
func visibleRune(r rune) rune {
	switch {
	case strings.ContainsRune(`<>:"|?*`, r):
		return '_'
	case unicode.IsSpace(r):
		return ' '
	case !unicode.IsPrint(r):
		return -1
	}
	return r
}

// tidyName makes runs of spaces one and takes spaces and dots off the ends: a
// dot in front hides a file, one behind is lost on Windows. No space stays
// around the last dot, where a run of them could hide the extension.
func tidyName(s string) string {
	for {
		t := strings.Trim(strings.Join(strings.Fields(s), " "), " .")
		if dot := strings.LastIndexByte(t, '.'); dot >= 0 {
			t = strings.TrimRight(t[:dot], " .") + "." + strings.TrimLeft(t[dot+1:], " ")
		}
		if t == s {
			return s
		}
		s = t
	}
}

// shorten cuts a name to so many bytes, between characters, before its
// extension.
func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := ""
	if dot := strings.LastIndexByte(s, '.'); dot > 0 && len(s)-dot <= extensionMax {
		s, end = s[:dot], s[dot:]
	}
	cut := most - len(end)
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return tidyName(s[:cut] + end)
}

// harmless puts an underscore before what a system or a shell would take for
// something else than a file.
func harmless(s string) string {
	base, _, _ := strings.Cut(s, ".")
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "~") || isDevice(strings.ToUpper(strings.TrimSpace(base))) {
		return "_" + s
	}
	return s
}

// isDevice reports whether Windows takes a name for a device, with whatever
// extension.
func isDevice(name string) bool {
	if slices.Contains([]string{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"}, name) {
		return true
	}
	rest, ok := strings.CutPrefix(name, "COM")
	if !ok {
		rest, ok = strings.CutPrefix(name, "LPT")
	}
	return ok && utf8.RuneCountInString(rest) == 1 && strings.ContainsAny(rest, "0123456789¹²³")
}
