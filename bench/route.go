package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"time"

	"hark/desk"
	"hark/desk/desktest"
	"hark/desk/route"
)

// offers measures how fast waiting customers find an agent: the line is kept
// full, every agent takes what is offered at once and is done with it at once.
// The desk is in memory, so that the figures are of deciding and not of a disk. A
// decision is measured in processor time, with taking in what led to it.
func offers(ctx context.Context, p *plan) error {
	waiting, agents := 10_000, 200
	if p.count > 0 {
		waiting = p.count
	}
	if p.quick {
		waiting, agents = 100, 10
	}
	name := fmt.Sprintf("%d waiting, %d agents", waiting, agents)
	figures := map[string][]float64{}
	for round := range p.rounds {
		p.say("route: round %d of %d with %s", round+1, p.rounds, name)
		if err := p.offerRound(ctx, waiting, agents, figures); err != nil {
			return err
		}
	}
	for _, f := range []figure{{Figure: "offers", Unit: "offers/s"}, {Figure: "decision_p50", Unit: "ms"}, {Figure: "decision_p99", Unit: "ms"}, {Figure: "decision_worst", Unit: "ms"}} {
		f.Bench, f.Case, f.Value = "route", name, median(figures[f.Figure])
		if err := p.print(f); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) offerRound(ctx context.Context, waiting, agents int, figures map[string][]float64) error {
	f, err := newFloor(ctx, waiting, agents)
	if err != nil {
		return err
	}
	took, err := f.serve(ctx, waiting)
	if err != nil {
		return err
	}
	add := func(name string, value float64) { figures[name] = append(figures[name], value) }
	add("offers", float64(waiting)/took.Seconds())
	add("decision_p50", f.decided.quantile(0.5))
	add("decision_p99", f.decided.quantile(0.99))
	add("decision_worst", f.decided.quantile(1))
	return nil
}

// floor is a desk in memory with a full line and agents at work.
type floor struct {
	desk    *desk.Desk
	engine  *route.Engine
	staff   map[desk.ID]*desk.Session
	offered chan desk.Applied
	decided samples // written by the engine's goroutine alone
	visitor int
}

func newFloor(ctx context.Context, waiting, agents int) (*floor, error) {
	j, s := desktest.NewJournal(), desk.NewState()
	if err := j.Follow(ctx, 1, s.Apply); err != nil {
		return nil, err
	}
	f := &floor{
		desk:  desk.New(desk.Options{Journal: j, State: s, Drafts: &desktest.Drafts{}}),
		staff: map[desk.ID]*desk.Session{}, offered: make(chan desk.Applied, 2*waiting),
	}
	owner := desk.AccountCreated{Name: "bench", Display: "Bench", Roles: []desk.Role{desk.RoleAdmin}}
	if err := f.desk.Create(ctx, "Bench", owner); err != nil {
		return nil, err
	}
	admin, err := f.desk.SignIn(ctx, desk.SignIn{Account: s.AccountNamed("bench").ID, Via: "bench"})
	if err != nil {
		return nil, err
	}
	for i := range agents {
		if err := f.hire(ctx, admin, "agent"+strconv.Itoa(i)); err != nil {
			return nil, err
		}
	}
	for range waiting {
		if err := f.comes(ctx); err != nil {
			return nil, err
		}
	}
	f.engine = route.New(route.Options{
		Desk: f.desk, State: s, Clock: threadTime, Decided: func(d time.Duration) { f.decided = append(f.decided, d) },
	})
	s.Watch(f.watch)
	return f, nil
}

func (f *floor) hire(ctx context.Context, admin *desk.Session, name string) error {
	acc, err := admin.AddAccount(ctx, desk.AccountCreated{Name: name, Display: name, Roles: []desk.Role{desk.RoleAgent}})
	if err != nil {
		return err
	}
	f.staff[acc.ID], err = f.desk.SignIn(ctx, desk.SignIn{Account: acc.ID, Via: "bench", Works: true})
	return err
}

// comes lets a new customer write.
func (f *floor) comes(ctx context.Context) error {
	f.visitor++
	token := desk.DeriveID([]byte("bench route"), []byte(strconv.Itoa(f.visitor))).Hex()
	_, err := f.desk.Say(ctx, desk.Words{Token: token, Client: "c", Text: words(f.visitor)})
	return err
}

func (f *floor) watch(applied []desk.Applied) {
	for _, a := range applied {
		if _, ok := a.Body.(desk.Offered); ok {
			select {
			case f.offered <- a:
			default: // more offers than are asked for
			}
		}
	}
}

// serve takes so many offers, one for each customer who comes meanwhile, and
// returns how long that took.
func (f *floor) serve(ctx context.Context, count int) (time.Duration, error) {
	ctx, stop := context.WithCancel(ctx)
	var engine sync.WaitGroup
	defer engine.Wait()
	defer stop()
	start := time.Now()
	engine.Go(func() {
		runtime.LockOSThread() // whose time its decisions are measured by
		_ = f.engine.Run(ctx)  // it ends with ctx, and says only that
	})
	for range count {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(10 * time.Second):
			return 0, errors.New("nothing was offered for 10 s although agents are free")
		case a := <-f.offered:
			if err := f.take(ctx, a); err != nil {
				return 0, err
			}
		}
	}
	took := time.Since(start)
	// The watchdog looks last: a line that moves fast and forgets somebody is
	// no figure.
	if lost := f.engine.Check(); len(lost) > 0 {
		return 0, fmt.Errorf("%d customers were forgotten, the first because %s", len(lost), lost[0].Why)
	}
	return took, nil
}

func (f *floor) take(ctx context.Context, a desk.Applied) error {
	agent := f.staff[a.Row.Offer.To]
	if err := agent.Claim(ctx, a.Row.ID); err != nil {
		return err
	}
	if err := agent.End(ctx, a.Row.ID); err != nil {
		return err
	}
	return f.comes(ctx)
}
