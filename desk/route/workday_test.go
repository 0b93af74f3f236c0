package route

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"hark/desk"
)

// workday is a working day and the holiday and the morning after it, with people
// who do what people do. The world looks after every step whether anybody
// waits without an offer or a reason, and at every offer whether it may be.
type workday struct {
	*world
	r        *rand.Rand
	staff    []string
	visitors int
	seen     map[string]int // what has happened, by kind of event
	restarts int
}

func TestWorkingDay(t *testing.T) {
	all := map[string]int{}
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			inWorld(t, office(t), func(w *world) {
				d := &workday{world: w, r: rand.New(rand.NewPCG(seed, 7)), seen: map[string]int{}}
				d.live()
				for kind, n := range d.seen {
					all[kind] += n
				}
			})
		})
	}
	enough(t, all)
}

// office has a queue with office hours in Berlin, one for billing with members
// and shorter hours, and one that never closes.
func office(t *testing.T) desk.Routing {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	week := func(span string) desk.Hours {
		days := map[string]string{}
		for _, d := range []string{"mon", "tue", "wed", "thu", "fri"} {
			days[d] = span
		}
		h, err := desk.ParseHours(berlin, days, []string{"2026-11-24"})
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	r := quick(
		3,
		desk.Queue{Name: "general", Hours: week("09:00-17:00"), FirstReply: 5 * time.Minute, NextReply: 15 * time.Minute, Warn: 0.75},
		desk.Queue{
			Name: "billing", Pages: []string{"/billing"}, Members: []string{"ana", "bo"}, Strategy: desk.LeastBusy,
			Hours: week("10:00-12:00,13:00-16:00"), FirstReply: 10 * time.Minute,
		},
		desk.Queue{Name: "outage", Pages: []string{"/status"}},
	)
	r.WrapUp = 20 * time.Second
	return r
}

func (d *workday) live() {
	d.state.Watch(d.count)
	d.staff = []string{"ana", "bo", "cy", "di", "ed"}
	for _, name := range d.staff {
		d.account(name)
	}
	start := time.Now()
	for time.Since(start) < 10*time.Hour { // 08:00 to 18:00
		d.step()
		if n := d.restarts; n < 2 && time.Since(start) > time.Duration(n+1)*3*time.Hour {
			d.hubEnds()
		}
	}
	d.night()
	d.at("08:00") // Wednesday
	d.morning()
	if d.restarts != 2 {
		d.t.Errorf("the hub was restarted %d times", d.restarts)
	}
}

func (d *workday) count(applied []desk.Applied) {
	for _, a := range applied {
		kind := a.Body.Kind()
		switch b := a.Body.(type) {
		case desk.OfferEnded:
			kind += " " + string(b.Why)
		case desk.Assigned:
			kind += " " + b.Why
		}
		d.seen[kind]++
	}
}

// step lets a little time pass, and then somebody does something.
func (d *workday) step() {
	d.pass(time.Duration(5+d.r.IntN(55)) * time.Second)
	for _, name := range d.staff {
		d.works(name)
	}
	switch d.r.IntN(12) {
	case 0, 1, 2:
		d.visitors++
		d.writes(d.visitors)
	case 3, 4:
		if d.visitors > 0 {
			d.writes(1 + d.r.IntN(d.visitors))
		}
	case 5:
		d.comesOrGoes(d.staff[d.r.IntN(len(d.staff))])
	case 6:
		d.chooses(d.staff[d.r.IntN(len(d.staff))])
	case 7:
		if d.r.IntN(20) == 0 {
			d.diskIsFull()
		}
	}
	d.ok()
}

func (d *workday) writes(visitor int) {
	page := []string{"/", "/", "/shop", "/billing", "/billing/2026", "/status"}[visitor%6]
	d.says(fmt.Sprint("visitor ", visitor), page)
}

// works lets somebody who is there do something with what is theirs.
func (d *workday) works(name string) {
	s := d.here[name]
	if s == nil || d.r.IntN(3) == 0 {
		return
	}
	for _, c := range s.Offers() {
		switch n := d.r.IntN(10); {
		case n < 6:
			d.tries(s.Claim(d.t.Context(), c.ID))
		case n < 8:
			d.tries(s.Decline(d.t.Context(), c.ID))
		}
	}
	for _, c := range d.mine(s) {
		d.handles(s, c)
	}
}

// mine returns what an agent has, in a fixed order.
func (d *workday) mine(s *desk.Session) []*desk.Conversation {
	var all []*desk.Conversation
	d.state.Each(desk.Mine, s.Actor().ID, func(c *desk.Conversation) bool {
		all = append(all, c)
		return true
	})
	slices.SortFunc(all, func(a, b *desk.Conversation) int { return a.Opened.Compare(b.Opened) })
	return all
}

func (d *workday) handles(s *desk.Session, c *desk.Conversation) {
	ctx := d.t.Context()
	switch d.r.IntN(24) {
	case 0, 1, 2, 3:
		d.tries(s.Reply(ctx, c.ID, "an answer"))
	case 4, 5, 6:
		d.tries(s.End(ctx, c.ID))
	case 7:
		d.tries(s.Snooze(ctx, c.ID, time.Now().Add(time.Duration(d.r.IntN(90))*time.Minute)))
	case 8:
		d.tries(s.Snooze(ctx, c.ID, time.Time{}))
	case 9:
		d.tries(s.Release(ctx, c.ID))
	case 10:
		d.tries(s.Enqueue(ctx, c.ID, []string{"general", "billing", "outage"}[d.r.IntN(3)]))
	case 11:
		d.tries(s.Prioritise(ctx, c.ID, []desk.Priority{desk.Urgent, desk.High, desk.Normal, desk.Low}[d.r.IntN(4)]))
	case 12:
		d.tries(s.Assign(ctx, c.ID, d.account(d.staff[d.r.IntN(len(d.staff))]).ID))
	case 13:
		d.tries(s.Note(ctx, c.ID, "a note"))
	}
}

// tries allows what a person may run into: somebody was first, or it is not so.
func (d *workday) tries(err error) {
	d.t.Helper()
	if code := desk.CodeOf(err); code != "" && code != desk.Conflict && code != desk.Invalid {
		d.t.Fatalf("%s: %v", code, err)
	}
	d.ok()
}

func (d *workday) comesOrGoes(name string) {
	switch {
	case d.here[name] == nil:
		d.comes(name)
	case d.r.IntN(2) == 0:
		d.leaves(name)
	default: // the connection drops and is back
		d.leaves(name)
		d.pass(time.Duration(d.r.IntN(90)) * time.Second)
		d.comes(name)
	}
}

func (d *workday) chooses(name string) {
	if d.here[name] == nil {
		return
	}
	switch d.r.IntN(6) {
	case 0:
		d.is(name, desk.Busy, time.Time{})
	case 1:
		d.is(name, desk.WrapUp, time.Now().Add(3*time.Minute))
	case 2:
		d.is(name, desk.Away, time.Now().Add(15*time.Minute))
	default:
		d.is(name, desk.Available, time.Time{})
	}
}

func (d *workday) diskIsFull() {
	d.journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: "the disk is full"})
	d.pass(2 * time.Minute)
	d.journal.Fail(nil)
	d.pass(tryLast)
}

