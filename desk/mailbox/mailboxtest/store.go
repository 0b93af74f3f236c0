package mailboxtest

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

// Store makes an empty place for a store and returns what opens it. Opening it
// again closes the store that was opened before and shows what it kept.
type Store func(t *testing.T) (open func() mailbox.Store)

// TestStore tests that a store keeps what mailbox.Store promises.
func TestStore(t *testing.T, store Store) {
	for _, c := range []struct {
		name string
		test func(*bench)
	}{
		{"keeps mails as they came", testPut},
		{"keeps a mail once", testPutTwice},
		{"completes a partial mail", testPartial},
		{"lists partial mails", testPartials},
		{"keeps mails of any size", testSizes},
		{"reads at any place", testReadAt},
		{"knows the UIDs of a mailbox", testKnown},
		{"notes what vanished", testVanish},
		{"moves a row to another place", testMap},
		{"gives a place used again another identifier", testMapBack},
		{"lists heads", testHeads},
		{"keeps cursors", testCursor},
		{"hands out the newest first", testWaiting},
		{"erases a mail", testErase},
		{"counts attempts", testAttempts},
		{"quarantines what cannot be fetched", testQuarantineFetch},
		{"quarantines what cannot be read", testQuarantineRead},
		{"drops a quarantined mail", testDrop},
		{"threads", testThread},
		{"threads all or none", testThreadAtomic},
		{"knows ghosts", testGhosts},
		{"knows reused Message-IDs", testReused},
		{"knows aliases", testAlias},
		{"knows copies", testCopies},
		{"remembers the buried", testBury},
		{"keeps letters", testLetters},
		{"takes only steps that may follow", testMark},
		{"sends a letter once", testCommitOnce},
		{"counts within a window", testTicks},
		{"counts mails", testCounters},
		{"obeys an ended context", testContext},
		{"names what is not there", testNotFound},
		{"serves many at once", testConcurrent},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &bench{T: t, open: store(t)}
			b.Store = b.open()
			c.test(b)
		})
	}
}

// bench is a store under test.
type bench struct {
	*testing.T
	mailbox.Store
	open func() mailbox.Store
}

// again runs a test now and once more after the store was opened again.
func (b *bench) again(test func()) {
	b.Helper()
	test()
	b.Store = b.open()
	test()
}

// must fails the test on an error.
func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// refused fails the test unless the error has the code.
func (b *bench) refused(what string, err error, code desk.Code) {
	b.Helper()
	if desk.CodeOf(err) != code {
		b.Fatalf("%s gives %v, not an error of code %s", what, err, code)
	}
}

// same fails the test when the two differ.
func (b *bench) same(what string, got, want any) {
	b.Helper()
	if !reflect.DeepEqual(got, want) {
		b.Fatalf("%s: got\n%+v, want\n%+v", what, got, want)
	}
}

// noon is a moment of which stores keep every part they must.
func noon(add time.Duration) time.Time {
	return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC).Add(add)
}

// inbox is a place in the mailbox most tests use.
func inbox(uid uint32) mailbox.Place {
	return mailbox.Place{Account: "support", Box: "INBOX", Validity: 7, UID: uid}
}

// mail is an arrival at a place, with bytes that tell it from others.
func mail(p mailbox.Place, text string) mailbox.Arrival {
	return mailbox.Arrival{Place: p, Received: noon(time.Duration(p.UID) * time.Minute), Size: int64(len(text)), Bytes: []byte(text)}
}

// rowOf is the row that an arrival becomes.
func rowOf(a mailbox.Arrival) mailbox.Row {
	return mailbox.Row{
		Place: a.Place, ID: a.ID(), Stage: mailbox.Raw, Received: a.Received, Size: a.Size, Partial: a.Partial, Past: a.Past,
	}
}

func (b *bench) row(id desk.ID) mailbox.Row {
	b.Helper()
	r, err := b.Row(b.Context(), id)
	b.must(err)
	return r
}

// content fails the test unless the kept bytes of a mail are these.
func (b *bench) content(id desk.ID, want []byte) {
	b.Helper()
	r, size, err := b.Open(b.Context(), id)
	b.must(err)
	defer func() { b.must(r.Close()) }()
	var got bytes.Buffer
	_, err = got.ReadFrom(r)
	b.must(err)
	if size != int64(len(want)) || !bytes.Equal(got.Bytes(), want) {
		b.Fatalf("%d bytes, said to be %d, are not the %d that were put", got.Len(), size, len(want))
	}
}

// put puts mails "mail 1", "mail 2" … and returns the identifiers.
func (b *bench) put(n uint32) (ids []desk.ID) {
	b.Helper()
	for uid := range n {
		a := mail(inbox(uid+1), "mail")
		b.must(b.Put(b.Context(), a))
		ids = append(ids, a.ID())
	}
	return ids
}

// identity is the identity of a content.
func identity(n byte) (id [32]byte) {
	id[0], id[31] = n, n
	return id
}
