package mailboxtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

func testTicks(b *bench) {
	for i, want := range []int{1, 2, 3} {
		n, err := b.Tick(b.Context(), "auto ana@example.com", noon(time.Duration(i)*time.Hour), 24*time.Hour)
		b.must(err)
		b.same("tick", n, want)
	}
	n, err := b.Tick(b.Context(), "auto ana@example.com", noon(25*time.Hour), 24*time.Hour)
	b.must(err)
	b.same("tick when two are over", n, 2)
	b.again(func() {
		for at, want := range map[time.Duration]int{25 * time.Hour: 2, 26 * time.Hour: 1, 48 * time.Hour: 1, 49 * time.Hour: 0} {
			n, err := b.Ticks(b.Context(), "auto ana@example.com", noon(at), 24*time.Hour)
			b.must(err)
			b.same("ticks at "+at.String(), n, want)
		}
		n, err := b.Ticks(b.Context(), "auto ben@example.com", noon(0), 24*time.Hour)
		b.must(err)
		b.same("ticks of nobody", n, 0)
	})
	for i := range 3 {
		n, err := b.Tick(b.Context(), "at once", noon(0), time.Minute)
		b.must(err)
		b.same("tick at one moment", n, i+1)
	}
}

func testCounters(b *bench) {
	ids := b.put(6)
	c := desk.NewID()
	b.must(b.Thread(b.Context(),
		mailbox.Threading{ID: ids[0], Conversation: c}, mailbox.Threading{ID: ids[1], Conversation: c},
		mailbox.Threading{ID: ids[2], Conversation: c, CopyOf: ids[0]}))
	b.must(b.Quarantine(b.Context(), problem(inbox(4), "read")))
	b.must(b.Quarantine(b.Context(), problem(inbox(77), "fetch")))
	b.must(b.Erase(b.Context(), ids[4]))
	b.must(b.Vanish(b.Context(), "support", "INBOX", 7, []uint32{1}))
	b.must(b.Put(b.Context(), mail(mailbox.Place{Account: "sales", Box: "INBOX", UID: 1}, "mail")))
	b.again(func() {
		got, err := b.Counters(b.Context(), "support")
		b.must(err)
		b.same("counters", got, mailbox.Counters{Fetched: 7, Threaded: 2, Copies: 1, Waiting: 1, Quarantined: 2, Dropped: 1})
		got, err = b.Counters(b.Context(), "sales")
		b.must(err)
		b.same("counters", got, mailbox.Counters{Fetched: 1, Waiting: 1})
		got, err = b.Counters(b.Context(), "nobody")
		b.must(err)
		b.same("counters", got, mailbox.Counters{})
	})
}

func testContext(b *bench) {
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	_, attempted := b.Attempt(ctx, inbox(1), "fetch", "")
	_, known := b.Known(ctx, "support", "INBOX", 7)
	_, _, opened := b.Open(ctx, desk.NewID())
	_, found := b.Find(ctx, "one@example.com")
	_, ticked := b.Tick(ctx, "key", noon(0), time.Hour)
	for what, err := range map[string]error{
		"put": b.Put(ctx, mail(inbox(1), "mail")), "attempt": attempted, "known": known, "open": opened, "find": found, "tick": ticked,
		"prepare": b.Prepare(ctx, letter(0)), "thread": b.Thread(ctx), "cursor": b.SetCursor(ctx, mailbox.Cursor{}),
	} {
		if !errors.Is(err, context.Canceled) {
			b.Errorf("%s in an ended context gives %v", what, err)
		}
	}
	uids, err := b.Known(b.Context(), "support", "INBOX", 7)
	b.must(err)
	b.same("UIDs", len(uids), 0)
}

func testNotFound(b *bench) {
	id := desk.NewID()
	_, row := b.Row(b.Context(), id)
	_, _, opened := b.Open(b.Context(), id)
	_, bytes := b.LetterBytes(b.Context(), id)
	_, letter := b.Letter(b.Context(), id)
	for what, err := range map[string]error{
		"row": row, "open": opened, "letter": letter, "letter bytes": bytes,
		"erase": b.Erase(b.Context(), id), "release": b.Release(b.Context(), id), "drop": b.Drop(b.Context(), id),
		"mark": b.Mark(b.Context(), id, mailbox.Sending, mailbox.Outcome{}),
	} {
		b.refused(what, err, desk.NotFound)
	}
}

// testConcurrent has writers and readers at once.
func testConcurrent(b *bench) {
	var all sync.WaitGroup
	errs := make(chan error, 64)
	for w := range uint32(8) {
		all.Go(func() {
			for i := range uint32(20) {
				a := mail(inbox(w*100+i+1), fmt.Sprintf("mail %d of writer %d", i, w))
				err := errors.Join(b.Put(b.Context(), a), b.Thread(b.Context(), mailbox.Threading{ID: a.ID(), Conversation: desk.NewID()}))
				r, _, oerr := b.Open(b.Context(), a.ID())
				if err = errors.Join(err, oerr); err != nil {
					errs <- err
					return
				}
				_, err = b.Waiting(b.Context(), 10)
				if err = errors.Join(err, r.Close()); err != nil {
					errs <- err
				}
			}
		})
	}
	all.Wait()
	close(errs)
	for err := range errs {
		b.Error(err)
	}
	uids, err := b.Known(b.Context(), "support", "INBOX", 7)
	b.must(err)
	b.same("mails", len(uids), 160)
}
