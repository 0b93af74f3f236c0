package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"hark/desk"
	"hark/recorder/journal"
	"hark/recorder/keys"
)

// store is what the journal bench appends to.
type store interface {
	// append returns when the writer's next event is durable.
	append(ctx context.Context, writer int) error
	close() error
}

// contender is a store by name, made anew for each measurement.
type contender struct {
	name string
	open func(ctx context.Context, dir string, writers int) (store, error)
}

// appends measures durable appends by several writers at once: each waits for
// its event before it begins the next.
func appends(ctx context.Context, p *plan) error {
	cases := []int{1, 16, 64}
	if p.quick {
		cases = []int{1, 3}
	}
	for _, writers := range cases {
		if err := p.appendCase(ctx, writers); err != nil {
			return err
		}
	}
	return nil
}

func contenders() []contender {
	return []contender{
		{"hark", openJournal},
		{"raw file, group-committing", openRaw},
		{"SQLite, a transaction an event", openPlain},
	}
}

// appended is what one contender came to, a value a round.
type appended struct{ rate, p50, p99 []float64 }

func (p *plan) appendCase(ctx context.Context, writers int) error {
	all := contenders()
	results := make([]appended, len(all))
	for round := range p.rounds {
		p.say("journal: %s, round %d of %d", plural(writers, "writer"), round+1, p.rounds)
		for i, c := range all {
			took, elapsed, err := p.appendWith(ctx, c, writers)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			r := &results[i]
			r.rate = append(r.rate, float64(len(took))/elapsed.Seconds())
			r.p50 = append(r.p50, took.quantile(0.5))
			r.p99 = append(r.p99, took.quantile(0.99))
		}
	}
	return p.printAppends(plural(writers, "writer"), all, results)
}

// printAppends prints hark's figures beside the floor's, and the rate of the
// third for scale.
func (p *plan) printAppends(name string, all []contender, r []appended) error {
	hark, floor, third := r[0], r[1], r[2]
	for _, f := range []figure{
		{Figure: "appends", Unit: "events/s", Value: median(hark.rate), PeerValue: median(floor.rate)},
		{Figure: "latency_p50", Unit: "ms", Value: median(hark.p50), PeerValue: median(floor.p50)},
		{Figure: "latency_p99", Unit: "ms", Value: median(hark.p99), PeerValue: median(floor.p99)},
	} {
		f.Bench, f.Case, f.Peer = "journal", name, all[1].name
		if err := p.print(f); err != nil {
			return err
		}
	}
	return p.print(figure{Bench: "journal", Figure: "appends_plain_sqlite", Case: name, Unit: "events/s", Value: median(third.rate)})
}

// appendWith lets the writers append for a while to a fresh store.
func (p *plan) appendWith(ctx context.Context, c contender, writers int) (samples, time.Duration, error) {
	dir, err := os.MkdirTemp("", "hark-bench-")
	if err != nil {
		return nil, 0, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system clears it as well
	s, err := c.open(ctx, dir, writers)
	if err != nil {
		return nil, 0, err
	}
	if _, _, err = write(ctx, s, writers, p.length/10); err != nil { // warm up: keys, files, buffers
		return nil, 0, errors.Join(err, s.close())
	}
	took, elapsed, err := write(ctx, s, writers, p.length)
	return took, elapsed, errors.Join(err, s.close())
}

func write(ctx context.Context, s store, writers int, length time.Duration) (samples, time.Duration, error) {
	each := make([]samples, writers)
	errs := make([]error, writers)
	start := time.Now()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for begin := time.Now(); begin.Sub(start) < length && errs[w] == nil; {
				errs[w] = s.append(ctx, w)
				end := time.Now()
				each[w] = append(each[w], end.Sub(begin))
				begin = end
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(start)
	var all samples
	for _, s := range each {
		all = append(all, s...)
	}
	return all, elapsed, errors.Join(errs...)
}

// message is one as people write it; as an event it has about 400 bytes.
func message() desk.Message {
	const words = "hello, my lamp came today and the shade has a dent. "
	return desk.Message{Direction: desk.In, Channel: desk.Chat, Client: "4wqk2m8x0d5t7z1r", Text: strings.Repeat(words, 5)}
}

// entry is a writer's next event. Each writer has a conversation of its own.
func entry(stream desk.ID) desk.Entry {
	return desk.Entry{
		ID: desk.NewID(), Stream: desk.Stream{Type: desk.ConversationStream, ID: stream},
		Class: desk.ClassTranscript, Expect: desk.AnyN, Actor: desk.Hub(), Body: message(),
	}
}

func streams(n int) []desk.ID {
	ids := make([]desk.ID, n)
	for i := range ids {
		ids[i] = desk.NewID()
	}
	return ids
}

// sealed is hark's journal with its keys, on real files.
type sealed struct {
	vault   *keys.Vault
	journal *journal.Journal
	streams []desk.ID
}

func openJournal(ctx context.Context, dir string, writers int) (store, error) {
	vault, err := keys.Create(ctx, dir, keys.Source{Backend: keys.BackendMemory})
	if err != nil {
		return nil, err
	}
	j, err := journal.Open(ctx, journal.Options{Dir: dir, Keys: vault})
	if err != nil {
		return nil, errors.Join(err, vault.Close())
	}
	return &sealed{vault, j, streams(writers)}, nil
}

func (s *sealed) append(ctx context.Context, writer int) error {
	_, err := s.journal.Append(ctx, entry(s.streams[writer]))
	return err
}

func (s *sealed) close() error { return errors.Join(s.journal.Close(), s.vault.Close()) }

// raw is the same events in a bare file: not sealed, not numbered, not found
// again. It is the floor.
type raw struct {
	file    *groupFile
	records []*record
}

func openRaw(_ context.Context, dir string, writers int) (store, error) {
	file, err := openGroupFile(filepath.Join(dir, "events"), nil)
	if err != nil {
		return nil, err
	}
	r := &raw{file: file}
	for _, id := range streams(writers) {
		b, err := encoded(entry(id))
		if err != nil {
			return nil, errors.Join(err, file.close())
		}
		r.records = append(r.records, &record{bytes: b, done: make(chan struct{}, 1)})
	}
	return r, nil
}

func (r *raw) append(ctx context.Context, writer int) error {
	return r.file.append(ctx, r.records[writer])
}

func (r *raw) close() error { return r.file.close() }

// encoded is an event as the journal would write it, unsealed.
func encoded(e desk.Entry) ([]byte, error) {
	h := desk.Header{ID: e.ID, Stream: e.Stream.ID, Class: e.Class, N: 1, At: time.Now()}
	return desk.AppendSecret(h.Append(nil), e.Stream.Type, e.Actor, e.Body)
}
