package config

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

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
	r := reader{file: &File{Config: Default(), Path: path, lines: lines{}}, at: linesOf(raw), known: settings()}
	r.table(nil, doc)
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
	r.problems = append(r.problems, Problem{File: r.file.Path, Line: r.at[key], Key: key, Wrong: plain(wrong), Right: right})
}

// table reads the keys of a table, in the order of their names.
func (r *reader) table(path []string, table map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		at := append(slices.Clone(path), name)
		r.entry(at, table[name])
	}
}

func (r *reader) entry(path []string, v any) {
	key := join(path)
	if i := slices.IndexFunc(r.known, func(s setting) bool { return s.key == key }); i >= 0 {
		s := r.known[i]
		if err := s.set(&r.file.Config, v); err != nil {
			r.problem(key, err.Error(), "it must be "+s.right)
		}
		r.file.lines[key] = r.at[key]
		return
	}
	inner, isTable := v.(map[string]any)
	switch {
	case isTable && r.section(key):
		r.table(path, inner)
	case r.section(key):
		r.problem(key, "is "+typeName(v)+" where a section is needed", "it is written ["+key+"]")
	default:
		r.problem(key, "there is no such setting", suggest(key, r.known))
	}
}

// section reports whether settings begin with the key.
func (r *reader) section(key string) bool {
	return slices.ContainsFunc(r.known, func(s setting) bool {
		return len(s.key) > len(key) && s.key[:len(key)+1] == key+"."
	})
}
