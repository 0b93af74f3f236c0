package config

import (
	"fmt"
	"slices"
	"strings"
)

// First returns the file that a first run writes: what was chosen, and where
// to read on.
func First(c Config) string {
	var b strings.Builder
	b.WriteString("# hark: this file configures one desk. hark config show lists every setting.\n")
	d := Default()
	section := ""
	for _, s := range c.all() {
		value := s.show(&c)
		in, name := cut(s.key)
		chosen := value != s.show(&d) || slices.Contains(always(), s.key)
		if in != section && (chosen || isQueue(in)) {
			section = in
			fmt.Fprintf(&b, "\n[%s]\n", in)
		}
		if !chosen {
			continue
		}
		fmt.Fprintf(&b, "%s = %s\n", name, value)
	}
	if len(c.Mail) == 0 {
		b.WriteString(mailHelp)
	}
	return b.String()
}

// isQueue reports whether a section is a queue's own, which says something even
// when it is empty: that the queue is there.
func isQueue(section string) bool {
	name, ok := strings.CutPrefix(section, "queues.")
	return ok && !strings.Contains(name, ".")
}

// always lists the settings that stand in the file whatever their value.
func always() []string {
	return []string{"desk.name", "chat.listen", "chat.origins", "keys.backend"}
}
