package route

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"hark/desk"
)

// stage is a core without a desk: rows and time are made by hand.
type stage struct {
	*core
	now  time.Time
	rows map[desk.ID]*desk.Conversation
}

func newStage(r desk.Routing) *stage {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	return &stage{newCore(r, now), now, map[desk.ID]*desk.Conversation{}}
}

// crew signs agents in.
func (s *stage) crew(names ...string) []desk.ID {
	ids := make([]desk.ID, len(names))
	here := map[desk.ID]time.Time{}
	for i, name := range names {
		ids[i] = desk.DeriveID([]byte(name))
		s.account(&desk.Account{ID: ids[i], Name: name, Roles: []desk.Role{desk.RoleAgent}, Presence: desk.Available}, s.now)
		here[ids[i]] = s.now
	}
	s.present(here, s.now)
	return ids
}

// waits makes a customer wait.
func (s *stage) waits(name string) desk.ID {
	id := desk.DeriveID([]byte(name))
	s.set(&desk.Conversation{ID: id, N: 1, Status: desk.StatusNew, Channels: []desk.Channel{desk.Chat}, Since: s.now, At: s.now})
	return id
}

func (s *stage) set(row *desk.Conversation) {
	s.rows[row.ID] = row
	s.put(row, s.now)
}

// change applies f to a copy of a row.
func (s *stage) change(id desk.ID, f func(*desk.Conversation)) {
	row := *s.rows[id]
	row.N++
	f(&row)
	s.set(&row)
}

// obey does what the core wants written, as the desk would, until it wants
// nothing more.
func (s *stage) obey(t *testing.T) {
	t.Helper()
	for range 10_000 {
		s.advance(s.now)
		task, ok := s.next(s.now)
		if !ok {
			return
		}
		s.write(task)
		s.done(task, nil, s.now)
	}
	t.Fatal("the core never comes to rest")
}

func (s *stage) write(task task) {
	if task.kind == setAway {
		acc := *s.agents[task.id].account
		acc.Presence = desk.Away
		s.account(&acc, s.now)
		return
	}
	s.change(task.id, func(c *desk.Conversation) {
		switch task.kind {
		case makeOffer:
			c.Offer = desk.Offer{To: task.to, Until: task.until}
		case endOffer:
			c.Offer = desk.Offer{}
		case freeMatter:
			c.Assignee = desk.ID{}
		case wakeMatter:
			c.Status, c.Until = desk.StatusOpen, time.Time{}
		case breachMatter:
			c.Breached = true
		case nothing, setAway:
		}
	})
}

func (s *stage) asked(id desk.ID) desk.ID { return s.rows[id].Offer.To }

func (s *stage) all() []*desk.Conversation {
	all := make([]*desk.Conversation, 0, len(s.rows))
	for _, row := range s.rows {
		all = append(all, row)
	}
	return all
}

// A clock that is set, or a machine that slept, neither ends an offer nor
// lengthens it, and wakes what was put away until a time of day.
func TestClockThatIsSet(t *testing.T) {
	for _, step := range []time.Duration{8 * time.Hour, -8 * time.Hour} {
		s := newStage(quick(1))
		crew := s.crew("ana", "bo")
		mo, ny := s.waits("Mo"), s.waits("Ny")
		s.change(ny, func(c *desk.Conversation) {
			c.Status, c.Until = desk.StatusSnoozed, s.now.Add(time.Hour)
		})
		s.obey(t)
		first, until := s.asked(mo), s.rows[mo].Offer.Until
		s.present(map[desk.ID]time.Time{first: s.now}, s.now) // the other one's connection drops

		s.now = s.now.Add(10*time.Second + step)
		s.shift(step, s.now)
		s.obey(t)
		if !s.rows[mo].Offer.Until.Equal(until) {
			t.Fatalf("%v: the offer ended with 20 s left", step)
		}
		if awake := s.rows[ny].Status == desk.StatusOpen; awake != (step > 0) {
			t.Errorf("%v: awake is %v", step, awake)
		}
		for _, id := range crew {
			if s.agents[id].lost {
				t.Errorf("%v: a grace of a minute ended after ten seconds", step)
			}
		}
		s.now = s.now.Add(20 * time.Second)
		s.obey(t)
		if s.rows[mo].Offer.Until.Equal(until) {
			t.Errorf("%v: the offer did not end after 30 s", step)
		}
		s.now = s.now.Add(30 * time.Second)
		s.obey(t)
		lost := 0
		for _, id := range crew {
			if s.agents[id].lost {
				lost++
			}
		}
		if lost != 1 {
			t.Errorf("%v: %d are offline after a minute; want one", step, lost)
		}
	}
}

