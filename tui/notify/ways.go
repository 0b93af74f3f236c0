package notify

import (
	"slices"
	"strings"
)

// Notifier is one way of telling somebody. The words hold nothing that a
// stranger wrote.
type Notifier interface {
	Name() string
	Notify(words string) error
}

// The names of the ways that a terminal knows, and of the settings.
const (
	Auto   = "auto" // as the terminal says it is
	Off    = "off"
	Bell   = "bell"
	OSC9   = "osc9"   // iTerm2, WezTerm, Ghostty, ConEmu, Windows Terminal
	OSC777 = "osc777" // rxvt-unicode, foot, VTE where patched
	OSC99  = "osc99"  // kitty
)

// Settings are what can be chosen.
func Settings() []string { return []string{Auto, Off, Bell, OSC9, OSC777, OSC99} }

// Detect returns the way that a terminal has, by what its environment says. A
// multiplexer stands in between and passes only the bell on.
func Detect(env func(string) string) string {
	term, program := strings.ToLower(env("TERM")), strings.ToLower(env("TERM_PROGRAM"))
	switch {
	case env("TMUX") != "" || env("STY") != "" || strings.HasPrefix(term, "screen") || strings.HasPrefix(term, "tmux"):
		return Bell
	case env("KITTY_WINDOW_ID") != "" || strings.Contains(term, "kitty"):
		return OSC99
	case slices.Contains([]string{"iterm.app", "wezterm", "ghostty"}, program) || strings.Contains(term, "ghostty") || env("WT_SESSION") != "":
		return OSC9
	case strings.HasPrefix(term, "rxvt-unicode") || strings.HasPrefix(term, "foot"):
		return OSC777
	}
	return Bell
}

// Sequence returns what a terminal is sent for some words in one of the ways;
// nothing for a way that it does not know.
func Sequence(way, words string) string {
	words = plain(words)
	switch way {
	case Bell:
		return "\a"
	case OSC9:
		return "\x1b]9;" + words + "\x1b\\"
	case OSC777:
		return "\x1b]777;notify;hark;" + strings.TrimPrefix(words, "hark: ") + "\x1b\\"
	case OSC99:
		return "\x1b]99;i=hark;" + words + "\x1b\\"
	}
	return ""
}

// plain leaves nothing in the words that could end a sequence or begin one:
// they are ours, and a mistake in them must not reach a terminal.
func plain(words string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == ';' {
			return -1
		}
		return r
	}, words)
}
