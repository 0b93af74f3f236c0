package settings

import (
	"slices"

	"hark/tui/notify"
	"hark/tui/ui"
)

// The names of the settings, as preferences and in the file's section console.
const (
	Theme      = "theme"
	Glyphs     = "glyphs"
	Motion     = "motion"
	Mouse      = "mouse"
	Notify     = "notify"
	EnterSends = "enter_sends"
)

// The values that stand for yes and no, and for as little motion as possible.
const (
	On      = "on"
	Off     = "off"
	Reduced = "reduced"
)

// Setting is one thing that a person can choose.
type Setting struct {
	Name   string
	Label  string
	About  string // what it does, in a sentence
	Values []string
	Words  []string // what each value means, in a few words
}

// Default returns the value without any choice.
func (s Setting) Default() string { return s.Values[0] }

// words returns what a value means.
func (s Setting) words(value string) string {
	if at := slices.Index(s.Values, value); at >= 0 {
		return s.Words[at]
	}
	return ""
}

// next returns the value that comes after another, around the end.
func (s Setting) next(value string, by int) string {
	n := len(s.Values)
	return s.Values[((slices.Index(s.Values, value)+by)%n+n)%n]
}

// All returns the settings in the order of the screen.
func All() []Setting {
	return []Setting{
		{
			Theme, "Colours", "No meaning is carried by colour alone; none shows weight only.",
			ui.ThemeNames(),
			[]string{"as the terminal is", "for a light background", "for a dark background", "as far apart as they go", "the terminal's own 16", "without colour"},
		},
		{
			Glyphs, "Signs", "ascii is for terminals that draw frames and marks badly, and for fonts without them.",
			[]string{"unicode", "ascii"},
			[]string{"frames and marks", "letters and dashes only"},
		},
		{
			Motion, "Motion", "With reduced motion nothing appears or goes by itself: messages stay until a key.",
			[]string{"full", Reduced},
			[]string{"messages go after 4 s", "nothing goes by itself"},
		},
		{
			Mouse, "Mouse", "Nothing needs the mouse. While it is off the terminal selects text as usual.",
			[]string{On, Off},
			[]string{"click and scroll", "the terminal's own selection"},
		},
		{
			Notify, "Notifications", "Only while you look elsewhere, and only counts: never a name or a word of a customer.",
			notify.Settings(),
			[]string{"as the terminal can", "none", "the terminal's bell", "iTerm2, WezTerm, Ghostty", "rxvt-unicode, foot", "kitty"},
		},
		{
			EnterSends, "Enter", "Which key sends a reply; the frame around it always says so.",
			[]string{On, Off},
			[]string{"sends; alt+enter is a new line", "is a new line; ctrl+s sends"},
		},
	}
}

// Find returns a setting by its name.
func Find(name string) (Setting, bool) {
	for _, s := range All() {
		if s.Name == name {
			return s, true
		}
	}
	return Setting{}, false
}