// Whatever happens in whatever order, the core's indexes say what the rows say.
func TestCoreAgreesWithTheRows(t *testing.T) {
	for seed := range uint64(20) {
		s := newStage(quick(2, desk.Queue{Name: "general"}, desk.Queue{Name: "billing", Members: []string{"a", "b"}, Pages: []string{"/billing"}}))
		r := rand.New(rand.NewPCG(seed, 1))
		crew := s.crew("a", "b", "c", "d")
		var ids []desk.ID
		for i := range 400 {
			switch n := r.IntN(10); {
			case n < 3 || len(ids) == 0:
				ids = append(ids, s.waits(string(rune('A'+i))))
			case n < 4:
				here := map[desk.ID]time.Time{}
				for _, id := range crew {
					if r.IntN(3) > 0 {
						here[id] = s.now
					}
				}
				s.present(here, s.now)
			default:
				s.change(ids[r.IntN(len(ids))], scramble(r, crew, s.now))
			}
			s.now = s.now.Add(time.Duration(r.IntN(20)) * time.Second)
			s.obey(t)
			if found := s.check(s.all(), s.now); len(found) > 0 {
				t.Fatalf("seed %d, step %d: %s", seed, i, found[0].Why)
			}
			s.agree(t)
		}
	}
}

// scramble returns a change that a row may undergo from outside.
func scramble(r *rand.Rand, crew []desk.ID, now time.Time) func(*desk.Conversation) {
	n, who := r.IntN(9), crew[r.IntN(len(crew))]
	return func(c *desk.Conversation) {
		switch c.At = now; n {
		case 0, 1:
			c.Assignee, c.Offer = who, desk.Offer{}
		case 2:
			c.Assignee, c.Offer = desk.ID{}, desk.Offer{}
		case 3:
			c.Status, c.Since, c.Offer = desk.StatusResolved, time.Time{}, desk.Offer{}
		case 4:
			c.Status, c.Since = desk.StatusOpen, now
		case 5:
			c.Status, c.Since, c.Offer = desk.StatusWaiting, time.Time{}, desk.Offer{}
		case 6:
			c.Status, c.Until, c.Offer = desk.StatusSnoozed, now.Add(time.Minute), desk.Offer{}
		case 7:
			c.Queue, c.Offer = []string{"billing", "general"}[r.IntN(2)], desk.Offer{}
		case 8:
			c.Priority = []desk.Priority{desk.Low, desk.Normal, desk.High, desk.Urgent}[r.IntN(4)]
		}
	}
}

// agree compares the loads and the lines with the rows.
func (s *stage) agree(t *testing.T) {
	t.Helper()
	count := s.recount(s.all(), s.now)
	waiting := 0
	for _, row := range s.rows {
		if row.NeedsUs() && row.Assignee.IsZero() {
			waiting++
		}
	}
	for _, l := range s.lines {
		waiting -= l.all.Len()
	}
	if waiting != 0 {
		t.Fatalf("%d who wait stand in no line", waiting)
	}
	for id, a := range s.agents {
		if a.load[desk.Chat] != count[id][desk.Chat] {
			t.Fatalf("%s counts %d chats; the rows have %d", a.account.Name, a.load[desk.Chat], count[id][desk.Chat])
		}
	}
}

func TestTimersFireInOrderAndOnce(t *testing.T) {
	var ts timers
	base := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	r := rand.New(rand.NewPCG(5, 6))
	var fired []int
	all := make([]*timer, 200)
	due := map[int]int{}
	for i := range all {
		all[i] = &timer{look: func(time.Time) { fired = append(fired, i) }}
	}
	for range 2000 {
		i, at := r.IntN(len(all)), r.IntN(1000)
		if at < 100 {
			delete(due, i)
			ts.set(all[i], time.Time{})
			continue
		}
		due[i] = at
		ts.set(all[i], base.Add(time.Duration(at)*time.Second))
	}
	for now := range 1000 {
		fired = nil
		ts.fire(base.Add(time.Duration(now) * time.Second))
		var want []int
		for i, at := range due {
			if at == now {
				want = append(want, i)
			}
		}
		slices.Sort(fired)
		slices.Sort(want)
		if !slices.Equal(fired, want) {
			t.Fatalf("at %d s %v fired; want %v", now, fired, want)
		}
	}
	if !ts.next().IsZero() {
		t.Error("something is left")
	}
}
