package mailsync

import (
	"context"
	"log/slog"
	"time"

	"hark/channels/email/imap"
	"hark/desk/mailbox"
)

// Store is what the engine keeps mail in.
type Store interface {
	mailbox.Ledger
	mailbox.Wards
}

// SentNever as Options.Sent files no mail.
const SentNever = "never"

// Options are what an Engine is made of.
type Options struct {
	Account string   // its name in the configuration and in the ledger
	Boxes   []string // the mailboxes to follow; none: INBOX
	// Sent is the mailbox for copies of what was sent; empty: the one that the
	// server names; SentNever: none.
	Sent string
	// Dial makes one more connection that is signed in.
	Dial func(context.Context) (imap.Box, error)
	// Secret returns the password or the token, as in imap.Options. While the
	// server refuses it, it is asked every minute, and another one is tried at
	// once. It may be nil: then only Poke tries again.
	Secret func(context.Context) (string, error)
	Store  Store
	// History: a mail of the first sync that the server got longer than this
	// before it counts as past. 0: none does.
	History time.Duration
	// Notify is called after new rows in stage Raw are in the ledger. It must
	// not block. It may be nil.
	Notify func()
	// Report is called with every change of the status, and at most a few times
	// a second for progress. It must not block. It may be nil.
	Report func(Status)
	// Flags is told what the server says of flags: all of a mailbox at first,
	// then the changes. Nothing may rest on them. Nil: they are not read.
	Flags  func(box string, validity uint32, flags []imap.Flags)
	Limits Limits
	Log    *slog.Logger // never sees subjects, names, addresses or words; nil: nothing is logged
}

// Limits bound the engine. A zero field means the default its comment names.
type Limits struct {
	// Window is the most mails fetched by one command, 500, and WindowBytes how
	// many bytes they may have together, 8 MiB: they are in memory at once, and
	// more are not faster. Windows start small and grow with the speed of the
	// line, so that news is looked for every second.
	Window      int
	WindowBytes int64
	// Large mails have a connection of their own. 4 MiB.
	Large int64
	// Size is the size up to which a mail is fetched whole at once, 25 MiB; of
	// a larger one its header and the first Start bytes, 256 KiB, come first,
	// the rest afterwards unless it is larger than Hard, 64 MiB.
	Size, Start, Hard int64

	// Answer bounds how long a short command may take, 30 s; List one that
	// lists a whole mailbox, 2 min; Stall how long nothing may come while mails
	// are fetched, 45 s.
	Answer, List, Stall time.Duration
	// Beat is how often the server is asked for news and signs of life whatever
	// IDLE says. 25 s: with Answer, a server that fell silent is noticed within
	// a minute.
	Beat time.Duration
	// Idle is how long one IDLE lasts. 9 min: some servers end it after 10.
	Idle time.Duration
	// Reconcile is how often the whole mailbox is compared. 15 min. Settle is
	// how soon that happens after a change was seen. 10 s.
	Reconcile, Settle time.Duration
	// Retry and RetryMost bound the pause before connecting again, 1 s and
	// 5 min; ThrottleLeast and ThrottleMost the one after the server asked to be
	// left alone, 5 and 30 min.
	Retry, RetryMost            time.Duration
	ThrottleLeast, ThrottleMost time.Duration
	// Attempts is how often a mail is fetched alone before it is quarantined. 3.
	Attempts int
	// Mirror is how long changes of flags are collected before they are
	// written. 3 s.
	Mirror time.Duration
}

func (l Limits) withDefaults() Limits {
	fill(&l.Window, 500)
	fill(&l.WindowBytes, 8<<20)
	fill(&l.Large, 4<<20)
	fill(&l.Size, 25<<20)
	fill(&l.Start, 256<<10)
	fill(&l.Hard, 64<<20)
	fill(&l.Answer, 30*time.Second)
	fill(&l.List, 2*time.Minute)
	fill(&l.Stall, 45*time.Second)
	fill(&l.Beat, 25*time.Second)
	fill(&l.Idle, 9*time.Minute)
	fill(&l.Reconcile, 15*time.Minute)
	fill(&l.Settle, 10*time.Second)
	fill(&l.Retry, time.Second)
	fill(&l.RetryMost, 5*time.Minute)
	fill(&l.ThrottleLeast, 5*time.Minute)
	fill(&l.ThrottleMost, 30*time.Minute)
	fill(&l.Attempts, 3)
	fill(&l.Mirror, 3*time.Second)
	return l
}

// fill gives a limit that was left at zero its default.
func fill[T int | int64 | time.Duration](to *T, value T) {
	if *to == 0 {
		*to = value
	}
}
