// Package inbox is the screen where conversations are found, read and
// answered: the list, the thread, the customer and the composer.
package inbox

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/desk/canned"
	"hark/tui/compose"
	"hark/tui/thread"
	"hark/tui/ui"
)

// Deps is what the screen works with. All of it belongs to one session.
type Deps struct {
	Context context.Context // ends with the session
	Session *desk.Session
	Toasts  *ui.Toasts
	Notices []string  // shown while no conversation is open
	Client  ui.Client // at the person's own machine; nil over plain ssh
	// Canned returns the replies that are written beforehand; nil for none.
	Canned func() canned.Replies
	// Follow makes the events of an opened thread arrive as Arrived, marked
	// with the generation; a nil thread ends that.
	Follow func(gen int, t *desk.Thread)
}

// Screen is the inbox. It is changed by one goroutine only; what takes time
// happens in commands that return a message.
type Screen struct {
	Deps
	me    desk.ID
	look  *ui.Look
	now   time.Time // of the last minute
	win   ui.Size
	focus ui.Pane
	back  ui.Pane // where the composer was entered from
	watch bool    // somebody looks at the terminal

	list     list
	pane     *thread.Pane
	open     opened
	customer customer
	box      box
	files    map[desk.ID][]desk.File // attached to replies that are not sent yet
	panel    bool                    // the customer is wanted where it has no column
	panelOf  ui.Pane                 // where the customer was asked for

	mails  mails
	marks  marks
	offers []*desk.Conversation // to the person at the terminal
	alarm  alarm
	finder *finder // a search is being typed
	before source  // the list from before a search

	writers map[desk.ID]map[string]thread.Writer
	looked  map[desk.ID]int    // unanswered messages when last looked at
	read    map[desk.ID]uint64 // newest event when last looked at
	typing  typing
	outbox  outbox
	undo    []undo

	frames frames
	gen    int

	idle       idle
	panelFrame framed
	stripped   stripDrawing
	drawn      drawing
}

// New returns the inbox of a session.
func New(d Deps, look *ui.Look, now time.Time) *Screen {
	s := &Screen{
		Deps: d, me: d.Session.Actor().ID, look: look, now: now, focus: ui.ListPane, back: ui.ListPane, watch: true,
		writers: map[desk.ID]map[string]thread.Writer{}, looked: map[desk.ID]int{}, read: map[desk.ID]uint64{},
		files: map[desk.ID][]desk.File{},
	}
	s.pane = thread.New(d.Session.Actor(), d.Session.ActorName)
	s.pane.Short = d.Session.Short
	s.box.ed = compose.New()
	s.list = newList(d.Session)
	s.list.refresh()
	s.offers = s.Session.Offers()
	s.countLate(true)
	s.askMails(true)
	return s
}

// SetLook draws in another way from now on.
func (s *Screen) SetLook(l *ui.Look) { s.look = l }

// SetWindow takes the size of the whole window.
func (s *Screen) SetWindow(win ui.Size) {
	s.win = win
	s.list.setHeight(s.Plan().List.H - 2)
}

// Minute says that a minute has passed.
func (s *Screen) Minute(now time.Time) {
	s.now = now
	s.offers = s.Session.Offers()
	s.countLate(true)
	s.askMails(true)
}

// Watch says whether somebody looks at the terminal.
func (s *Screen) Watch(on bool) {
	if s.watch == on {
		return
	}
	s.watch = on
	if on {
		s.looking()
		return
	}
	if s.pane.Row() != nil {
		s.read[s.open.id] = s.pane.Newest()
	}
}

// Plan returns the layout as it is now.
func (s *Screen) Plan() ui.Plan {
	text, head := s.box.lines(s)
	return s.withStrip(ui.Layout(s.win, ui.Want{
		Focus: s.focus, Lines: text, Head: head, Customer: s.panel, Open: s.composable() || s.open.loading,
	}))
}

// Writing reports whether letters type.
func (s *Screen) Writing() bool { return s.focus == ui.ComposePane }

// Opening reports whether a conversation is being opened.
func (s *Screen) Opening() bool { return s.open.loading }

// Scopes returns where keys go, from the innermost scope outwards.
func (s *Screen) Scopes() []ui.Scope {
	switch s.focus {
	case ui.ComposePane:
		if s.box.byMail() {
			return []ui.Scope{ui.InLetter, ui.Write, ui.Anywhere}
		}
		return []ui.Scope{ui.Write, ui.Anywhere}
	case ui.ThreadPane:
		return []ui.Scope{ui.InThread, ui.Nav, ui.Anywhere}
	case ui.CustomerPane:
		return []ui.Scope{ui.InCustomer, ui.Nav, ui.Anywhere}
	case ui.ListPane:
	}
	if s.list.searching {
		return []ui.Scope{ui.InFound, ui.InList, ui.Nav, ui.Anywhere}
	}
	return []ui.Scope{ui.InList, ui.Nav, ui.Anywhere}
}

// Where names the pane that has the keys, for help.
func (s *Screen) Where() string { return s.Scopes()[0].String() }

// Update takes a message that one of the screen's commands or the feed sent.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Arrived:
		return s.arrived(msg)
	case openedMsg:
		return s.opened(msg)
	case olderMsg:
		return s.olderRead(msg)
	case rereadMsg:
		return s.rereadDone(msg)
	case sentMsg:
		return s.sent(msg)
	case doneMsg:
		return s.done(msg)
	case askMsg:
		return s.asked(msg)
	}
	return tea.Batch(s.outcome(msg), s.mailOutcome(msg))
}

// outcome takes what came of acts on the open conversation.
func (s *Screen) outcome(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case unfoldMsg:
		return s.unfoldDone(msg)
	case attachedMsg:
		return s.attached(msg)
	case editedMsg:
		return s.editorDone(msg)
	case handedMsg:
		return s.handed(msg)
	case draftMsg:
		return s.draftRead(msg)
	case foundMsg:
		return s.foundNow(msg)
	}
	return nil
}

// mailOutcome takes what came of acts on mails.
func (s *Screen) mailOutcome(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case begunMsg:
		return s.begun(msg)
	case freshMsg:
		return s.freshened(msg)
	case differMsg:
		return s.compared(msg)
	case mailedMsg:
		return s.mailed(msg)
	case withdrawnMsg:
		return s.withdrawn(msg)
	}
	return nil
}

// Counting reports whether seconds are counted, in which a mail can be taken
// back.
func (s *Screen) Counting(now time.Time) bool { return s.pane.Counting(now) }

// Tick says what time it is, while seconds are counted.
func (s *Screen) Tick(now time.Time) { s.pane.Tick(now) }

// Close leaves everything as it should be found: drafts kept, nobody typing,
// nothing followed.
func (s *Screen) Close() {
	s.saveDraft()
	s.quiet()
	if s.open.thread != nil {
		s.open.thread.Close()
	}
}
