package main

import (
	"bytes"
	"sync/atomic"
	"time"
)

// feedWriter notes the messages that an agent's feed carries. A line may come
// in pieces.
type feedWriter struct {
	board *board
	rest  []byte
	ended atomic.Bool
}

func (f *feedWriter) Write(p []byte) (int, error) {
	at := time.Now()
	f.rest = append(f.rest, p...)
	if end := bytes.LastIndexByte(f.rest, '\n'); end >= 0 {
		f.board.arrive(f.rest[:end], at)
		f.rest = append(f.rest[:0], f.rest[end+1:]...)
	}
	return len(p), nil
}

func (f *feedWriter) stop()         { f.ended.Store(true) }
func (f *feedWriter) stopped() bool { return f.ended.Load() }
