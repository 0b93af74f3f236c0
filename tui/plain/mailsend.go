package plain

import (
	"context"
	"strings"

	"hark/desk"
	"hark/desk/canned"
	"hark/tui/compose"
)

// sendMail gives a mail to the desk. Until the desk has it, it is the draft.
func (s *sitting) sendMail(l letter, text string, anyway bool) error {
	s.desk.SaveDraft(l.slot, false, s.mailDraft(l, text))
	if strings.TrimSpace(text) == "" && !l.o.Forward && (s.room == nil || len(s.room.files) == 0) {
		return desk.Errorf(desk.Invalid, "nothing is written yet")
	}
	if !l.room.IsZero() {
		s.desk.Typing(l.room, false)
	}
	switch open := canned.Open(text); {
	case anyway:
	case !l.room.IsZero():
		if err := s.objection(text); err != nil {
			return err
		}
	case len(open) > 0:
		return desk.Errorf(desk.Invalid, "not sent: %s still has to be filled. The mail is kept as the draft", openFields(open))
	}
	o := l.o
	o.Text, o.Outside = compose.Sign(text, s.signature(o.Account)), o.Outside || anyway
	if !l.room.IsZero() {
		o.Files = fileIDs(s.room.files)
	}
	var landed, item desk.ID
	err := s.do(func(ctx context.Context) (err error) {
		landed, item, err = s.desk.SendMail(ctx, l.room, o)
		return err
	})
	if desk.CodeOf(err) == desk.NeedsYes && s.o.Terminal {
		return s.askOutside(l, text, err)
	}
	if err != nil {
		how := ""
		if desk.CodeOf(err) == desk.NeedsYes {
			how = "; send anyway sends it"
		}
		return desk.Errorf(desk.CodeOf(err), "not sent: %s The mail is kept as the draft%s", sentence(strings.TrimSuffix(desk.Sentence(err), ".")), how)
	}
	s.desk.SaveDraft(l.slot, false, "")
	s.mailSent(l, o, landed, item)
	return nil
}

// askOutside asks before a mail goes to an address that is new here.
func (s *sitting) askOutside(l letter, text string, err error) error {
	s.out.line(sentence(desk.Sentence(err)))
	return s.ask(question{ask: "Yes or no", free: func(words string) error {
		if !strings.EqualFold(words, "yes") {
			s.out.line("Not sent. The mail is kept as the draft.")
			return nil
		}
		l.o.Outside = true
		return s.sendMail(l, text, false)
	}})
}

// mailSent says that a mail goes out, and remembers how to take it back.
func (s *sitting) mailSent(l letter, o desk.Outgoing, landed, item desk.ID) {
	words := "The mail to " + addresses(o.Everyone()) + " goes out in 5 seconds; undo takes it back"
	if landed != l.room {
		words += ". It is conversation " + s.desk.Short(landed)
	}
	if s.room != nil && landed == s.room.id {
		s.room.note(item, addresses(o.To))
	}
	if !l.room.IsZero() {
		s.room.files = nil
	}
	s.touch(landed)
	slot := l.slot
	if l.room.IsZero() {
		slot = landed
	}
	s.remember("the mail to "+addresses(o.Everyone())+" is a draft again", func(ctx context.Context) error {
		back, err := s.desk.Withdraw(ctx, landed, item)
		if err == nil {
			s.desk.SaveDraft(slot, false, back.Format())
		}
		return err
	})
	s.out.line(sentence(words))
}
