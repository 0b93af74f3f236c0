package inbox

import (
	"slices"
	"strings"
	"time"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/thread"
)

// typingEvery is how often the desk hears that a reply is still being written;
// it believes it for twice as long.
const typingEvery = desk.TypingFor / 2

// typing is what the desk was told about us.
type typing struct {
	in desk.ID // the conversation; zero for none
	at time.Time
}

// writing tells the customer and the team that a reply is being written. Notes
// are nobody's business, and who sits in the chat does not wait for a mail.
func (s *Screen) writing() {
	if s.box.pristine() || s.box.since == 0 {
		s.box.since = s.pane.Newest()
	}
	if s.box.note || s.box.pristine() || s.open.fresh || s.box.byMail() && s.inChat() {
		s.quiet()
		return
	}
	now := time.Now()
	if s.typing.in == s.open.id && now.Sub(s.typing.at) < typingEvery {
		return
	}
	s.typing.in, s.typing.at = s.open.id, now
	s.Session.Typing(s.open.id, true)
}

// quiet takes that back.
func (s *Screen) quiet() {
	if !s.typing.in.IsZero() {
		s.Session.Typing(s.typing.in, false)
		s.typing = typing{}
	}
}

// wrote takes a signal that somebody writes or stopped.
func (s *Screen) wrote(sig desk.Signal) {
	if acc := s.Session.Account(); !sig.Customer && acc != nil && sig.Who == acc.Display {
		return // that is us
	}
	all := s.writers[sig.Conversation]
	key := sig.Who
	if sig.Customer {
		key = "\x00" // there is one customer, whatever the name
	}
	if sig.Active {
		if all == nil {
			all = map[string]thread.Writer{}
			s.writers[sig.Conversation] = all
		}
		all[key] = thread.Writer{Name: safe.Name(sig.Who).String(), Customer: sig.Customer}
	} else if delete(all, key); len(all) == 0 {
		delete(s.writers, sig.Conversation)
	}
	if sig.Conversation == s.open.id {
		s.showWriters()
	}
	s.list.gen++
}

// showWriters gives the thread who writes in it.
func (s *Screen) showWriters() {
	var who []thread.Writer
	for _, w := range s.writers[s.open.id] {
		who = append(who, w)
	}
	slices.SortFunc(who, func(a, b thread.Writer) int { return strings.Compare(a.Name, b.Name) })
	s.pane.SetTyping(who)
}

// customerTyping returns the name of the customer when it writes.
func (s *Screen) customerTyping(id desk.ID) string {
	for _, w := range s.writers[id] {
		if w.Customer {
			return w.Name
		}
	}
	return ""
}

// colleague returns the name of a colleague who writes in the open thread.
func (s *Screen) colleague() string {
	for _, w := range s.writers[s.open.id] {
		if !w.Customer {
			return w.Name
		}
	}
	return ""
}
