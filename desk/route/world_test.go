package route

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

// world is a desk on memory with an engine at work, in a bubble of fake time,
// and an observer who holds every offer to the rules.
type world struct {
	t       *testing.T
	routing desk.Routing
	journal *desktest.Journal
	desk    *desk.Desk
	state   *desk.State
	engine  *Engine
	stop    func()
	here    map[string]*desk.Session
	offers  int
	clients int
}

// inWorld runs a test at the desk, from Monday 23 November 2026, 08:00 UTC.
func inWorld(t *testing.T, routing desk.Routing, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)))
		w := &world{t: t, routing: routing, journal: desktest.NewJournal()}
		w.open()
		owner := desk.AccountCreated{Name: "root", Display: "Root", Roles: []desk.Role{desk.RoleAdmin}}
		if err := w.desk.Create(t.Context(), "Test desk", owner); err != nil {
			t.Fatal(err)
		}
		test(w)
		w.ok()
		w.stop()
	})
}

// open starts a hub on the journal.
func (w *world) open() {
	w.state, w.here = desk.NewState(), map[string]*desk.Session{}
	if err := w.journal.Follow(w.t.Context(), 1, w.state.Apply); err != nil {
		w.t.Fatal(err)
	}
	w.desk = desk.New(desk.Options{Journal: w.journal, State: w.state, Drafts: &desktest.Drafts{}, Routing: &w.routing})
	state, d := w.state, w.desk
	state.Watch(func(applied []desk.Applied) { w.observe(d, state, applied) })
	w.engine = New(Options{Desk: w.desk, State: w.state})
	w.desk.SetRouter(w.engine)
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = w.engine.Run(ctx) // says only that ctx has ended
	}()
	w.stop = func() {
		cancel()
		<-ended
		d.Close()
	}
}

// restart kills the hub and starts it again after a while.
func (w *world) restart(after time.Duration) {
	w.ok()
	w.stop()
	time.Sleep(after)
	w.open()
	w.ok()
}

// observe holds every offer to the rules, counting from the rows alone.
func (w *world) observe(d *desk.Desk, state *desk.State, applied []desk.Applied) {
	if state != w.state {
		return // a hub that is gone
	}
	for _, a := range applied {
		b, ok := a.Body.(desk.Offered)
		if !ok {
			continue
		}
		w.offers++
		acc, q := state.Account(b.To), w.routing.Queue(a.Row.Queue)
		name := acc.Name
		switch {
		case !a.Row.NeedsUs() || !a.Row.Assignee.IsZero():
			w.t.Errorf("%s was offered what waits for nobody", name)
		case !q.Hours.Open(a.At):
			w.t.Errorf("queue %s made an offer at %v, when it is closed", q.Name, a.At)
		case !q.Has(acc):
			w.t.Errorf("%s was offered something of queue %s", name, q.Name)
		case d.Staffing()[b.To].Sessions == 0 || acc.PresenceAt(a.At) != desk.Available:
			w.t.Errorf("%s was offered something and is not there", name)
		}
		ch := a.Row.LastChannel()
		if n := w.has(state, b.To, ch, a.At); n > w.routing.Capacity[ch] {
			w.t.Errorf("%s has %d by an offer; the limit is %d", name, n, w.routing.Capacity[ch])
		}
	}
}

// has counts what an account has or is offered on a channel.
func (w *world) has(state *desk.State, id desk.ID, ch desk.Channel, now time.Time) (n int) {
	state.Each(desk.All, desk.ID{}, func(c *desk.Conversation) bool {
		m := matter{row: c}
		own := c.Assignee == id && m.counts(now) || c.Assignee.IsZero() && c.Offer.To == id
		if own && c.LastChannel() == ch && c.Merged.IsZero() {
			n++
		}
		return true
	})
	return n
}

// ok waits until nothing moves and asks the watchdog.
func (w *world) ok() {
	w.t.Helper()
	synctest.Wait()
	for _, s := range w.engine.inspect() {
		row := w.state.Conversation(s.Conversation)
		w.t.Fatalf("%s at %v: %s (%s)", w.name(s.Conversation), time.Now().UTC(), s.Why, w.engine.Explain(row.ID).Reason)
	}
}

