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
	if !k.first && !k.joined && !k.quiet {
		out = append(out, p.blank())
	}
	if k.day {
		out = append(out, p.centred(p.look.Day(it.day(), p.now), p.look.Dim), p.blank())
	}
	if k.fresh {
		out = append(out, p.rule("new since "+p.look.Clock(it.when()), p.look.Warn))
	}
	return append(out, p.chosen(p.content(it, k), k)...)
}

// content draws what an item says.
func (p *Pane) content(it *item, k key) []string {
	if m, ok := it.message(); ok {
		switch {
		case k.mail.state().withdrawn:
			return []string{p.takenBack(it, m)}
		case m.Mail != nil && m.Direction == desk.In:
			return append(p.incomingMail(it, m, k), p.files(m, false)...)
		case m.Mail != nil:
			out := append(p.outgoingMail(it, m, k), p.files(m, true)...)
			return append(out, p.postLines(it, k)...)
		case m.Direction == desk.In:
			return append(p.incoming(it, m, k.joined), p.files(m, false)...)
		}
		return append(p.outgoing(it, m, k), p.files(m, true)...)
	}
	if n, ok := it.noted(); ok {
		return p.note(it, n)
	}
	if joined, ok := it.Body.(desk.Joined); ok && !it.parted {
		return p.joined(it, joined)
	}
	return []string{p.happened(it)}
}

// joined draws where another conversation was merged into this one: one line
// while its words are folded away, else all of them.
func (p *Pane) joined(it *item, b desk.Joined) []string {
	u := p.unfolded[b.From]
	sign, hint := p.look.Glyphs.Folded, p.look.Hint("unfold", "unfolds")
	if u.gen != 0 {
		sign, hint = p.look.Glyphs.Unfolded, p.look.Hint("unfold", "folds")
	}
	text := sign + " " + p.words(it)
	if hint != "" {
		text += " " + p.look.Glyphs.Dot + " " + hint
	}
	out := []string{p.centred(text, p.look.Dim)}
	if u.gen == 0 {
		return out
	}
	for _, sub := range u.items {
		out = append(out, p.lines(sub)...)
	}
	return append(out, p.rule("end of #"+p.short(b.From), p.look.Dim))
}

// files draws the files of a message as name, type and size: what they hold is
// looked at elsewhere.
func (p *Pane) files(m desk.Message, right bool) []string {
	l, w := p.look, p.measure()
	var out []string
	for _, f := range m.Files {
		about := " " + l.Glyphs.Dot + " " + ui.FileType(f.Type) + " " + l.Glyphs.Dot + " " + ui.Bytes(f.Size) + "]"
		text := "[" + l.Cut(safe.Name(f.Name).String(), w-4-l.Width(about)) + about
		if right {
			out = append(out, ui.Blank(p.width-l.Width(text)-3)+l.Accent.Render(text)+" "+l.Good.Render(l.Glyphs.Rail)+" ")
			continue
		}
		out = append(out, l.Accent.Render(l.Glyphs.Rail)+" "+l.Accent.Render(l.Fit(text, p.width-2)))
	}
	return out
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
		when, who := it.said()
		at := p.moved(it) + l.Clock(when)
		name := l.Cut(safe.Name(p.names(who)).String(), w-l.Width(at)-2)
		out = append(out, l.Accent.Render(name)+ui.Blank(w-l.Width(name)-l.Width(at))+l.Dim.Render(at)+ui.Blank(p.width-w))
	}
	rail := l.Accent.Render(l.Glyphs.Rail) + " "
	for _, line := range p.wrapped(m, w-2) {
		out = append(out, rail+l.Fit(line, p.width-2))
	}
	return out
}

// wrapped returns the words of a message in lines; none for one of files only.
func (p *Pane) wrapped(m desk.Message, w int) []string {
	if m.Text == "" && len(m.Files) > 0 {
		return nil
	}
	return p.look.Wrap(safe.New(m.Text).String(), w)
}

// moved says of what was said in another conversation that it was moved here.
func (p *Pane) moved(it *item) string {
	if b, ok := it.Body.(desk.MovedIn); ok {
		return "moved from #" + p.short(b.From) + " " + p.look.Glyphs.Dot + " "
	}
	return ""
}

// outgoing draws a message of ours, with its rail at the right.
func (p *Pane) outgoing(it *item, m desk.Message, k key) []string {
	l, w := p.look, p.measure()
	who := p.who(it)
	when, _ := it.said()
	end := " " + p.moved(it) + l.Clock(when) + " " + p.mark(it, k) + " "
	who = l.Cut(who, w-l.Width(end))
	pad := p.width - l.Width(who) - l.Width(end)
	out := []string{ui.Blank(pad) + l.Good.Render(who) + l.Dim.Render(end)}
	var lines []textLine
	for _, line := range p.wrapped(m, w-3) {
		lines = append(lines, textLine{text: line})
	}
	return append(out, p.right(lines, w-3)...)
}

// who names the member of staff who did it.
func (p *Pane) who(it *item) string {
	_, who := it.said()
	if p.mine(who) {
		return "you"
	}
	return safe.Name(p.names(who)).String()
}

// mark says how far a message has got.
func (p *Pane) mark(it *item, k key) string {
	switch {
	case it.sending:
		return "sending" + p.look.Glyphs.Sending
	case k.read:
		return "read"
	case k.delivery == desk.HandedOver:
		return p.look.Glyphs.Shown
	}
	return p.look.Glyphs.Sent
}

// note draws what only the team sees, in a way that nobody takes for a reply.
func (p *Pane) note(it *item, n desk.Note) []string {
	l := p.look
	who := p.who(it)
	when, _ := it.said()
	head := "-- note, only the team sees this " + l.Glyphs.Dot + " " + p.moved(it) + l.Clock(when) + " --"
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
