package tui

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hark/tui/safe"
	"hark/tui/ui"
)

// frame is the last picture: the lines it was made of and the string.
type frame struct {
	body    []string
	top     string
	toast   string
	status  string
	content string
	key     string // of the top line
}

// View returns the picture. Its string is the same while nothing changes.
func (r *root) View() tea.View {
	v := tea.View{AltScreen: true, ReportFocus: true, WindowTitle: r.title()}
	if r.pointer {
		v.MouseMode = tea.MouseModeCellMotion
	}
	plan := r.screen.Plan()
	if plan.TooSmall {
		v.Content = r.tooSmall()
		return v
	}
	body, x, y := r.body(plan)
	toast := r.toastLine(plan)
	status := r.statusLine(plan)
	v.Content = r.compose(plan, body, toast, status)
	if x >= 0 {
		v.Cursor = tea.NewCursor(x, y)
		v.Cursor.Blink = false
	}
	return v
}

func (r *root) title() string {
	if name := r.deskName(); name != "" {
		return "hark: " + name
	}
	return "hark"
}

// body returns the lines between the top and the bottom, and the cursor.
func (r *root) body(plan ui.Plan) (lines []string, x, y int) {
	top := 0
	if plan.Top {
		top = 1
	}
	size := ui.Size{W: r.win.W, H: plan.Body()}
	d := r.screen.Draw()
	lines = r.covered(d.Lines)
	if o := r.top(); o != nil {
		lines = r.over(o, lines, size)
		if x, y = o.Cursor(r.look, size); y >= 0 {
			y += top
		}
		return lines, x, y
	}
	if !r.chord.open {
		return lines, d.X, d.Y
	}
	popup := r.popup(size)
	return append(append([]string{}, d.Lines[:size.H-len(popup)]...), popup...), -1, -1
}

// coverMost is how many lines of a message may cover the screen.
const coverMost = 8

// covered puts a failure that is too long for its line over the upper lines,
// where it hides nothing that is being written. A step that has to be taken
// is never cut off.
func (r *root) covered(lines []string) []string {
	t := r.toasts.Now()
	if !r.tall(t) {
		return lines
	}
	inner := r.win.W - 4
	body := []string{}
	wrapped := r.look.Wrap(t.Text, inner)
	for _, line := range wrapped[:min(len(wrapped), coverMost, len(lines)/2)] {
		body = append(body, " "+r.look.Bad.Render(r.look.Fit(line, inner))+" ")
	}
	box := r.look.Frame(ui.Edge{Title: "not done", Foot: "esc close", Focus: true}, r.win.W, body)
	return append(append([]string{}, box...), lines[len(box):]...)
}

// tall reports whether a message needs more than its line.
func (r *root) tall(t ui.Toast) bool { return t.Bad && r.look.Width(t.Text) > r.win.W-10 }

// popup says what may follow a prefix.
func (r *root) popup(size ui.Size) []string {
	under := r.keys.Under(r.chord.prefix, r.screen.Scopes()...)
	title := ""
	if len(under) > 0 {
		title = under[0].Group
	}
	return r.look.WhichKey(r.chord.prefix, title, under, size.W, size.H)
}

// compose joins the lines of the window.
func (r *root) compose(plan ui.Plan, body []string, toast, status string) string {
	f := &r.frame
	top := ""
	if plan.Top {
		top = r.topLine()
	}
	if f.content != "" && same(f.body, body) && f.top == top && f.toast == toast && f.status == status {
		return f.content
	}
	n := len(top) + len(toast) + len(status) + 4
	for _, l := range body {
		n += len(l) + 1
	}
	var b strings.Builder
	b.Grow(n)
	if plan.Top {
		b.WriteString(top)
		b.WriteByte('\n')
	}
	for _, l := range body {
		b.WriteString(l)
		b.WriteByte('\n')
	}
	if plan.Toast {
		b.WriteString(toast)
		b.WriteByte('\n')
	}
	b.WriteString(status)
	*f = frame{body: body, top: top, toast: toast, status: status, content: b.String(), key: f.key}
	return f.content
}

func same(a, b []string) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

func (r *root) tooSmall() string {
	return strings.Join(r.look.Wrap("make the window larger (40x10); nothing is lost", max(r.win.W, 1)), "\n")
}

// alarms is a screen that says what must not wait.
type alarms interface{ Alarms() []string }

// present is a screen that says how the person is there.
type present interface{ Presence() string }

