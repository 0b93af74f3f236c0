package inbox

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/thread"
	"hark/tui/ui"
)

// pageSize is how many events are read at once: a few screens.
const pageSize = 100

// liveLimit is how many events of a thread may wait for a slow terminal.
const liveLimit = 256

// opened is the conversation in the thread pane.
type opened struct {
	id      desk.ID
	gen     int
	thread  *desk.Thread
	loading bool // the door has not answered yet
	reading bool // a page is being read: the thread is used by one at a time
	again   bool // read everything again when that is done
	fresh   bool // a new mail is being written: there is no conversation yet
	then    ui.Pane
	note    bool
	all     bool // then reply to all
}

// openSelected opens the conversation that the list stands on and gives the
// keys to a pane.
func (s *Screen) openSelected(focus ui.Pane, note bool) tea.Cmd {
	row := s.list.selected()
	if row == nil {
		return nil
	}
	return s.openRow(row, focus, note)
}

func (s *Screen) openRow(row *desk.Conversation, focus ui.Pane, note bool) tea.Cmd {
	s.list.chosen = true
	if s.open.id == row.ID && s.open.thread != nil {
		return s.take(focus, note)
	}
	s.leave()
	s.gen++
	s.open = opened{id: row.ID, gen: s.gen, loading: true, then: focus, note: note}
	s.frames = frames{}
	s.focusOn(ui.ThreadPane)
	gen, id, purpose := s.gen, row.ID, s.purpose()
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		return open(ctx, s.Session, gen, id, purpose)
	})
}

// purpose is why this account opens conversations.
func (s *Screen) purpose() desk.Purpose {
	if acc := s.Session.Account(); acc != nil {
		for _, p := range desk.Purposes() {
			if desk.MayRead(acc.Roles, p) {
				return p
			}
		}
	}
	return desk.Serve
}

// open passes the door and reads the newest page.
func open(ctx context.Context, session *desk.Session, gen int, id desk.ID, p desk.Purpose) openedMsg {
	m := openedMsg{gen: gen, id: id}
	if m.t, m.err = session.Open(ctx, id, p, "open", liveLimit); m.err != nil {
		return m
	}
	if m.page, m.err = m.t.Older(ctx, pageSize); m.err == nil {
		m.draft, m.err = session.Draft(ctx, id)
	}
	if m.err != nil {
		m.t.Close()
		m.t = nil
	}
	return m
}

// opened takes the answer of the door.
func (s *Screen) opened(m openedMsg) tea.Cmd {
	if m.gen != s.open.gen {
		if m.t != nil {
			m.t.Close()
		}
		return nil
	}
	s.open.loading = false
	if m.err != nil {
		s.open = opened{gen: s.open.gen}
		s.focusOn(ui.ListPane)
		s.fail("the conversation could not be opened", m.err)
		return nil
	}
	s.open.thread = m.t
	row := m.t.Row()
	older := thread.More
	if len(m.page) == 0 || m.page[0].N == 1 {
		older = thread.All
	}
	s.pane.Open(row, m.page, s.read[m.id], older)
	s.loadDraft(s.outbox.draft(m.id, m.draft))
	s.showWriters()
	s.looking()
	then := s.take(s.open.then, s.open.note)
	if s.open.all {
		then = s.replyToAll()
	}
	s.Follow(m.gen, m.t)
	return tea.Batch(then, s.next())
}

// take gives the keys to a pane of the open conversation.
func (s *Screen) take(focus ui.Pane, note bool) tea.Cmd {
	if focus == ui.ComposePane && !s.box.turn(note) {
		s.Toasts.Say("what you wrote before is still here; ctrl+n changes between reply and note")
	}
	s.focusOn(focus)
	if focus == ui.ComposePane {
		return s.begin()
	}
	return nil
}

// leave ends with the open conversation: its draft is kept.
func (s *Screen) leave() {
	if s.open.id.IsZero() {
		return
	}
	s.saveDraft()
	s.outbox.set(s.open.id, s.box.draft(), s.box.note)
	s.quiet()
	if s.pane.Row() != nil {
		s.read[s.open.id] = s.pane.Newest()
	}
	if s.open.thread != nil {
		s.open.thread.Close()
	}
	s.gen++
	s.open = opened{gen: s.gen}
	s.pane.Close()
	s.box.clear()
}

// next reads the next page of the past when it comes near.
func (s *Screen) next() tea.Cmd {
	if s.open.thread == nil || s.open.reading {
		return nil
	}
	if s.open.again {
		return s.reread()
	}
	if !s.pane.NeedOlder() {
		return nil
	}
	s.open.reading = true
	s.pane.SetOlder(thread.Loading)
	t, gen := s.open.thread, s.open.gen
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		page, err := t.Older(ctx, pageSize)
		return olderMsg{gen, page, err}
	})
}

// reread begins the thread again from its newest event: something was missed.
func (s *Screen) reread() tea.Cmd {
	if s.open.thread == nil {
		return nil
	}
	if s.open.reading {
		s.open.again = true
		return nil
	}
	s.open.reading, s.open.again = true, false
	t, gen := s.open.thread, s.open.gen
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		t.Rewind()
		page, err := t.Older(ctx, pageSize)
		return rereadMsg{gen, page, err}
	})
}

func (s *Screen) rereadDone(m rereadMsg) tea.Cmd {
	if m.gen != s.open.gen {
		return nil
	}
	s.open.reading = false
	if m.err != nil {
		s.fail("the conversation could not be read again; press enter on it in the list to try", m.err)
		return nil
	}
	s.pane.Reread(s.open.thread.Row(), m.page)
	s.looking()
	return s.next()
}

// fail shows what went wrong until a key, with the desk's own sentence.
func (s *Screen) fail(what string, err error) {
	if errors.Is(err, context.Canceled) {
		return // the session ends
	}
	sentence := desk.Sentence(err)
	if errors.Is(err, context.DeadlineExceeded) && desk.CodeOf(err) == desk.Internal {
		sentence = "it took too long; try again"
	}
	s.Toasts.Fail(what + ": " + safe.Line(sentence).String())
}
