package notify

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestDetect(t *testing.T) {
	tests := []struct {
		name string
		env  map[string]string
		want string
	}{
		{"kitty", map[string]string{"TERM": "xterm-kitty"}, OSC99},
		{"kitty within tmux", map[string]string{"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1", "TMUX": "/tmp/x"}, Bell},
		{"iterm", map[string]string{"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, OSC9},
		{"ghostty over ssh", map[string]string{"TERM": "xterm-ghostty"}, OSC9},
		{"foot", map[string]string{"TERM": "foot"}, OSC777},
		{"xterm", map[string]string{"TERM": "xterm-256color"}, Bell},
		{"nothing", nil, Bell},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Detect(func(k string) string { return tt.env[k] }); got != tt.want {
				t.Errorf("Detect = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestSequence(t *testing.T) {
	for way, want := range map[string]string{
		Bell: "\a", OSC9: "\x1b]9;hark: 2 new\x1b\\", OSC777: "\x1b]777;notify;hark;2 new\x1b\\", OSC99: "\x1b]99;i=hark;hark: 2 new\x1b\\", Off: "", "x": "",
	} {
		if got := Sequence(way, "hark: 2 new"); got != want {
			t.Errorf("Sequence(%s) = %q, want %q", way, got, want)
		}
	}
	if got := Sequence(OSC9, "a\x1b\\b\x07c;d\u009d52"); strings.Count(got, "\x1b") != 2 || strings.ContainsAny(got[4:len(got)-2], "\x07;\u009d") {
		t.Errorf("words broke out of their sequence: %q", got)
	}
}

func TestCountsAreSaidInWords(t *testing.T) {
	for want, c := range map[string]Counts{
		"1 offer, 2 new":             {Offer: 1, New: 2},
		"2 offers, 1 overdue":        {Offer: 2, Breach: 1},
		"":                           {},
		"12 new":                     {New: 12},
		"3 offers, 1 overdue, 1 new": {Offer: 3, Breach: 1, New: 1},
	} {
		if got := c.String(); got != want {
			t.Errorf("%v says %q, want %q", [kinds]int(c), got, want)
		}
	}
}

func TestAwayIsSeldomAndSumsUp(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var a Away
	a.Add(Counts{New: 1})
	if words, _ := a.Due(now); words != "" {
		t.Fatalf("somebody looks, and is told %q", words)
	}
	a.Left()
	a.Add(Counts{New: 1})
	if words, _ := a.Due(now); words != "hark: 1 new" {
		t.Fatalf("told %q", words)
	}
	a.Add(Counts{New: 1, Offer: 1})
	if words, wait := a.Due(now.Add(10 * time.Second)); words != "" || wait != 20*time.Second {
		t.Fatalf("told %q, to ask again in %v", words, wait)
	}
	if words, _ := a.Due(now.Add(31 * time.Second)); words != "hark: 1 offer, 2 new" {
		t.Fatalf("told %q", words)
	}
	if words, wait := a.Due(now.Add(2 * time.Minute)); words != "" || wait != 0 {
		t.Fatalf("told again: %q, %v", words, wait)
	}
	if got := a.Back().String(); got != "1 offer, 2 new" || a.Gone() {
		t.Fatalf("the sum is %q", got)
	}
}

// way is a notifier that does what it is told to.
type way struct {
	do   func() error
	said []string
}

func (w *way) Name() string { return "test" }

func (w *way) Notify(words string) error {
	w.said = append(w.said, words)
	if w.do != nil {
		return w.do()
	}
	return nil
}

func TestOneFailureStopsNoOther(t *testing.T) {
	broken := &way{do: func() error { panic("no display") }}
	failing := &way{do: func() error { return errors.New("no bus") }}
	well := &way{}
	err := All([]Notifier{broken, failing, nil, well}, "hark: 1 new")
	if len(well.said) != 1 || well.said[0] != "hark: 1 new" {
		t.Errorf("the notifier that works said %q", well.said)
	}
	if err == nil || !strings.Contains(err.Error(), "no bus") || !strings.Contains(err.Error(), "broke down") {
		t.Errorf("the failures are told as %v", err)
	}
}
