package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// lines says on which line of the file a key stands first.
type lines map[string]int

// linesOf walks a document that is known to be well formed. It returns the keys
// in their order too.
func linesOf(raw []byte) (lines, []string) {
	l := walk{at: lines{}}
	p := &unstable.Parser{}
	p.Reset(raw)
	var table []string
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind == unstable.KeyValue {
			l.value(p, table, e)
		} else { // [table] or [[table]]
			table = l.mark(p, nil, e.Key())
		}
	}
	return l.at, l.order
}

// walk is a walk through a document.
type walk struct {
	at    lines
	order []string
}

// value marks a key and the keys inside its value.
func (l *walk) value(p *unstable.Parser, table []string, e *unstable.Node) {
	path := l.mark(p, table, e.Key())
	v := e.Value()
	if v.Kind != unstable.InlineTable {
		return
	}
	for it := v.Children(); it.Next(); {
		if it.Node().Kind == unstable.KeyValue {
			l.value(p, path, it.Node())
		}
	}
}

// mark notes where each part of a dotted key stands and returns its full path.
func (l *walk) mark(p *unstable.Parser, table []string, key unstable.Iterator) []string {
	path := slices.Clone(table)
	for key.Next() {
		n := key.Node()
		path = append(path, string(n.Data))
		name := join(path)
		if _, ok := l.at[name]; !ok {
			l.order = append(l.order, name)
			l.at[name] = p.Shape(n.Raw).Start.Line
		}
	}
	return path
}

// join writes a path of keys as it would stand in the file.
func join(path []string) string {
	parts := make([]string, len(path))
	for i, s := range path {
		parts[i] = s
		if s == "" || strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
			parts[i] = strconv.QuoteToASCII(s)
		}
	}
	return strings.Join(parts, ".")
}
