package config

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// sizeLimit is the largest file that is read, in bytes. Ours have hundreds.
const sizeLimit = 1 << 20

// File is a configuration and where its values come from.
type File struct {
	Config
	Path  string
	lines lines // of the settings that the file has
}

// Line returns the line of the file that sets a key, or 0 when it has the
// value that it has by default.
func (f *File) Line(key string) int { return f.lines[key] }

// Load reads a file. Its error is a Problems when the file says something
// wrong; a file that does not exist is an fs.ErrNotExist.
func Load(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	raw, err := io.ReadAll(io.LimitReader(f, sizeLimit+1))
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return Parse(path, raw)
}

// Parse reads the content of the file path.
func Parse(path string, raw []byte) (*File, error) {
	if len(raw) > sizeLimit {
		return nil, Problems{{File: path, Wrong: fmt.Sprintf("the file is larger than %d bytes", sizeLimit)}}
	}
	doc := map[string]any{}
	if err := toml.Unmarshal(raw, &doc); err != nil {
		return nil, Problems{malformed(path, raw, err)}
	}
	at, order := linesOf(raw)
	r := reader{file: &File{Config: Default(), Path: path, lines: lines{}}, at: at, known: settings()}
	r.table(nil, doc)
	slices.SortStableFunc(r.file.Queues, func(a, b Queue) int {
		return slices.Index(order, "queues."+a.Name) - slices.Index(order, "queues."+b.Name)
	})
	slices.SortStableFunc(r.file.Mail, func(a, b Mail) int {
		return slices.Index(order, "mail."+a.Name) - slices.Index(order, "mail."+b.Name)
	})
	if len(r.problems) == 0 {
		for _, c := range r.file.Validate() {
			r.problem(c.Key, c.Wrong, c.Right)
		}
	}
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b Problem) int { return a.Line - b.Line })
		return nil, r.problems
	}
	return r.file, nil
}

// malformed says where a file stops being TOML.
func malformed(path string, raw []byte, err error) Problem {
	p := Problem{File: path, Wrong: "this is not TOML: " + plain(err.Error()), Right: `a line is a [section], or KEY = VALUE with texts in "quotes"`}
	var de *toml.DecodeError
	if errors.As(err, &de) {
		row, _ := de.Position()
		p.Line = min(max(row, 1), countLines(raw))
	}
	return p
}

// reader compares a document with the settings that there are.
type reader struct {
	file     *File
	at       lines
	known    []setting
	problems Problems
}

func (r *reader) problem(key, wrong, right string) {
	if len(r.problems) >= problemsMax {
		return
	}
	r.problems = append(r.problems, Problem{File: r.file.Path, Line: r.at[key], Key: key, Wrong: plain(wrong), Right: right})
}

// problemsMax is how many problems are told at once.
const problemsMax = 100

// table reads the keys of a table, in the order of their names.
func (r *reader) table(path []string, table map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		if len(r.problems) >= problemsMax {
			return
		}
		at := append(slices.Clone(path), name)
		r.entry(at, table[name])
	}
}

// entry reads one key of a table.
func (r *reader) entry(path []string, v any) {
	key := join(path)
	if i := slices.IndexFunc(r.known, func(s setting) bool { return s.key == key }); i >= 0 {
		r.value(r.known[i], v)
		return
	}
	if f := familyOf(join(path[:len(path)-1])); f != nil && !r.section(key) {
		if r.named(*f, key, path[len(path)-1]) {
			r.entry(path, v)
		}
		return
	}
	inner, isTable := v.(map[string]any)
	switch {
	case isTable && r.section(key):
		r.table(path, inner)
	case r.section(key):
		r.problem(key, "is "+typeName(v)+" where a section is needed", "it is written ["+key+"]")
	case isTable:
		r.problem(key, "there is no such section", suggestSection(key, r.known))
	default:
		r.problem(key, "there is no such setting", suggest(key, r.known))
	}
}

// value reads a setting.
func (r *reader) value(s setting, v any) {
	if err := s.set(&r.file.Config, v); err != nil {
		r.problem(s.key, err.Error(), "it must be "+s.right)
	}
	r.file.lines[s.key] = r.at[s.key]
}

// named makes room for a name that the file chose, and reports whether it can
// be one.
func (r *reader) named(f family, key, name string) bool {
	switch {
	case !f.name.MatchString(name), slices.Contains(f.not, name):
		r.problem(key, "cannot name "+f.what, f.right)
		return false
	case len(f.names(&r.file.Config)) >= namesMax:
		r.problem(key, fmt.Sprintf("is one too many: %s holds %d names at most", f.prefix, namesMax), "")
		return false
	}
	r.known = append(r.known, f.add(&r.file.Config, name)...)
	return true
}

// namesMax is how many names a file may choose in one place.
const namesMax = 200

// familyOf returns the family that chooses its names under a key, or nil.
func familyOf(key string) *family {
	all := families()
	if i := slices.IndexFunc(all, func(f family) bool { return f.prefix == key }); i >= 0 {
		return &all[i]
	}
	return nil
}

// section reports whether settings begin with the key, or may.
func (r *reader) section(key string) bool {
	below := func(other string) bool { return strings.HasPrefix(other, key+".") }
	return slices.ContainsFunc(r.known, func(s setting) bool { return below(s.key) }) ||
		slices.ContainsFunc(families(), func(f family) bool { return f.prefix == key || below(f.prefix) })
}
