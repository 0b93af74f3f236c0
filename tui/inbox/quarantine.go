package inbox

import (
	"context"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// quarantine shows the mails that could not be taken in, each with its reason
// and its raw text: nothing that was fetched is ever passed over.
type quarantine struct {
	s    *Screen
	all  []desk.Quarantined
	at   int
	room int // rows in sight at the last drawing
	off  int
}

// quarantineMsg brings the list anew, after something was done to it.
type quarantineMsg struct {
	all []desk.Quarantined
	err error
}

// openQuarantine reads the list beside the screen and shows it.
func (s *Screen) openQuarantine() tea.Cmd {
	session := s.Session
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		all, err := session.Quarantine(ctx)
		return askMsg{func() tea.Cmd { return s.ask(&quarantine{s: s, all: all}) }, err}
	})
}

// Mode names the list in the status line.
func (*quarantine) Mode() string { return "QUARANTINE" }

// Key takes a key.
func (q *quarantine) Key(k tea.KeyPressMsg) (tea.Cmd, bool) {
	switch k.String() {
	case "esc", "q":
		return nil, true
	case "j", "down":
		q.Wheel(1)
	case "k", "up":
		q.Wheel(-1)
	case "pgdown", "ctrl+d":
		q.Wheel(max(q.room/2, 1))
	case "pgup", "ctrl+u":
		q.Wheel(-max(q.room/2, 1))
	case "enter", "l", "right":
		return q.read(), false
	case "r":
		return q.retry(), false
	case "x", "delete":
		return q.drop(), false
	}
	return nil, false
}

// Wheel goes to another mail.
func (q *quarantine) Wheel(by int) { q.at = max(min(q.at+by, len(q.all)-1), 0) }

// Update takes the list anew.
func (q *quarantine) Update(msg tea.Msg) tea.Cmd {
	if m, ok := msg.(quarantineMsg); ok && m.err == nil {
		q.all = m.all
		q.Wheel(0)
	}
	return nil
}

func (q *quarantine) selected() (desk.Quarantined, bool) {
	if q.at < len(q.all) {
		return q.all[q.at], true
	}
	return desk.Quarantined{}, false
}

// read shows the raw text of a mail.
func (q *quarantine) read() tea.Cmd {
	m, ok := q.selected()
	if !ok {
		return nil
	}
	s, session := q.s, q.s.Session
	return s.command(readLimit, func(ctx context.Context) tea.Msg {
		r, err := session.QuarantineRaw(ctx, m.ID)
		if err != nil {
			return askMsg{err: err}
		}
		text, err := readRaw(r)
		return askMsg{func() tea.Cmd { return s.ask(&ui.Pager{Title: "raw mail in quarantine", Text: text}) }, err}
	})
}

// retry lets a mail be fetched and read once more.
func (q *quarantine) retry() tea.Cmd {
	m, ok := q.selected()
	if !ok {
		return nil
	}
	session := q.s.Session
	return q.do("Tried again: what can be read comes into the inbox", func(ctx context.Context) error {
		return session.RetryQuarantined(ctx, m.ID)
	})
}

// drop gives a mail up, with a reason that is kept on record.
func (q *quarantine) drop() tea.Cmd {
	m, ok := q.selected()
	if !ok {
		return nil
	}
	session := q.s.Session
	give := func(why string) tea.Cmd {
		return q.s.ask(&confirm{
			title: "give this mail up?", yes: "give up",
			words: q.name(m) + "\n\nIt leaves the quarantine and does not come back. That you did it, and why, is on record.",
			do: func() tea.Cmd {
				return q.do("Given up", func(ctx context.Context) error { return session.DropQuarantined(ctx, m.ID, why) })
			},
		})
	}
	return q.s.ask(&chooser{
		title: "why is it given up?",
		choices: []ui.Choice{
			{Label: "junk", Value: "junk"},
			{Label: "read elsewhere", Note: "in the mailbox itself", Value: "read elsewhere"},
			{Label: "broken beyond repair", Value: "broken beyond repair"},
		},
		other: func(typed string) (ui.Choice, bool) {
			return ui.Choice{Label: safe.Line(typed).String(), Note: "in your words", Value: typed}, typed != ""
		},
		done: func(c ui.Choice) tea.Cmd {
			why, _ := c.Value.(string)
			return give(why)
		},
	})
}

