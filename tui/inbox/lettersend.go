package inbox

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/compose"
	"hark/tui/thread"
	"hark/tui/ui"
)

// mailedMsg says what became of a mail that was given to the desk.
type mailedMsg struct {
	from     desk.ID // the slot of its draft
	gen      int     // of what was open
	fresh    bool
	o        desk.Outgoing
	files    []desk.File
	landed   desk.ID // the conversation that it is in
	item     desk.ID
	returned string // what the draft has until the desk has the mail
	err      error
}

// sendMail gives the mail to the desk, after everything that a person should
// decide first: lines that are no addresses, open fields, colleagues who
// answer at the same time, and addresses that nobody here has written to.
func (s *Screen) sendMail() tea.Cmd {
	if s.nothingToMail() != "" {
		return nil
	}
	o, at, err := s.box.mail.Outgoing(s.box.ed.Text())
	if err != nil {
		s.box.mail.GoTo(at)
		s.fail("not sent", err)
		return nil
	}
	if s.box.mail.Line(compose.Subject).Empty() && s.box.warned != noSubject {
		s.box.warned = noSubject
		s.box.mail.GoTo(compose.Subject)
		s.Toasts.Fail(noSubject + "; " + s.look.Hint(ActLetterSend, "once more sends it all the same"))
		return nil
	}
	if s.unfilled() || s.collides() {
		return nil
	}
	return s.mail(o)
}

const noSubject = "the mail has no subject"

// mail gives a mail to the desk. Until the desk has it, it is the draft.
func (s *Screen) mail(o desk.Outgoing) tea.Cmd {
	files := s.files[s.open.id]
	o.Files = fileIDs(files)
	m := mailedMsg{from: s.open.id, gen: s.open.gen, fresh: s.open.fresh, o: o, files: files, returned: s.box.draft()}
	if m.returned == "" {
		m.returned = s.box.mail.Format(s.box.ed.Text())
	}
	if !m.fresh && !o.Forward {
		s.pane.ClearFresh()
		s.pane.SendMail(desk.Message{
			Direction: desk.Out, Channel: desk.Email, Text: o.Text, Files: files,
			Mail: &desk.Letter{Subject: o.Subject, To: o.To, Cc: o.Cc, Bcc: o.Bcc},
		}, time.Now())
	}
	s.Session.SaveDraft(m.from, false, m.returned)
	s.box.clear()
	delete(s.files, m.from)
	s.quiet()
	s.letGo()
	session, to := s.Session, m.from
	if m.fresh {
		to = desk.ID{}
	}
	return s.command(writeLimit, func(ctx context.Context) tea.Msg {
		m.landed, m.item, m.err = session.SendMail(ctx, to, m.o)
		return m
	})
}

// letGo gives the keys to the thread, where z takes a mail back, or to the
// list where there is none.
func (s *Screen) letGo() {
	if s.open.fresh {
		s.focusOn(ui.ListPane)
		return
	}
	s.focusOn(ui.ThreadPane)
}

// mailed takes what became of a mail.
func (s *Screen) mailed(m mailedMsg) tea.Cmd {
	if m.err != nil {
		return s.notMailed(m)
	}
	here := m.from == s.open.id && m.gen == s.open.gen
	if !here || s.box.pristine() {
		s.Session.SaveDraft(m.from, false, "")
	}
	to := thread.Addresses(m.o.Everyone()[:1])
	if n := len(m.o.Everyone()) - 1; n > 0 {
		to += " and " + plural(n, "other")
	}
	left := time.Now().Add(desk.MailUndo)
	s.remember(undo{what: "the mail to " + to, until: left, run: func() tea.Cmd { return s.withdraw(m) }})
	s.Toasts.Count("Mail to "+to+" goes out", left)
	if m.fresh && here {
		return s.openID(m.landed)
	}
	return nil
}

// notMailed puts a mail back where it was written, and asks where that is all
// that is missing.
func (s *Screen) notMailed(m mailedMsg) tea.Cmd {
	s.pane.Sent()
	back := s.bringBack(m.from, m.returned, m.files)
	if question, ask := needsYes(m.err); ask && back {
		return s.ask(&confirm{title: "send to a new address?", words: question, yes: "send", do: func() tea.Cmd {
			m.o.Outside = true
			return s.mail(m.o)
		}})
	}
	where := "it is in the composer"
	if !back {
		where = "it is kept as a draft"
	}
	s.fail("the mail was not sent; "+where, m.err)
	return nil
}

// bringBack puts a mail into the composer, or among the drafts where something
// else is being written. It reports whether it is in the composer.
func (s *Screen) bringBack(slot desk.ID, text string, files []desk.File) bool {
	if len(files) > 0 {
		s.files[slot] = files
	}
	if s.open.id != slot || !s.box.pristine() || !s.open.fresh && s.open.thread == nil {
		s.Session.SaveDraft(slot, false, text)
		return false
	}
	s.loadDraft(desk.Draft{Text: text})
	s.box.saved = -1
	s.saveDraft()
	s.focusOn(ui.ComposePane)
	return true
}

// withdrawnMsg says what became of taking a mail back.
type withdrawnMsg struct {
	sent mailedMsg
	o    desk.Outgoing
	err  error
}

// withdraw takes a mail back that has not left.
func (s *Screen) withdraw(m mailedMsg) tea.Cmd {
	session := s.Session
	return s.command(writeLimit, func(ctx context.Context) tea.Msg {
		o, err := session.Withdraw(ctx, m.landed, m.item)
		return withdrawnMsg{m, o, err}
	})
}

// withdrawn makes a mail that was taken back a draft again, where it was
// written; a new mail goes on in the conversation that it began.
func (s *Screen) withdrawn(m withdrawnMsg) tea.Cmd {
	if m.err != nil {
		s.fail("the mail could not be taken back", m.err)
		return nil
	}
	slot := m.sent.from
	if m.sent.fresh {
		slot = m.sent.landed
	}
	text := "it is a draft again"
	if s.bringBack(slot, m.o.Format(), m.sent.files) {
		text = "it is in the composer"
	}
	s.Toasts.Say("Taken back before it left; " + text)
	return s.compare()
}

func (s *Screen) nothingToMail() string {
	b := &s.box
	if strings.TrimSpace(b.ed.Text()) == strings.TrimSpace(b.begun) && !b.mail.Forward() && len(s.files[s.open.id]) == 0 {
		return "nothing is written yet"
	}
	return ""
}
