package desk

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// Strategy says who of several free agents is offered the next conversation.
type Strategy string

// The strategies.
const (
	LongestIdle Strategy = "longest-idle" // who was given none for the longest time
	LeastBusy   Strategy = "least-busy"   // who has the smallest share of their limit
)

// ParseStrategy reads a strategy's name.
func ParseStrategy(s string) (Strategy, error) {
	if st := Strategy(s); st == LongestIdle || st == LeastBusy {
		return st, nil
	}
	return "", Errorf(Invalid, "there is no strategy %q; the strategies are %s and %s", s, LongestIdle, LeastBusy)
}

// Queue is a line in which customers wait for some of the staff. The zero
// Queue is open to every agent at every hour and promises nothing.
type Queue struct {
	Name     string   // lower case, as in queue:billing
	Title    string   // what staff see; may be empty
	Members  []string // handles; empty: every agent who may reply
	Pages    []string // prefixes of a page's path; empty: the default queue
	Hours    Hours
	Strategy Strategy // "": the desk's

	FirstReply time.Duration // open time until the first answer; 0: no target
	NextReply  time.Duration // open time until each later one; 0: no target
	MailReply  time.Duration // open time until each answer by mail; 0: no target
	Warn       float64       // share of a target after which the clock warns; 0: never
}

// Has reports whether an account answers this queue's customers.
func (q *Queue) Has(a *Account) bool {
	return a.May(ActReply) && (len(q.Members) == 0 || slices.Contains(q.Members, a.Name))
}

// Routing says how waiting conversations find an agent.
type Routing struct {
	Queues       []Queue
	Offers       bool            // false: nobody is offered anything; people take what they like
	AcceptWithin time.Duration   // an offer's life
	Grace        time.Duration   // how long a session may be gone before its chats are given on
	Strategy     Strategy        // of queues that name none
	Capacity     map[Channel]int // conversations at once that a person can be offered; 0 or missing: none
	WrapUp       time.Duration   // quiet after a conversation's end before the next offer
}

// DefaultRouting is what a desk without any settings does: one queue, always
// open, offers of 30 s, a grace of 60 s and five chats a person. Mails are taken by
// who likes: nobody is asked at once.
func DefaultRouting() Routing {
	return Routing{
		Offers: true, AcceptWithin: 30 * time.Second, Grace: time.Minute, Strategy: LongestIdle,
		Capacity: map[Channel]int{Chat: 5, Voice: 1},
	}
}

// Queue returns the queue with the name, and the default queue for "" and for
// a queue that is no longer there, so that nobody waits in a line without staff.
func (r *Routing) Queue(name string) *Queue {
	for i := range r.Queues {
		if name != "" && r.Queues[i].Name == name {
			return &r.Queues[i]
		}
	}
	return r.fallback()
}

// fallback returns the default queue: the first without pages, or a nameless
// one that is always open to everybody.
func (r *Routing) fallback() *Queue {
	for i := range r.Queues {
		if len(r.Queues[i].Pages) == 0 {
			return &r.Queues[i]
		}
	}
	return &Queue{}
}

// For returns the queue of who writes from a page: the one with the longest
// prefix of the page's path, else the default queue. Prefixes match whole
// parts of a path: /billing holds /billing and /billing/old, not /billings.
func (r *Routing) For(page string) *Queue {
	path := page
	if u, err := url.Parse(page); err == nil {
		path = u.Path
	}
	best, length := r.fallback(), 0
	for i := range r.Queues {
		for _, prefix := range r.Queues[i].Pages {
			if len(prefix) > length && under(path, prefix) {
				best, length = &r.Queues[i], len(prefix)
			}
		}
	}
	return best
}

func under(path, prefix string) bool {
	rest, ok := strings.CutPrefix(path, prefix)
	return ok && (rest == "" || strings.HasSuffix(prefix, "/") || rest[0] == '/')
}

// ClockState says how a promise of an answer stands.
type ClockState string

// The states of a clock; "" is well, or no clock at all.
const (
	ClockWarn   ClockState = "warn"   // the answer is due soon
	ClockBreach ClockState = "breach" // it was due already
)

// Clock is how long there is to answer a customer who waits. The zero Clock
// does not run: nothing is owed, or nothing is promised.
type Clock struct {
	Due   time.Time  `json:"due,omitzero"`  // when the answer must be there
	Warn  time.Time  `json:"warn,omitzero"` // when it begins to be urgent
	State ClockState `json:"state,omitempty"`
}

// Runs reports whether an answer is due at some time.
func (c Clock) Runs() bool { return !c.Due.IsZero() }

// Clock returns how the queue's promise stands at now to a customer who has
// waited since (zero: who does not wait) and was or was not answered before.
// Closed hours do not count.
func (q *Queue) Clock(since time.Time, answered bool, now time.Time) Clock {
	target := q.FirstReply
	if answered {
		target = q.NextReply
	}
	return q.clock(target, since, now)
}

// ClockOf returns how the queue's promise stands to a conversation's customer.
// Mail has a promise of its own.
func (q *Queue) ClockOf(c *Conversation, now time.Time) Clock {
	if c.LastChannel() == Email {
		return q.clock(q.MailReply, c.Since, now)
	}
	return q.Clock(c.Since, c.Answered, now)
}

func (q *Queue) clock(target time.Duration, since, now time.Time) Clock {
	if since.IsZero() || target <= 0 {
		return Clock{}
	}
	c := Clock{Due: q.Hours.Add(since, target)}
	if q.Warn > 0 && q.Warn < 1 {
		c.Warn = q.Hours.Add(since, time.Duration(float64(target)*q.Warn))
	}
	switch {
	case c.Due.IsZero():
	case !now.Before(c.Due):
		c.State = ClockBreach
	case !c.Warn.IsZero() && !now.Before(c.Warn):
		c.State = ClockWarn
	}
	return c
}
