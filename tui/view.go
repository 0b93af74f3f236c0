package tui

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

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

// words returns what a message says at the moment: how long something can be
// taken back is counted, and said as a time where nothing may move.
func (r *root) words(t ui.Toast) string {
	if t.Until.IsZero() {
		return t.Text
	}
	back := " " + r.look.Glyphs.Dot + " " + r.look.Hint("undo", "undo")
	if r.look.Still {
		return t.Text + " at " + t.Until.In(r.look.Zone).Format("15:04:05") + back
	}
	left := max(int(time.Until(t.Until)+time.Second-1)/int(time.Second), 0)
	return t.Text + " in " + strconv.Itoa(left) + " s" + back
}

// toast draws the message of the moment in exactly w cells.
func (r *root) toast(w int) string {
	t, more := r.toasts.Now(), ""
	if n := r.toasts.Waiting(); n > 0 && w >= 40 {
		more = " +" + strconv.Itoa(n) + " waiting "
	}
	line := r.look.Fit(" "+r.words(t), w-len(more))
	if t.Bad {
		return r.look.Bad.Render(line) + r.look.Dim.Render(more)
	}
	return r.look.Good.Render(line) + r.look.Dim.Render(more)
}
