package journal

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"hark/desk"
)

// readers is how many may read at once.
const readers = 4

// reader reads both files.
type reader struct {
	record     *recordReader // nil in one that only looks up
	index      *indexReader  // nil until it is needed
	generation int           // of the index's file
}

func (r *reader) close() error {
	var err error
	if r.record != nil {
		err = r.record.close()
	}
	if r.index != nil {
		err = errors.Join(err, r.index.close())
	}
	return err
}

// pool lends readers.
type pool struct {
	record file
	index  *index
	places chan struct{}
	mu     sync.Mutex
	free   []*reader
	closed bool
}

func newPool(record file, x *index) *pool {
	return &pool{record: record, index: x, places: make(chan struct{}, readers)}
}

// errClosed is the answer of a journal that was closed.
func errClosed() error {
	return &desk.Error{Code: desk.Unavailable, Msg: "the desk is closing; try again when it is open"}
}

// with calls fn with a reader, once one is free.
func (p *pool) with(ctx context.Context, fn func(*reader) error) error {
	select {
	case p.places <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-p.places }()
	r, err := p.take()
	if err != nil {
		return err
	}
	err = fn(r)
	return errors.Join(err, p.giveBack(r, err))
}

func (p *pool) take() (*reader, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed()
	}
	if n := len(p.free); n > 0 {
		r := p.free[n-1]
		p.free = p.free[:n-1]
		return r, nil
	}
	record, err := openRecordReader(p.record)
	if err != nil {
		return nil, openError(p.record, err)
	}
	return &reader{record: record}, nil
}

// giveBack keeps the reader for the next one, unless something went wrong with
// it or the journal was closed meanwhile.
func (p *pool) giveBack(r *reader, failed error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if failed != nil || p.closed {
		return r.close()
	}
	p.free = append(p.free, r)
	return nil
}

// lookUp makes the reader ready to look things up in the index.
func (r *reader) lookUp(x *index) (*indexReader, error) {
	generation, err := x.usable()
	if err != nil {
		return nil, indexBusy(err)
	}
	if r.index != nil && r.generation == generation {
		return r.index, nil
	}
	if r.index != nil {
		err = r.index.close()
		r.index = nil
	}
	if err != nil {
		return nil, err
	}
	if r.index, err = openIndexReader(x.file); err != nil {
		return nil, fmt.Errorf("open %s: %w", indexName, err)
	}
	r.generation = generation
	return r.index, nil
}

// indexBusy is the answer while the index is made anew.
func indexBusy(cause error) error {
	return &desk.Error{
		Code: desk.Unavailable,
		Msg:  indexName + " was damaged and is being made anew from the journal; try again in a moment",
		Err:  cause,
	}
}

// close closes the readers that are free and makes the others close theirs.
func (p *pool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	var err error
	for _, r := range p.free {
		err = errors.Join(err, r.close())
	}
	p.free = nil
	return err
}
