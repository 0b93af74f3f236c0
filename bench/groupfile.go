package main

import (
	"context"
	"errors"
	"os"
	"sync"
)

// groupFile is the least that durable can cost: a bare file that many write
// to. One goroutine takes whatever waits, writes it in one call, syncs once,
// and hands on what is now safe. It checks nothing and finds nothing again.
type groupFile struct {
	mu      sync.Mutex
	waiting []*record
	wake    chan struct{} // capacity 1
	ended   chan struct{}
	closing bool
	file    *os.File
	safe    func([]*record) // called in order with what is durable
	err     error
}

// record is one thing written.
type record struct {
	bytes []byte
	done  chan struct{} // capacity 1; may be nil
	from  any
}

var errClosed = errors.New("the file is closed")

// openGroupFile makes a fresh file. safe may be nil.
func openGroupFile(path string, safe func([]*record)) (*groupFile, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	g := &groupFile{wake: make(chan struct{}, 1), ended: make(chan struct{}), file: f, safe: safe}
	go g.write()
	return g, nil
}

// add queues a record.
func (g *groupFile) add(r *record) {
	g.mu.Lock()
	g.waiting = append(g.waiting, r)
	g.mu.Unlock()
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

// append queues the record and waits until it is durable.
func (g *groupFile) append(ctx context.Context, r *record) error {
	g.add(r)
	select {
	case <-r.done:
		return nil
	case <-g.ended:
		return errors.Join(errClosed, g.err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *groupFile) write() {
	defer close(g.ended)
	var buf []byte
	for range g.wake {
		g.mu.Lock()
		batch, closing := g.waiting, g.closing
		g.waiting = nil
		g.mu.Unlock()
		buf = buf[:0]
		for _, r := range batch {
			buf = append(buf, r.bytes...)
		}
		if len(batch) > 0 && !g.commit(buf) {
			return
		}
		g.answer(batch)
		if closing {
			return
		}
	}
}

func (g *groupFile) commit(b []byte) bool {
	if _, g.err = g.file.Write(b); g.err == nil {
		g.err = syncData(g.file)
	}
	return g.err == nil
}

func (g *groupFile) answer(batch []*record) {
	if g.safe != nil && len(batch) > 0 {
		g.safe(batch)
	}
	for _, r := range batch {
		if r.done != nil {
			r.done <- struct{}{}
		}
	}
}

// close writes what waits and closes the file.
func (g *groupFile) close() error {
	g.mu.Lock()
	g.closing = true
	g.mu.Unlock()
	select {
	case g.wake <- struct{}{}:
	default:
	}
	<-g.ended
	return errors.Join(g.err, g.file.Close())
}
