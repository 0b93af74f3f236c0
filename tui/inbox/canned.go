package inbox

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk/canned"
	"hark/tui/safe"
	"hark/tui/ui"
)

// replies returns the canned replies for the open conversation.
func (s *Screen) replies() canned.Replies {
	row := s.pane.Row()
	if s.Canned == nil || row == nil {
		return nil
	}
	return s.Canned().For(row.Queue)
}

func (s *Screen) noCanned() string {
	switch {
	case s.pane.Row() == nil:
		return "no conversation is open"
	case len(s.replies()) == 0:
		return "there are no canned replies for this queue: text files in the folder canned beside hark.toml make them"
	}
	return ""
}

// pickCanned asks for a canned reply, with a preview that has its fields
// filled in already.
func (s *Screen) pickCanned() tea.Cmd {
	values := canned.Values(s.Session, s.pane.Row(), time.Now())
	var choices []ui.Choice
	for _, r := range s.replies() {
		note := r.Key
		if len(r.Tags) > 0 {
			note = strings.TrimSpace(note + "  " + strings.Join(r.Tags, " "))
		}
		choices = append(choices, ui.Choice{Label: safe.Line(r.Title).String(), Note: safe.Line(note).String(), Value: r})
	}
	return s.ask(&chooser{
		title: "canned replies", choices: choices,
		preview: func(c ui.Choice) string {
			r, _ := c.Value.(canned.Reply)
			text, _ := r.Fill(values)
			return safe.New(text).String()
		},
		done: func(c ui.Choice) tea.Cmd {
			r, _ := c.Value.(canned.Reply)
			return s.insertCanned(r, values)
		},
	})
}

// insertCanned writes a canned reply at the cursor and goes to the first field
// that is still to be filled in.
func (s *Screen) insertCanned(r canned.Reply, values map[string]string) tea.Cmd {
	text, open := r.Fill(values)
	s.box.toText()
	at := s.box.ed.Pos()
	if !s.box.ed.Insert(text) {
		s.Toasts.Fail("the reply is too long to fit: one message holds 65,536 bytes at most")
		return nil
	}
	if len(open) > 0 {
		s.box.ed.GoTo(at + open[0].Start)
		s.Toasts.Say("fill in " + fieldNames(open) + " before sending")
	}
	s.edited()
	return nil
}

func fieldNames(open []canned.Span) string {
	names := make([]string, len(open))
	for i, f := range open {
		names[i] = "{" + f.Name + "}"
	}
	return strings.Join(names, ", ")
}

// unfilled reports whether a field is still to be filled in, goes there, and
// says so: nobody wants to get a letter to {customer.name}.
func (s *Screen) unfilled() bool {
	open := canned.Open(s.box.ed.Text())
	if len(open) == 0 {
		return false
	}
	s.box.toText()
	s.box.ed.GoTo(open[0].Start)
	s.Toasts.Fail("not sent: " + fieldNames(open) + " is still to be filled in; the cursor is there")
	return true
}

func (s *Screen) noField() string {
	if len(canned.Open(s.box.ed.Text())) == 0 {
		return "no {field} is left to fill in"
	}
	return ""
}

// nextField goes to the next field behind the cursor, around the end, and takes
// it out, so that what is typed stands in its place.
func (s *Screen) nextField() tea.Cmd {
	open := canned.Open(s.box.ed.Text())
	s.box.toText()
	for _, f := range open {
		if f.Start > s.box.ed.Pos() {
			s.box.ed.GoTo(f.Start)
			return nil
		}
	}
	if len(open) > 0 {
		s.box.ed.GoTo(open[0].Start)
	}
	return nil
}

// typedInField replaces the field that the cursor stands at by what is typed.
func (s *Screen) typedInField() {
	for _, f := range canned.Open(s.box.ed.Text()) {
		if f.Start == s.box.ed.Pos() {
			s.box.ed.Remove(f.Start, f.End)
			return
		}
	}
}

// InsertCanned writes the canned reply of a name at the cursor.
func (s *Screen) InsertCanned(name string) tea.Cmd {
	for _, r := range s.replies() {
		if r.Name == name {
			return s.insertCanned(r, canned.Values(s.Session, s.pane.Row(), time.Now()))
		}
	}
	s.Toasts.Say("that reply is not offered in this queue")
	return nil
}
