package ui

import "time"

// ToastFor is how long a message stays that needs no answer.
const ToastFor = 4 * time.Second

// The bounds of what is kept: of messages that wait for their turn, and of
// those that were shown.
const (
	waitMost    = 20
	historyMost = 200
)

// Toast is a message that a screen has for the person at it.
type Toast struct {
	Text string // one line, fit for a terminal
	Bad  bool   // stays until a key that does something
	// Until is when what the message says is over; it goes then, and the
	// seconds are counted. Zero for messages that go after ToastFor.
	Until time.Time
	At    time.Time
}

// Toasts shows one message at a time, says when it goes, and remembers those
// that were shown. The answer to a key is shown at once; what comes by itself
// waits for its turn, and nothing covers a failure.
type Toasts struct {
	now     Toast
	waiting []Toast
	history []Toast // oldest first
	gen     int
}

// Say answers a key: something was done, or cannot be.
func (t *Toasts) Say(text string) {
	next := t.remember(Toast{Text: text})
	if t.now.Bad {
		t.wait(next)
		return
	}
	t.show(next)
}

// Count says what happens unless somebody takes it back until then.
func (t *Toasts) Count(text string, until time.Time) {
	next := t.remember(Toast{Text: text, Until: until})
	if t.now.Bad {
		return // the time would be over before it is seen
	}
	t.show(next)
}

// Tell says what came by itself.
func (t *Toasts) Tell(text string) {
	next := t.remember(Toast{Text: text})
	if t.now.Text != "" {
		t.wait(next)
		return
	}
	t.show(next)
}

// Fail shows what went wrong until a key is pressed.
func (t *Toasts) Fail(text string) {
	if t.now.Bad && t.now.Text == text {
		return
	}
	next := t.remember(Toast{Text: text, Bad: true})
	if t.now.Bad {
		t.wait(next)
		return
	}
	t.show(next)
}

func (t *Toasts) remember(next Toast) Toast {
	next.At = time.Now()
	t.history = append(t.history, next)
	if len(t.history) > historyMost {
		t.history = append([]Toast{}, t.history[1:]...)
	}
	return next
}

func (t *Toasts) wait(next Toast) {
	if len(t.waiting) < waitMost {
		t.waiting = append(t.waiting, next)
	}
}

func (t *Toasts) show(next Toast) {
	t.gen++
	t.now = next
}

// Now returns the message to show; its text is empty for none.
func (t *Toasts) Now() Toast { return t.now }

// Waiting returns how many messages wait for their turn.
func (t *Toasts) Waiting() int { return len(t.waiting) }

// History returns what was said, oldest first.
func (t *Toasts) History() []Toast { return t.history }

// Gen changes with every message; a timer carries the one it was set for.
func (t *Toasts) Gen() int { return t.gen }

// Expire takes the message away that was shown at gen, unless it must stay.
func (t *Toasts) Expire(gen int) {
	if gen == t.gen && !t.now.Bad {
		t.Clear()
	}
}

// Clear takes any message away; the next one that waits comes in its place.
func (t *Toasts) Clear() {
	t.now = Toast{}
	if len(t.waiting) > 0 {
		next := t.waiting[0]
		t.waiting = t.waiting[1:]
		t.show(next)
	}
}

// Key takes a failure away: somebody saw it and did something.
func (t *Toasts) Key() {
	if t.now.Bad {
		t.Clear()
	}
}
