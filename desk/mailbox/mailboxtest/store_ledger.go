package mailboxtest

import (
	"bytes"
	"errors"
	"io"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

func testPut(b *bench) {
	one, two := mail(inbox(1), "From: ana\r\n\r\nhello\r\n"), mail(inbox(2), "\x00\xff not a mail at all")
	two.Past, two.Received = true, time.Time{}
	b.must(b.Put(b.Context(), one, two))
	b.must(b.Put(b.Context()))
	b.again(func() {
		b.same("row", b.row(one.ID()), rowOf(one))
		b.same("row", b.row(two.ID()), rowOf(two))
		b.content(one.ID(), one.Bytes)
		b.content(two.ID(), two.Bytes)
	})
}

func testPutTwice(b *bench) {
	one := mail(inbox(1), "first")
	b.must(b.Put(b.Context(), one))
	b.must(b.Thread(b.Context(), mailbox.Threading{ID: one.ID(), Conversation: desk.NewID()}))
	before := b.row(one.ID())
	other := mail(inbox(1), "other words")
	b.must(b.Put(b.Context(), other, other))
	b.again(func() {
		b.same("row", b.row(one.ID()), before)
		b.content(one.ID(), one.Bytes)
	})
}

func testPartial(b *bench) {
	part, whole := mail(inbox(1), "begin"), mail(inbox(1), "beginning and end")
	part.Partial, part.Size = true, whole.Size
	b.must(b.Put(b.Context(), part))
	b.same("partial row", b.row(part.ID()), rowOf(part))
	conversation := desk.NewID()
	b.must(b.Thread(b.Context(), mailbox.Threading{ID: part.ID(), Conversation: conversation}))
	b.must(b.Put(b.Context(), part))
	b.content(part.ID(), part.Bytes)
	b.must(b.Put(b.Context(), whole))
	b.must(b.Put(b.Context(), part))
	want := rowOf(whole)
	want.Stage, want.Conversation = mailbox.Threaded, conversation
	b.again(func() {
		b.same("whole row", b.row(part.ID()), want)
		b.content(part.ID(), whole.Bytes)
	})
}

func testPartials(b *bench) {
	var all []mailbox.Arrival
	for uid := range uint32(6) {
		a := mail(inbox(6-uid), "begin")
		a.Partial = uid != 1
		all = append(all, a)
	}
	elsewhere := mail(moved(9), "begin")
	elsewhere.Partial = true
	b.must(b.Put(b.Context(), append(all, elsewhere)...))
	whole, threaded, dropped := mail(inbox(6), "whole"), inbox(2).ID(), inbox(1).ID()
	b.must(b.Put(b.Context(), whole))
	b.must(b.Vanish(b.Context(), "support", "INBOX", 7, []uint32{3}))
	b.must(b.Thread(b.Context(), mailbox.Threading{ID: threaded, Conversation: desk.NewID()}))
	b.must(b.Erase(b.Context(), dropped))
	b.must(b.Quarantine(b.Context(), mailbox.Problem{Place: inbox(90), Stage: "fetch", At: noon(0)}))
	want := []mailbox.Row{b.row(threaded), b.row(inbox(4).ID()), b.row(inbox(90).ID())}
	want[2].Why = ""
	b.again(func() {
		rows, err := b.Partials(b.Context(), "support", "INBOX", 7)
		b.must(err)
		for i := range rows {
			rows[i].Why = "" // a list need not say it
		}
		b.same("partial mails", rows, want)
		rows, err = b.Partials(b.Context(), "support", "Sent", 7)
		b.must(err)
		b.same("of another mailbox", len(rows), 0)
	})
}

// pattern is n bytes that do not repeat at any power of two.
func pattern(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(i % 251)
	}
	return p
}

func testSizes(b *bench) {
	var all []mailbox.Arrival
	for i, n := range []int{0, 1, 65535, 65536, 65537, 131072, 1 << 20, 1<<20 + 1, 3<<20 + 17} {
		a := mail(inbox(uint32(i+1)), "")
		a.Bytes, a.Size = pattern(n), int64(n)
		all = append(all, a)
	}
	b.must(b.Put(b.Context(), all...))
	b.again(func() {
		for _, a := range all {
			b.content(a.ID(), a.Bytes)
		}
	})
}

