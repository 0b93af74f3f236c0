package chat_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/channels/chat"
	"hark/channels/chat/visitor"
	"hark/desk"
	"hark/desk/desktest"
)

// conversation waits for the person's conversation.
func (p *person) conversation() desk.ID {
	p.t.Helper()
	var id desk.ID
	p.until("a conversation", func(p *person) bool {
		text, _ := p.Conversation()
		var err error
		id, err = desk.ParseID(text)
		return err == nil && !id.IsZero()
	})
	return id
}

// texts returns what the person sees.
func (p *person) texts() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var texts []string
	for _, it := range p.items {
		texts = append(texts, it.Text)
	}
	return texts
}

// public returns the texts that the desk has for the customer.
func (h *hub) public(id desk.ID) []string {
	h.t.Helper()
	items, err := h.env.PublicItems(h.t.Context(), id, 0, 100_000)
	if err != nil {
		h.t.Fatal(err)
	}
	var texts []string
	for i, it := range items {
		if it.Ord != uint64(i+1) {
			h.t.Fatalf("item %d has the ordinal %d", i, it.Ord)
		}
		texts = append(texts, it.Text)
	}
	return texts
}

// TestNothingIsLostOrDoubled cuts wires, restarts the hub, fills the disk and
// overflows the router while six visitors with two tabs each and an agent
// write.
func TestNothingIsLostOrDoubled(t *testing.T) {
	h := startHub(t, func(o *chat.Options) { o.Limits = unlimited() })
	h.stop()
	h.prep = func(s *chat.Server) { s.SetQueue(3) }
	h.start()
	cut := startCutter(t, h)
	const visitors, messages = 6, 60
	var tabs [visitors][2]*person
	for i := range tabs {
		first := h.visit(visitor.Options{Hub: cut.url(), Token: desktest.Token(fmt.Sprint(i))})
		tabs[i] = [2]*person{first, h.visit(visitor.Options{Hub: cut.url(), Token: first.Token()})}
		first.say("hello")
		first.conversation()
	}
	bo := h.env.As("bo")
	var work sync.WaitGroup
	for i := range tabs {
		work.Go(func() { writeFromBoth(tabs[i], messages) })
		work.Go(func() { h.answer(bo, tabs[i][0].conversation(), messages) })
	}
	work.Go(func() { h.trouble(cut) })
	work.Wait()
	for i, pair := range tabs {
		h.inStep(i, pair, 1+2*messages+messages)
	}
}

// writeFromBoth writes from both tabs, now and then with a pause.
func writeFromBoth(pair [2]*person, messages int) {
	for m := range messages {
		for side, p := range pair {
			p.say(fmt.Sprintf("%d.%d", side, m))
			time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
		}
	}
}

func (h *hub) answer(s *desk.Session, id desk.ID, messages int) {
	for m := range messages {
		for s.Reply(h.t.Context(), id, fmt.Sprintf("answer %d", m)) != nil {
			time.Sleep(10 * time.Millisecond) // the disk is full
		}
		time.Sleep(time.Duration(rand.IntN(30)) * time.Millisecond)
	}
}

func (h *hub) trouble(cut *cutter) {
	for i := range 8 {
		time.Sleep(150 * time.Millisecond)
		switch i % 4 {
		case 0, 2:
			cut.cut()
			time.Sleep(30 * time.Millisecond)
			cut.heal()
		case 1:
			h.env.Journal.Fail(desk.Errorf(desk.Unavailable, "the disk is full"))
			time.Sleep(50 * time.Millisecond)
			h.env.Journal.Fail(nil)
		case 3:
			h.stop()
			h.start()
		}
	}
}

// inStep checks that both tabs and the desk have the same, all of it, once,
// and each tab's own messages in their order.
func (h *hub) inStep(i int, pair [2]*person, want int) {
	h.t.Helper()
	id := pair[0].conversation()
	for _, p := range pair {
		p.until(fmt.Sprintf("all items of visitor %d", i), func(p *person) bool { return len(p.items) >= want })
	}
	kept := h.public(id)
	seen := map[string]bool{}
	last := map[string]int{}
	for _, text := range kept {
		if seen[text] {
			h.t.Errorf("visitor %d: %q is there twice", i, text)
		}
		seen[text] = true
		if who, n, ok := numbered(text); ok {
			if n != last[who] {
				h.t.Errorf("visitor %d: %q comes when %d was due", i, text, last[who])
			}
			last[who] = n + 1
		}
	}
	for side, p := range pair {
		if got := p.texts(); !slices.Equal(got, kept) {
			h.t.Errorf("visitor %d, tab %d sees\n%q, the desk has\n%q", i, side, got, kept)
		}
		if s := p.Stats(); s.Gaps != 0 || s.Duplicates != 0 || s.Connects < 2 {
			h.t.Errorf("visitor %d, tab %d: %+v", i, side, s)
		}
	}
	if len(kept) != want {
		h.t.Errorf("visitor %d has %d items, want %d", i, len(kept), want)
	}
}

