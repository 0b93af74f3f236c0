package demo

import (
	"context"
	"math/rand/v2"
	"time"
)

// When customers come, before Pace.
const (
	firstWait  = 300 * time.Millisecond // the first, so that there is something to answer at once
	nextWait   = 2500 * time.Millisecond
	returnWait = 90 * time.Second // until another takes the place of one who left
)

// street is where customers come from: so many at a time, and never a crowd.
type street struct {
	ctx  context.Context
	pace float64
	// open connects one to the desk until ctx ends.
	open func(context.Context, story) (line, error)
}

// place is one customer after another, as number i of those who are there at
// a time. Its own source of chance makes it the same whatever others do.
func (s *street) place(i int, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, uint64(i)))
	c := customer{rng: rng, pace: s.pace}
	if !c.pause(s.ctx, firstWait+time.Duration(i)*nextWait) {
		return
	}
	for s.visit(deal(seed, i), rng) {
		if !c.pause(s.ctx, returnWait) {
			return
		}
		i += 1 + rng.IntN(len(everyday())) // another story than the last
	}
}

// visit is one customer's. It returns false when there is no use in another.
func (s *street) visit(told story, rng *rand.Rand) bool {
	ctx, leave := context.WithCancel(s.ctx)
	defer leave()
	told = fill(told, rng)
	l, err := s.open(ctx, told)
	if err != nil {
		return false
	}
	(&customer{story: told, line: l, rng: rng, pace: s.pace}).live(ctx)
	return s.ctx.Err() == nil
}

// deal returns the story of number i. The telling ones alternate with the
// everyday ones until they have all been told once, so that even a few
// customers show what a desk must cope with.
func deal(seed uint64, i int) story {
	rng := rand.New(rand.NewPCG(seed, 0x6465616c))
	first, day := telling(), everyday()
	rng.Shuffle(len(day), func(a, b int) { day[a], day[b] = day[b], day[a] })
	if i < 2*len(first) {
		if i%2 == 1 {
			return first[i/2]
		}
		return day[i/2%len(day)]
	}
	return day[(i-len(first))%len(day)]
}
