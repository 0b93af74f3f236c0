package inbox

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/thread"
)

// Arrived is what the feed gathered since the last one.
type Arrived struct {
	Rows   []desk.Frame // of all conversations, and signals
	Resync bool         // some were left out
	Thread []desk.Frame // of the open thread
	Gen    int          // of the open thread
	Again  bool         // some of the thread's were left out
}

// The messages of commands. Each carries the generation it was asked in; an
// answer to an older question is dropped.
type (
	openedMsg struct {
		gen   int
		id    desk.ID
		t     *desk.Thread
		page  []desk.Applied
		draft desk.Draft
		err   error
	}
	olderMsg struct {
		gen  int
		page []desk.Applied
		err  error
	}
	rereadMsg struct {
		gen  int
		page []desk.Applied
		err  error
	}
	sentMsg struct {
		letter letter
		err    error
	}
	doneMsg struct {
		said string  // what to tell when it worked
		undo undo    // what can be taken back, also after a failure
		gone desk.ID // a conversation that was dealt with
		then func() tea.Cmd
		err  error
	}
	// askMsg brings what a question needs; ask lays it over the screen.
	askMsg struct {
		ask func() tea.Cmd
		err error
	}
)

// Limits of the commands. The desk itself gives up an append after ten
// seconds; a little more lets its sentence through.
const (
	readLimit  = 10 * time.Second
	writeLimit = 12 * time.Second
)

// command runs f beside the screen, within a limit of time.
func (s *Screen) command(limit time.Duration, f func(context.Context) tea.Msg) tea.Cmd {
	parent := s.Context
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, limit)
		defer cancel()
		return f(ctx)
	}
}

// arrived takes what the feed brought.
func (s *Screen) arrived(a Arrived) tea.Cmd {
	s.signals(a)
	for _, f := range a.Rows {
		if f.Row != nil {
			s.forget(f.Row)
		}
	}
	var list tea.Cmd
	if a.Resync || rowsIn(a.Rows) {
		list = s.relist()
		s.countLate(false)
		s.askMails(false)
		s.offers = s.Session.Offers()
	}
	if a.Gen != s.open.gen || s.open.thread == nil {
		return list
	}
	return tea.Batch(list, s.live(a))
}

// relist reads the list again after something happened. A view is read at
// once; a search looks at every conversation, so it runs beside the screen,
// after a while in which more may happen.
func (s *Screen) relist() tea.Cmd {
	l := &s.list
	if !l.finds() {
		l.refresh()
		return nil
	}
	l.counts = l.session.Counts()
	if l.looking {
		l.again = true
		return nil
	}
	l.looking = true
	session, query, from := s.Session, l.query, max(l.off-around, 0)
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		pause(ctx, searchEvery)
		win, err := session.Search(query, from, 3*around)
		return foundMsg{query, win, err}
	})
}

// searchEvery is how often a search is repeated while things happen.
const searchEvery = 250 * time.Millisecond

// foundMsg is what a search finds now.
type foundMsg struct {
	query string
	win   desk.Window
	err   error
}

func (s *Screen) foundNow(m foundMsg) tea.Cmd {
	l := &s.list
	again := l.again
	l.looking, l.again = false, false
	if m.err == nil && m.query == l.query {
		l.found = found{m.win, m.query}
		l.place()
	}
	if again && l.finds() {
		return s.relist()
	}
	return nil
}

func rowsIn(frames []desk.Frame) bool {
	for i := range frames {
		if frames[i].Row != nil {
			return true
		}
	}
	return false
}

// forget drops what was remembered of a look at a conversation that has been
// answered since.
func (s *Screen) forget(row *desk.Conversation) {
	if row.Unanswered < s.looked[row.ID] {
		s.looked[row.ID] = row.Unanswered
	}
}

// signals takes who writes.
func (s *Screen) signals(a Arrived) {
	if a.Resync {
		clear(s.writers)
		s.showWriters()
	}
	for _, f := range a.Rows {
		switch {
		case f.Signal == nil:
		case f.Signal.Kind == desk.SignalTyping:
			s.wrote(*f.Signal)
		case f.Signal.Kind == desk.SignalLamp:
			s.askMails(false)
		}
	}
}

// live takes the open thread's events.
func (s *Screen) live(a Arrived) tea.Cmd {
	whole, handed := !a.Again, false
	for i := range a.Thread {
		f := &a.Thread[i]
		if f.Signal != nil {
			s.unsent(*f.Signal)
		}
		if f.Event == nil {
			continue
		}
		if !s.frames.follows(f) || !s.pane.Append(*f.Event) {
			whole = false
		}
		s.pane.SetRow(f.Row)
		handed = handed || s.handedToMe(f.Event)
	}
	if s.watch && s.pane.Following() {
		s.looking()
	} else {
		s.pane.LookAway(s.read[s.open.id])
	}
	var cmds []tea.Cmd
	if handed {
		cmds = append(cmds, s.rereadDraft())
	}
	if !whole {
		cmds = append(cmds, s.reread())
	}
	return tea.Batch(cmds...)
}

// unsent takes what the customer has typed and not sent.
func (s *Screen) unsent(sig desk.Signal) {
	if sig.Kind == desk.SignalUnsent && sig.Conversation == s.open.id {
		s.pane.SetUnsent(sig.Text)
	}
}

// frames checks that no frame of a subscription is missing.
type frames struct{ last uint64 }

func (c *frames) follows(f *desk.Frame) bool {
	ok := f.Prev == c.last
	c.last = f.Seq
	return ok
}

// looking remembers what the person at the terminal sees.
func (s *Screen) looking() {
	row := s.pane.Row()
	if row == nil || !s.watch || !s.pane.Following() {
		return
	}
	if row.Unread() {
		s.Session.MarkRead(row.ID)
	}
	if s.looked[row.ID] != row.Unanswered {
		s.looked[row.ID] = row.Unanswered
		s.list.gen++
	}
	s.read[row.ID] = s.pane.Newest()
}

// olderRead takes a page of the past.
func (s *Screen) olderRead(m olderMsg) tea.Cmd {
	if m.gen != s.open.gen {
		return nil
	}
	s.open.reading = false
	if m.err != nil {
		s.pane.SetOlder(thread.Failed)
		s.fail("older messages could not be read", m.err)
		return nil
	}
	s.pane.Prepend(m.page)
	return s.next()
}
