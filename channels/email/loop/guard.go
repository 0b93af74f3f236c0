package loop

import (
	"context"
	"sync"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

// Limits of automatic answers.
const (
	answersAnAddress = 1 // in a day
	answersAMatter   = 3 // in a conversation, ever
	answersAtAll     = 100
	allWindow        = 10 * time.Minute
	addressWindow    = 24 * time.Hour
	matterWindow     = 5 * 365 * 24 * time.Hour
	// More mail than this from one address in burstWindow is a machine's.
	burst       = 20
	burstWindow = 10 * time.Minute
)

// Verdict says whether a mail may be answered automatically.
type Verdict struct {
	May bool
	Why string // why not, in words
	// Banner says that people should be told: something goes round in circles.
	Banner bool
}

// Guard counts mail and automatic answers. It is safe for concurrent use.
type Guard struct {
	counts mailbox.Counts
	mu     sync.Mutex // between the look at a count and the count
}

// NewGuard returns a guard over counts that outlive a restart.
func NewGuard(counts mailbox.Counts) *Guard { return &Guard{counts: counts} }

// Came counts a mail from an address and reports whether it is one too many.
func (g *Guard) Came(ctx context.Context, from string, at time.Time) (Verdict, error) {
	n, err := g.counts.Tick(ctx, "mail from "+from, at, burstWindow)
	if err != nil || n <= burst {
		return Verdict{May: err == nil}, err
	}
	return flood, nil
}

var (
	flood   = Verdict{Why: "more than 20 mails came from that address within 10 minutes: it may be a machine", Banner: true}
	tooMany = Verdict{Why: "100 automatic answers went out within 10 minutes: no more of them are sent for now", Banner: true}
	daily   = Verdict{Why: "the address has had an automatic answer within 24 hours"}
	matter  = Verdict{Why: "three automatic answers have gone out in this conversation"}
)

// Answer asks for leave to answer a mail automatically, and counts the answer
// when it is given: ask only when one will be sent.
func (g *Guard) Answer(ctx context.Context, c Class, to string, conversation desk.ID, at time.Time) (Verdict, error) {
	if c.Automatic() {
		return Verdict{Why: c.Why}, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	limits := []struct {
		key    string
		window time.Duration
		most   int
		no     Verdict
		ours   bool // counts answers
	}{
		{"mail from " + to, burstWindow, burst, flood, false},
		{"answers", allWindow, answersAtAll - 1, tooMany, true},
		{"answer to " + to, addressWindow, answersAnAddress - 1, daily, true},
		{"answer in " + conversation.String(), matterWindow, answersAMatter - 1, matter, true},
	}
	for _, l := range limits {
		if n, err := g.counts.Ticks(ctx, l.key, at, l.window); err != nil || n > l.most {
			return l.no, err
		}
	}
	for _, l := range limits {
		if !l.ours {
			continue
		}
		if _, err := g.counts.Tick(ctx, l.key, at, l.window); err != nil {
			return Verdict{}, err
		}
	}
	return Verdict{May: true}, nil
}
