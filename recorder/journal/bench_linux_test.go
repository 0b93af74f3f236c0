package journal

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"hark/desk"
)

// BenchmarkAppend compares durable appends with the least that durable can
// cost: a bare file to which one goroutine writes what waits, with one sync.
// The file gets the bytes of the same events, encoded but neither masked nor
// sealed nor found again.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("journal/%d writers", writers), func(b *testing.B) {
			j := start(b, Options{Dir: b.TempDir()})
			drive(b, writers, func(e desk.Entry) error {
				_, err := j.Append(context.Background(), e)
				return err
			})
		})
		b.Run(fmt.Sprintf("raw file/%d writers", writers), func(b *testing.B) {
			f := openRawFile(b)
			defer f.close()
			drive(b, writers, f.append)
		})
	}
}

// drive appends b.N events from as many goroutines, each in a conversation of
// its own, and reports how long the answers took.
func drive(b *testing.B, writers int, add func(desk.Entry) error) {
	text := strings.Repeat("Two charges for one order? ", 11) // about 300 letters
	waits := make([][]time.Duration, writers)
	var wg sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for w := range writers {
		n := b.N / writers
		if w < b.N%writers {
			n++
		}
		wg.Go(func() {
			s := desk.Stream{Type: desk.ConversationStream, ID: desk.NewID()}
			actor := desk.Actor{Kind: desk.ActorContact, ID: desk.NewID()}
			for range n {
				t := time.Now()
				err := add(desk.Entry{
					ID: desk.NewID(), Stream: s, Class: desk.ClassTranscript, Expect: desk.AnyN, Actor: actor,
					Body: desk.Message{Direction: desk.In, Channel: desk.Chat, Text: text, Client: "m-1"},
				})
				if err != nil {
					b.Error(err)
					return
				}
				waits[w] = append(waits[w], time.Since(t))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	all := slices.Concat(waits...)
	slices.Sort(all)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
}

// rawFile is a group-committing file.
type rawFile struct {
	f       *os.File
	mu      sync.Mutex
	waiting []*rawRecord
	wake    chan struct{}
}

type rawRecord struct {
	bytes []byte
	done  chan error
}

func openRawFile(b *testing.B) *rawFile {
	f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
	if err != nil {
		b.Fatal(err)
	}
	r := &rawFile{f: f, wake: make(chan struct{}, 1)}
	go r.write()
	return r
}

func (r *rawFile) append(e desk.Entry) error {
	raw := desk.Header{ID: e.ID, Stream: e.Stream.ID, Class: e.Class, N: 1, At: time.Now()}.Append(make([]byte, 0, 512))
	raw, err := desk.AppendSecret(raw, e.Stream.Type, e.Actor, e.Body)
	if err != nil {
		return err
	}
	rec := &rawRecord{raw, make(chan error, 1)}
	r.mu.Lock()
	r.waiting = append(r.waiting, rec)
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
	return <-rec.done
}

func (r *rawFile) write() {
	var buf []byte
	for range r.wake {
		r.mu.Lock()
		batch := r.waiting
		r.waiting = nil
		r.mu.Unlock()
		buf = buf[:0]
		for _, rec := range batch {
			buf = append(buf, rec.bytes...)
		}
		_, err := r.f.Write(buf)
		if err == nil {
			err = unix.Fdatasync(int(r.f.Fd()))
		}
		for _, rec := range batch {
			rec.done <- err
		}
	}
}

func (r *rawFile) close() {
	close(r.wake)
	_ = r.f.Close()
}
