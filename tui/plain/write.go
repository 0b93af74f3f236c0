package plain

import (
	"context"
	"slices"
	"strings"
	"time"

	"hark/desk"
	"hark/desk/canned"
)

// writing is a text that comes in several lines.
type writing struct {
	note  bool
	mail  *letter // what goes out by mail; nil for the chat and for notes
	lines []string
	last  time.Time // when the last line came
}

func (w *writing) text() string { return strings.Join(w.lines, "\n") }

// kind says what the text is, for the prompt.
func (w *writing) kind() string {
	if w.note {
		return "Note about"
	}
	return "Reply to"
}

// write sends a text of one line, or begins one of several.
func (s *sitting) write(text string, note bool) error {
	row, err := s.target("")
	if err != nil {
		return err
	}
	action := desk.ActReply
	if note {
		action = desk.ActNote
	}
	if why := s.desk.Why(action); why != nil {
		return why
	}
	draft, err := s.draft()
	if err != nil {
		return err
	}
	if draft.Text != "" && draft.Note != note {
		return desk.Errorf(desk.Conflict, "your draft here is a %s; say %s to go on with it, or drop to throw it away", kindOf(draft.Note), kindOf(draft.Note))
	}
	if !note && (byMail(row) || desk.IsOutgoing(draft.Text)) {
		return s.replyMail(row, draft, text, false)
	}
	if text != "" {
		return s.send(joined(draft.Text, text), note, false)
	}
	s.begun(row, draft, note)
	return nil
}

func kindOf(note bool) string {
	if note {
		return "note"
	}
	return "reply"
}

// joined puts a line behind a draft.
func joined(draft, text string) string {
	if draft == "" {
		return text
	}
	return draft + "\n" + text
}

// begun starts a text of several lines, behind the draft where there is one.
func (s *sitting) begun(row *desk.Conversation, draft desk.Draft, note bool) {
	s.writing = &writing{note: note, last: time.Now()}
	to := "the reply to " + name(row.Name)
	if note {
		to = "the note about " + name(row.Name) + ", which only the team sees"
	}
	s.out.line("Type " + to + ". A dot alone sends it; .keep leaves it as a draft, .drop throws it away, .read tells it.")
	if draft.Text != "" {
		s.writing.lines = strings.Split(draft.Text, "\n")
		s.out.line("You have written already: " + oneLine(draft.Text))
	}
	if who := s.desk.Writing(row.ID); len(who) > 0 && !note {
		s.out.line(series(cleaned(who), "and") + " writes here too.")
	}
	s.stillWriting()
}

// compose takes a line of a text of several lines.
func (s *sitting) compose(line string) error {
	w := s.writing
	w.last = time.Now()
	switch word := strings.TrimRight(line, " \t"); {
	case word == "." && w.mail != nil:
		s.writing = nil
		return s.sendMail(*w.mail, w.text(), false)
	case word == ".":
		s.writing = nil
		return s.send(w.text(), w.note, false)
	case word == ".keep":
		s.keepWriting()
		s.writing = nil
		s.out.line("Kept as the draft.")
	case word == ".drop":
		s.writing = nil
		return s.dropWriting(w)
	case word == ".read" && w.mail != nil:
		s.out.line(s.headWords(w.mail.o) + " So far: " + oneLine(w.text()))
	case word == ".read":
		s.out.line("So far: " + oneLine(w.text()))
	case strings.HasPrefix(line, ".."):
		w.add(line[1:])
	case strings.HasPrefix(line, "."):
		if done, err := s.composeHead(word); done {
			return err
		}
		return desk.Errorf(desk.Invalid, "a line that begins with a dot is a command here, and %q is none; two dots stand for one", clip(word))
	default:
		w.add(line)
	}
	if s.writing != nil {
		s.keepWriting()
		s.stillWriting()
	}
	return nil
}

func (w *writing) add(line string) {
	if len(w.lines) == 1 && w.lines[0] == "" {
		w.lines = nil
	}
	w.lines = append(w.lines, line)
}

// keepWriting makes what is typed so far the draft.
func (s *sitting) keepWriting() {
	if w := s.writing; w.mail != nil {
		s.desk.SaveDraft(w.mail.slot, false, s.mailDraft(*w.mail, w.text()))
		return
	}
	s.desk.SaveDraft(s.room.id, s.writing.note, s.writing.text())
}

// dropWriting throws away what is being written.
func (s *sitting) dropWriting(w *writing) error {
	if w.mail == nil || !w.mail.room.IsZero() {
		return cmdDrop(s, "")
	}
	draft := s.mailDraft(*w.mail, w.text())
	slot := w.mail.slot
	s.desk.SaveDraft(slot, false, "")
	s.remember("the mail thrown away", func(context.Context) error {
		s.desk.SaveDraft(slot, false, draft)
		return nil
	})
	s.out.line("The mail is thrown away. Undo brings it back as a draft.")
	return nil
}

