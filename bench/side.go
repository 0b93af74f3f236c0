package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// settleTimeout is how long a measurement waits for stragglers.
const settleTimeout = 3 * time.Second

// side is one of those that are measured in turns: a process that takes
// visitors' messages and shows them to an agent.
type side struct {
	name   string
	url    string // of the visitors' socket
	origin string
	pid    int
	board  *board
	chats  []*chatter
	stop   []func()
}

// close ends the visitors, then the agent, then the process.
func (s *side) close() {
	for _, c := range s.chats {
		c.close()
	}
	for i := len(s.stop) - 1; i >= 0; i-- {
		s.stop[i]()
	}
}

// open lets visitors in until there are n.
func (s *side) open(ctx context.Context, n int) error {
	for len(s.chats) < n {
		c, err := dialChatter(ctx, s.url, s.origin, len(s.chats))
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		s.chats = append(s.chats, c)
	}
	return nil
}

// prober is the number of the visitor who tries whether the agent listens.
const prober = 1<<16 - 1

// awaitAgent writes as a visitor of its own until something reaches the agent,
// who says nothing when it begins to listen.
func (s *side) awaitAgent(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	c, err := dialChatter(ctx, s.url, s.origin, prober)
	if err != nil {
		return err
	}
	defer c.close()
	for {
		if err := c.say(s.board.leave(time.Now())); err != nil {
			return err
		}
		select {
		case <-s.board.change:
			return nil
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("nothing reaches the agent: %w", ctx.Err())
		}
	}
}

// load is what visitors do in one measurement.
type load struct {
	chats  int
	every  time.Duration // between two messages of one visitor
	length time.Duration
	// planned counts a message's time from when it was due, so that a side
	// that holds its visitors up is charged for it.
	planned bool
}

// run sends the load and returns what became of it.
func (s *side) run(ctx context.Context, l load) (outcome, error) {
	if err := s.open(ctx, l.chats); err != nil {
		return outcome{}, err
	}
	first, open := s.board.begin()
	start := time.Now().Add(10 * time.Millisecond)
	errs := make(chan error, l.chats)
	var wg sync.WaitGroup
	for i, c := range s.chats[:l.chats] {
		phase := l.every * time.Duration(i) / time.Duration(l.chats)
		wg.Go(func() { errs <- s.talk(ctx, c, l, start.Add(phase), start.Add(l.length)) })
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil { // one says it for all
			return outcome{}, err
		}
	}
	s.board.settle(open, settleTimeout)
	return s.board.outcome(first), nil
}

// talk is one visitor's part: a message each l.every, whether or not the ones
// before have been taken.
func (s *side) talk(ctx context.Context, c *chatter, l load, at, end time.Time) error {
	for ; at.Before(end); at = at.Add(l.every) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Until(at)):
		}
		left := at
		if !l.planned {
			left = time.Now()
		}
		if err := c.say(s.board.leave(left)); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// refusals returns how many messages were not taken, and why a visitor was cut
// off if one was.
func (s *side) refusals() (int64, error) {
	var n int64
	for _, c := range s.chats {
		n += c.refused.Load()
		if err := c.failed.Load(); err != nil {
			return n, *err
		}
	}
	return n, nil
}

// startRelay starts the peer in a process of its own, with an agent.
func startRelay(ctx context.Context, dir string) (*side, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, relayCommand, dir)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = settleTimeout
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &side{name: "relay", origin: "http://127.0.0.1", pid: cmd.Process.Pid, board: newBoard()}
	s.stop = append(s.stop, func() { interrupt(cmd) })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		s.close()
		return nil, fmt.Errorf("start the relay: %w", err)
	}
	addr := strings.TrimSpace(line)
	s.url = "ws://" + addr + "/visitor"
	stop, err := followRelay(ctx, addr, s.board)
	if err != nil {
		s.close()
		return nil, err
	}
	s.stop = append(s.stop, stop)
	return s, nil
}

// interrupt asks a process to end and waits for it.
func interrupt(cmd *exec.Cmd) {
	_ = cmd.Process.Signal(os.Interrupt) // it may have ended already
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // its exit code says nothing about the figures
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(15 * time.Second):
		_ = cmd.Process.Kill()
		<-done
	}
}
