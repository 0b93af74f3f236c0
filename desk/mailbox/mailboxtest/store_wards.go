package mailboxtest

import (
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

func (b *bench) attempt(p mailbox.Place, stage string, want int) {
	b.Helper()
	n, err := b.Attempt(b.Context(), p, stage, "the server hung up")
	b.must(err)
	b.same("attempts", n, want)
}

func testAttempts(b *bench) {
	b.attempt(inbox(1), "fetch", 1)
	b.attempt(inbox(1), "fetch", 2)
	b.attempt(inbox(1), "single", 1)
	b.attempt(inbox(2), "fetch", 1)
	b.Store = b.open()
	b.attempt(inbox(1), "fetch", 3)
	a := mail(inbox(1), "mail")
	b.must(b.Put(b.Context(), a))
	b.attempt(inbox(1), "fetch", 1)
	b.attempt(inbox(1), "read", 1)
	b.must(b.Thread(b.Context(), mailbox.Threading{ID: a.ID(), Conversation: desk.NewID()}))
	b.attempt(inbox(1), "read", 1)
	b.attempt(inbox(2), "fetch", 2)
}

func problem(p mailbox.Place, stage string) mailbox.Problem {
	return mailbox.Problem{Place: p, Stage: stage, Why: "the server sends no bytes", At: noon(time.Duration(p.UID) * time.Second), Attempts: 5}
}

func testQuarantineFetch(b *bench) {
	p, beginning := problem(inbox(1), "fetch"), problem(inbox(2), "fetch")
	beginning.Raw = []byte("From: ana\r\n")
	b.attempt(inbox(1), "fetch", 1)
	b.must(b.Quarantine(b.Context(), beginning))
	b.must(b.Quarantine(b.Context(), p))
	p.ID, beginning.ID, beginning.Raw = inbox(1).ID(), inbox(2).ID(), nil
	b.again(func() {
		all, err := b.Problems(b.Context())
		b.must(err)
		b.same("problems", all, []mailbox.Problem{p, beginning})
		r := b.row(p.ID)
		b.same("stage", r.Stage, mailbox.Quarantined)
		b.same("why", r.Why, p.Why)
		_, _, err = b.Open(b.Context(), p.ID)
		b.refused("opening what was never fetched", err, desk.NotFound)
		b.content(beginning.ID, []byte("From: ana\r\n"))
	})
	b.must(b.Release(b.Context(), p.ID))
	_, err := b.Row(b.Context(), p.ID)
	b.refused("the row of a mail to be fetched", err, desk.NotFound)
	b.attempt(inbox(1), "fetch", 1)
	whole := mail(inbox(2), "From: ana\r\n\r\nhello")
	b.must(b.Put(b.Context(), mail(inbox(1), "here it is"), whole))
	b.again(func() {
		b.content(p.ID, []byte("here it is"))
		b.same("row", b.row(whole.ID()), rowOf(whole))
		b.content(whole.ID(), whole.Bytes)
		all, err := b.Problems(b.Context())
		b.must(err)
		b.same("problems", len(all), 0)
	})
}

func testQuarantineRead(b *bench) {
	ids := b.put(1)
	p := problem(inbox(1), "read")
	p.Raw = []byte("the row has all of it")
	b.must(b.Quarantine(b.Context(), p))
	p.Attempts = 6
	b.must(b.Quarantine(b.Context(), p))
	p.ID, p.Raw = ids[0], nil
	b.again(func() {
		all, err := b.Problems(b.Context())
		b.must(err)
		b.same("problems", all, []mailbox.Problem{p})
		b.content(ids[0], []byte("mail"))
	})
	b.must(b.Release(b.Context(), ids[0]))
	b.again(func() {
		b.same("row", b.row(ids[0]), rowOf(mail(inbox(1), "mail")))
		b.refused("releasing what is free", b.Release(b.Context(), ids[0]), desk.Conflict)
		b.refused("dropping what is free", b.Drop(b.Context(), ids[0]), desk.Conflict)
	})
	b.must(b.Quarantine(b.Context(), p))
	b.must(b.Thread(b.Context(), mailbox.Threading{ID: ids[0], Conversation: desk.NewID()}))
	all, err := b.Problems(b.Context())
	b.must(err)
	b.same("problems", len(all), 0)
}

func testDrop(b *bench) {
	ids := b.put(1)
	b.must(b.Quarantine(b.Context(), problem(inbox(1), "read")))
	b.must(b.Drop(b.Context(), ids[0]))
	b.must(b.Put(b.Context(), mail(inbox(1), "mail")))
	b.refused("a dropped mail's quarantine", b.Quarantine(b.Context(), problem(inbox(1), "read")), desk.Conflict)
	b.again(func() {
		b.same("stage", b.row(ids[0]).Stage, mailbox.Dropped)
		_, _, err := b.Open(b.Context(), ids[0])
		b.refused("opening a dropped mail", err, desk.NotFound)
		uids, err := b.Known(b.Context(), "support", "INBOX", 7)
		b.must(err)
		b.same("UIDs", uids, []uint32{1})
		all, err := b.Problems(b.Context())
		b.must(err)
		b.same("problems", len(all), 0)
	})
}
