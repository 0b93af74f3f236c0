package config

import (
	"fmt"
	"strings"
)

// Value is a setting as it is in force.
type Value struct {
	Key  string
	TOML string // the value as the file would have it
	Line int    // of the file that sets it; 0 for the default
}

// Values returns every setting, in the order of the guide.
func (f *File) Values() []Value {
	var all []Value
	for _, s := range settings() {
		all = append(all, Value{s.key, s.show(&f.Config), f.lines[s.key]})
	}
	return all
}

// Show writes every setting as a file that could be read again, and where each
// value comes from.
func (f *File) Show() string {
	var b strings.Builder
	section := ""
	for _, v := range f.Values() {
		dot := strings.LastIndexByte(v.Key, '.')
		if s := v.Key[:dot]; s != section {
			if section != "" {
				b.WriteByte('\n')
			}
			section = s
			fmt.Fprintf(&b, "[%s]\n", s)
		}
		from := "default"
		if v.Line > 0 {
			from = fmt.Sprintf("%s:%d", f.Path, v.Line)
		}
		name := v.Key[dot+1:] + " = " + v.TOML
		if v.unset() {
			name = "# " + v.Key[dot+1:] + " is not set"
		}
		fmt.Fprintf(&b, "%-40s # %s\n", name, from)
	}
	return b.String()
}

// unset reports whether a text has no value, which the file could not say.
func (v Value) unset() bool { return v.TOML == `""` }