// silence is how long somebody who writes may type no line and still be said
// to write.
const silence = 2 * time.Minute

// stillWriting tells colleagues and the customer that a reply is being written.
func (s *sitting) stillWriting() {
	if w := s.writing; w != nil && !w.note && s.room != nil && time.Since(w.last) < silence {
		s.desk.Typing(s.room.id, true)
	}
}

func cmdReply(s *sitting, arg string) error { return s.write(arg, false) }
func cmdNote(s *sitting, arg string) error  { return s.write(arg, true) }

// draft returns the draft in the conversation at hand.
func (s *sitting) draft() (d desk.Draft, err error) {
	err = s.do(func(ctx context.Context) error {
		d, err = s.desk.Draft(ctx, s.room.id)
		return err
	})
	return d, err
}

// cmdSend sends the draft; "send anyway" also where something speaks against
// it.
func cmdSend(s *sitting, arg string) error {
	if _, err := s.target(""); err != nil {
		return err
	}
	anyway := strings.EqualFold(arg, "anyway")
	if arg != "" && !anyway {
		return desk.Errorf(desk.Invalid, "send sends the draft, and send anyway does where something speaks against it; new words are sent with: reply")
	}
	draft, err := s.draft()
	if err != nil {
		return err
	}
	if strings.TrimSpace(draft.Text) == "" && (draft.Note || len(s.room.files) == 0) {
		return desk.Errorf(desk.Invalid, "there is no draft here; write one with: reply")
	}
	if desk.IsOutgoing(draft.Text) && !draft.Note {
		row := s.room.id
		l, err := s.fromDraft(letter{slot: row, room: row}, draft.Text)
		if err != nil {
			return err
		}
		return s.sendMail(l, l.o.Text, anyway)
	}
	return s.send(draft.Text, draft.Note, anyway)
}

// send gives a text to the desk. Until the desk has it, it is the draft.
func (s *sitting) send(text string, note, anyway bool) error {
	r := s.room
	s.desk.SaveDraft(r.id, note, text)
	s.desk.Typing(r.id, false)
	if !note && !anyway {
		if err := s.objection(text); err != nil {
			return err
		}
	}
	err := s.do(func(ctx context.Context) error {
		if note {
			return s.desk.Note(ctx, r.id, text)
		}
		return s.desk.ReplyWith(ctx, r.id, text, fileIDs(r.files))
	})
	if err != nil {
		return desk.Errorf(desk.CodeOf(err), "not sent: %s. The text is kept as the draft", strings.TrimSuffix(desk.Sentence(err), "."))
	}
	s.desk.SaveDraft(r.id, false, "")
	s.sent(note)
	return nil
}

func fileIDs(files []desk.File) []desk.ID {
	ids := make([]desk.ID, len(files))
	for i, f := range files {
		ids[i] = f.ID
	}
	return ids
}

func (s *sitting) sent(note bool) {
	at := ", " + s.clock(s.now())
	switch {
	case note:
		s.out.line("Noted about " + s.roomName() + at)
		return
	case len(s.room.files) > 0:
		s.out.line("Sent to " + s.roomName() + " with " + count(len(s.room.files), "file") + at)
	default:
		s.out.line("Sent to " + s.roomName() + at)
	}
	s.room.files = nil
}

// objection says what speaks against sending a reply: open fields, or a
// colleague at the same customer.
func (s *sitting) objection(text string) error {
	const how = "The text is kept as the draft; send anyway sends it"
	if open := canned.Open(text); len(open) > 0 {
		return desk.Errorf(desk.Invalid, "not sent: %s still has to be filled; say fill %s and its words. %s", openFields(open), open[0].Name, how)
	}
	if who := s.desk.Writing(s.room.id); len(who) > 0 {
		return desk.Errorf(desk.Conflict, "not sent: %s writes a reply here too. %s", series(cleaned(who), "and"), how)
	}
	if who := s.answered(); who != "" {
		return desk.Errorf(desk.Conflict, "not sent: %s has answered meanwhile. %s", who, how)
	}
	return nil
}

func openFields(open []canned.Span) string {
	var fields []string
	for _, f := range open {
		if f := "{" + f.Name + "}"; !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	return series(fields, "and")
}

// answered names a colleague who has answered since the person was last told
// what is new, "" for nobody.
func (s *sitting) answered() (who string) {
	r := s.room
	if row := s.desk.Row(r.id); row == nil || row.N <= r.heard {
		return ""
	}
	_ = s.do(func(ctx context.Context) error { // without an answer nothing speaks against it
		_, err := r.thread.Each(ctx, func(a desk.Applied) error {
			m, ok := a.Body.(desk.Message)
			if ok && a.N > r.heard && m.Direction == desk.Out && a.Actor != s.desk.Actor() {
				who = s.who(a.Actor)
			}
			return nil
		})
		return err
	})
	return who
}
