package desktest

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"hark/desk"
)

// Store makes an empty place for a journal and returns what opens it. Opening
// it again closes the journal that was opened before and shows what it kept.
type Store func(t *testing.T) (open func() desk.Journal)

// TestJournal tests that a journal keeps what desk.Journal promises. Every
// engine runs it.
func TestJournal(t *testing.T, store Store) {
	for _, c := range []struct {
		name string
		test func(*bench)
	}{
		{"numbers events in order", testNumbers},
		{"reads in pages", testPages},
		{"reads back every kind", testKinds},
		{"carries unknown kinds", testUnknown},
		{"keeps text as it is told", testText},
		{"masks", testMask},
		{"keeps large events", testLarge},
		{"refuses a stream that moved on", testExpect},
		{"adds all or none", testAtomic},
		{"knows duplicates", testDuplicates},
		{"follows without a gap", testFollow},
		{"follows before the answer", testFollowFirst},
		{"follows from anywhere while others append", testFollowConcurrent},
		{"takes many writers", testWriters},
		{"has one winner", testRace},
		{"adds one of two alike", testDuplicateRace},
		{"obeys an ended context", testContext},
		{"keeps everything when opened again", testReopen},
		{"never turns the time back", testTime},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &bench{T: t, open: store(t)}
			b.Journal = b.open()
			c.test(b)
		})
	}
}

// bench is a journal under test.
type bench struct {
	*testing.T
	desk.Journal
	open func() desk.Journal
}

func (b *bench) reopen() { b.Journal = b.open() }

// stream returns a fresh stream of a conversation.
func stream() desk.Stream {
	return desk.Stream{Type: desk.ConversationStream, ID: desk.NewID()}
}

// says is an entry with a message.
func says(s desk.Stream, text string) desk.Entry {
	return entry(s, desk.Message{Direction: desk.In, Channel: desk.Chat, Text: text})
}

func entry(s desk.Stream, body desk.Body) desk.Entry {
	return desk.Entry{
		ID: desk.NewID(), Stream: s, Class: desk.ClassTranscript, Expect: desk.AnyN,
		Actor: desk.Actor{Kind: desk.ActorContact, ID: desk.NewID()}, Body: body,
	}
}

// must appends and fails the test when that does not work.
func (b *bench) must(entries ...desk.Entry) []desk.Event {
	b.Helper()
	events, err := b.Append(b.Context(), entries...)
	if err != nil {
		b.Fatalf("append: %v", err)
	}
	if len(events) != len(entries) {
		b.Fatalf("append of %d entries returned %d events", len(entries), len(events))
	}
	return events
}

// all reads the whole journal.
func (b *bench) all() []desk.Event {
	b.Helper()
	return b.from(1)
}

