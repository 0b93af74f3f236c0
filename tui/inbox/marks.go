package inbox

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
)

// marks are the conversations that the next act is about. They belong to the
// list that they were made in: whoever goes to another one begins anew, so
// that nothing out of sight is changed.
type marks struct {
	on   map[desk.ID]bool
	last desk.ID // where a range begins
}

func (m *marks) clear() { *m = marks{} }

func (m *marks) set(id desk.ID, on bool) {
	if m.on == nil {
		m.on = map[desk.ID]bool{}
	}
	if on {
		m.on[id] = true
		m.last = id
		return
	}
	delete(m.on, id)
}

// mark marks the selected conversation, or takes its mark away, and goes on.
func (s *Screen) mark() tea.Cmd {
	row := s.list.selected()
	if row == nil {
		return nil
	}
	s.marks.set(row.ID, !s.marks.on[row.ID])
	s.list.gen++
	if s.list.pos < s.list.win.Total-1 {
		s.list.move(s.list.pos + 1)
	}
	return nil
}

// markRange marks everything between the last mark and the selection.
func (s *Screen) markRange() tea.Cmd {
	row := s.list.selected()
	if row == nil {
		return nil
	}
	from, to := s.list.index(s.marks.last), s.list.pos
	if from < 0 {
		from = to
	}
	if from > to {
		from, to = to, from
	}
	win, err := s.list.window(from, to-from+1)
	if err != nil {
		s.fail("the range could not be marked", err)
		return nil
	}
	for _, c := range win.Rows {
		s.marks.set(c.ID, true)
	}
	s.marks.last = row.ID
	s.list.gen++
	return nil
}

// clearMarks forgets the marks.
func (s *Screen) clearMarks() {
	if len(s.marks.on) > 0 {
		s.marks.clear()
		s.list.gen++
	}
}

// targets returns the conversations that an act is about: the marked ones
// while the keys are in the list, else the one at hand.
func (s *Screen) targets() []*desk.Conversation {
	if s.acting() {
		return s.marked()
	}
	if row := s.about(); row != nil {
		return []*desk.Conversation{row}
	}
	return nil
}

// acting reports whether acts are about marked conversations.
func (s *Screen) acting() bool { return len(s.marks.on) > 0 && s.inList() }

// marked returns the marked conversations as they are now.
func (s *Screen) marked() []*desk.Conversation {
	var rows []*desk.Conversation
	for id := range s.marks.on {
		if row := s.Session.Row(id); row != nil {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b *desk.Conversation) int { return b.At.Compare(a.At) })
	return rows
}