func testReadAt(b *bench) {
	a := mail(inbox(1), "")
	a.Bytes = pattern(2<<20 + 5)
	b.must(b.Put(b.Context(), a))
	r, size, err := b.Open(b.Context(), a.ID())
	b.must(err)
	defer func() { b.must(r.Close()) }()
	for _, at := range []int64{0, 1, 65535, 65536, 1<<20 - 1, 1 << 20, 2 << 20, size - 1} {
		buf := make([]byte, min(70000, size-at))
		n, err := r.ReadAt(buf, at)
		if n != len(buf) || err != nil && !errors.Is(err, io.EOF) || !bytes.Equal(buf, a.Bytes[at:at+int64(n)]) {
			b.Fatalf("at %d: %d bytes, %v", at, n, err)
		}
	}
	if n, err := r.ReadAt(make([]byte, 10), size-5); n != 5 || !errors.Is(err, io.EOF) {
		b.Errorf("across the end: %d bytes, %v", n, err)
	}
	if n, err := r.ReadAt(make([]byte, 1), size+5); n != 0 || !errors.Is(err, io.EOF) {
		b.Errorf("behind the end: %d bytes, %v", n, err)
	}
	if _, err := r.ReadAt(make([]byte, 1), -1); err == nil {
		b.Error("bytes before the beginning")
	}
	if at, err := r.Seek(-3, io.SeekEnd); at != size-3 || err != nil {
		b.Errorf("seek to %d, %v", at, err)
	}
	if rest, err := io.ReadAll(r); err != nil || !bytes.Equal(rest, a.Bytes[size-3:]) {
		b.Errorf("the end reads %q, %v", rest, err)
	}
	if _, err := r.Seek(-1, io.SeekStart); err == nil {
		b.Error("seek before the beginning")
	}
}

func testKnown(b *bench) {
	for _, uid := range []uint32{900, 3, 70, 1} {
		b.must(b.Put(b.Context(), mail(inbox(uid), "mail")))
	}
	for _, p := range []mailbox.Place{
		{Account: "support", Box: "INBOX", Validity: 8, UID: 2},
		{Account: "support", Box: "Sent", Validity: 7, UID: 4},
		{Account: "sales", Box: "INBOX", Validity: 7, UID: 5},
		{Account: "supportINBOX", Validity: 7, UID: 6},
	} {
		b.must(b.Put(b.Context(), mail(p, "elsewhere")))
	}
	b.must(b.Quarantine(b.Context(), mailbox.Problem{Place: inbox(4294967295), Stage: "fetch", At: noon(0)}))
	b.again(func() {
		uids, err := b.Known(b.Context(), "support", "INBOX", 7)
		b.must(err)
		b.same("UIDs", uids, []uint32{1, 3, 70, 900, 4294967295})
		uids, err = b.Known(b.Context(), "support", "INBOX", 9)
		b.must(err)
		b.same("UIDs of no mailbox", len(uids), 0)
	})
}

func testVanish(b *bench) {
	ids := b.put(3)
	b.must(b.Vanish(b.Context(), "support", "INBOX", 7, []uint32{1, 3, 99}))
	b.must(b.Vanish(b.Context(), "support", "INBOX", 7, nil))
	b.must(b.Vanish(b.Context(), "support", "INBOX", 8, []uint32{2}))
	b.must(b.Put(b.Context(), mail(inbox(3), "shown again")))
	b.again(func() {
		uids, err := b.Known(b.Context(), "support", "INBOX", 7)
		b.must(err)
		b.same("UIDs", uids, []uint32{2, 3})
		if !b.row(ids[0]).Vanished || b.row(ids[1]).Vanished || b.row(ids[2]).Vanished {
			b.Error("other rows have vanished")
		}
		b.content(ids[0], []byte("mail"))
	})
}

// moved is a place after UIDVALIDITY changed.
func moved(uid uint32) mailbox.Place {
	p := inbox(uid)
	p.Validity = 8
	return p
}

func testMap(b *bench) {
	ids := b.put(2)
	b.must(b.Vanish(b.Context(), "support", "INBOX", 7, []uint32{1}))
	b.must(b.Put(b.Context(), mail(moved(51), "new")))
	b.must(b.Map(b.Context(), mailbox.Move{From: inbox(1), To: moved(50)}))
	b.must(b.Map(b.Context(), mailbox.Move{From: inbox(1), To: moved(50)}))
	b.refused("a place that is taken", b.Map(b.Context(), mailbox.Move{From: inbox(2), To: moved(51)}), desk.Conflict)
	b.refused("one of two that is not", b.Map(b.Context(),
		mailbox.Move{From: inbox(2), To: moved(53)}, mailbox.Move{From: inbox(99), To: moved(52)}), desk.NotFound)
	b.refused("a row that is not", b.Map(b.Context(), mailbox.Move{From: inbox(99), To: moved(52)}), desk.NotFound)
	b.again(func() {
		r := b.row(ids[0])
		b.same("place", r.Place, moved(50))
		b.same("vanished", r.Vanished, false)
		b.content(ids[0], []byte("mail"))
		uids, err := b.Known(b.Context(), "support", "INBOX", 8)
		b.must(err)
		b.same("new UIDs", uids, []uint32{50, 51})
		uids, err = b.Known(b.Context(), "support", "INBOX", 7)
		b.must(err)
		b.same("old UIDs", uids, []uint32{2})
	})
}

