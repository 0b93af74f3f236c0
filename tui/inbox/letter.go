package inbox

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/compose"
	"hark/tui/safe"
	"hark/tui/ui"
)

// begunMsg brings the head of a mail that is about to be written.
type begunMsg struct {
	gen  int             // of what is open
	mail *compose.Letter // the head that stood in until now
	o    desk.Outgoing
	all  bool // for reply all: whatever is written already stays
	err  error
}

// repliesByMail reports whether an answer in the open conversation goes by
// mail: by the channel that the newest message came by.
func (s *Screen) repliesByMail() bool {
	row := s.pane.Row()
	return row != nil && row.LastChannel() == desk.Email
}

// inChat reports whether the customer of the open conversation has a chat.
func (s *Screen) inChat() bool {
	row := s.pane.Row()
	return row != nil && slices.Contains(row.Channels, desk.Chat)
}

// begin makes the composer one for a mail, where answers go by mail. Its head
// is read beside the screen; what is typed meanwhile stays.
func (s *Screen) begin() tea.Cmd {
	if s.box.note || s.box.mail != nil || !s.repliesByMail() {
		return nil
	}
	if !s.box.pristine() && s.inChat() {
		return nil // this was begun for the chat
	}
	return s.beginMail(false)
}

// beginMail asks the desk whom an answer goes to.
func (s *Screen) beginMail(all bool) tea.Cmd {
	row := s.pane.Row()
	if s.box.mail == nil {
		s.box.mail = compose.NewLetter(desk.Outgoing{Account: row.Account})
		s.box.mail.GoTo(compose.Text)
		s.box.saved = s.box.gen()
	}
	session, id, gen, mail := s.Session, row.ID, s.open.gen, s.box.mail
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		o, err := session.ReplyDraft(ctx, id, all)
		o.Quote = !o.Parent.IsZero()
		return begunMsg{gen, mail, o, all, err}
	})
}

// begun takes the head of a mail.
func (s *Screen) begun(m begunMsg) tea.Cmd {
	if m.gen != s.open.gen || s.box.mail != m.mail {
		return nil
	}
	if m.err != nil {
		s.fail("the head of the mail is empty", m.err)
	}
	untouched := s.box.pristine()
	switch {
	case m.all && s.box.mail.Changed():
		s.box.mail.Readdress(m.o)
	case m.all || !s.box.mail.Changed():
		s.lay(m.o)
	}
	if untouched {
		s.box.saved = s.box.gen()
	}
	return s.compare()
}

// lay puts the head of a mail above what is written, and the account's
// signature below it.
func (s *Screen) lay(o desk.Outgoing) {
	b := &s.box
	pos := b.ed.Pos()
	b.mail = compose.NewLetter(o)
	signature := s.mails.signature(o.Account)
	b.ed.Set(compose.Sign(b.ed.Text(), signature))
	b.ed.GoTo(pos)
	b.begun = compose.Sign("", signature)
}

// replyAll answers everybody who had the mail. What is written already stays.
func (s *Screen) replyAll() tea.Cmd {
	if s.focus != ui.ListPane && s.open.thread != nil {
		return s.replyToAll()
	}
	s.open.all = true
	cmd := s.openSelected(ui.ComposePane, false)
	if !s.open.loading {
		return tea.Batch(cmd, s.replyToAll())
	}
	s.open.all = true // opening began anew
	return cmd
}

// replyToAll is replyAll in the open conversation.
func (s *Screen) replyToAll() tea.Cmd {
	if s.box.note && !s.box.turn(false) {
		s.Toasts.Say("a note is written here; " + s.look.Hint("turn", "makes it a reply"))
		s.focusOn(ui.ComposePane)
		return nil
	}
	s.focusOn(ui.ComposePane)
	return s.beginMail(true)
}

// forward passes a mail on: the one under the cursor of choosing, else the
// newest one.
func (s *Screen) forward() tea.Cmd {
	row, item := s.pane.Row(), s.pane.ForwardOf()
	if row == nil || item.IsZero() {
		return nil
	}
	if !s.box.pristine() {
		s.Toasts.Say("something is written here already: send it, or empty it first")
		s.focusOn(ui.ComposePane)
		return nil
	}
	s.endChoosing()
	s.box.clear()
	s.box.mail = compose.NewLetter(desk.Outgoing{Account: row.Account, Forward: true})
	s.box.saved = s.box.gen()
	s.focusOn(ui.ComposePane)
	session, id, gen, mail := s.Session, row.ID, s.open.gen, s.box.mail
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		o, err := session.ForwardDraft(ctx, id, item)
		return begunMsg{gen, mail, o, false, err}
	})
}

