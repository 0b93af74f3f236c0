package mailboxtest

import (
	"bytes"
	"sync"
	"sync/atomic"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

func letter(at time.Duration) mailbox.Letter {
	return mailbox.Letter{
		Item: desk.NewID(), Conversation: desk.NewID(), Account: "support", MessageID: "out@example.com",
		From: "support@example.com", To: []string{"ana@example.com", "ben@example.net"},
		Bytes: []byte("To: ana\r\n\r\nhello\r\n"), At: noon(at),
	}
}

func (b *bench) prepare(l mailbox.Letter) {
	b.Helper()
	b.must(b.Prepare(b.Context(), l))
}

func (b *bench) letter(item desk.ID) mailbox.Letter {
	b.Helper()
	l, err := b.Letter(b.Context(), item)
	b.must(err)
	return l
}

func (b *bench) bytes(item desk.ID, want []byte) {
	b.Helper()
	got, err := b.LetterBytes(b.Context(), item)
	b.must(err)
	if !bytes.Equal(got, want) {
		b.Fatalf("%d bytes of a letter are not the %d that were prepared", len(got), len(want))
	}
}

func testLetters(b *bench) {
	late, early := letter(time.Hour), letter(0)
	early.Bytes, early.From = pattern(2<<20+9), ""
	b.prepare(late)
	b.prepare(early)
	other := late
	other.Bytes, other.MessageID = []byte("other words"), "another@example.com"
	b.prepare(other)
	b.again(func() {
		all, err := b.Outbox(b.Context())
		b.must(err)
		want := []mailbox.Letter{early, late}
		for i := range want {
			want[i].Bytes, want[i].State = nil, mailbox.Ready
		}
		b.same("outbox", all, want)
		b.bytes(late.Item, late.Bytes)
		b.bytes(early.Item, early.Bytes)
	})
	nobody := letter(0)
	nobody.To = nil
	b.refused("a letter to nobody", b.Prepare(b.Context(), nobody), desk.Invalid)
}

func testMark(b *bench) {
	states := []mailbox.OutState{
		mailbox.Ready, mailbox.Sending, mailbox.Committing, mailbox.Sent, mailbox.Filing, mailbox.Filed,
		mailbox.Retry, mailbox.Parked, mailbox.Failed,
	}
	way := map[mailbox.OutState][]mailbox.OutState{
		mailbox.Ready: {}, mailbox.Sending: {mailbox.Sending}, mailbox.Retry: {mailbox.Retry}, mailbox.Failed: {mailbox.Failed},
		mailbox.Committing: {mailbox.Sending, mailbox.Committing},
		mailbox.Parked:     {mailbox.Sending, mailbox.Committing, mailbox.Parked},
		mailbox.Sent:       {mailbox.Sending, mailbox.Committing, mailbox.Sent},
		mailbox.Filing:     {mailbox.Sending, mailbox.Committing, mailbox.Sent, mailbox.Filing},
		mailbox.Filed:      {mailbox.Sending, mailbox.Committing, mailbox.Sent, mailbox.Filed},
	}
	for _, from := range states {
		for _, to := range append(states, "lost", "") {
			l := letter(0)
			b.prepare(l)
			for _, s := range way[from] {
				b.must(b.Mark(b.Context(), l.Item, s, mailbox.Outcome{}))
			}
			o := mailbox.Outcome{Tries: 3, Next: noon(time.Minute), Why: "try later", Done: []string{"ana@example.com"}}
			err := b.Mark(b.Context(), l.Item, to, o)
			if !from.May(to) {
				b.refused(string(from+" to "+to), err, desk.Conflict)
				b.same("state", b.letter(l.Item).State, from)
				continue
			}
			b.must(err)
			l.Bytes, l.State, l.Outcome = nil, to, o
			b.same("letter", b.letter(l.Item), l)
		}
	}
	b.again(func() {
		all, err := b.Outbox(b.Context())
		b.must(err)
		for _, l := range all {
			if l.State.Over() {
				b.Errorf("a letter that is %s waits", l.State)
			}
		}
	})
	l := letter(0)
	b.prepare(l)
	b.must(b.Mark(b.Context(), l.Item, mailbox.Retry, mailbox.Outcome{Tries: 2, Done: []string{"ana@example.com"}}))
	b.prepare(l)
	b.again(func() {
		b.same("state of a letter prepared twice", b.letter(l.Item).State, mailbox.Retry)
		b.bytes(l.Item, l.Bytes)
	})
}

// testCommitOnce has many senders of one letter: one of them may commit.
func testCommitOnce(b *bench) {
	l := letter(0)
	b.prepare(l)
	b.must(b.Mark(b.Context(), l.Item, mailbox.Sending, mailbox.Outcome{}))
	var won atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if b.Mark(b.Context(), l.Item, mailbox.Committing, mailbox.Outcome{}) == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	b.same("senders that may commit", won.Load(), int32(1))
}
