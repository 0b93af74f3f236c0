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
	Is   string // what a value must be
}

// Values returns every setting, in the order of the guide.
func (f *File) Values() []Value {
	var all []Value
	for _, s := range f.all() {
		all = append(all, Value{s.key, s.show(&f.Config), f.lines[s.key], s.right})
	}
	return all
}

// Reference returns every setting with its default for the guide. Names that
// the file chooses are written large.
func Reference() []Value {
	c := Default()
	var all []Value
	for _, s := range settings() {
		all = append(all, Value{Key: s.key, TOML: s.show(&c), Is: s.right})
	}
	for _, f := range families() {
		const name = "name"
		for _, s := range f.add(&c, name) {
			key := f.prefix + ".NAME" + strings.TrimPrefix(s.key, f.prefix+"."+name)
			all = append(all, Value{Key: key, TOML: s.show(&c), Is: s.right})
		}
	}
	return all
}

// Show writes every setting as a file that could be read again, and where each
// value comes from.
func (f *File) Show() string {
	var b strings.Builder
	section := ""
	for _, v := range f.Values() {
		s, name := cut(v.Key)
		if s != section {
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
		text := name + " = " + v.TOML
		if v.unset() {
			text = "# " + name + " is not set"
		}
		fmt.Fprintf(&b, "%-40s # %s\n", text, from)
	}
	return b.String()
}

// unset reports whether a text has no value and the file does not say so.
func (v Value) unset() bool { return v.TOML == `""` && v.Line == 0 }

// cut parts a key into its section and its own name, which may stand in quotes.
func cut(key string) (section, name string) {
	dot := strings.LastIndexByte(key, '.')
	if strings.HasSuffix(key, `"`) {
		dot = strings.Index(key, `."`)
	}
	return key[:dot], key[dot+1:]
}
