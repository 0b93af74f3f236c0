package plain

import (
	"context"
	"strings"
	"time"

	"hark/desk"
	"hark/tui/compose"
)

// letter is a mail that is being written.
type letter struct {
	o    desk.Outgoing // its text is what is above the signature
	slot desk.ID       // of its draft
	room desk.ID       // the conversation that it is written in, zero for a new mail
}

// draft returns the mail as drafts are kept, with the signature.
func (s *sitting) mailDraft(l letter, text string) string {
	o := l.o
	o.Text = compose.Sign(text, s.signature(o.Account))
	return o.Format()
}

// signature returns what stands below the mails of an account, of the only one
// for "".
func (s *sitting) signature(account string) string {
	all := s.desk.MailAccounts()
	for _, a := range all {
		if a.Name == account || account == "" && len(all) == 1 {
			return a.Signature
		}
	}
	return ""
}

// fromDraft takes a mail up that was written before.
func (s *sitting) fromDraft(l letter, draft string) (letter, error) {
	o, err := desk.ParseOutgoing(draft)
	if err != nil {
		return l, desk.Errorf(desk.CodeOf(err), "the draft's head is not as it was: %s; drop throws it away", desk.Sentence(err))
	}
	o.Text = compose.Unsigned(o.Text, s.signature(o.Account))
	l.o = o
	return l, nil
}

// byMail reports whether answers in a conversation go by mail.
func byMail(row *desk.Conversation) bool { return row.LastChannel() == desk.Email }

// answer returns the mail that answers in the conversation at hand: the draft
// where there is one, with whom it goes to as it is asked now.
func (s *sitting) answerMail(row *desk.Conversation, draft desk.Draft, all bool) (letter, error) {
	l := letter{slot: row.ID, room: row.ID}
	if desk.IsOutgoing(draft.Text) && !draft.Note {
		l, err := s.fromDraft(l, draft.Text)
		if err != nil || !all {
			return l, err
		}
		o, err := s.replyDraft(row.ID, true)
		l.o.To, l.o.Cc = o.To, o.Cc
		return l, err
	}
	o, err := s.replyDraft(row.ID, all)
	o.Text = draft.Text
	l.o = o
	return l, err
}

func (s *sitting) replyDraft(id desk.ID, all bool) (o desk.Outgoing, err error) {
	err = s.do(func(ctx context.Context) error {
		o, err = s.desk.ReplyDraft(ctx, id, all)
		return err
	})
	o.Quote = !o.Parent.IsZero()
	return o, err
}

// replyMail answers by mail: at once with words, else line by line.
func (s *sitting) replyMail(row *desk.Conversation, draft desk.Draft, words string, all bool) error {
	l, err := s.answerMail(row, draft, all)
	if err != nil {
		return err
	}
	if words != "" {
		return s.sendMail(l, joined(l.o.Text, words), false)
	}
	return s.writeMail(l)
}

// cmdReplyAll answers everybody who had the newest mail.
func cmdReplyAll(s *sitting, arg string) error {
	row, err := s.target("")
	if err != nil {
		return err
	}
	if !byMail(row) {
		return desk.Errorf(desk.Invalid, "reply all is for mails; reply answers in the chat")
	}
	draft, err := s.replyingDraft()
	if err != nil {
		return err
	}
	return s.replyMail(row, draft, arg, true)
}

// cmdByMail answers by mail, whatever the newest word came by.
func cmdByMail(s *sitting, arg string) error {
	row, err := s.target("")
	if err != nil {
		return err
	}
	draft, err := s.replyingDraft()
	if err != nil {
		return err
	}
	return s.replyMail(row, draft, arg, false)
}

// cmdInChat answers in the chat, whatever the newest word came by.
func cmdInChat(s *sitting, arg string) error {
	row, err := s.target("")
	if err != nil {
		return err
	}
	if strings.TrimSpace(arg) == "" {
		return desk.Errorf(desk.Invalid, "say the words, as in: inchat I have written you a mail")
	}
	if err := s.objection(arg); err != nil {
		return err
	}
	files := s.room.files
	if err := s.do(func(ctx context.Context) error { return s.desk.ReplyInChat(ctx, row.ID, arg, fileIDs(files)) }); err != nil {
		return err
	}
	s.sent(false)
	return nil
}

