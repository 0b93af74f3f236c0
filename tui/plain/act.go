package plain

import (
	"context"
	"slices"
	"strings"

	"hark/desk"
	"hark/desk/deed"
	"hark/desk/when"
)

// undo is a step that can be taken back.
type undo struct {
	what string // "resolved Ana Björk"
	back func(context.Context) error
}

// undoMost is how many steps can be taken back.
const undoMost = 10

func (s *sitting) remember(what string, back func(context.Context) error) {
	s.undo = append(s.undo, undo{what, back})
	if len(s.undo) > undoMost {
		s.undo = s.undo[1:]
	}
}

func cmdUndo(s *sitting, _ string) error {
	if len(s.undo) == 0 {
		s.out.line("There is nothing to undo.")
		return nil
	}
	last := s.undo[len(s.undo)-1]
	s.undo = s.undo[:len(s.undo)-1]
	if err := s.do(last.back); err != nil {
		return err
	}
	s.out.line("Undone: " + last.what + ".")
	return nil
}

// perform does a deed to a conversation and says so in one sentence.
func (s *sitting) perform(c *desk.Conversation, d deed.Deed, said, back, already string) error {
	var step deed.Step
	err := s.do(func(ctx context.Context) (err error) {
		step, err = d(ctx, c)
		return err
	})
	if err != nil {
		return err
	}
	s.touch(c.ID)
	if step == nil {
		s.out.line(sentence(already))
		return nil
	}
	id := c.ID
	s.remember(back, func(ctx context.Context) error {
		defer s.touch(id)
		return step(ctx)
	})
	s.out.line(sentence(said))
	return nil
}

// simple is a command that needs no more than a conversation.
func simple(f func(s *sitting, c *desk.Conversation) error) func(*sitting, string) error {
	return func(s *sitting, arg string) error {
		c, err := s.target(arg)
		if err != nil {
			return err
		}
		return f(s, c)
	}
}

func cmdResolve(s *sitting, c *desk.Conversation) error {
	who := name(c.Name)
	return s.perform(c, deed.Resolve(s.desk), "Resolved "+who+". "+s.nextWords(c.ID), "resolved "+who, who+" is resolved already")
}

// nextWords says how many others need the person.
func (s *sitting) nextWords(but desk.ID) string {
	n := len(slices.DeleteFunc(s.needing(), func(c *desk.Conversation) bool { return c.ID == but }))
	switch n {
	case 0:
		return "Nobody else waits for you."
	case 1:
		return "1 other needs you: say next."
	}
	return count(n, "other") + " need you: say next."
}

func cmdReopen(s *sitting, c *desk.Conversation) error {
	who := name(c.Name)
	return s.perform(c, deed.Reopen(s.desk), "Reopened "+who, "reopened "+who, who+" is not resolved")
}

func cmdWake(s *sitting, c *desk.Conversation) error {
	who := name(c.Name)
	return s.perform(c, deed.Wake(s.desk), "Brought "+who+" back", "brought "+who+" back", who+" is not put away")
}

func cmdTake(s *sitting, c *desk.Conversation) error {
	return s.assign(c, s.desk.Actor().ID, "You have "+name(c.Name)+" now")
}

func cmdRelease(s *sitting, c *desk.Conversation) error {
	if me := s.desk.Actor().ID; c.Assignee != me {
		return desk.Errorf(desk.Conflict, "%s is not yours: %s has it", name(c.Name), deed.Holder(s.desk, c.Assignee))
	}
	return s.assign(c, desk.ID{}, "Let go of "+name(c.Name)+". Nobody has it now")
}

func (s *sitting) assign(c *desk.Conversation, to desk.ID, said string) error {
	return s.perform(c, deed.Assign(s.desk, to), said, "who has "+name(c.Name), "It is so already")
}

