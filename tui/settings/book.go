package settings

import "slices"

// Origin is where a value comes from.
type Origin string

// The origins, from the weakest.
const (
	FromDefault  Origin = "default"
	FromFile     Origin = "the desk's file"
	FromPerson   Origin = "your choice"
	FromTerminal Origin = "this terminal"
)

// Book knows the value of every setting. The zero value knows the defaults.
type Book struct {
	File   map[string]string        // what the desk's file says, by the setting's name
	Forced map[string]string        // what the terminal leaves no choice about
	Own    func(name string) string // the person's preference, empty for none
}

// Get returns a setting's value and where it comes from. A value that the
// setting does not have counts for nothing; a file that says what holds anyway
// says nothing.
func (b Book) Get(name string) (value string, from Origin) {
	s, ok := Find(name)
	if !ok {
		return "", FromDefault
	}
	own := ""
	if b.Own != nil {
		own = b.Own(name)
	}
	switch {
	case slices.Contains(s.Values, b.Forced[name]):
		return b.Forced[name], FromTerminal
	case slices.Contains(s.Values, own):
		return own, FromPerson
	case slices.Contains(s.Values, b.File[name]) && b.File[name] != s.Default():
		return b.File[name], FromFile
	}
	return s.Default(), FromDefault
}

// Value returns a setting's value.
func (b Book) Value(name string) string {
	v, _ := b.Get(name)
	return v
}
