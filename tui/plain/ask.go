package plain

import (
	"strconv"
	"strings"

	"hark/desk"
)

// choice is an answer that is offered under a number.
type choice struct {
	label string
	do    func() error
}

// question is what the next line answers. An empty line or "cancel" answers
// nothing.
type question struct {
	ask     string // what the prompt says
	choices []choice
	free    func(string) error // takes an answer in words; nil for numbers alone
	empty   func() error       // an empty line is an answer too; nil for none
}

// ask puts a question and tells its choices.
func (s *sitting) ask(q question) error {
	for i, c := range q.choices {
		s.out.line(strconv.Itoa(i+1) + ". " + c.label)
	}
	s.question = &q
	return nil
}

// answer takes the line behind a question.
func (s *sitting) answer(line string) error {
	q := s.question
	s.question = nil
	text := strings.TrimSpace(line)
	switch {
	case text == "" && q.empty != nil:
		return q.empty()
	case text == "" || strings.EqualFold(text, "cancel"):
		s.out.line("Left as it was.")
		return nil
	}
	if n, err := strconv.Atoi(text); err == nil && len(q.choices) > 0 {
		if n >= 1 && n <= len(q.choices) {
			return q.choices[n-1].do()
		}
		s.question = q
		return desk.Errorf(desk.Invalid, "choose 1 to %d, or cancel", len(q.choices))
	}
	if q.free != nil {
		return q.free(text)
	}
	s.question = q
	return desk.Errorf(desk.Invalid, "answer with a number from 1 to %d, or cancel", len(q.choices))
}
