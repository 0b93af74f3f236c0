package notify

import (
	"errors"
	"fmt"
	"time"
)

// Every is how much time lies between two notifications at least.
const Every = 30 * time.Second

// Away gathers what happens while nobody looks. It is used by one goroutine.
type Away struct {
	away  bool
	since Counts // since the person left
	told  Counts // of that, what was notified
	last  time.Time
}

// Left says that nobody looks any more.
func (a *Away) Left() { *a = Away{away: true} }

// Back says that the person looks again, and returns what happened meanwhile.
func (a *Away) Back() Counts {
	all := a.since
	*a = Away{}
	return all
}

// Gone reports whether nobody looks.
func (a *Away) Gone() bool { return a.away }

// Add counts what happened; it counts for nothing while somebody looks.
func (a *Away) Add(c Counts) {
	if !a.away {
		return
	}
	for k := range c {
		a.since[k] += c[k]
	}
}

// Due returns what to notify of now, when there is something new and the last
// notification is long enough ago; and how long to wait before it is asked
// again, zero for not at all.
func (a *Away) Due(now time.Time) (words string, wait time.Duration) {
	if !a.away || a.since == a.told {
		return "", 0
	}
	if next := a.last.Add(Every); !a.last.IsZero() && now.Before(next) {
		return "", next.Sub(now)
	}
	a.last, a.told = now, a.since
	return "hark: " + a.since.String(), 0
}

// All tells in every way. What fails does not stop the others; the errors come
// back together.
func All(ways []Notifier, words string) error {
	var failed []error
	for _, w := range ways {
		if err := one(w, words); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

func one(w Notifier, words string) (err error) {
	name := "a notifier"
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("notify by %s: it broke down", name)
		}
	}()
	name = w.Name()
	if err := w.Notify(words); err != nil {
		return fmt.Errorf("notify by %s: %w", name, err)
	}
	return nil
}
