package inbox

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
)

// letter is a text on its way.
type letter struct {
	to    desk.ID
	name  string // of the customer, fit for a terminal
	note  bool
	chat  bool // the newest word came by mail, and this goes into the chat
	text  string
	files []desk.File
}

// outbox sends one letter after the other, so that they arrive in the order
// in which they were written. What does not arrive goes back to the composer.
type outbox struct {
	queue []letter               // the first one is on its way
	rest  map[desk.ID]desk.Draft // written behind a letter in a conversation that was left
}

// unsent returns the text on its way to a conversation, as the draft keeps it
// until it has arrived, and whether there is a note in it.
func (o *outbox) unsent(to desk.ID) (text string, note bool) {
	var b strings.Builder
	for _, l := range o.queue {
		if l.to == to {
			b.WriteString(l.text)
			b.WriteByte('\n')
			note = note || l.note
		}
	}
	return b.String(), note
}

// set remembers what the composer held when a conversation was left while a
// letter to it is on its way.
func (o *outbox) set(to desk.ID, text string, note bool) {
	if unsent, _ := o.unsent(to); unsent == "" {
		return
	}
	if o.rest == nil {
		o.rest = map[desk.ID]desk.Draft{}
	}
	o.rest[to] = desk.Draft{Conversation: to, Note: note, Text: text}
}

// draft returns what to put into the composer of a conversation: the kept
// draft without the letters that are on their way.
func (o *outbox) draft(to desk.ID, kept desk.Draft) desk.Draft {
	rest, ok := o.rest[to]
	if !ok {
		return kept
	}
	delete(o.rest, to)
	return rest
}

// send sends what is written.
func (s *Screen) send() tea.Cmd {
	row := s.pane.Row()
	if s.box.byMail() {
		return s.sendMail()
	}
	if row == nil || s.nothingToSend() != "" {
		return nil
	}
	if !s.box.note && (s.unfilled() || s.collides()) {
		return nil
	}
	l := letter{
		to: row.ID, name: safe.Name(row.Name).String(), note: s.box.note, chat: row.LastChannel() == desk.Email && s.inChat(),
		text: s.box.ed.Text(), files: s.files[row.ID],
	}
	s.pane.ClearFresh()
	s.pane.Send(l.text, l.files, l.note, time.Now())
	s.outbox.queue = append(s.outbox.queue, l)
	s.box.ed.Set("")
	delete(s.files, row.ID)
	s.box.warned = ""
	s.box.saved = s.box.ed.Gen() // the draft keeps the text until it has arrived
	s.quiet()
	if len(s.outbox.queue) > 1 {
		return nil
	}
	return s.deliver()
}

// collides warns once before a second answer to the same question: a colleague
// is replying at this moment, or has done so while this was being written.
func (s *Screen) collides() bool {
	warning := ""
	if who := s.colleague(); who != "" {
		warning = who + " is replying"
	} else if who := s.pane.Answered(s.box.since); who != "" {
		warning = who + " has replied while you wrote"
	}
	if warning == "" || warning == s.box.warned {
		return false
	}
	s.box.warned = warning
	s.Toasts.Fail(warning + "; " + s.look.Hint(ActSend, "once more sends anyway"))
	return true
}

// deliver sends the first letter of the queue.
func (s *Screen) deliver() tea.Cmd {
	l, session := s.outbox.queue[0], s.Session
	return s.command(writeLimit, func(ctx context.Context) tea.Msg {
		switch {
		case l.note:
			return sentMsg{l, session.Note(ctx, l.to, l.text)}
		case l.chat:
			return sentMsg{l, session.ReplyInChat(ctx, l.to, l.text, fileIDs(l.files))}
		}
		return sentMsg{l, session.ReplyWith(ctx, l.to, l.text, fileIDs(l.files))}
	})
}

func fileIDs(files []desk.File) []desk.ID {
	var ids []desk.ID
	for _, f := range files {
		ids = append(ids, f.ID)
	}
	return ids
}

// sent takes the outcome of the first letter.
func (s *Screen) sent(m sentMsg) tea.Cmd {
	if m.err != nil {
		s.returned(m)
		return nil
	}
	s.outbox.queue = s.outbox.queue[1:]
	s.keepDraft(m.letter.to)
	if len(s.outbox.queue) > 0 {
		return s.deliver()
	}
	return nil
}

// keepDraft gives the drafts what is left to send in a conversation.
func (s *Screen) keepDraft(id desk.ID) {
	if id == s.open.id && s.open.thread != nil {
		s.box.saved = -1
		s.saveDraft()
		return
	}
	unsent, note := s.outbox.unsent(id)
	rest := s.outbox.rest[id]
	s.Session.SaveDraft(id, note || rest.Note, unsent+rest.Text)
	if unsent == "" {
		delete(s.outbox.rest, id)
	}
}

// returned puts everything that waits behind a failure back where it was
// written, so that nothing arrives out of order.
func (s *Screen) returned(m sentMsg) {
	back := s.outbox.queue
	s.outbox.queue = nil
	what := "the reply to " + m.letter.name + " was not sent"
	if m.letter.note {
		what = "the note about " + m.letter.name + " was not kept"
	}
	for i, l := range back {
		if first(back, l.to) == i {
			s.restore(l.to, back)
		}
	}
	where := "the text is in the composer"
	if m.letter.to != s.open.id {
		where = "the text is kept as its draft"
	}
	s.fail(what+"; "+where, m.err)
}

// first returns the place of the first letter to a conversation.
func first(letters []letter, to desk.ID) int {
	for i, l := range letters {
		if l.to == to {
			return i
		}
	}
	return -1
}

// restore puts letters back into the composer or the draft of a conversation.
// When one of them is a note, so is the whole: words for the team never become
// a reply by themselves.
func (s *Screen) restore(id desk.ID, back []letter) {
	here := id == s.open.id && s.open.thread != nil
	rest := s.outbox.rest[id]
	delete(s.outbox.rest, id)
	if here {
		rest = desk.Draft{Text: s.box.ed.Text(), Note: s.box.note && !s.box.ed.Empty()}
	}
	parts, note := []string{}, rest.Note
	for _, l := range back {
		if l.to == id {
			parts, note = append(parts, l.text), note || l.note
		}
	}
	if rest.Text != "" {
		parts = append(parts, rest.Text)
	}
	text := strings.Join(parts, "\n")
	if !here {
		s.Session.SaveDraft(id, note, text)
		return
	}
	for s.pane.Waiting() > 0 {
		s.pane.Sent()
	}
	s.box.ed.Set(text)
	s.box.note = note
	for _, l := range slices.Backward(back) {
		if l.to == id {
			s.files[id] = append(slices.Clone(l.files), s.files[id]...)
		}
	}
	s.keepDraft(id)
}
