package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"hark/tools/terminal"
)

// conversations is how many the screen is measured with unless told otherwise.
const conversations = 10_000

// quietAfter is how long a screen must be silent to count as drawn.
const quietAfter = 20 * time.Millisecond

// screen measures the console of a desk with many conversations: through a
// real terminal, and what drawing costs without one.
func screen(ctx context.Context, p *plan) error {
	count := conversations
	if p.quick {
		count = 50
	}
	if p.count > 0 {
		count = p.count
	}
	dir, err := os.MkdirTemp("", "hark-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system clears it as well
	s, d, err := startDesk(ctx, p, dir)
	if err != nil {
		return err
	}
	defer s.close()
	p.say("tui: %d visitors write to a fresh desk", count)
	if err := s.fill(ctx, count); err != nil {
		return err
	}
	name := plural(count, "conversation")
	if err := p.view(ctx, name, count); err != nil {
		return err
	}
	if err := p.storm(ctx); err != nil {
		return err
	}
	if err := p.longThread(ctx); err != nil {
		return err
	}
	if err := p.firstFrame(ctx, name, d); err != nil {
		return err
	}
	return p.keys(ctx, name, d)
}

// fill makes conversations: visitors who write once and leave.
func (s *side) fill(ctx context.Context, count int) error {
	const workers = 16
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < count && errs[w] == nil; i += workers {
				errs[w] = s.visit(ctx, i)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (s *side) visit(ctx context.Context, i int) error {
	c, err := dialChatter(ctx, s.url, s.origin, i)
	if err != nil {
		return err
	}
	defer c.close()
	if err := c.say(s.board.leave(time.Now())); err != nil {
		return err
	}
	select {
	case <-c.acked:
		return nil
	case <-time.After(dialTimeout):
		return fmt.Errorf("visitor %d was not answered (refused: %d)", i, c.refused.Load())
	case <-ctx.Done():
		return ctx.Err()
	}
}

// drawing notes when a terminal was written to, and how much.
type drawing struct {
	mu    sync.Mutex
	last  time.Time
	bytes int
	some  chan struct{} // capacity 1
}

func (d *drawing) output(at time.Time, p []byte) {
	d.mu.Lock()
	d.last = at
	d.bytes += len(p)
	d.mu.Unlock()
	select {
	case d.some <- struct{}{}:
	default:
	}
}

// reset forgets what was drawn.
func (d *drawing) reset() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bytes = 0
	select {
	case <-d.some:
	default:
	}
}

// drawn waits until something was drawn and the screen is quiet again. It
// returns when the last of it came, and its size; false when nothing did.
func (d *drawing) drawn(limit time.Duration) (at time.Time, bytes int, ok bool) {
	select {
	case <-d.some:
	case <-time.After(limit):
		return at, 0, false
	}
	for {
		select {
		case <-d.some:
		case <-time.After(quietAfter):
			d.mu.Lock()
			defer d.mu.Unlock()
			return d.last, d.bytes, true
		}
	}
}

// attach opens a console on the desk, as a person does.
func (d *liveDesk) attach(ctx context.Context, out *drawing) (*terminal.Terminal, error) {
	cmd := exec.CommandContext(ctx, d.program, "--data", d.data)
	return terminal.Start(cmd, terminal.Options{Width: 120, Height: 40, Output: out.output})
}

// firstPicture reports whether a screen shows the console whole: its first and
// last line, and conversations between them.
func firstPicture(text string) bool {
	rows := strings.Split(text, "\n")
	return strings.Contains(rows[0], "HARK") && strings.Contains(text, "Visitor ") && strings.Contains(rows[len(rows)-1], "help")
}

// firstFrame measures the time from the start of the program to its whole
// first picture.
func (p *plan) firstFrame(ctx context.Context, name string, d *liveDesk) error {
	tries := 10 * p.rounds
	if p.quick {
		tries = 1
	}
	var took samples
	for range tries {
		one, err := p.openOnce(ctx, d)
		if err != nil {
			return err
		}
		took = append(took, one)
	}
	return p.print(figure{Bench: "tui", Figure: "first_frame", Case: name, Value: took.quantile(0.5), Unit: "ms"})
}

func (p *plan) openOnce(ctx context.Context, d *liveDesk) (took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	out := &drawing{some: make(chan struct{}, 1)}
	start := time.Now()
	t, err := d.attach(ctx, out)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	whole := time.Time{}
	err = t.Wait(ctx, func(text string) bool {
		if !firstPicture(text) {
			return false
		}
		whole = time.Now()
		return true
	})
	return whole.Sub(start), err
}

// keys measures single key presses that move the selection.
func (p *plan) keys(ctx context.Context, name string, d *liveDesk) error {
	presses := 200
	if p.quick {
		presses = 5
	}
	out := &drawing{some: make(chan struct{}, 1)}
	t, err := d.attach(ctx, out)
	if err != nil {
		return err
	}
	defer func() { _ = t.Close() }() // what was measured stands
	wait, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	if err := t.Wait(wait, firstPicture); err != nil {
		return err
	}
	time.Sleep(time.Second) // the terminal's answers and what follows from them
	var took samples
	var sizes []float64
	for i := range presses {
		time.Sleep(time.Duration(rand.Int64N(int64(40 * time.Millisecond)))) // any phase of the renderer
		out.reset()
		key := "j"
		if i%20 >= 10 {
			key = "k"
		}
		start := time.Now()
		if err := t.Type(key); err != nil {
			return err
		}
		at, bytes, ok := out.drawn(time.Second)
		if !ok {
			return fmt.Errorf("the screen did not answer key %d within a second; it shows:\n%s", i, t.Text())
		}
		took = append(took, at.Sub(start))
		sizes = append(sizes, float64(bytes))
	}
	slices.Sort(sizes)
	err = p.print(figure{Bench: "tui", Figure: "key_p50", Case: name, Value: took.quantile(0.5), Unit: "ms"})
	if err != nil {
		return err
	}
	return p.print(figure{Bench: "tui", Figure: "key_bytes", Case: name, Value: median(sizes), Unit: "bytes"})
}