// newMail begins a mail that belongs to no conversation yet, or goes on with
// the one that was begun.
func (s *Screen) newMail() tea.Cmd {
	accounts := s.Session.MailAccounts()
	if len(accounts) < 2 {
		return s.openFresh("")
	}
	var choices []ui.Choice
	for _, a := range accounts {
		choices = append(choices, ui.Choice{
			Label: safe.Name(a.Address.String()).String(), Note: safe.Name(a.Name).String(), Value: a.Name,
		})
	}
	return s.ask(&chooser{title: "a new mail, from", choices: choices, done: func(c ui.Choice) tea.Cmd {
		account, _ := c.Value.(string)
		return s.openFresh(account)
	}})
}

// freshMsg brings the draft of a new mail.
type freshMsg struct {
	gen     int
	account string
	draft   desk.Draft
	err     error
}

// openFresh leaves what is open for a mail of its own.
func (s *Screen) openFresh(account string) tea.Cmd {
	s.list.chosen = true
	if s.open.fresh {
		s.focusOn(ui.ComposePane)
		return nil
	}
	s.leave()
	s.gen++
	s.open = opened{id: desk.NewMailDraft(s.me), gen: s.gen, fresh: true}
	s.box.mail = compose.NewLetter(desk.Outgoing{Account: account})
	s.box.saved = s.box.gen()
	s.focusOn(ui.ComposePane)
	session, id, gen := s.Session, s.open.id, s.gen
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		draft, err := session.Draft(ctx, id)
		return freshMsg{gen, account, draft, err}
	})
}

// freshened takes the draft of a new mail. Whoever types faster than the disk
// keeps what was typed.
func (s *Screen) freshened(m freshMsg) tea.Cmd {
	switch {
	case m.gen != s.open.gen || !s.box.pristine():
		return nil
	case m.err != nil:
		s.fail("what was written of a new mail could not be read", m.err)
		return nil
	case desk.IsOutgoing(m.draft.Text):
		s.loadDraft(m.draft)
		s.Toasts.Say("this is what you wrote before; empty it for another mail")
		return s.compare()
	}
	s.lay(desk.Outgoing{Account: m.account})
	s.box.saved = s.box.gen()
	return nil
}

// switchChannel changes between answering by mail and in the chat. The words
// stay; a draft of a mail keeps its head as long as it is open.
func (s *Screen) switchChannel() tea.Cmd {
	b := &s.box
	if b.mail == nil {
		return s.beginMail(false)
	}
	b.ed.Set(compose.Unsigned(b.ed.Text(), s.mails.signature(b.mail.Account())))
	b.mail, b.begun = nil, ""
	b.saved = -1
	s.saveDraft()
	return nil
}

// The reasons why a mail cannot be written now.

func (s *Screen) noMail() string {
	if why := s.Session.Why(desk.ActReply); why != nil {
		return safe.Line(why.Msg).String()
	}
	if len(s.mails.accounts) == 0 {
		return "this desk has no mail account; add a [mail.NAME] to hark.toml"
	}
	return ""
}

func (s *Screen) cannotReplyAll() string {
	if why := s.may(desk.ActReply); why != "" {
		return why
	}
	if row := s.about(); row.LastChannel() != desk.Email {
		return "reply all is for mails; r answers in the chat"
	}
	return s.noMail()
}

func (s *Screen) cannotForward() string {
	if s.pane.Row() == nil {
		return "no conversation is open"
	}
	if why := s.noMail(); why != "" {
		return why
	}
	if s.pane.ForwardOf().IsZero() {
		return "there is no message here to pass on"
	}
	return ""
}

// cannotSwitch says why the answer cannot go by the other channel.
func (s *Screen) cannotSwitch() string {
	row := s.pane.Row()
	switch {
	case row == nil:
		return "no conversation is open"
	case s.box.note:
		return "a note goes nowhere; ctrl+n makes it a reply"
	case s.box.mail != nil && s.box.mail.Forward():
		return "what is passed on goes by mail"
	case s.box.mail != nil && !s.inChat():
		return "nobody chats in this conversation"
	case s.box.mail == nil && !s.hasAddress(row):
		return "nobody knows a mail address of this customer"
	}
	return s.noMail()
}

// hasAddress reports whether a mail address of the customer is known.
func (s *Screen) hasAddress(row *desk.Conversation) bool {
	if len(row.Parties) > 0 {
		return true
	}
	contact := s.Session.Contact(row.Contact)
	if contact == nil {
		return false
	}
	for _, id := range contact.Identities {
		if id.Type == desk.MailAddress {
			return true
		}
	}
	f, ok := contact.Field("mail")
	return ok && f.Value != "" && !f.Declined
}

// needsYes returns whether a failure asks for a yes, and the question.
func needsYes(err error) (string, bool) {
	var e *desk.Error
	if errors.As(err, &e) && e.Code == desk.NeedsYes {
		return safe.Line(e.Msg).String(), true
	}
	return "", false
}