// do runs a command and reads the list again.
func (q *quarantine) do(said string, f func(context.Context) error) tea.Cmd {
	s, session := q.s, q.s.Session
	return s.command(writeLimit, func(ctx context.Context) tea.Msg {
		if err := f(ctx); err != nil {
			return doneMsg{err: err}
		}
		return doneMsg{said: said, then: func() tea.Cmd {
			return s.command(readLimit, func(ctx context.Context) tea.Msg {
				all, err := session.Quarantine(ctx)
				return quarantineMsg{all, err}
			})
		}}
	})
}

// name says which mail it is: where it lies on the server.
func (q *quarantine) name(m desk.Quarantined) string {
	return safe.Name(m.Account).String() + ", " + safe.Name(m.Box).String() + ", mail " + strconv.FormatUint(uint64(m.UID), 10)
}

// Draw returns the overlay, which covers the whole place.
func (q *quarantine) Draw(l *ui.Look, size ui.Size) ([]string, ui.Rect) {
	inner := size.W - 2
	body := q.rows(l, inner, size.H-2)
	dot := " " + l.Glyphs.Dot + " "
	foot := []string{"esc close", "enter raw text", "r try again", "x give up"}
	if len(q.all) == 0 {
		foot = foot[:1]
	}
	e := ui.Edge{Title: "quarantine" + dot + plural(len(q.all), "mail"), Foot: l.Join(foot, dot, size.W-8), Focus: true}
	return l.Frame(e, size.W, ui.Fill(body, inner, size.H-2)), ui.Rect{W: size.W, H: size.H}
}

// quarantineLines is how many lines a mail takes in the list.
const quarantineLines = 2

func (q *quarantine) rows(l *ui.Look, w, h int) []string {
	if len(q.all) == 0 {
		out := []string{ui.Blank(w)}
		for _, line := range l.Wrap("No mail is in quarantine: everything that was fetched could be read.", w-2) {
			out = append(out, " "+l.Dim.Render(l.Fit(line, w-1)))
		}
		return out
	}
	about := q.about(l, w)
	if len(about) > h/2 {
		about = about[:h/2]
	}
	q.room = max((h-len(about))/quarantineLines, 1)
	q.off = max(min(q.off, q.at), q.at-q.room+1)
	var out []string
	for i := q.off; i < min(q.off+q.room, len(q.all)); i++ {
		out = append(out, q.row(l, q.all[i], i == q.at, w)...)
	}
	return append(ui.Fill(out, w, max(h-len(about), 0)), about...)
}

func (q *quarantine) row(l *ui.Look, m desk.Quarantined, at bool, w int) []string {
	when := l.When(m.At, q.s.now)
	first := l.Fit(" "+q.name(m), w-2-l.Width(when)) + when + " "
	second := l.Fit("   "+safe.Line(m.Why).String(), w-1)
	if at {
		return []string{l.Select.Render(l.Glyphs.Selected + first), l.Select.Render(l.Glyphs.Selected + second)}
	}
	return []string{" " + first, " " + l.Dim.Render(second)}
}

// about draws the whole reason of the selected mail.
func (q *quarantine) about(l *ui.Look, w int) []string {
	m, ok := q.selected()
	if !ok {
		return nil
	}
	text := strings.Join([]string{
		"failed to " + safe.Name(m.Stage).String() + " " + plural(m.Attempts, "time") + ", last on " + l.When(m.At, q.s.now) + "; " + kept(m.Size),
		safe.Line(m.Why).String(),
	}, "\n")
	out := []string{l.Border.Render(ui.Repeat(l.Glyphs.Rule, w))}
	for _, line := range l.Wrap(text, w-2) {
		out = append(out, " "+l.Fit(line, w-1))
	}
	return out
}

func kept(size int64) string {
	if size == 0 {
		return "nothing of it is kept here, it lies on the server"
	}
	return ui.Bytes(size) + " of it are kept here"
}

// Cursor stands at the selected mail.
func (q *quarantine) Cursor(*ui.Look, ui.Size) (x, y int) {
	if len(q.all) == 0 {
		return -1, -1
	}
	return 1, 1 + (q.at-q.off)*quarantineLines
}

// quarantined counts the mails in quarantine over all accounts.
func quarantined(accounts []desk.MailAccount) int {
	n := 0
	for _, a := range slices.All(accounts) {
		n += a.Counters.Quarantined
	}
	return n
}
