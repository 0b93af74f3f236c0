package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/tui/ui"
)

// Everything that appears, changes or vanishes by itself is in this file: the
// clock, the popup after a prefix, messages that go after a while. Nothing
// moves otherwise, and with reduced motion only the clock does.

// prefixPause is how long a prefix waits for its second key before the popup
// says which ones there are.
const prefixPause = 400 * time.Millisecond

// quitPause is how long a first ctrl+c counts.
const quitPause = 5 * time.Second

// The messages of the timers. A generation tells whether one is still wanted.
type (
	minuteMsg time.Time
	prefixMsg int
	toastMsg  int
	quitMsg   int
	noticeMsg int
	secondMsg time.Time
)

// still reports whether the person asked for as little motion as possible.
func still(env []string) bool {
	return lookup(env, "TERM_ACCESSIBILITY") != "" || lookup(env, "REDUCED_MOTION") != ""
}

// nextMinute comes when the clock must change, and not before.
func nextMinute() tea.Cmd {
	return tea.Every(time.Minute, func(t time.Time) tea.Msg { return minuteMsg(t) })
}

func prefixTimer(gen int) tea.Cmd {
	return tea.Tick(prefixPause, func(time.Time) tea.Msg { return prefixMsg(gen) })
}

func toastTimer(gen int) tea.Cmd {
	return tea.Tick(ui.ToastFor, func(time.Time) tea.Msg { return toastMsg(gen) })
}

// nextSecond comes while seconds are counted in which a mail can be taken back,
// and at no other time.
func nextSecond() tea.Cmd {
	return tea.Tick(time.Second, func(t time.Time) tea.Msg { return secondMsg(t) })
}

// untilTimer comes when what a message says is over.
func untilTimer(gen int, until time.Time) tea.Cmd {
	return tea.Tick(time.Until(until), func(time.Time) tea.Msg { return toastMsg(gen) })
}

// noticeTimer comes when a notification that had to wait may be sent.
func noticeTimer(gen int, wait time.Duration) tea.Cmd {
	return tea.Tick(wait, func(time.Time) tea.Msg { return noticeMsg(gen) })
}

func quitTimer(gen int) tea.Cmd {
	return tea.Tick(quitPause, func(time.Time) tea.Msg { return quitMsg(gen) })
}