// numbered splits "0.17" and "answer 17".
func numbered(text string) (who string, n int, ok bool) {
	who, number, ok := strings.Cut(strings.Replace(text, "answer ", "answer.", 1), ".")
	if !ok {
		return "", 0, false
	}
	_, err := fmt.Sscan(number, &n)
	return who, n, err == nil
}

func TestResumeReadsWhatWasMissed(t *testing.T) {
	h := startHub(t)
	mo := h.visit(visitor.Options{})
	mo.say("hello")
	id := mo.conversation()
	bo := h.env.As("bo")
	want := []string{"hello"}
	for i := range 300 {
		text := fmt.Sprintf("%d %s", i, strings.Repeat("long ", 1000))
		want = append(want, strings.TrimSpace(text))
		if err := bo.Reply(t.Context(), id, strings.TrimSpace(text)); err != nil {
			t.Fatal(err)
		}
	}
	late := h.visit(visitor.Options{Token: mo.Token()})
	for _, p := range []*person{mo, late} {
		p.sees(want...)
	}
}

// TestSlowReaderHoldsNobodyUp has a client that does not read while megabytes
// are written to it, beside one that does.
func TestSlowReaderHoldsNobodyUp(t *testing.T) {
	h := startHub(t)
	slow := enter(t, h, desktest.Token("slow"))
	mo := h.visit(visitor.Options{Token: desktest.Token("slow")})
	mo.say("hello")
	id := mo.conversation()
	bo := h.env.As("bo")
	const answers = 400
	for i := range answers {
		if err := bo.Reply(t.Context(), id, fmt.Sprint(i, strings.Repeat(" long", 8000))); err != nil {
			t.Fatal(err)
		}
	}
	mo.until("everything", func(p *person) bool { return len(p.items) == answers+1 })
	for ord := 0; ord < answers+1; { // and now the slow one
		for _, it := range items(slow.await("items")) {
			if ord++; it.Ord != uint64(ord) {
				t.Fatalf("item %d comes as number %d", it.Ord, ord)
			}
		}
	}
}

func items(f map[string]any) []visitor.Item {
	raw, _ := json.Marshal(f["items"])
	var all []visitor.Item
	_ = json.Unmarshal(raw, &all)
	return all
}

