package inbox

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// finder is the line in which a search is typed. The list shows what it finds
// with every letter.
type finder struct {
	s     *Screen
	text  []rune
	at    int
	wrong string
}

// search opens the line of the search, with what is searched for already.
func (s *Screen) search() tea.Cmd {
	s.focusOn(ui.ListPane)
	s.clearMarks()
	f := &finder{s: s}
	if s.list.finds() {
		f.text = []rune(s.list.query)
		f.at = len(f.text)
	} else {
		s.before = s.list.source
	}
	s.finder = f
	s.list.lay(true)
	return nil
}

// Overlaid reports whether a search is being typed: it has the keys.
func (s *Screen) Overlaid() bool { return s.finder != nil }

// OverlayKey gives a key to the search that is being typed.
func (s *Screen) OverlayKey(k tea.KeyPressMsg) tea.Cmd {
	if s.finder != nil && s.finder.key(k) {
		s.finder = nil
		s.list.gen++
	}
	return nil
}

// CloseOverlay leaves the search and what it found.
func (s *Screen) CloseOverlay() {
	if s.finder != nil {
		s.finder.cancel()
		s.finder = nil
	}
}

// key types, and shows what is found. It reports true when that is over.
func (f *finder) key(k tea.KeyPressMsg) (over bool) {
	switch k.String() {
	case "esc":
		f.cancel()
		return true
	case "enter":
		return f.finish()
	case "left", "ctrl+b":
		f.at = max(f.at-1, 0)
	case "right", "ctrl+f":
		f.at = min(f.at+1, len(f.text))
	case "home", "ctrl+a":
		f.at = 0
	case "end", "ctrl+e":
		f.at = len(f.text)
	case "ctrl+u":
		f.text, f.at = append([]rune{}, f.text[f.at:]...), 0
		f.look()
	case "backspace":
		f.backspace()
	case "down", "ctrl+n":
		f.s.list.move(f.s.list.pos + 1)
	case "up", "ctrl+p":
		f.s.list.move(f.s.list.pos - 1)
	default:
		f.typed(k.Text)
	}
	f.s.list.gen++
	return false
}

func (f *finder) backspace() {
	if f.at == 0 {
		return
	}
	f.text = append(f.text[:f.at-1:f.at-1], f.text[f.at:]...)
	f.at--
	f.look()
}

// typed types letters, on one line.
func (f *finder) typed(text string) {
	letters := []rune(safe.Line(text).String())
	if text == " " {
		letters = []rune{' '}
	}
	if len(letters) == 0 || len(f.text)+len(letters) > typedMost {
		return
	}
	f.text = append(f.text[:f.at:f.at], append(letters, f.text[f.at:]...)...)
	f.at += len(letters)
	f.look()
}

// look shows what the query finds; a mistake in it is said, and what was found
// before stays in sight.
func (f *finder) look() {
	text := string(f.text)
	if _, err := desk.ParseQuery(text, time.Now()); err != nil {
		f.wrong = safe.Line(desk.Sentence(err)).String()
		return
	}
	f.wrong = ""
	f.s.list.show(f.source(text))
}

// source returns where the rows come from for a query: nothing typed finds what
// was there before.
func (f *finder) source(text string) source {
	if isBlank(text) {
		return f.s.before
	}
	return source{view: desk.All, query: text}
}

func isBlank(s string) bool {
	for _, r := range s {
		if r != ' ' {
			return false
		}
	}
	return true
}

// cancel goes back to the list from before the search.
func (f *finder) cancel() {
	f.s.list.lay(false)
	f.s.list.show(f.s.before)
}

// finish leaves the line; what was found stays. It stays open when the query
// has a mistake.
func (f *finder) finish() bool {
	if f.wrong != "" {
		return false
	}
	f.s.list.lay(f.s.list.finds())
	return true
}

// line draws the query in the first line of the list, and where the cursor is.
func (s *Screen) searchLine(w int) (line string, x int) {
	l := s.look
	query, x := s.list.query, -1
	if f := s.finder; f != nil {
		query = string(f.text)
		x = min(2+l.Width(safe.Line(string(f.text[:f.at])).String()), w-1)
	}
	if query == "" {
		return l.Key.Render("/ ") + l.Dim.Render(l.Fit("words from: tag: is: ch: to: -not", w-2)), x
	}
	return l.Key.Render("/ ") + l.Fit(safe.Line(query).String(), w-2), x
}

// leaveSearch goes back to the list from before a search. It reports false
// when nothing is searched for.
func (s *Screen) leaveSearch() bool {
	if !s.list.finds() || s.list.name != "" {
		return false
	}
	s.clearMarks()
	s.list.lay(false)
	s.list.show(s.before)
	return true
}

// nextFound goes to the next conversation that was found.
func (s *Screen) nextFound(by int) tea.Cmd {
	if s.list.win.Total == 0 {
		s.Toasts.Say("nothing was found; / changes the search")
		return nil
	}
	total := s.list.win.Total
	s.list.move(((s.list.pos+by)%total + total) % total)
	if s.focus == ui.ThreadPane {
		return s.openSelected(ui.ThreadPane, false)
	}
	return nil
}

// SearchFor shows what a query finds.
func (s *Screen) SearchFor(query string) tea.Cmd {
	if !s.list.finds() {
		s.before = s.list.source
	}
	return s.goTo(source{view: desk.All, query: query})
}