// cmdAssign gives the conversation at hand to a colleague, to "me" or to
// "nobody".
func cmdAssign(s *sitting, arg string) error {
	c, err := s.target("")
	if err != nil {
		return err
	}
	switch strings.ToLower(arg) {
	case "":
		return s.askColleague("Number of the colleague", func(acc *desk.Account) error {
			return s.assign(c, acc.ID, name(acc.Display)+" has "+name(c.Name)+" now")
		})
	case "nobody", "none":
		return s.assign(c, desk.ID{}, "Nobody has "+name(c.Name)+" now")
	case "me":
		return cmdTake(s, c)
	}
	acc, err := s.colleague(arg)
	if err != nil {
		return err
	}
	return s.assign(c, acc.ID, name(acc.Display)+" has "+name(c.Name)+" now")
}

// cmdTag adds tags, and removes those with a dash in front: "tag refund -new".
func cmdTag(s *sitting, arg string) error {
	c, err := s.target("")
	if err != nil {
		return err
	}
	if arg == "" {
		s.out.line(s.tagsOf(c))
		return nil
	}
	var add, remove []string
	for _, t := range strings.Fields(strings.ReplaceAll(arg, ",", " ")) {
		if t, ok := strings.CutPrefix(t, "-"); ok {
			remove = append(remove, t)
		} else {
			add = append(add, t)
		}
	}
	who := name(c.Name)
	var said []string
	if len(add) > 0 {
		said = append(said, "has "+tagList(add))
	}
	if len(remove) > 0 {
		said = append(said, "no longer has "+tagList(remove))
	}
	return s.perform(c, deed.Tag(s.desk, add, remove), who+" "+strings.Join(said, " and "), "the tags of "+who, "The tags of "+who+" are so already")
}

func (s *sitting) tagsOf(c *desk.Conversation) string {
	words := name(c.Name) + " has no tags."
	if len(c.Tags) > 0 {
		words = name(c.Name) + " has the tags " + series(cleaned(c.Tags), "and") + "."
	}
	if all := s.desk.Tags(); len(all) > 0 {
		words += " In use are " + series(cleaned(all), "and") + "."
	}
	return words
}

func cmdPriority(s *sitting, arg string) error {
	c, err := s.target("")
	if err != nil {
		return err
	}
	set := func(p desk.Priority) error {
		who := name(c.Name)
		return s.perform(c, deed.Prioritise(s.desk, p), who+" has priority "+string(p), "the priority of "+who, who+" has priority "+string(p)+" already")
	}
	if arg == "" {
		q := question{ask: "Number of the priority"}
		for _, p := range desk.Priorities() {
			q.choices = append(q.choices, choice{string(p), func() error { return set(p) }})
		}
		return s.ask(q)
	}
	p, err := desk.ParsePriority(arg)
	if err != nil {
		return err
	}
	return set(p)
}

// cmdSnooze puts the conversation at hand away.
func cmdSnooze(s *sitting, arg string) error {
	c, err := s.target("")
	if err != nil {
		return err
	}
	set := func(phrase string) error {
		until, err := when.Parse(phrase, s.now())
		if err != nil {
			return err
		}
		who := name(c.Name)
		return s.perform(c, deed.Snooze(s.desk, until), "Put "+who+" away "+s.until(until)+". "+s.nextWords(c.ID), "put "+who+" away", "It is so already")
	}
	if arg != "" {
		return set(arg)
	}
	q := question{ask: "Number, or a time such as fri 14:00", free: set}
	for _, ch := range when.Choices(s.now()) {
		q.choices = append(q.choices, choice{ch.Label, func() error { return set(ch.Phrase) }})
	}
	return s.ask(q)
}

func cmdUnread(s *sitting, c *desk.Conversation) error {
	if err := s.do(func(ctx context.Context) error { return s.desk.MarkUnread(ctx, c.ID) }); err != nil {
		return err
	}
	if s.room != nil && s.room.id == c.ID {
		s.closeRoom() // who stays in it reads it
	}
	s.out.line(name(c.Name) + " is unread again.")
	return nil
}
