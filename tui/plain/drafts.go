package plain

import (
	"context"
	"slices"
	"strings"

	"hark/desk"
)

// cmdDraft tells the draft, or throws it away: "draft drop".
func cmdDraft(s *sitting, arg string) error {
	if _, err := s.target(""); err != nil {
		return err
	}
	if strings.EqualFold(arg, "drop") {
		return cmdDrop(s, "")
	}
	draft, err := s.draft()
	switch {
	case err != nil:
		return err
	case draft.Text == "":
		s.out.line("There is no draft here.")
	default:
		s.out.line("Your draft, a " + kindOf(draft.Note) + ": " + oneLine(draft.Text) + ", " + s.clock(draft.At))
	}
	return nil
}

// cmdDrop throws the draft away.
func cmdDrop(s *sitting, _ string) error {
	if _, err := s.target(""); err != nil {
		return err
	}
	s.desk.Typing(s.room.id, false)
	draft, err := s.draft()
	if err != nil {
		return err
	}
	if draft.Text == "" {
		s.out.line("There is no draft here.")
		return nil
	}
	if err := s.do(func(ctx context.Context) error { return s.desk.DiscardDraft(ctx, s.room.id) }); err != nil {
		return err
	}
	id := s.room.id
	s.remember("the draft thrown away", func(context.Context) error {
		s.desk.SaveDraft(id, draft.Note, draft.Text)
		return nil
	})
	s.out.line("The draft is thrown away. Undo brings it back.")
	return nil
}

// cmdHand gives the draft to a colleague: "hand draft to bo", or "hand bo".
func cmdHand(s *sitting, arg string) error {
	row, err := s.target("")
	if err != nil {
		return err
	}
	words := strings.Fields(arg)
	for len(words) > 0 && slices.Contains([]string{"draft", "the", "to"}, strings.ToLower(words[0])) {
		words = words[1:]
	}
	if len(words) != 1 {
		return desk.Errorf(desk.Invalid, "say to whom, as in: hand draft to bo")
	}
	to, err := s.colleague(words[0])
	if err != nil {
		return err
	}
	if err := s.do(func(ctx context.Context) error { return s.desk.HandDraft(ctx, row.ID, to.ID) }); err != nil {
		return err
	}
	s.out.line(name(to.Display) + " has your draft about " + name(row.Name) + " now.")
	return nil
}