// replyingDraft returns the draft at hand, unless it is a note.
func (s *sitting) replyingDraft() (desk.Draft, error) {
	if why := s.desk.Why(desk.ActReply); why != nil {
		return desk.Draft{}, why
	}
	draft, err := s.draft()
	if err == nil && draft.Text != "" && draft.Note {
		err = desk.Errorf(desk.Conflict, "your draft here is a note; say note to go on with it, or drop to throw it away")
	}
	return draft, err
}

// cmdForward passes the newest mail of the customer on.
func cmdForward(s *sitting, arg string) error {
	row, err := s.target("")
	if err != nil {
		return err
	}
	draft, err := s.replyingDraft()
	if err != nil {
		return err
	}
	l := letter{slot: row.ID, room: row.ID}
	switch {
	case desk.IsOutgoing(draft.Text):
		if l, err = s.fromDraft(l, draft.Text); err == nil && !l.o.Forward {
			err = desk.Errorf(desk.Conflict, "you are writing an answer here; send it or drop it first")
		}
	case draft.Text != "":
		err = desk.Errorf(desk.Conflict, "you are writing an answer here; send it or drop it first")
	default:
		l.o, err = s.forwardDraft(row.ID)
	}
	if err != nil {
		return err
	}
	return s.addressed(l, arg)
}

func (s *sitting) forwardDraft(id desk.ID) (o desk.Outgoing, err error) {
	a, err := s.someMail("")
	if err != nil {
		return o, err
	}
	err = s.do(func(ctx context.Context) error {
		o, err = s.desk.ForwardDraft(ctx, id, a.ID)
		return err
	})
	return o, err
}

// writeMail begins, or goes on with, a mail of several lines.
func (s *sitting) writeMail(l letter) error {
	s.writing = &writing{mail: &l, last: time.Now()}
	s.out.line(s.headWords(l.o) + " Type the mail. A dot alone sends it; .keep leaves it as a draft, .drop throws it away, .read tells it, and .to, .cc, .bcc and .subject with words change its head.")
	if l.o.Text != "" {
		s.writing.lines = strings.Split(l.o.Text, "\n")
		s.out.line("You have written already: " + oneLine(l.o.Text))
	}
	if l.room.IsZero() {
		return nil
	}
	if who := s.desk.Writing(l.room); len(who) > 0 {
		s.out.line(series(cleaned(who), "and") + " writes here too.")
	}
	s.stillWriting()
	return nil
}

// headWords tells the head of a mail, and who is added and dropped against the
// last one.
func (s *sitting) headWords(o desk.Outgoing) string {
	words := "To " + addresses(o.To)
	if len(o.To) == 0 {
		words = "To nobody yet"
	}
	if len(o.Cc) > 0 {
		words += ", with copies to " + addresses(o.Cc)
	}
	if len(o.Bcc) > 0 {
		words += ", with hidden copies to " + addresses(o.Bcc)
	}
	if o.Subject != "" {
		words += ". Subject " + name(o.Subject)
	}
	if n := len(o.Carry); n > 0 {
		words += ". " + count(n, "part") + " of the mail go along"
	}
	return words + "." + s.differWords(o)
}

// differWords says who gets a mail that did not get the last one, and who got
// that and does not get this.
func (s *sitting) differWords(o desk.Outgoing) string {
	if s.room == nil || o.Forward || o.Parent.IsZero() {
		return ""
	}
	var r desk.Recipients
	err := s.do(func(ctx context.Context) (err error) {
		r, err = s.desk.Recipients(ctx, s.room.id, o)
		return err
	})
	words := ""
	if err == nil && len(r.Added) > 0 {
		words += " New against the last mail: " + addresses(r.Added) + "."
	}
	if err == nil && len(r.Dropped) > 0 {
		words += " Left out against the last mail: " + addresses(r.Dropped) + "."
	}
	return words
}

// composeHead takes a line that changes the head of a mail: ".cc bo@x".
func (s *sitting) composeHead(line string) (done bool, err error) {
	w := s.writing
	word, rest := cut(line)
	if w.mail == nil {
		return false, nil
	}
	o := w.mail.o
	switch strings.ToLower(word) {
	case ".to":
		o.To, err = desk.ParseAddresses(rest)
	case ".cc":
		o.Cc, err = desk.ParseAddresses(rest)
	case ".bcc":
		o.Bcc, err = desk.ParseAddresses(rest)
	case ".subject":
		o.Subject = rest
	default:
		return false, nil
	}
	if err != nil {
		return true, err
	}
	w.mail.o = o
	s.keepWriting()
	s.out.line(s.headWords(o))
	return true, nil
}
