package ui

import "time"

// ToastFor is how long a message stays that needs no answer.
const ToastFor = 4 * time.Second

// Toast is a message that a screen has for the person at it.
type Toast struct {
	Text string // one line, fit for a terminal
	Bad  bool   // stays until a key that does something
}

// Toasts shows one message at a time, the newest first, and says when it goes.
type Toasts struct {
	now Toast
	gen int
}

// Say shows that something was done.
func (t *Toasts) Say(text string) { t.put(Toast{Text: text}) }

// Fail shows what went wrong until a key is pressed.
func (t *Toasts) Fail(text string) { t.put(Toast{Text: text, Bad: true}) }

func (t *Toasts) put(next Toast) {
	t.gen++
	if t.now.Bad && !next.Bad {
		return // what went wrong is not covered by what went well
	}
	t.now = next
}

// Now returns the message to show; its text is empty for none.
func (t *Toasts) Now() Toast { return t.now }

// Gen changes with every message; a timer carries the one it was set for.
func (t *Toasts) Gen() int { return t.gen }

// Expire takes the message away that was shown at gen, unless it must stay.
func (t *Toasts) Expire(gen int) {
	if gen == t.gen && !t.now.Bad {
		t.now = Toast{}
	}
}

// Clear takes any message away.
func (t *Toasts) Clear() { t.now = Toast{} }

// Key takes a failure away: somebody saw it and did something.
func (t *Toasts) Key() {
	if t.now.Bad {
		t.now = Toast{}
	}
}
