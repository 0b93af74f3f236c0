package tui

import (
	"strings"

	"hark/tui/safe"
	"hark/tui/ui"
)

// topLine draws the counts, what must not wait, the desk, who is here and the
// time. What must not wait gives way to nothing but the time.
func (r *root) topLine() string {
	l := r.look
	clock := r.now.In(l.Zone)
	right := r.who() + "  " + clock.Format("15:04") + " "
	if r.win.W >= 100 {
		right = r.deskName() + "   " + r.who() + "   " + clock.Format("15:04 MST") + " "
	}
	urgent := l.Cut(strings.Join(r.screen.Alarms(), "  "), r.win.W/2)
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
	if p := r.screen.Presence(); r.win.W >= 100 && p != "" {
		name += " (" + p + ")"
	}
	return name
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
	lamps, bad := r.lampWords(room)
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
	case r.screen.Overlaid():
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

// lampWords says beside the keys, in a line of w cells, how the parts of the
// hub are: what is not well, which gets more room than that all is.
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
	w = w * 2 / 3
	if len(ill) == 0 && r.win.W >= 100 {
		parts, w = well, w*3/4
	}
	if len(parts) == 0 {
		return "", false
	}
	return " " + r.look.Cut(strings.Join(parts, " "+r.look.Glyphs.Dot+" "), w-2) + " ", len(ill) > 0
}
