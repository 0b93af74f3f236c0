package ui

import (
	"strconv"
	"strings"
	"time"
)

// Look is how one terminal is drawn to. It is replaced as a whole when the
// terminal says something new about itself, so that its address can stand for
// it in the key of a cache.
type Look struct {
	*Theme
	Measure
	Glyphs Glyphs
	Zone   *time.Location // of the person at the terminal
	Still  bool           // nothing may appear or vanish by itself
	Chords bool           // shift+enter can be told from enter
	// Bound is the first key of each action that has one, by the action's name:
	// what is drawn names keys by it, so that it follows the table.
	Bound map[string]string
}

// Hint returns the key of an action as it is now, with what it does behind it;
// nothing for an action without a key.
func (l *Look) Hint(action, does string) string {
	key := l.Bound[action]
	if key == "" {
		return ""
	}
	return key + " " + does
}

// Clock writes a time of day.
func (l *Look) Clock(t time.Time) string { return t.In(l.Zone).Format("15:04") }

// Day writes a date as in a separator between days.
func (l *Look) Day(t, now time.Time) string {
	t, now = t.In(l.Zone), now.In(l.Zone)
	if t.Year() == now.Year() {
		return t.Format("Monday 2 Jan")
	}
	return t.Format("Monday 2 Jan 2006")
}

// When writes a date and time as short as it can be understood.
func (l *Look) When(t, now time.Time) string {
	t, now = t.In(l.Zone), now.In(l.Zone)
	switch {
	case t.YearDay() == now.YearDay() && t.Year() == now.Year():
		return t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("2 Jan 15:04")
	}
	return t.Format("2 Jan 2006")
}

// Age writes how long something has been, in at most four cells.
func Age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + "m"
	case d < 24*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	case d < 1000*24*time.Hour:
		return strconv.Itoa(int(d/(24*time.Hour))) + "d"
	}
	return strconv.Itoa(int(d/(365*24*time.Hour))) + "y"
}

// Repeat returns s as often as it fits into w cells; s is one cell wide.
func Repeat(s string, w int) string {
	if w <= 0 {
		return ""
	}
	return strings.Repeat(s, w)
}