func testMapBack(b *bench) {
	ids := b.put(1)
	b.must(b.Map(b.Context(), mailbox.Move{From: inbox(1), To: moved(1)}))
	b.must(b.Put(b.Context(), mail(inbox(1), "another mail")))
	b.again(func() {
		b.content(ids[0], []byte("mail"))
		heads, err := b.Heads(b.Context(), "support", "INBOX")
		b.must(err)
		b.same("rows", len(heads), 2)
		if heads[0].ID == heads[1].ID || heads[1].ID != ids[0] {
			b.Errorf("identifiers %s and %s", heads[0].ID, heads[1].ID)
		}
		b.content(heads[0].ID, []byte("another mail"))
	})
}

func testHeads(b *bench) {
	ids := b.put(3)
	b.must(b.Map(b.Context(), mailbox.Move{From: inbox(1), To: moved(1)}))
	conversation := desk.NewID()
	b.must(b.Thread(b.Context(), mailbox.Threading{ID: ids[1], Conversation: conversation, Identity: identity(2), MessageID: "two@example.com"}))
	b.must(b.Vanish(b.Context(), "support", "INBOX", 7, []uint32{3}))
	b.again(func() {
		heads, err := b.Heads(b.Context(), "support", "INBOX")
		b.must(err)
		want := []mailbox.Head{
			{Row: b.row(ids[1]), Identity: identity(2), MessageID: "two@example.com"},
			{Row: b.row(ids[2])},
			{Row: b.row(ids[0])},
		}
		b.same("heads", heads, want)
		heads, err = b.Heads(b.Context(), "support", "Sent")
		b.must(err)
		b.same("heads of no mailbox", len(heads), 0)
	})
}

func testCursor(b *bench) {
	c, err := b.Cursor(b.Context(), "support", "INBOX")
	b.must(err)
	b.same("no cursor", c, mailbox.Cursor{Account: "support", Box: "INBOX"})
	want := mailbox.Cursor{
		Account: "support", Box: "INBOX", Validity: 4294967295, Next: 12, ModSeq: 1<<63 - 1, FirstSync: noon(0), Done: true,
	}
	b.must(b.SetCursor(b.Context(), mailbox.Cursor{Account: "support", Box: "INBOX", Validity: 1}))
	b.must(b.SetCursor(b.Context(), mailbox.Cursor{Account: "support", Box: "Sent", Validity: 2}))
	b.must(b.SetCursor(b.Context(), want))
	b.again(func() {
		c, err := b.Cursor(b.Context(), "support", "INBOX")
		b.must(err)
		b.same("cursor", c, want)
		c, err = b.Cursor(b.Context(), "support", "Sent")
		b.must(err)
		b.same("cursor", c, mailbox.Cursor{Account: "support", Box: "Sent", Validity: 2})
	})
}

func testWaiting(b *bench) {
	ids := b.put(5)
	b.must(b.Thread(b.Context(), mailbox.Threading{ID: ids[3], Conversation: desk.NewID()}))
	b.must(b.Quarantine(b.Context(), mailbox.Problem{Place: inbox(2), Stage: "read", At: noon(0)}))
	b.again(func() {
		for most, want := range map[int][]desk.ID{0: nil, 1: {ids[4]}, 2: {ids[4], ids[2]}, 99: {ids[4], ids[2], ids[0]}} {
			rows, err := b.Waiting(b.Context(), most)
			b.must(err)
			var got []desk.ID
			for _, r := range rows {
				got = append(got, r.ID)
			}
			b.same("waiting", got, want)
		}
	})
}

func testErase(b *bench) {
	ids := b.put(2)
	t := mailbox.Threading{ID: ids[0], Conversation: desk.NewID(), Identity: identity(1), MessageID: "one@example.com"}
	b.must(b.Thread(b.Context(), t))
	b.must(b.Erase(b.Context(), ids[0]))
	b.must(b.Erase(b.Context(), ids[0]))
	b.must(b.Put(b.Context(), mail(inbox(1), "mail")))
	b.refused("threading an erased mail", b.Thread(b.Context(), t), desk.Conflict)
	b.again(func() {
		_, _, err := b.Open(b.Context(), ids[0])
		b.refused("opening an erased mail", err, desk.NotFound)
		b.same("row", b.row(ids[0]), mailbox.Row{Place: inbox(1), ID: ids[0], Stage: mailbox.Dropped})
		heads, err := b.Heads(b.Context(), "support", "INBOX")
		b.must(err)
		b.same("head", heads[0], mailbox.Head{Row: b.row(ids[0])})
		refs, err := b.Find(b.Context(), "one@example.com")
		b.must(err)
		b.same("references", len(refs), 0)
		_, ok, err := b.Same(b.Context(), identity(1))
		b.must(err)
		b.same("same", ok, false)
		uids, err := b.Known(b.Context(), "support", "INBOX", 7)
		b.must(err)
		b.same("UIDs", uids, []uint32{1, 2})
		b.content(ids[1], []byte("mail"))
	})
}
