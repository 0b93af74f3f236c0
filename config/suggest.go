package config

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"hark/desk/typo"
)

// suggest names the setting that somebody who wrote key most likely meant.
func suggest(key string, known []setting) string {
	keys := make([]string, len(known))
	for i, s := range known {
		keys[i] = s.key
	}
	if best := nearest(key, keys); best != "" {
		return "did you mean " + best + "?"
	}
	if strings.HasPrefix(key, "keys.") {
		return "keys of the console are in [console.keys]; [keys] is about the desk's own"
	}
	return "hark config show lists the settings that there are"
}

// suggestSection names the section that was most likely meant.
func suggestSection(key string, known []setting) string {
	var keys []string
	for _, s := range known {
		section, _ := cut(s.key)
		keys = append(keys, section)
	}
	for _, f := range families() {
		keys = append(keys, f.prefix)
	}
	if best := nearest(key, keys); best != "" {
		return "did you mean [" + best + "]?"
	}
	switch name, _, _ := strings.Cut(key, "."); {
	case nearest(name, []string{"queues"}) != "":
		return "a queue is written [queues.NAME]"
	case slices.Contains([]string{"email", "imap", "smtp"}, name):
		return "a mail account is written [mail.NAME], its servers [mail.NAME.imap] and [mail.NAME.smtp]"
	}
	return "hark config show lists the settings that there are"
}

// nearest returns the key that key is most likely a mistyped form of, or "".
func nearest(key string, keys []string) string {
	best, least := "", len(key)
	for _, k := range keys {
		d := min(typo.Distance(key, k), typo.Distance(last(key), last(k))+1)
		if strings.HasPrefix(key, k) && strings.Contains(k, ".") { // monday for mon
			d = min(d, 1)
		}
		if d < least {
			best, least = k, d
		}
	}
	if least > max(2, len(last(key))/3) {
		return ""
	}
	return best
}

func last(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// quote writes a text as TOML does, all in visible ASCII but for letters.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case strconv.IsPrint(r):
			b.WriteRune(r)
		case r > 0xFFFF:
			b.WriteString(`\U` + hex(r, 8))
		default:
			b.WriteString(`\u` + hex(r, 4))
		}
	}
	b.WriteByte('"')
	return b.String()
}

func hex(r rune, digits int) string {
	h := strconv.FormatInt(int64(r), 16)
	return strings.Repeat("0", max(digits-len(h), 0)) + h
}

func quoteList(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// plain makes a message that may hold parts of the file fit for a terminal.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if strconv.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}

func countLines(raw []byte) int { return bytes.Count(raw, []byte("\n")) + 1 }
