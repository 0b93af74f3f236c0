package ui

import tea "charm.land/bubbletea/v2"

// Pager shows a long text over the whole screen.
type Pager struct {
	Title string
	Text  string // fit for a terminal
	// Act takes the keys that do not scroll; nil for none. Foot says which.
	Act  func(key string) (cmd tea.Cmd, done bool)
	Foot string

	off, height int
	look        *Look
	width       int
	lines       []string
}

// Key scrolls, closes the pager, or goes to Act.
func (p *Pager) Key(k tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	half := max(p.height/2, 1)
	switch key := k.String(); key {
	case "j", "down":
		p.Wheel(1)
	case "k", "up":
		p.Wheel(-1)
	case "ctrl+d", "pgdown", "space":
		p.Wheel(half)
	case "ctrl+u", "pgup":
		p.Wheel(-half)
	case "g", "home":
		p.off = 0
	case "G", "end":
		p.Wheel(len(p.lines))
	case "esc", "q":
		return nil, true
	default:
		if p.Act != nil {
			return p.Act(key)
		}
	}
	return nil, false
}

// Wheel scrolls.
func (p *Pager) Wheel(by int) { p.off = max(min(p.off+by, len(p.lines)-p.height), 0) }

// Mode names the pager in the status line.
func (*Pager) Mode() string { return "READ" }

// Cursor stands at the first line: a screen reader reads from there.
func (p *Pager) Cursor(*Look, Size) (x, y int) { return 2, 1 }

// Draw returns the overlay, which covers the whole place.
func (p *Pager) Draw(l *Look, size Size) ([]string, Rect) {
	inner := max(size.W-4, 1)
	if p.look != l || p.width != inner {
		p.look, p.width, p.lines = l, inner, l.Wrap(p.Text, inner)
	}
	p.height = max(size.H-2, 0)
	p.Wheel(0)
	body := make([]string, 0, p.height)
	for _, line := range p.lines[p.off:min(p.off+p.height, len(p.lines))] {
		body = append(body, " "+l.Fit(line, inner)+" ")
	}
	dot := " " + l.Glyphs.Dot + " "
	foot := []string{"esc close"}
	if p.Foot != "" {
		foot = append(foot, p.Foot)
	}
	if len(p.lines) > p.height {
		foot = append(foot, "j k scroll", Count(p.off+1)+"-"+Count(p.off+len(body))+" of "+Count(len(p.lines)))
	}
	e := Edge{Title: p.Title, Foot: l.Join(foot, dot, size.W-8), Focus: true}
	return l.Frame(e, size.W, Fill(body, size.W-2, p.height)), Rect{W: size.W, H: size.H}
}
