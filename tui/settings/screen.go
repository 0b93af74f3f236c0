package settings

import (
	tea "charm.land/bubbletea/v2"

	"hark/tui/ui"
)

// Fact is a setting of the desk: shown, and changed in its file.
type Fact struct {
	Key   string // as in the file
	Value string // fit for a terminal
	Where string // the file and line that set it; empty for the default
}

// Deps is what the screen works with.
type Deps struct {
	Book Book
	// Change takes a value into use and keeps it for the person; an empty one
	// takes the choice away.
	Change func(name, value string) tea.Cmd
	Desk   []Fact
	File   string // the desk's file
}

// Screen is the overlay.
type Screen struct {
	Deps
	at, off int
	height  int
	rows    int // all lines of the last drawing
}

// New returns the screen, standing on a setting; the first one for a name that
// there is not.
func New(d Deps, name string) *Screen {
	s := &Screen{Deps: d}
	for i, have := range All() {
		if have.Name == name {
			s.at = i
		}
	}
	return s
}

// Mode is what the screen is called in the status line.
func (s *Screen) Mode() string { return "SET" }

// Key moves, changes, takes back or closes.
func (s *Screen) Key(k tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	switch k.String() {
	case "esc", "q", "ctrl+c":
		return nil, true
	case "j", "down", "tab":
		s.move(1)
	case "k", "up", "shift+tab":
		s.move(-1)
	case "pgdown", "ctrl+d":
		s.scroll(s.height / 2)
	case "pgup", "ctrl+u":
		s.scroll(-s.height / 2)
	case "g", "home":
		s.at, s.off = 0, 0
	case "G", "end":
		s.scroll(s.rows)
	case "enter", "space", "l", "right":
		return s.turn(1), false
	case "h", "left":
		return s.turn(-1), false
	case "r", "backspace", "delete":
		return s.Change(All()[s.at].Name, ""), false
	}
	return nil, false
}

// Wheel scrolls.
func (s *Screen) Wheel(by int) { s.scroll(by) }

func (s *Screen) move(by int) {
	s.at = max(min(s.at+by, len(All())-1), 0)
	s.off = 0
}

func (s *Screen) scroll(by int) { s.off = max(min(s.off+by, s.rows-s.height), 0) }

// turn goes to another value, unless the terminal leaves no choice.
func (s *Screen) turn(by int) tea.Cmd {
	setting := All()[s.at]
	value, from := s.Book.Get(setting.Name)
	if from == FromTerminal {
		return nil
	}
	return s.Change(setting.Name, setting.next(value, by))
}

// Cursor stands at the setting that keys act on, for those who follow it.
func (s *Screen) Cursor(_ *ui.Look, size ui.Size) (x, y int) {
	if y := s.line(s.at) - s.off; y >= 0 && y < size.H-2 {
		return 1, y + 1
	}
	return -1, -1
}

// line returns the line of a setting within the drawing.
func (s *Screen) line(at int) int { return 2 + at }
