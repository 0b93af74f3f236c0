package plain

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"hark/desk"
	"hark/desk/deed"
)

// others returns the customer's other conversations, newest first.
func (s *sitting) others(c *desk.Conversation) []*desk.Conversation {
	return slices.DeleteFunc(slices.Clone(s.desk.Past(c.Contact)), func(o *desk.Conversation) bool {
		return o.ID == c.ID || !o.Merged.IsZero()
	})
}

// other finds another conversation by a word, or asks for one.
func (s *sitting) other(c *desk.Conversation, word string, then func(*desk.Conversation) error) error {
	if word != "" {
		o, err := s.target(word)
		if err != nil {
			return err
		}
		return then(o)
	}
	q := question{ask: "Number of the conversation"}
	for _, o := range s.others(c) {
		label := s.desk.Short(o.ID) + ", " + s.rowLine(o)
		q.choices = append(q.choices, choice{label, func() error { return then(o) }})
	}
	if len(q.choices) == 0 {
		return desk.Errorf(desk.NotFound, "%s has no other conversation", name(c.Name))
	}
	return s.ask(q)
}

// cmdMerge makes the conversation at hand and another of the customer one.
func cmdMerge(s *sitting, arg string) error {
	c, err := s.target("")
	if err != nil {
		return err
	}
	_, arg = cutWord(arg, "into", "with")
	return s.other(c, arg, func(o *desk.Conversation) error {
		var stays desk.ID
		var back deed.Step
		err := s.do(func(ctx context.Context) (err error) {
			stays, back, err = deed.Merge(ctx, s.desk, c.ID, o.ID)
			return err
		})
		if err != nil {
			return err
		}
		s.both(c.ID, o.ID)
		s.rememberBoth("merged "+s.desk.Short(c.ID)+" and "+s.desk.Short(o.ID), back, c.ID, o.ID)
		s.out.line("Merged. They go on in " + s.desk.Short(stays) + ". Undo parts them again.")
		if stays != c.ID {
			return s.openRoom(stays)
		}
		return nil
	})
}

// both takes what was done to two conversations as told.
func (s *sitting) both(a, b desk.ID) {
	s.touch(a)
	s.touch(b)
}

func (s *sitting) rememberBoth(what string, back deed.Step, a, b desk.ID) {
	s.remember(what, func(ctx context.Context) error {
		defer s.both(a, b)
		return back(ctx)
	})
}

// cutWord removes one of some words from the beginning.
func cutWord(arg string, words ...string) (found bool, rest string) {
	if w, rest := cut(arg); slices.Contains(words, strings.ToLower(w)) {
		return true, rest
	}
	return false, arg
}

// cmdSplit begins a conversation of its own with the messages that are named
// by number: "split 12-15".
func cmdSplit(s *sitting, arg string) error {
	c, err := s.target("")
	if err != nil {
		return err
	}
	return s.items(arg, "Numbers to split off, as in 12-15", func(ids []desk.ID) error {
		var split desk.ID
		var back deed.Step
		err := s.do(func(ctx context.Context) (err error) {
			split, back, err = deed.Split(ctx, s.desk, c.ID, ids)
			return err
		})
		if err != nil {
			return err
		}
		s.both(c.ID, split)
		s.rememberBoth("split "+s.desk.Short(split)+" off", back, c.ID, split)
		s.out.line(sentence("Split " + count(len(ids), "message") + " off into " + s.desk.Short(split) + ". Undo takes it back"))
		return nil
	})
}

// cmdMove takes messages into another conversation of the customer: "move
// 12-15 to 7f3k".
func cmdMove(s *sitting, arg string) error {
	c, err := s.target("")
	if err != nil {
		return err
	}
	which, to, named := strings.Cut(arg, " to ")
	if !named {
		which, to = arg, ""
	}
	return s.items(which, "Numbers to move, as in 12-15", func(ids []desk.ID) error {
		return s.other(c, strings.TrimSpace(to), func(o *desk.Conversation) error {
			var back deed.Step
			err := s.do(func(ctx context.Context) (err error) {
				back, err = deed.Move(ctx, s.desk, c.ID, o.ID, ids)
				return err
			})
			if err != nil {
				return err
			}
			s.both(c.ID, o.ID)
			s.rememberBoth("moved "+count(len(ids), "message")+" to "+s.desk.Short(o.ID), back, c.ID, o.ID)
			s.out.line("Moved " + count(len(ids), "message") + " to " + s.desk.Short(o.ID) + ". Undo takes it back.")
			return nil
		})
	})
}

// items finds messages and notes by their numbers, or tells the numbers and
// asks.
func (s *sitting) items(arg, ask string, then func([]desk.ID) error) error {
	find := func(words string) error {
		want, err := numbers(words)
		if err != nil {
			return err
		}
		ids, err := s.itemIDs(want)
		if err != nil {
			return err
		}
		return then(ids)
	}
	if strings.TrimSpace(arg) != "" {
		return find(arg)
	}
	if err := s.readAgain("", true); err != nil {
		return err
	}
	return s.ask(question{ask: ask, free: find})
}

// itemsMost is how many messages can be named at once.
const itemsMost = 500

// numbers reads "12 14", "12,14" and "12-15".
func numbers(words string) (map[uint64]bool, error) {
	want := map[uint64]bool{}
	for _, w := range strings.FieldsFunc(words, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		from, to, ranged := strings.Cut(w, "-")
		if !ranged {
			to = from
		}
		a, err := strconv.ParseUint(from, 10, 32)
		b, err2 := strconv.ParseUint(to, 10, 32)
		if err != nil || err2 != nil || a == 0 || b < a || b-a >= itemsMost {
			return nil, desk.Errorf(desk.Invalid, "%q is not a number of a message, nor two of them with a dash; numbers tells them", clip(w))
		}
		for n := a; n <= b; n++ {
			want[n] = true
		}
	}
	if len(want) > itemsMost {
		return nil, desk.Errorf(desk.Invalid, "name %d messages at most", itemsMost)
	}
	return want, nil
}

// itemIDs returns the messages and notes of the conversation at hand that have
// the numbers. In a range, what is neither is passed over.
func (s *sitting) itemIDs(want map[uint64]bool) (ids []desk.ID, err error) {
	err = s.do(func(ctx context.Context) error {
		_, err := s.room.thread.Each(ctx, func(a desk.Applied) error {
			if want[a.N] && isItem(a) && !s.room.gone[a.ID] {
				ids = append(ids, a.ID)
			}
			return nil
		})
		return err
	})
	if err == nil && len(ids) == 0 {
		err = desk.Errorf(desk.NotFound, "there is no message with that number here; numbers tells them")
	}
	return ids, err
}
