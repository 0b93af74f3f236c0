package route

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

// Everybody does everything at once, in real time: agents take, decline and
// leave, customers write, screens ask why. Nobody is forgotten in the crowd.
func TestEverybodyAtOnce(t *testing.T) {
	r := quick(3)
	r.AcceptWithin, r.Grace = 20*time.Millisecond, 30*time.Millisecond
	env := desktest.New(t, func(o *desk.Options) { o.Routing = &r })
	engine := New(Options{Desk: env.Desk, State: env.State})
	var people sync.WaitGroup
	defer people.Wait()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	people.Go(func() { _ = engine.Run(ctx) }) // says only that ctx has ended

	for i := range 6 {
		env.As(fmt.Sprint("agent", i))
	}
	busy, done := context.WithTimeout(ctx, time.Second)
	defer done()
	var crowd sync.WaitGroup
	for i := range uint64(6) {
		crowd.Go(func() { agentAtWork(busy, env, fmt.Sprint("agent", i), rand.New(rand.NewPCG(i, 1))) })
		crowd.Go(func() { customers(busy, env, engine, rand.New(rand.NewPCG(i, 2))) })
	}
	crowd.Wait()
	if offered := happened(t, env, "offered"); offered < 100 {
		t.Errorf("%d offers: that was no crowd", offered)
	}
	if found := engine.Check(); len(found) > 0 {
		t.Errorf("%d are forgotten, the first because %s", len(found), found[0].Why)
	}
}

// agentAtWork signs in and out and deals with offers until ctx ends. Who comes
// second is told so; that is no failure here.
func agentAtWork(ctx context.Context, env *desktest.Env, name string, r *rand.Rand) {
	for ctx.Err() == nil {
		s, err := env.SignIn(ctx, desk.SignIn{Account: env.State.AccountNamed(name).ID, Via: "console", Works: true})
		if err != nil {
			return
		}
		for range 200 {
			for _, c := range s.Offers() {
				if r.IntN(4) == 0 {
					_ = s.Decline(ctx, c.ID)
					continue
				}
				_ = s.Claim(ctx, c.ID)
				_ = s.Reply(ctx, c.ID, "an answer")
				_ = s.End(ctx, c.ID)
			}
			_ = s.SetPresence(ctx, desk.Available, time.Time{})
			time.Sleep(200 * time.Microsecond)
		}
		_ = s.Close(context.WithoutCancel(ctx))
		time.Sleep(time.Duration(r.IntN(40)) * time.Millisecond)
	}
}

func customers(ctx context.Context, env *desktest.Env, e *Engine, r *rand.Rand) {
	for i := 0; ctx.Err() == nil; i++ {
		token := desktest.Token(fmt.Sprint("customer ", r.IntN(500)))
		id, err := env.Say(ctx, desk.Words{Token: token, Client: fmt.Sprint(r.Uint64()), Text: "hello"})
		if err != nil {
			return
		}
		e.Explain(id)
		e.Place(id)
		time.Sleep(time.Millisecond)
	}
}

func happened(t *testing.T, env *desktest.Env, kind string) (n int) {
	t.Helper()
	events, err := env.Journal.Read(t.Context(), 1, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Body.Kind() == kind {
			n++
		}
	}
	return n
}
