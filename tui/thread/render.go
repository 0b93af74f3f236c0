package thread

import (
	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// render draws an item in lines of exactly the pane's width, with what stands
// between it and the one above.
func (p *Pane) render(it *item, k key) []string {
	var out []string
	if !k.first && !k.joined {
		out = append(out, p.blank())
	}
	if k.day {
		out = append(out, p.centred(p.look.Day(it.At, p.now), p.look.Dim), p.blank())
	}
	if k.fresh {
		out = append(out, p.rule("new since "+p.look.Clock(it.At), p.look.Warn))
	}
	switch b := it.Body.(type) {
	case desk.Message:
		if b.Direction == desk.In {
			return append(out, p.incoming(it, b, k.joined)...)
		}
		return append(out, p.outgoing(it, b, k.delivery)...)
	case desk.Note:
		return append(out, p.note(it, b)...)
	}
	return append(out, p.happened(it))
}

func (p *Pane) blank() string { return ui.Blank(p.width) }

// measure is the width of a message with its rail: lines that run the whole
// width of a wide window cannot be read.
func (p *Pane) measure() int {
	return max(min(p.width*5/6, 78), min(p.width, 24))
}

// incoming draws a customer's message, with its rail at the left. One that
// goes on with the message above needs no name.
func (p *Pane) incoming(it *item, m desk.Message, joined bool) []string {
	l, w := p.look, p.measure()
	var out []string
	if !joined {
		at := l.Clock(it.At)
		name := l.Cut(safe.Name(p.names(it.Actor)).String(), w-len(at)-2)
		out = append(out, l.Accent.Render(name)+ui.Blank(w-l.Width(name)-len(at))+l.Dim.Render(at)+ui.Blank(p.width-w))
	}
	rail := l.Accent.Render(l.Glyphs.Rail) + " "
	for _, line := range l.Wrap(safe.New(m.Text).String(), w-2) {
		out = append(out, rail+l.Fit(line, p.width-2))
	}
	return out
}

// outgoing draws a message of ours, with its rail at the right.
func (p *Pane) outgoing(it *item, m desk.Message, d desk.Delivery) []string {
	l, w := p.look, p.measure()
	who := p.who(it)
	mark := p.mark(it, d)
	end := " " + l.Clock(it.At) + " " + mark + " "
	who = l.Cut(who, w-l.Width(end))
	pad := p.width - l.Width(who) - l.Width(end)
	out := []string{ui.Blank(pad) + l.Good.Render(who) + l.Dim.Render(end)}
	lines := l.Wrap(safe.New(m.Text).String(), w-3)
	wide := 0
	for _, line := range lines {
		wide = max(wide, l.Width(line))
	}
	wide = min(wide, w-3)
	left, rail := ui.Blank(p.width-wide-3), " "+l.Good.Render(l.Glyphs.Rail)+" "
	for _, line := range lines {
		out = append(out, left+l.Fit(line, wide)+rail)
	}
	return out
}

// who names the member of staff who did it.
func (p *Pane) who(it *item) string {
	if p.mine(it.Actor) {
		return "you"
	}
	return safe.Name(p.names(it.Actor)).String()
}

// mark says how far a message has got.
func (p *Pane) mark(it *item, d desk.Delivery) string {
	switch {
	case it.sending:
		return "sending" + p.look.Glyphs.Sending
	case d == desk.HandedOver:
		return p.look.Glyphs.Shown
	}
	return p.look.Glyphs.Sent
}

// note draws what only the team sees, in a way that nobody takes for a reply.
func (p *Pane) note(it *item, n desk.Note) []string {
	l := p.look
	who := p.who(it)
	head := "-- note, only the team sees this " + l.Glyphs.Dot + " " + l.Clock(it.At) + " --"
	if it.sending {
		head = "-- note, sending" + l.Glyphs.Sending + " --"
	}
	out := []string{l.Note.Render(l.Fit(head, p.width))}
	rail := l.Note.Render(l.Glyphs.NoteRail) + " "
	for _, line := range l.Wrap(who+": "+safe.New(n.Text).String(), p.measure()-2) {
		out = append(out, rail+l.Note.Render(l.Fit(line, p.width-2)))
	}
	return out
}

// happened draws what is not said by anybody, on one line.
func (p *Pane) happened(it *item) string {
	text := p.words(it) + " " + p.look.Glyphs.Dot + " " + p.look.Clock(it.At)
	return p.centred(text, p.look.Dim)
}

// words says what happened.
func (p *Pane) words(it *item) string {
	who := p.who(it)
	switch b := it.Body.(type) {
	case desk.ConversationOpened:
		return opened(b)
	case desk.Assigned:
		return p.assigned(who, b)
	case desk.Resolved:
		return who + " resolved this"
	case desk.Reopened:
		return who + " reopened this"
	case desk.DraftDiscarded:
		return who + " threw a draft away"
	case desk.Unknown:
		return "something this version does not know: " + safe.Line(b.Name).String()
	}
	return safe.Line(it.Body.Kind()).String()
}

func opened(b desk.ConversationOpened) string {
	text := string(b.Channel) + " began"
	if b.Page != "" {
		text += " on " + safe.Name(b.Page).String()
	}
	return text
}

func (p *Pane) assigned(who string, b desk.Assigned) string {
	switch {
	case b.To.IsZero():
		return who + " let go of this"
	case b.Claim:
		return who + " took this"
	case b.To == p.me.ID:
		return who + " gave this to you"
	}
	to := p.names(desk.Actor{Kind: desk.ActorAccount, ID: b.To})
	return who + " gave this to " + safe.Name(to).String()
}

// centred draws "── text ──" in the middle.
func (p *Pane) centred(text string, st ui.Style) string {
	l := p.look
	edge := l.Glyphs.Rule + l.Glyphs.Rule
	text = edge + " " + l.Cut(text, p.width-8) + " " + edge
	left := max((p.width-l.Width(text))/2, 0)
	return st.Render(l.Fit(ui.Blank(left)+text, p.width))
}

// rule draws a line across with a word in its middle.
func (p *Pane) rule(text string, st ui.Style) string {
	l := p.look
	n := max(p.width-l.Width(text)-2, 2)
	line := ui.Repeat(l.Glyphs.Rule, n/2) + " " + text + " " + ui.Repeat(l.Glyphs.Rule, n-n/2)
	return st.Render(l.Fit(line, p.width))
}
