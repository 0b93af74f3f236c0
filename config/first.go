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
		if value == s.show(&d) && !slices.Contains(always(), s.key) {
			continue
		}
		in, name := cut(s.key)
		if in != section {
			section = in
			fmt.Fprintf(&b, "\n[%s]\n", in)
		}
		fmt.Fprintf(&b, "%s = %s\n", name, value)
	}
	return b.String()
}

// always lists the settings that stand in the file whatever their value.
func always() []string {
	return []string{"desk.name", "chat.listen", "chat.origins", "keys.backend"}
}