// hubEnds restarts the hub; some come back at once, some late, some not.
func (d *workday) hubEnds() {
	back := make([]string, 0, len(d.here))
	for _, name := range d.staff {
		if d.here[name] != nil {
			back = append(back, name)
		}
	}
	d.restart(time.Duration(d.r.IntN(60)) * time.Second)
	d.state.Watch(d.count)
	d.restarts++
	for _, name := range back {
		d.pass(time.Duration(d.r.IntN(30)) * time.Second)
		if d.r.IntN(4) > 0 {
			d.comes(name)
		}
	}
}

// night: everybody goes, customers write all the same, also on the holiday.
func (d *workday) night() {
	if d.here["ana"] == nil {
		d.comes("ana")
	}
	d.must(d.here["ana"].Snooze(d.t.Context(), d.says("tomorrow", "/"), time.Now().Add(20*time.Hour)))
	for _, name := range d.staff {
		if d.here[name] != nil {
			d.leaves(name)
		}
	}
	for range 30 {
		d.visitors++
		d.writes(d.visitors)
		d.pass(time.Hour)
		if d.r.IntN(4) == 0 { // somebody looks in, although it is closed
			d.comes("cy")
			d.pass(3 * time.Minute)
			d.leaves("cy")
		}
	}
}

// morning: everybody is there and takes what they are asked to, until nobody
// waits any more in the queues that are open.
func (d *workday) morning() {
	for _, name := range d.staff {
		d.comes(name)
		d.is(name, desk.Available, time.Time{})
	}
	for range 24 * 60 {
		d.pass(10 * time.Second)
		for _, name := range d.staff {
			s := d.here[name]
			for _, c := range s.Offers() {
				d.tries(s.Claim(d.t.Context(), c.ID))
			}
			for _, c := range d.mine(s) {
				if c.NeedsUs() {
					d.tries(s.Reply(d.t.Context(), c.ID, "an answer"))
				}
				d.tries(s.End(d.t.Context(), c.ID))
			}
		}
	}
	d.state.Each(desk.All, desk.ID{}, func(c *desk.Conversation) bool {
		if c.NeedsUs() {
			d.t.Errorf("%s of queue %s still waits: %s", c.Name, c.Queue, d.engine.Explain(c.ID).Reason)
		}
		return true
	})
}

// enough looks whether the days had in them what they are to prove. One day
// alone may lack something: which customers are left when a session is lost
// depends on who was first, and the scheduler decides that.
func enough(t *testing.T, seen map[string]int) {
	t.Helper()
	for kind, least := range map[string]int{
		"offered": 400, "offer.ended declined": 20, "offer.ended expired": 20, "offer.ended gone": 12,
		"assigned lease": 5, "breached": 20, "woken": 4, "presence": 80, "resolved": 200,
	} {
		if seen[kind] < least {
			t.Errorf("%s happened %d times in four days; want %d at least, or they prove little", kind, seen[kind], least)
		}
	}
	t.Logf("%v", seen)
}
