package plain

import (
	"strings"

	"hark/desk"
	"hark/desk/canned"
)

// cmdCanned puts a reply that was written beforehand behind the draft.
func cmdCanned(s *sitting, arg string) error {
	replies, problems := s.o.Canned.Replies()
	if arg == "" {
		for _, p := range problems {
			s.out.line("Not usable: " + p.String())
		}
	}
	if s.room == nil {
		return s.listCanned(replies.Search(arg))
	}
	row, err := s.target("")
	if err != nil {
		return err
	}
	queue := s.desk.QueueOf(row)
	if r, ok := replies.Named(arg, queue, ""); ok && arg != "" {
		return s.useCanned(r)
	}
	found := replies.For(queue).Search(arg)
	switch {
	case len(found) == 0 && arg == "":
		return desk.Errorf(desk.NotFound, "there are no replies written beforehand; they are text files in the folder canned, beside hark.toml")
	case len(found) == 0:
		return desk.Errorf(desk.NotFound, "no reply written beforehand has %q; canned tells all of them", clip(arg))
	case len(found) == 1 && arg != "":
		return s.useCanned(found[0])
	}
	q := question{ask: "Number of the reply"}
	for _, r := range found {
		q.choices = append(q.choices, choice{cannedTitle(r), func() error { return s.useCanned(r) }})
	}
	return s.ask(q)
}

// listCanned tells what there is; without an open conversation nothing can be
// done with it.
func (s *sitting) listCanned(found canned.Replies) error {
	for _, r := range found {
		s.out.line(cannedTitle(r))
	}
	s.out.line(sentence(count(len(found), "text") + " written beforehand; open a conversation to use one"))
	return nil
}

func cannedTitle(r canned.Reply) string {
	words := name(r.Title)
	if r.Key != "" {
		words += ", key " + name(r.Key)
	}
	if r.Lang != "" {
		words += ", language " + name(r.Lang)
	}
	return words
}

// useCanned fills a reply, puts it behind the draft and asks for what only the
// person knows.
func (s *sitting) useCanned(r canned.Reply) error {
	row, err := s.target("")
	if err != nil {
		return err
	}
	if why := s.desk.Why(desk.ActReply); why != nil {
		return why
	}
	draft, err := s.draft()
	switch {
	case err != nil:
		return err
	case draft.Text != "" && draft.Note:
		return desk.Errorf(desk.Conflict, "your draft here is a note; say note to go on with it, or drop to throw it away")
	}
	text, _ := r.Fill(canned.Values(s.desk, row, s.now()))
	if byMail(row) || desk.IsOutgoing(draft.Text) {
		l, err := s.answerMail(row, draft, false)
		if err != nil {
			return err
		}
		s.desk.SaveDraft(row.ID, false, s.mailDraft(l, joined(l.o.Text, text)))
		return s.fillNext()
	}
	s.desk.SaveDraft(row.ID, false, joined(draft.Text, text))
	return s.fillNext()
}

// fillNext asks for the first open field of the draft, or tells the draft when
// none is open.
func (s *sitting) fillNext() error {
	draft, err := s.draft()
	if err != nil {
		return err
	}
	open := canned.Open(draft.Text)
	if len(open) == 0 {
		s.out.line("Your draft: " + oneLine(draft.Text))
		s.out.line("Send sends it, reply goes on writing, drop throws it away.")
		return nil
	}
	field := open[0].Name
	return s.ask(question{
		ask:  "Words for {" + field + "}",
		free: func(words string) error { return s.fill(field, words) },
		empty: func() error {
			s.out.line("Left open: " + openFields(open) + ". Fill " + field + " and its words fills it.")
			return nil
		},
	})
}

// fill puts words into every field of a name in the draft.
func (s *sitting) fill(field, words string) error {
	draft, err := s.draft()
	if err != nil {
		return err
	}
	var b strings.Builder
	at, found := 0, false
	for _, f := range canned.Open(draft.Text) {
		if f.Name != field {
			continue
		}
		b.WriteString(draft.Text[at:f.Start])
		b.WriteString(words)
		at, found = f.End, true
	}
	if !found {
		return desk.Errorf(desk.NotFound, "there is no open field {%s} in your draft", clip(field))
	}
	b.WriteString(draft.Text[at:])
	s.desk.SaveDraft(s.room.id, draft.Note, b.String())
	return s.fillNext()
}

// cmdFill fills a field: "fill order 1234".
func cmdFill(s *sitting, arg string) error {
	if _, err := s.target(""); err != nil {
		return err
	}
	field, words := cut(arg)
	switch {
	case field == "":
		return s.fillNext()
	case words == "":
		return desk.Errorf(desk.Invalid, "say the field and its words, as in: fill order 1234")
	}
	return s.fill(strings.Trim(field, "{}"), words)
}