func TestWhoDoesNotReadIsCutOff(t *testing.T) {
	h := startHub(t, func(o *chat.Options) { o.Limits.Write = 200 * time.Millisecond })
	slow := enter(t, h, desktest.Token("slow"))
	slow.text(`{"t":"say","id":"1","text":"hello"}`)
	slow.await("ok")
	bo := h.env.As("bo")
	id := h.only(bo).ID
	for range 400 {
		if err := bo.Reply(t.Context(), id, strings.Repeat("long ", 10_000)); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(500 * time.Millisecond)
	if code, _ := slow.closed(); code != 0 {
		t.Errorf("closed with %d", code)
	}
	again := h.visit(visitor.Options{Token: desktest.Token("slow")})
	again.until("everything", func(p *person) bool { return len(p.items) == 401 })
}

// TestAnotherConversationResets lets the visitor's words go to a new
// conversation, as they do 14 days after the old one was resolved.
func TestAnotherConversationResets(t *testing.T) {
	h := startHub(t)
	mo := h.visit(visitor.Options{})
	mo.say("the first matter")
	mo.sees("the first matter")
	old := mo.conversation()
	contact := h.env.State.Conversation(old).Contact
	next := desk.NewID()
	_, err := h.env.Journal.Append(t.Context(), desk.Entry{
		ID: desk.NewID(), Stream: desk.Stream{Type: desk.ConversationStream, ID: next}, Class: desk.ClassTranscript,
		Actor: desk.Actor{Kind: desk.ActorContact, ID: contact},
		Body:  desk.ConversationOpened{Contact: contact, Channel: desk.Chat, Previous: old},
	})
	if err != nil {
		t.Fatal(err)
	}
	mo.say("the second matter")
	mo.until("a reset", func(p *person) bool {
		return slices.ContainsFunc(p.events, func(e visitor.Event) bool { return e.Reset })
	})
	mo.sees("the second matter")
	if got := mo.conversation(); got != next {
		t.Errorf("the conversation is %s, want %s", got, next)
	}
	r, _ := knock(t, h.addr, map[string]string{"Origin": site})
	r.text(fmt.Sprintf(`{"t":"hello","token":%q,"conversation":%q,"ord":1}`, mo.Token(), old))
	if f := r.await("welcome"); f["reset"] != true || f["conversation"] != next.String() {
		t.Errorf("who comes with the old conversation is told %v", f)
	}
	ahead, _ := knock(t, h.addr, map[string]string{"Origin": site})
	ahead.text(fmt.Sprintf(`{"t":"hello","token":%q,"conversation":%q,"ord":100}`, mo.Token(), next))
	if f := ahead.await("welcome"); f["reset"] != true {
		t.Errorf("who knows more than the desk is told %v", f)
	}
}

func TestFullDiskIsWaitedOut(t *testing.T) {
	h := startHub(t)
	mo := h.visit(visitor.Options{})
	h.env.Journal.Fail(desk.Errorf(desk.Unavailable, "the disk is full"))
	for i := range 5 {
		mo.say(fmt.Sprint(i))
	}
	mo.until("a delay", func(p *person) bool {
		return slices.ContainsFunc(p.events, func(e visitor.Event) bool { return e.Kind == visitor.Delayed && e.Code == "unavailable" })
	})
	h.env.Journal.Fail(errors.New("broken in a way that nobody foresaw"))
	time.Sleep(100 * time.Millisecond)
	h.env.Journal.Fail(nil)
	mo.sees("0", "1", "2", "3", "4")
	if mo.Waiting() != 0 {
		t.Errorf("%d messages are still waiting", mo.Waiting())
	}
}

// TestNotesNeverReachAVisitor reads every byte that a visitor's socket
// carries while staff write notes around the replies.
func TestNotesNeverReachAVisitor(t *testing.T) {
	h := startHub(t)
	r := enter(t, h, desktest.Token("mo"))
	r.text(`{"t":"say","id":"1","text":"a public question"}`)
	r.await("ok")
	bo, eva := h.env.As("bo"), h.env.As("eva")
	id := h.only(bo).ID
	for i := range 50 {
		for _, err := range []error{
			eva.Note(t.Context(), id, fmt.Sprintf("SECRET note %d", i)),
			bo.Reply(t.Context(), id, fmt.Sprintf("public answer %d", i)),
			bo.Assign(t.Context(), id, eva.Actor().ID),
			eva.Note(t.Context(), id, "SECRET again"),
		} {
			if err != nil && desk.CodeOf(err) != desk.Denied {
				t.Fatal(err)
			}
		}
	}
	late := enter(t, h, desktest.Token("mo"))
	for name, r := range map[string]*raw{"live": r, "late": late} {
		var all strings.Builder
		for ord := 0; ord < 51; {
			op, payload, err := r.next()
			if err != nil || op == 8 {
				t.Fatalf("%s: the socket ends: %v", name, err)
			}
			all.Write(payload)
			var f struct{ Items []visitor.Item }
			_ = json.Unmarshal(payload, &f)
			ord += len(f.Items)
		}
		_ = r.conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		for {
			_, payload, err := r.next()
			if err != nil {
				break
			}
			all.Write(payload)
		}
		if strings.Contains(all.String(), "SECRET") || strings.Contains(all.String(), "Eva") {
			t.Errorf("%s: a note or a colleague shows: %s", name, all.String())
		}
		if n := strings.Count(all.String(), "public answer"); n != 50 {
			t.Errorf("%s: %d answers came, want 50", name, n)
		}
	}
}

func TestFarewell(t *testing.T) {
	h := startHub(t, func(o *chat.Options) { o.Limits.Close = time.Second })
	polite := enter(t, h, desktest.Token("a"))
	deaf := enter(t, h, desktest.Token("b")) // never reads, never leaves
	half, err := new(net.Dialer).DialContext(t.Context(), "tcp", h.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = half.Close() }()
	begin := time.Now()
	h.stop()
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("closing took %v", took)
	}
	if code, reason := polite.closed(); code != 1012 {
		t.Errorf("closed with %d %q, want 1012", code, reason)
	}
	if code, _ := deaf.closed(); code != 1012 {
		t.Errorf("the deaf one is closed with %d", code)
	}
}

// TestOverflowOfTheRouterIsHealed has more happen at once than the router's
// queue holds, and nothing after it that would show the gap.
func TestOverflowOfTheRouterIsHealed(t *testing.T) {
	h := startHub(t)
	h.stop()
	h.prep = func(s *chat.Server) { s.SetQueue(1) }
	h.start()
	mo := h.visit(visitor.Options{})
	mo.say("hello")
	mo.sees("hello")
	var entries []desk.Entry
	for i := range 3 {
		entries = append(entries, desk.Entry{
			ID: desk.NewID(), Stream: desk.Stream{Type: desk.ConversationStream, ID: mo.conversation()},
			Class: desk.ClassTranscript, Expect: desk.AnyN, Actor: desk.Hub(),
			Body: desk.Message{Direction: desk.Out, Channel: desk.Chat, Text: fmt.Sprint(i), Author: "Bo"},
		})
	}
	if _, err := h.env.Journal.Append(t.Context(), entries...); err != nil {
		t.Fatal(err)
	}
	mo.sees("hello", "0", "1", "2")
}
