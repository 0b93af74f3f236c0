package inbox

import (
	"hark/desk"
	"hark/tui/safe"
)

// The reasons why something cannot be done now.

func (s *Screen) needsRow() string {
	if s.about() == nil {
		return "no conversation is selected"
	}
	return ""
}

func (s *Screen) needsOpen() string {
	if s.pane.Row() == nil {
		return "no conversation is open"
	}
	return ""
}

// may returns why an action of the desk is not for us, or not now.
func (s *Screen) may(a desk.Action) string {
	if s.about() == nil {
		return "no conversation is selected"
	}
	if why := s.Session.Why(a); why != nil {
		return safe.Line(why.Msg).String()
	}
	return ""
}

func (s *Screen) mayAssign(to desk.ID) string {
	row := s.about()
	if row == nil {
		return "no conversation is selected"
	}
	if row.Assignee == to {
		return "it is so already"
	}
	if to == s.me && row.Assignee.IsZero() || to.IsZero() && row.Assignee == s.me {
		return s.may(desk.ActClaim)
	}
	return s.may(desk.ActAssign)
}

func (s *Screen) nothingToUndo() string {
	if s.forgetLate(); len(s.undo) == 0 {
		return "nothing to undo"
	}
	return ""
}

func (s *Screen) nothingToSend() string {
	if s.box.byMail() {
		return s.nothingToMail()
	}
	if s.box.ed.Empty() && (s.box.note || len(s.files[s.open.id]) == 0) {
		return "nothing is written yet"
	}
	return ""
}

// mayAll is may for what is done to marked conversations as well.
func (s *Screen) mayAll(a desk.Action) string {
	if !s.acting() {
		return s.may(a)
	}
	if why := s.Session.Why(a); why != nil {
		return safe.Line(why.Msg).String()
	}
	return ""
}

// needsClient says what is missing without a program at the person's own
// machine.
func (s *Screen) needsClient(what string) string {
	if s.Client == nil {
		return what + " is on your own machine, which plain ssh does not reach: connect with hark connect"
	}
	return ""
}

// writes returns what sending would be at the moment.
func (s *Screen) writes() desk.Action {
	if s.box.note {
		return desk.ActNote
	}
	return desk.ActReply
}