// topLine draws the counts, what must not wait, the desk, who is here and the
// time. What must not wait gives way to nothing but the time.
func (r *root) topLine() string {
	l := r.look
	clock := r.now.In(l.Zone)
	right := r.who() + "  " + clock.Format("15:04") + " "
	if r.win.W >= 100 {
		right = r.deskName() + "   " + r.who() + "   " + clock.Format("15:04 MST") + " "
	}
	urgent := ""
	if a, ok := any(r.screen).(alarms); ok {
		urgent = l.Cut(strings.Join(a.Alarms(), "  "), r.win.W/2)
	}
	if urgent != "" {
		right = "  " + right
	}
	room := r.win.W - l.Width(right) - l.Width(urgent) - 1
	if room < 20 {
		right, room = "", r.win.W-l.Width(urgent)-1
	}
	left := l.Fit(" HARK  "+l.Join(r.screen.Heading(), "  ", room-7), room) + " "
	return l.Bar.Render(left) + l.Warn.Render(urgent) + l.Bar.Render(right)
}

// who names the account, and the owner where the owner acts as it.
func (r *root) who() string {
	name := safe.Name(r.session.ActorName(r.session.Actor())).String()
	if p, ok := any(r.screen).(present); ok && r.win.W >= 100 && p.Presence() != "" {
		name += " (" + p.Presence() + ")"
	}
	return name
}

// toastLine draws the line above the status line.
func (r *root) toastLine(plan ui.Plan) string {
	if !plan.Toast {
		return ""
	}
	if r.tall(r.toasts.Now()) {
		return ui.Blank(r.win.W)
	}
	return r.toast(r.win.W)
}

// toast draws the message of the moment in exactly w cells.
func (r *root) toast(w int) string {
	t, more := r.toasts.Now(), ""
	if n := r.toasts.Waiting(); n > 0 && w >= 40 {
		more = " +" + strconv.Itoa(n) + " waiting "
	}
	line := r.look.Fit(" "+t.Text, w-len(more))
	if t.Bad {
		return r.look.Bad.Render(line) + r.look.Dim.Render(more)
	}
	return r.look.Good.Render(line) + r.look.Dim.Render(more)
}

// statusLine draws the mode, what can be done here, and how the hub is. Where
// there is no line for messages they take the place of the keys.
func (r *root) statusLine(plan ui.Plan) string {
	l := r.look
	mode := " " + r.mode() + "  "
	room := r.win.W - len(mode)
	if t := r.toasts.Now(); !plan.Toast && t.Text != "" && !r.tall(t) {
		return l.Strong.Render(mode) + r.toast(room)
	}
	lamps, bad := r.lampWords(room / 2)
	hints := l.Fit(r.hints(room-l.Width(lamps)), room-l.Width(lamps))
	style := l.Dim
	if bad {
		style = l.Warn
	}
	return l.Strong.Render(mode) + hints + style.Render(lamps)
}

// mode names what keys do: letters act, letters type, or an overlay has them.
func (r *root) mode() string {
	if t, ok := r.top().(ui.Titled); ok {
		return t.Mode()
	}
	switch {
	case r.chord.prefix != "":
		return "NAV  " + r.chord.prefix + "-"
	case r.asked() != nil:
		return "FIND"
	case r.screen.Writing():
		return "WRITE"
	}
	return "NAV"
}

// hints returns the keys of this place that fit into w cells, from the table;
// of a chord the prefix. Help is always among them.
func (r *root) hints(w int) string {
	if r.overlaid() || r.chord.prefix != "" {
		return "" // the overlay says what its keys do
	}
	dot := " " + r.look.Glyphs.Dot + " "
	help := ""
	var b strings.Builder
	seen := map[string]bool{}
	for _, scope := range r.screen.Scopes() {
		for _, a := range r.keys.In(scope) {
			if a.Hint == "" || len(a.Keys) == 0 || seen[a.Hint] || a.Refusal() != "" {
				continue
			}
			seen[a.Hint] = true
			key, _, _ := strings.Cut(a.Key(), " ")
			hint := key + " " + a.Hint + dot
			switch {
			case a.Hint == helpHint:
				help = key + " " + a.Hint
			case r.look.Width(b.String()+hint)+len(helpHint)+3 <= w:
				b.WriteString(hint)
			}
		}
	}
	return b.String() + help
}

// lampWords says in at most w cells how the parts of the hub are: what is not
// well, or that all is.
func (r *root) lampWords(w int) (words string, bad bool) {
	var well, ill []string
	for _, lamp := range r.lamps {
		name := safe.Name(lamp.Part).String()
		if lamp.OK {
			well = append(well, name+" ok") // more would only push the keys out
		} else {
			ill = append(ill, name+" "+safe.Line(lamp.Words).String())
		}
	}
	parts := ill
	if len(ill) == 0 && r.win.W >= 100 {
		parts = well
	}
	if len(parts) == 0 {
		return "", false
	}
	return " " + r.look.Cut(strings.Join(parts, " "+r.look.Glyphs.Dot+" "), w-2) + " ", len(ill) > 0
}
