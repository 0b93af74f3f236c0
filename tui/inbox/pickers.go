package inbox

import (
	"context"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// pickAssignee asks who should have conversations.
func (s *Screen) pickAssignee() tea.Cmd {
	rows := s.targets()
	if len(rows) == 0 {
		return nil
	}
	return s.withColleagues(func(all []ui.Choice) tea.Cmd {
		choices := append([]ui.Choice{{Label: "nobody", Note: "back to the queue", Value: desk.ID{}}}, all...)
		return s.ask(&chooser{
			title: "assign " + s.nameOf(rows) + " to", choices: choices,
			done: func(c ui.Choice) tea.Cmd {
				to, _ := c.Value.(desk.ID)
				return s.assign(to)
			},
		})
	})
}

// withColleagues asks the desk who there is that answers customers.
func (s *Screen) withColleagues(then func([]ui.Choice) tea.Cmd) tea.Cmd {
	session := s.Session
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		accounts, err := session.Accounts(ctx)
		return askMsg{func() tea.Cmd { return then(s.colleagues(accounts)) }, err}
	})
}

// colleagues lists who answers customers, with whether they are there.
func (s *Screen) colleagues(accounts []*desk.Account) []ui.Choice {
	here := map[desk.ID]string{}
	for _, a := range s.Session.Who() {
		here[a.Account.ID] = presenceWords(a)
	}
	var choices []ui.Choice
	for _, acc := range accounts {
		if !acc.May(desk.ActReply) {
			continue
		}
		note := here[acc.ID]
		if acc.ID == s.me {
			note = "you"
		}
		label := safe.Name(acc.Display).String() + " (" + safe.Name(acc.Name).String() + ")"
		choices = append(choices, ui.Choice{Label: label, Note: note, Value: acc.ID})
	}
	return choices
}

// pickPriority asks how much conversations matter.
func (s *Screen) pickPriority() tea.Cmd {
	rows := s.targets()
	if len(rows) == 0 {
		return nil
	}
	var choices []ui.Choice
	for _, p := range []desk.Priority{desk.Urgent, desk.High, desk.Normal, desk.Low} {
		note := ""
		if len(rows) == 1 && rows[0].Priority.Or() == p {
			note = "now"
		}
		choices = append(choices, ui.Choice{Label: string(p), Note: note, Value: p})
	}
	return s.ask(&chooser{
		title: "priority of " + s.nameOf(rows), choices: choices,
		done: func(c ui.Choice) tea.Cmd {
			to, _ := c.Value.(desk.Priority)
			return s.prioritise(to)
		},
	})
}

// pickQueue asks into which queue conversations should go.
func (s *Screen) pickQueue() tea.Cmd {
	rows := s.targets()
	if len(rows) == 0 {
		return nil
	}
	var choices []ui.Choice
	for _, q := range s.Session.Queues() {
		choices = append(choices, ui.Choice{Label: queueTitle(q), Note: queueNote(q), Value: q.Queue.Name})
	}
	return s.ask(&chooser{
		title: "move " + s.nameOf(rows) + " into the queue", choices: choices,
		empty: "there is one queue only; hark.toml makes more",
		done: func(c ui.Choice) tea.Cmd {
			to, _ := c.Value.(string)
			return s.enqueue(to, c.Label)
		},
	})
}

func queueTitle(q desk.QueueInfo) string {
	switch {
	case q.Queue.Title != "":
		return safe.Name(q.Queue.Title).String()
	case q.Queue.Name != "":
		return safe.Name(q.Queue.Name).String()
	}
	return "everybody"
}

// queueNote says what waits in a queue and who is there.
func queueNote(q desk.QueueInfo) string {
	note := plural(q.Agents, "agent") + ", " + strconv.Itoa(q.Waiting) + " waiting"
	if !q.Open {
		note = "closed, " + strconv.Itoa(q.Waiting) + " waiting"
	}
	return note
}
