package inbox

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// An offer is a strip above the composer. It comes by itself, so it never has
// the keys: enter, space and y go on meaning what they meant. It is answered by
// a chord that nobody types by accident.

// stripLines is the height of the strip of an offer, with its frame.
const stripLines = 4

// offer returns the offer that the strip shows, or nil.
func (s *Screen) offer() *desk.Conversation {
	if len(s.offers) == 0 {
		return nil
	}
	return s.offers[0]
}

// strip returns where the offer stands: above the composer, or below the list
// where there is none.
func (s *Screen) strip(p ui.Plan) ui.Rect {
	h := s.stripHeight()
	if h == 0 || p.TooSmall {
		return ui.Rect{}
	}
	if p.Composer.Empty() {
		upper := p.List
		if upper.Empty() {
			upper = p.Customer
		}
		return ui.Rect{X: upper.X, Y: upper.Y + upper.H, W: upper.W, H: h}
	}
	return ui.Rect{X: p.Composer.X, Y: p.Composer.Y - h, W: p.Composer.W, H: h}
}

// stripHeight returns how many lines an offer takes: one where there is little
// room, none without an offer.
func (s *Screen) stripHeight() int {
	switch {
	case len(s.offers) == 0:
		return 0
	case s.win.H < 24:
		return 1
	}
	return stripLines
}

// withStrip makes room for an offer in a plan.
func (s *Screen) withStrip(p ui.Plan) ui.Plan {
	h := s.stripHeight()
	if h == 0 || p.TooSmall {
		return p
	}
	if p.Composer.Empty() || p.Composer.X == p.List.X {
		p.List.H = max(p.List.H-h, 0)
	}
	p.Thread.H, p.Customer.H = max(p.Thread.H-h, 0), max(p.Customer.H-h, 0)
	return p
}

// stripKey is everything that the strip's drawing depends on.
type stripKey struct {
	row  *desk.Conversation
	n    int
	look *ui.Look
	r    ui.Rect
	keys string
}

type stripDrawing struct {
	key   stripKey
	lines []string
}

func (s *Screen) drawStrip(r ui.Rect) []string {
	l := s.look
	keys := l.Join([]string{
		l.Hint(ActAccept, "accept"), l.Hint(ActDecline, "decline"), l.Hint(ActLook, "look first"),
	}, "   ", r.W-4)
	k := stripKey{s.offer(), len(s.offers), l, r, keys}
	if s.stripped.lines != nil && s.stripped.key == k {
		return s.stripped.lines
	}
	lines := []string{l.Warn.Render(l.Fit(" offered: "+s.offerWords(k.row)+"  "+keys, r.W))}
	if r.H > 1 {
		title := "offered to you until " + k.row.Offer.Until.In(l.Zone).Format("15:04:05")
		if k.n > 1 {
			title += ", and " + plural(k.n-1, "more offer")
		}
		lines = l.Frame(ui.Edge{Title: title, Note: true}, r.W, []string{
			" " + l.Strong.Render(l.Fit(s.offerWords(k.row), r.W-3)), " " + l.Key.Render(l.Fit(keys, r.W-3)),
		})
	}
	s.stripped = stripDrawing{k, lines}
	return lines
}

// offerWords names an offer on one line.
func (s *Screen) offerWords(c *desk.Conversation) string {
	dot := " " + s.look.Glyphs.Dot + " "
	text := safe.Name(c.Name).String() + dot + safe.Line(string(c.LastChannel())).String()
	if c.Queue != "" {
		text += dot + safe.Name(c.Queue).String()
	}
	return text + dot + safe.Line(rowSubject(c)).String()
}

func (s *Screen) noOffer() string {
	if s.offer() == nil {
		return "nothing is offered to you"
	}
	return ""
}

// accept takes what is offered, opens it, and leaves the draft at hand where
// it is.
func (s *Screen) accept() tea.Cmd {
	row := s.offer()
	if row == nil {
		return nil
	}
	session, id, name := s.Session, row.ID, quoted(row)
	writing := s.Writing() && !s.box.pristine()
	return s.command(writeLimit, func(ctx context.Context) tea.Msg {
		if err := session.Claim(ctx, id); err != nil {
			return doneMsg{err: err}
		}
		release := func(ctx context.Context) error { return session.Release(ctx, id) }
		m := doneMsg{said: "You have " + name, undo: undo{what: "took " + name, do: release}}
		if !writing {
			m.then = func() tea.Cmd { return s.openID(id) }
		}
		return m
	})
}

// decline says no to what is offered; somebody else is asked.
func (s *Screen) decline() tea.Cmd {
	row := s.offer()
	if row == nil {
		return nil
	}
	session, id := s.Session, row.ID
	return s.act("Declined "+quoted(row)+"; somebody else is asked", func(ctx context.Context) error {
		return session.Decline(ctx, id)
	}, undo{})
}

// lookAt opens what is offered; it stays offered meanwhile.
func (s *Screen) lookAt() tea.Cmd {
	row := s.offer()
	if row == nil {
		return nil
	}
	return s.openRow(row, ui.ThreadPane, false)
}

// openID opens a conversation by its identifier and gives its thread the keys.
func (s *Screen) openID(id desk.ID) tea.Cmd {
	row := s.Session.Row(id)
	if row == nil {
		s.Toasts.Say("that conversation is gone")
		return nil
	}
	s.list.goTo(id)
	return s.openRow(row, ui.ThreadPane, false)
}

// Open opens a conversation and gives its thread the keys.
func (s *Screen) Open(id desk.ID) tea.Cmd { return s.openID(id) }
