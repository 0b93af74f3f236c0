package thread

import (
	"slices"
	"time"

	"hark/desk"
	"hark/tui/safe"
)

// Send shows a message that is on its way.
func (p *Pane) Send(text string, files []desk.File, note bool, at time.Time) {
	var body desk.Body = desk.Message{Direction: desk.Out, Text: text, Files: files}
	if note {
		body = desk.Note{Text: text}
	}
	p.sending(body, at)
}

// SendMail shows a mail that is on its way to the desk.
func (p *Pane) SendMail(m desk.Message, at time.Time) { p.sending(m, at) }

func (p *Pane) sending(body desk.Body, at time.Time) {
	it := newItem(desk.Applied{Event: desk.Event{Actor: p.me, At: at, Body: body}})
	it.sending = true
	p.pending++
	p.insert(len(p.items), it)
	p.Bottom()
}

// Sent takes the oldest message that is on its way out of sight: it is here as
// an event, or it failed.
func (p *Pane) Sent() {
	if p.pending == 0 {
		return
	}
	follow := p.Following()
	at := len(p.items) - p.pending
	p.items = append(p.items[:at], p.items[at+1:]...)
	p.pending--
	p.link(at)
	p.gen++
	p.idx = min(p.idx, max(len(p.items)-1, 0))
	if follow {
		p.Bottom()
	}
}

// settle removes the message on its way that a is.
func (p *Pane) settle(a desk.Applied) {
	if p.pending > 0 && p.mine(a.Actor) && spoken(a.Body) {
		p.Sent()
	}
}

// Waiting returns how many messages are on their way.
func (p *Pane) Waiting() int { return p.pending }

// mine reports whether it was the person at this terminal. The owner in the
// name of an account is somebody else than the account.
func (p *Pane) mine(a desk.Actor) bool { return a == p.me }

func spoken(b desk.Body) bool {
	switch m := b.(type) {
	case desk.Message:
		return m.Direction == desk.Out
	case desk.Note:
		return true
	}
	return false
}

// Answered returns who else of the staff has replied behind an event, or
// nothing.
func (p *Pane) Answered(since uint64) string {
	if p.newest <= since {
		return ""
	}
	for _, it := range slices.Backward(p.items[:len(p.items)-p.pending]) {
		m, ok := it.Body.(desk.Message)
		if ok && it.N > since && m.Direction == desk.Out && !p.mine(it.Actor) && it.Actor.Kind == desk.ActorAccount {
			return safe.Name(p.names(it.Actor)).String()
		}
	}
	return ""
}