// pass lets time go by.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	time.Sleep(d)
	w.ok()
}

// at waits until a time of the day in UTC.
func (w *world) at(clock string) {
	w.t.Helper()
	t, err := time.Parse("15:04", clock)
	if err != nil {
		w.t.Fatal(err)
	}
	y, m, d := time.Now().UTC().Date()
	until := time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, time.UTC)
	if !until.After(time.Now()) {
		until = until.AddDate(0, 0, 1)
	}
	w.pass(time.Until(until))
}

func (w *world) account(name string) *desk.Account {
	w.t.Helper()
	if acc := w.state.AccountNamed(name); acc != nil {
		return acc
	}
	root, err := w.desk.SignIn(w.t.Context(), desk.SignIn{Account: w.state.AccountNamed("root").ID, Via: "test"})
	if err != nil {
		w.t.Fatal(err)
	}
	acc, err := root.AddAccount(w.t.Context(), desk.AccountCreated{Name: name, Display: name, Roles: []desk.Role{desk.RoleAgent}})
	if err != nil {
		w.t.Fatal(err)
	}
	return acc
}

// comes signs people in one after the other.
func (w *world) comes(names ...string) {
	w.t.Helper()
	for _, name := range names {
		s, err := w.desk.SignIn(w.t.Context(), desk.SignIn{Account: w.account(name).ID, Via: "console", Works: true})
		if err != nil {
			w.t.Fatal(err)
		}
		w.here[name] = s
		w.pass(time.Second)
	}
}

func (w *world) leaves(name string) {
	w.t.Helper()
	w.must(w.here[name].Close(w.t.Context()))
	delete(w.here, name)
	w.ok()
}

func (w *world) is(name string, p desk.Presence, until time.Time) {
	w.t.Helper()
	w.must(w.here[name].SetPresence(w.t.Context(), p, until))
	w.ok()
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// says writes as the visitor with the name, from a page, and returns the
// conversation.
func (w *world) says(name, page string) desk.ID {
	w.t.Helper()
	w.clients++
	id, err := w.desk.Say(w.t.Context(), desk.Words{
		Token: desktest.Token(name), Client: fmt.Sprint("c", w.clients), Text: "hello", Name: name, Page: "https://shop.example" + page,
	})
	w.must(err)
	w.ok()
	return id
}

func (w *world) name(id desk.ID) string { return w.state.Conversation(id).Name }

// asked returns who is asked to take a conversation, "" for nobody.
func (w *world) asked(id desk.ID) string {
	w.ok()
	if acc := w.state.Account(w.state.Conversation(id).Offer.To); acc != nil {
		return acc.Name
	}
	return ""
}

func (w *world) want(id desk.ID, asked string) {
	w.t.Helper()
	if got := w.asked(id); got != asked {
		w.t.Fatalf("%s is offered to %q; want %q (%s)", w.name(id), got, asked, w.engine.Explain(id).Reason)
	}
}

// reason checks what Explain says; ... in the middle stands for anything.
func (w *world) reason(id desk.ID, code, text string) {
	w.t.Helper()
	w.ok()
	got := w.engine.Explain(id)
	begin, end, open := strings.Cut(text, "...")
	fits := got.Reason == text || open && strings.HasPrefix(got.Reason, begin) && strings.HasSuffix(got.Reason, end)
	if got.Code != code || !fits {
		w.t.Errorf("%s: %s %q; want %s %q", w.name(id), got.Code, got.Reason, code, text)
	}
}

// accepts takes what the agent is asked to take.
func (w *world) accepts(name string, id desk.ID) {
	w.t.Helper()
	w.want(id, name)
	w.must(w.here[name].Claim(w.t.Context(), id))
	w.ok()
}

func (w *world) replies(name string, id desk.ID) {
	w.t.Helper()
	w.must(w.here[name].Reply(w.t.Context(), id, "an answer"))
	w.ok()
}

// quick is a routing with offers of 30 s, a grace of a minute and chats at once.
func quick(chats int, queues ...desk.Queue) desk.Routing {
	r := desk.DefaultRouting()
	r.Queues = queues
	r.Capacity = map[desk.Channel]int{desk.Chat: chats}
	return r
}
