package inbox

import (
	"context"
	"errors"
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/desk/deed"
)

// askAbove is how many conversations may be changed at once without a question.
const askAbove = 10

// act is something that is done to conversations, to one or to all that are
// marked, with what is said about it.
type act struct {
	verb string                   // "resolve", for the question
	said func(name string) string // `Resolved "Kai Ek"`; the name is quoted, or "14 conversations"
	back string                   // "resolved": what z takes back, before the name
	do   deed.Deed
	// gone says that who has dealt with a conversation goes on to the next.
	gone bool
}

// perform does an act to the marked conversations, or to the one at hand. It
// asks first when they are many.
func (s *Screen) perform(a act) tea.Cmd {
	rows := s.targets()
	if len(rows) == 0 {
		return nil
	}
	if len(rows) <= askAbove {
		return s.doTo(a, rows)
	}
	count := strconv.Itoa(len(rows)) + " conversations"
	return s.ask(&confirm{
		title: a.verb + " " + count + "?",
		words: "This changes " + count + " at once. z takes all of it back in one step.",
		yes:   a.verb,
		do:    func() tea.Cmd { return s.doTo(a, rows) },
	})
}

// doTo does an act to conversations, one after the other.
func (s *Screen) doTo(a act, rows []*desk.Conversation) tea.Cmd {
	s.clearMarks()
	s.list.chosen = true
	name := quoted(rows[0])
	if len(rows) > 1 {
		name = strconv.Itoa(len(rows)) + " conversations"
	}
	said, gone := a.said(name), desk.ID{}
	if a.gone && len(rows) == 1 {
		gone = rows[0].ID
	}
	return s.command(batchLimit(len(rows)), func(ctx context.Context) tea.Msg {
		steps, err := doEach(ctx, a.do, rows)
		m := doneMsg{said: said, gone: gone, err: err}
		if len(steps) > 0 {
			m.undo = undo{what: a.back + " " + name, do: inReverse(steps)}
		}
		if err != nil && len(rows) > 1 {
			m.err = desk.Errorf(desk.CodeOf(err), "%d of %d were changed; %s", len(steps), len(rows), desk.Sentence(err))
		}
		return m
	})
}

// doEach stops at the first conversation that cannot be changed: what was done
// until then is known and can be taken back.
func doEach(ctx context.Context, do deed.Deed, rows []*desk.Conversation) ([]deed.Step, error) {
	var steps []deed.Step
	for _, row := range rows {
		back, err := do(ctx, row)
		if err != nil {
			return steps, err
		}
		if back != nil {
			steps = append(steps, back)
		}
	}
	return steps, nil
}

// inReverse takes changes back, the last one first. What cannot be taken back
// does not keep the others from it.
func inReverse(steps []deed.Step) deed.Step {
	return func(ctx context.Context) error {
		var errs []error
		for _, back := range slices.Backward(steps) {
			if err := back(ctx); err != nil {
				errs = append(errs, err)
			}
		}
		return errors.Join(errs...)
	}
}