func (b *bench) from(seq uint64) (all []desk.Event) {
	b.Helper()
	for {
		page, err := b.Read(b.Context(), seq, 100)
		if err != nil {
			b.Fatalf("read from %d: %v", seq, err)
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		seq = page[len(page)-1].Seq + 1
	}
}

// inStream reads a whole stream.
func (b *bench) inStream(s desk.Stream) (all []desk.Event) {
	b.Helper()
	for {
		page, err := b.ReadStream(b.Context(), s.ID, uint64(len(all))+1, 100)
		if err != nil {
			b.Fatalf("read stream from %d: %v", len(all)+1, err)
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}

// same fails the test when the events differ.
func (b *bench) same(what string, got, want []desk.Event) {
	b.Helper()
	if len(got) != len(want) {
		b.Fatalf("%s: %d events instead of %d", what, len(got), len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			b.Fatalf("%s: event %d is\n%+v instead of\n%+v", what, i, got[i], want[i])
		}
	}
}

// refused appends and fails the test unless the answer is the given error and
// nothing was added.
func (b *bench) refused(want error, entries ...desk.Entry) {
	b.Helper()
	if err := b.refusal(want, entries...); !errors.Is(err, want) {
		b.Fatalf("append gives %v, not %v", err, want)
	}
}

// refusal is refused, and returns the error.
func (b *bench) refusal(want error, entries ...desk.Entry) error {
	b.Helper()
	head := b.Head()
	events, err := b.Append(b.Context(), entries...)
	if !errors.Is(err, want) || events != nil {
		b.Fatalf("append gives %d events and %v, not %v", len(events), err, want)
	}
	if b.Head() != head || len(b.from(head+1)) != 0 {
		b.Fatalf("a refused append moved the head from %d to %d", head, b.Head())
	}
	return err
}

func testNumbers(b *bench) {
	if b.Head() != 0 || len(b.all()) != 0 {
		b.Fatalf("an empty journal has head %d and %d events", b.Head(), len(b.all()))
	}
	s1, s2 := stream(), stream()
	before := time.Now().UTC().Truncate(time.Millisecond)
	want := b.must(says(s1, "one"))
	want = append(want, b.must(says(s2, "two"), says(s1, "three"), says(s2, "four"))...)
	want = append(want, b.must(says(s1, "five"))...)
	for i, n := range []uint64{1, 1, 2, 2, 3} {
		e := want[i]
		if e.Seq != uint64(i)+1 || e.N != n {
			b.Errorf("event %d has seq %d and n %d, not %d and %d", i, e.Seq, e.N, i+1, n)
		}
		if e.At.Before(before) || e.At.Location() != time.UTC || e.At.Nanosecond()%1e6 != 0 {
			b.Errorf("event %d is of %v: not UTC milliseconds since %v", i, e.At, before)
		}
	}
	if b.Head() != 5 {
		b.Errorf("head is %d, not 5", b.Head())
	}
	b.same("journal", b.all(), want)
	b.same("first stream", b.inStream(s1), []desk.Event{want[0], want[2], want[4]})
	b.same("second stream", b.inStream(s2), []desk.Event{want[1], want[3]})
	if events, err := b.Append(b.Context()); err != nil || len(events) != 0 || b.Head() != 5 {
		b.Errorf("appending nothing gives %v, %v and head %d", events, err, b.Head())
	}
}

func testPages(b *bench) {
	s, other := stream(), stream()
	var all, mine []desk.Event
	for i := range 300 {
		events := b.must(says(s, fmt.Sprint(i)), says(other, "x"), says(s, "y"))
		all = append(all, events...)
		mine = append(mine, events[0], events[2])
	}
	for _, c := range []struct{ from, limit int }{{0, 1}, {1, 900}, {1, 2000}, {2, 7}, {450, 450}, {899, 2}, {900, 5}, {901, 5}, {5000, 1}, {1, 0}} {
		got, err := b.Read(b.Context(), uint64(c.from), c.limit)
		if err != nil {
			b.Fatal(err)
		}
		b.same(fmt.Sprintf("read %d from %d", c.limit, c.from), got, window(all, c.from, c.limit))
		got, err = b.ReadStream(b.Context(), s.ID, uint64(c.from), c.limit)
		if err != nil {
			b.Fatal(err)
		}
		b.same(fmt.Sprintf("read stream %d from %d", c.limit, c.from), got, window(mine, c.from, c.limit))
	}
	if got, err := b.ReadStream(b.Context(), desk.NewID(), 1, 10); err != nil || len(got) != 0 {
		b.Errorf("a stream that is not there gives %d events and %v", len(got), err)
	}
}

func window(all []desk.Event, from, limit int) []desk.Event {
	i := min(max(from, 1)-1, len(all))
	return all[i:min(i+limit, len(all))]
}

func testKinds(b *bench) {
	id := desk.NewID()
	var want []desk.Event
	for _, body := range []desk.Body{
		desk.ConversationOpened{Contact: id, Channel: desk.Chat, Page: "https://shop.example/?a=1&b=<2>"},
		desk.Message{Direction: desk.Out, Channel: desk.Chat, Text: "Grüße\n\x00\u2028", Author: "Åsa"},
		desk.Note{Text: "for us"},
		desk.Assigned{To: id, Claim: true},
		desk.Resolved{},
		desk.Delivered{Channel: desk.Chat, Ord: 1 << 40},
		desk.ContactCreated{Name: "Ana", Identities: []desk.Identity{{Type: desk.VisitorToken, Value: "00ff"}}},
		desk.AccountCreated{Name: "eva", Display: "Eva", Roles: []desk.Role{desk.RoleAgent}},
		desk.Viewed{Purpose: desk.Serve, Sitting: id, How: "open"},
	} {
		for _, typ := range []desk.StreamType{desk.ConversationStream, desk.AuditStream} {
			e := entry(desk.Stream{Type: typ, ID: desk.NewID()}, body)
			e.Class, e.Actor = desk.ClassDesk, desk.Actor{Kind: desk.ActorAccount, ID: id, Owner: typ == desk.AuditStream}
			want = append(want, b.must(e)...)
		}
	}
	b.same("journal", b.all(), want)
	b.reopen()
	b.same("journal after opening it again", b.all(), want)
}

func testUnknown(b *bench) {
	s := stream()
	want := b.must(entry(s, desk.Unknown{Name: "mood", Ver: 9, Raw: []byte(`{"colour":"mauve"}`)}))
	b.same("journal", b.all(), want)
	b.same("stream", b.inStream(s), want)
}

// testText holds live events against what is read later: text that is not
// UTF-8 has to be the same in both.
func testText(b *bench) {
	s := stream()
	var live []desk.Event
	if err := b.Follow(b.Context(), 1, func(e []desk.Event) { live = append(live, e...) }); err != nil {
		b.Fatal(err)
	}
	var want []desk.Event
	for _, text := range []string{"", "a\xffb", "\xed\xa0\x80", "\ufffd", `\ufffd`, "\x9b2J\u202e", "\u2028</script>"} {
		want = append(want, b.must(says(s, text))...)
	}
	b.same("follower", live, want)
	b.same("journal", b.all(), want)
}

func testMask(b *bench) {
	s := stream()
	card := "it is 4111 1111 1111 1111, thanks"
	events := b.must(says(s, card), entry(s, desk.Note{Text: card}))
	want := desk.Mask(card)
	if want == card {
		b.Fatal("the test's card number is not masked at all")
	}
	for _, got := range [][]desk.Event{events, b.all(), b.inStream(s)} {
		if m, n := got[0].Body.(desk.Message).Text, got[1].Body.(desk.Note).Text; m != want || n != want {
			b.Errorf("the card number stayed: %q, %q", m, n)
		}
	}
}

func testLarge(b *bench) {
	s := stream()
	large := make([]byte, 1<<20)
	for i := range large {
		large[i] = 'a' + byte(i%26)
	}
	want := b.must(says(s, "small"), says(s, string(large)), says(s, "small"))
	many := make([]desk.Entry, 700)
	for i := range many {
		many[i] = says(s, fmt.Sprint(i))
	}
	want = append(want, b.must(many...)...)
	b.same("journal", b.all(), want)
	b.same("stream", b.inStream(s), want)
}
