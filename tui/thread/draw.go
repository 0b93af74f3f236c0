package thread

import (
	"slices"
	"strings"
	"time"

	"hark/tui/safe"
	"hark/tui/ui"
)

// drawn is the last drawing and what it was made for.
type drawn struct {
	gen   int
	look  *ui.Look
	w, h  int
	lines []string
}

// Draw returns exactly h lines of exactly w cells. The same slice comes back
// as long as nothing has changed.
func (p *Pane) Draw(l *ui.Look, now time.Time, w, h int) []string {
	d := &p.drawn
	if now.Year() != p.now.Year() || now.YearDay() != p.now.YearDay() {
		p.gen++
	}
	p.now = now
	if d.lines != nil && d.gen == p.gen && d.look == l && d.w == w && d.h == h {
		return d.lines
	}
	follow := p.Following()
	p.look, p.width, p.h = l, w, h
	if follow {
		p.idx, p.skip = max(len(p.items)-1, 0), 0
	} else {
		p.skip = min(p.skip, max(p.height(p.idx)-1, 0))
	}
	p.settleEdge()
	*d = drawn{p.gen, l, w, h, p.compose()}
	return d.lines
}

// compose collects lines from the lower edge upwards.
func (p *Pane) compose() []string {
	notes, top := p.notes(), p.top()
	room := max(p.h-len(notes)-len(top), 0)
	out := make([]string, 0, p.h)
	add := func(lines []string) {
		for _, line := range slices.Backward(lines) {
			if len(out) < room {
				out = append(out, line)
			}
		}
	}
	for i := p.idx; i >= 0 && i < len(p.items) && len(out) < room; i-- {
		lines := p.lines(p.items[i])
		if i == p.idx {
			lines = lines[:max(len(lines)-p.skip, 0)]
		}
		add(lines)
	}
	if head := p.head(); head != "" {
		add([]string{head})
	}
	slices.Reverse(out)
	if len(notes) > 0 && len(out) < room {
		out = append(out, p.blank())
	}
	return ui.Fill(append(append(top, out...), notes...), p.width, p.h)
}

// bannerLines is how much of a banner is shown.
const bannerLines = 3

// top returns the lines above everything: what a person has to decide.
func (p *Pane) top() []string {
	if p.banner == "" || p.look == nil || p.h < 2*bannerLines {
		return nil
	}
	var out []string
	lines := p.look.Wrap(p.banner, p.width-2)
	for _, line := range lines[:min(len(lines), bannerLines)] {
		out = append(out, p.look.Warn.Render(p.look.Fit(" "+line, p.width)))
	}
	return append(out, p.look.Border.Render(ui.Repeat(p.look.Glyphs.Rule, p.width)))
}

// head says what is above the oldest item.
func (p *Pane) head() string {
	switch p.older {
	case Loading:
		return p.look.Dim.Render(p.look.Fit("reading older messages", p.width))
	case Failed:
		return p.look.Warn.Render(p.look.Fit("older messages could not be read; scroll up to try again", p.width))
	case More, All:
	}
	return ""
}

// unsentLines is how much is shown of what the customer has not sent.
const unsentLines = 3

// notes returns the lines below the items: who writes. What the customer does
// is there only while the newest is in sight; that a colleague replies at this
// moment is always there.
func (p *Pane) notes() []string {
	if p.look == nil {
		return nil
	}
	var names, colleagues []string
	for _, w := range p.typing {
		if w.Customer {
			names = append(names, w.Name)
		} else {
			colleagues = append(colleagues, w.Name)
		}
	}
	var out []string
	if p.Following() {
		out = append(out, p.unsentWords()...)
	}
	if len(names) > 0 && len(out) == 0 && p.Following() {
		out = append(out, p.look.Dim.Render(p.look.Fit("  "+p.writes(names, " is typing"), p.width)))
	}
	if len(colleagues) > 0 {
		text := p.look.Glyphs.Late + " " + p.writes(colleagues, " is replying")
		out = append(out, p.look.Warn.Render(p.look.Fit(text, p.width)))
	}
	return out
}

// unsentWords draws what the customer has typed and not sent, so that nobody
// takes it for a message.
func (p *Pane) unsentWords() []string {
	if p.unsent == "" {
		return nil
	}
	l := p.look
	out := []string{l.Dim.Render(l.Fit("-- typing, not sent: the customer may still change it --", p.width))}
	lines := l.Wrap(safe.New(p.unsent).String(), p.measure()-2)
	for _, line := range lines[max(len(lines)-unsentLines, 0):] {
		out = append(out, l.Dim.Render(l.Fit("  "+line, p.width)))
	}
	return out
}

func (p *Pane) writes(names []string, what string) string {
	return p.look.Cut(strings.Join(names, " and "), p.width-len(what)-5) + what + p.look.Glyphs.Typing
}
