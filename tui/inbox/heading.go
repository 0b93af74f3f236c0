package inbox

import (
	"strconv"
	"time"
)

// Heading returns the counts of the views, the one in sight marked.
func (s *Screen) Heading() []string {
	dot := s.look.Glyphs.Dot
	var out []string
	for _, v := range views() {
		name := string(v)
		if src := (source{view: v}); src == s.list.source {
			name = "inbox" + dot + name
		}
		out = append(out, name+" "+strconv.Itoa(s.list.counts[v]))
	}
	if s.list.finds() {
		out = append([]string{"inbox" + dot + s.look.Cut(s.list.title(), 20) + " " + strconv.Itoa(s.list.win.Total)}, out...)
	}
	return out
}

// Alarms returns what must not wait: how many answers are late, and how many
// conversations are offered to the person. It is empty when all is well.
func (s *Screen) Alarms() []string {
	var out []string
	if n := s.breaching(); n > 0 {
		out = append(out, s.look.Glyphs.Late+" "+strconv.Itoa(n)+" breaching")
	}
	if n := len(s.offers); n > 0 {
		out = append(out, plural(n, "offer"))
	}
	if words := s.quarantineWords(); words != "" {
		out = append(out, words)
	}
	return append(out, s.mailWords()...)
}

// alarm is how many answers are late, counted at most once a minute and after
// changes at most once a second: the desk may hold very many conversations.
type alarm struct {
	at   time.Time
	late int
}

// alarmEvery is how often late answers are counted while things happen.
const alarmEvery = time.Second

// breaching counts the conversations whose answer is late, out of those that
// are anybody's to answer.
func (s *Screen) breaching() int { return s.alarm.late }

// countLate counts late answers again, unless that was done just now.
func (s *Screen) countLate(force bool) {
	now := time.Now()
	if !force && now.Sub(s.alarm.at) < alarmEvery {
		return
	}
	s.alarm = alarm{at: now}
	win, err := s.Session.Search("is:breached", 0, 1)
	if err == nil {
		s.alarm.late = win.Total
	}
}

// Presence says how the person is there, for the line at the top.
func (s *Screen) Presence() string {
	acc := s.Session.Account()
	if acc == nil {
		return ""
	}
	return string(acc.PresenceAt(time.Now()))
}
