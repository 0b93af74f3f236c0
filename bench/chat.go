package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// chatEvery is how often a visitor of the chat bench writes.
const chatEvery = time.Second

// slowest is the p99 at which a desk can no longer be called live.
const slowest = 250.0 // ms

// relayName is what the figures call the peer.
const relayName = "bare WebSocket relay, group-committing"

// chat measures a message's way from the visitor's socket, through the journal,
// to the agent's feed.
func chat(ctx context.Context, p *plan) error {
	dir, err := os.MkdirTemp("", "hark-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system clears it as well
	peer, err := startRelay(ctx, dir)
	if err != nil {
		return err
	}
	defer peer.close()
	hub, err := startHub(ctx, p, dir)
	if err != nil {
		return err
	}
	defer hub.close()
	many, crowd := 200, 100
	if p.quick {
		many, crowd = 3, 2
	}
	if err := p.latency(ctx, hub, peer, 1); err != nil {
		return err
	}
	if err := p.latency(ctx, hub, peer, many); err != nil {
		return err
	}
	return p.throughput(ctx, hub, peer, crowd)
}

// both are a figure of the two sides, one value a round.
type both struct{ hub, peer []float64 }

// print writes the medians.
func (b both) print(p *plan, f figure) error {
	f.Bench, f.Peer = "chat", relayName
	f.Value, f.PeerValue = median(b.hub), median(b.peer)
	return p.print(f)
}

// latency measures how long a message takes, and for many chats what it costs.
func (p *plan) latency(ctx context.Context, hub, peer *side, chats int) error {
	var p50, p99, cpu both
	l := load{chats: chats, every: chatEvery, length: p.length}
	if chats == 1 {
		l.length *= 3 // so many messages are few
	}
	if p.quick {
		l.every = l.length / 4
	}
	for round := range p.rounds {
		p.say("chat: latency with %s, round %d of %d", plural(chats, "chat"), round+1, p.rounds)
		h, hubCPU, err := measure(ctx, hub, l)
		if err != nil {
			return err
		}
		r, peerCPU, err := measure(ctx, peer, l)
		if err != nil {
			return err
		}
		p50.add(h.took.quantile(0.5), r.took.quantile(0.5))
		p99.add(h.took.quantile(0.99), r.took.quantile(0.99))
		cpu.add(hubCPU, peerCPU)
	}
	name := plural(chats, "chat")
	if err := p50.print(p, figure{Figure: "latency_p50", Case: name, Unit: "ms"}); err != nil {
		return err
	}
	if err := p99.print(p, figure{Figure: "latency_p99", Case: name, Unit: "ms"}); err != nil || chats == 1 {
		return err
	}
	return cpu.print(p, figure{Figure: "cpu", Case: name, Unit: "ms/message"})
}

func (b *both) add(hub, peer float64) {
	b.hub = append(b.hub, hub)
	b.peer = append(b.peer, peer)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// measure runs a load in which every message must arrive, once, and returns
// the processor time that one message took in milliseconds.
func measure(ctx context.Context, s *side, l load) (outcome, float64, error) {
	if err := s.open(ctx, l.chats); err != nil {
		return outcome{}, 0, err
	}
	before, err := cpuTime(s.pid)
	if err != nil {
		return outcome{}, 0, err
	}
	o, err := s.run(ctx, l)
	if err != nil {
		return o, 0, err
	}
	after, err := cpuTime(s.pid)
	if err != nil {
		return o, 0, err
	}
	if err := s.complete(o); err != nil {
		return o, 0, err
	}
	return o, milliseconds(after-before) / float64(o.sent), nil
}

// complete fails when a message was refused, lost or shown twice: figures of
// such a run would be worth nothing.
func (s *side) complete(o outcome) error {
	refused, err := s.refusals()
	switch {
	case err != nil:
		return fmt.Errorf("%s cut a visitor off: %w", s.name, err)
	case refused > 0:
		return fmt.Errorf("%s refused %s", s.name, plural(int(refused), "message"))
	case o.missing > 0 || o.sent == 0:
		return fmt.Errorf("%s: %d of %s did not reach the agent", s.name, o.missing, plural(o.sent, "message"))
	case s.board.duplicates() > 0:
		return fmt.Errorf("%s showed the agent %s twice", s.name, plural(s.board.duplicates(), "message"))
	}
	return nil
}

// throughput looks for the most messages a second that reach the agent with a
// p99 within the limit.
func (p *plan) throughput(ctx context.Context, hub, peer *side, chats int) error {
	var rates both
	for round := range p.rounds {
		p.say("chat: throughput with %s, round %d of %d", plural(chats, "chat"), round+1, p.rounds)
		h, err := p.capacity(ctx, hub, chats)
		if err != nil {
			return err
		}
		r, err := p.capacity(ctx, peer, chats)
		if err != nil {
			return err
		}
		rates.add(h, r)
	}
	return rates.print(p, figure{Figure: "throughput", Case: plural(chats, "chat"), Unit: "messages/s"})
}

// capacity raises the rate until a side is too slow, then halves the doubt.
func (p *plan) capacity(ctx context.Context, s *side, chats int) (float64, error) {
	good, bad := 0.0, 0.0
	next := 500.0
	for steps := 0; steps < 14 && (bad == 0 || bad/max(good, 1) > 1.1); steps++ {
		rate, ok, err := p.holds(ctx, s, chats, next)
		if err == nil && !ok && !p.quick { // once may be the machine's doing
			rate, ok, err = p.holds(ctx, s, chats, next)
		}
		if err != nil {
			return 0, err
		}
		p.say("  %s at %.0f/s: %.0f/s, in time: %v", s.name, next, rate, ok)
		if ok {
			good = max(good, rate)
		} else {
			bad = next
		}
		if p.quick {
			break
		}
		next = good * 1.6
		if bad > 0 {
			next = (good + bad) / 2
		}
	}
	return good, nil
}

// holds reports whether a side keeps up with a rate, and the rate it kept.
func (p *plan) holds(ctx context.Context, s *side, chats int, rate float64) (float64, bool, error) {
	l := load{
		chats: chats, length: max(p.length/4, 300*time.Millisecond), planned: true,
		every: time.Duration(float64(chats) / rate * float64(time.Second)),
	}
	o, err := s.run(ctx, l)
	if err != nil {
		return 0, false, err
	}
	if err := s.complete(o); err != nil {
		return 0, false, err
	}
	return float64(o.sent) / l.length.Seconds(), o.took.quantile(0.99) <= slowest, nil
}
