package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// visitorsCount is how many idle visitors are measured unless told otherwise.
const visitorsCount = 1000

// settleDown is how long the hub gets to come to rest, and to give back what it
// no longer needs, before memory is read.
const settleDown = 8 * time.Second

// visitors measures what an idle visitor who has chatted costs the hub in
// memory: its own, and by the kernel's own count what sockets take there. A
// desk of a thousand and one of ten thousand are measured unless a count is
// named.
func visitors(ctx context.Context, p *plan) error {
	counts := []int{visitorsCount, 10 * visitorsCount}
	switch {
	case p.count > 0:
		counts = []int{p.count}
	case p.quick:
		counts = []int{20}
	}
	for _, count := range counts {
		if err := p.idle(ctx, count); err != nil {
			return err
		}
	}
	return nil
}

// idle measures count visitors on a hub of their own.
func (p *plan) idle(ctx context.Context, count int) error {
	warm, rest := 50, settleDown
	if p.quick {
		warm, rest = 5, p.length
	}
	dir, err := os.MkdirTemp("", "hark-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system clears it as well
	hub, err := startHub(ctx, p, dir)
	if err != nil {
		return err
	}
	defer hub.close()
	if err := hub.populate(ctx, warm, rest); err != nil { // what the first visitors cost once
		return err
	}
	before, err := weigh(hub.pid)
	if err != nil {
		return err
	}
	p.say("visitors: %d come in", count)
	if err := hub.populate(ctx, warm+count, rest); err != nil {
		return err
	}
	after, err := weigh(hub.pid)
	if err != nil {
		return err
	}
	each := func(bytes int64) float64 { return float64(bytes) / float64(count) }
	name := fmt.Sprint(count)
	err = p.print(figure{Bench: "visitors", Figure: "memory", Case: name, Value: each(after.process - before.process), Unit: "bytes"})
	if err != nil || after.kernel == 0 {
		return err
	}
	// Both ends of a connection are on this machine: half is the hub's.
	return p.print(figure{Bench: "visitors", Figure: "kernel_memory", Case: name, Value: each(after.kernel-before.kernel) / 2, Unit: "bytes"})
}

// populate lets visitors in until there are n, each of whom says something,
// and waits until all of it is journaled and the hub is at rest.
func (s *side) populate(ctx context.Context, n int, rest time.Duration) error {
	_, before := s.board.begin()
	for len(s.chats) < n {
		if err := s.open(ctx, len(s.chats)+1); err != nil {
			return err
		}
		c := s.chats[len(s.chats)-1]
		if err := c.say(s.board.leave(time.Now())); err != nil {
			return err
		}
	}
	s.board.settle(before, settleTimeout)
	if _, open := s.board.begin(); open > before {
		return fmt.Errorf("%d messages did not reach the agent", open-before)
	}
	if refused, err := s.refusals(); refused > 0 || err != nil {
		return errors.Join(fmt.Errorf("%d messages were refused", refused), err)
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(rest):
		return nil
	}
}

// weight is memory in bytes; kernel is 0 where it cannot be read.
type weight struct{ process, kernel int64 }

func weigh(pid int) (weight, error) {
	process, err := memory(pid, "VmRSS")
	if err != nil {
		return weight{}, err
	}
	kernel, err := socketMemory()
	if err != nil {
		kernel = 0 // only root may look
	}
	return weight{process, kernel}, nil
}
