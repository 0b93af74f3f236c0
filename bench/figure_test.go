package main

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func TestMedianAndQuantiles(t *testing.T) {
	if m := median([]float64{3, 1, 2}); m != 2 {
		t.Errorf("median of three is %v", m)
	}
	if m := median([]float64{4, 1, 2, 3}); m != 2.5 {
		t.Errorf("median of four is %v", m)
	}
	s := samples{}
	for i := 100; i >= 1; i-- {
		s = append(s, time.Duration(i)*time.Millisecond)
	}
	if a, b, c := s.quantile(0.5), s.quantile(0.99), s.quantile(1); a != 50 || b != 99 || c != 100 {
		t.Errorf("quantiles are %v, %v, %v", a, b, c)
	}
	if v := (samples)(nil).quantile(0.5); v != 0 {
		t.Errorf("the quantile of nothing is %v", v)
	}
}

func TestFiguresHaveFourDigits(t *testing.T) {
	for v, want := range map[float64]float64{123456: 123500, 0.0123456: 0.01235, -98765: -98770, 0: 0} {
		if got := significant(v); got != want {
			t.Errorf("%v became %v, want %v", v, got, want)
		}
	}
}

func TestBoardCountsWhatIsLostAndWhatComesTwice(t *testing.T) {
	b := newBoard()
	now := time.Now()
	for range 3 {
		b.leave(now)
	}
	b.arrive([]byte(`{"text":"`+words(1)+`"} and `+words(1)+" "+words(999)), now.Add(time.Millisecond))
	b.arrive([]byte("bench-00"), now)
	o := b.outcome(0)
	if o.sent != 3 || o.missing != 2 || len(o.took) != 1 || o.took[0] != time.Millisecond || b.duplicates() != 1 {
		t.Errorf("outcome %+v, %d twice", o, b.duplicates())
	}
}

// The floor must be a floor: what it calls durable is in the file, in order.
func TestGroupFileKeepsWhatItAnswers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	batches := 0
	g, err := openGroupFile(path, func([]*record) { batches++ })
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	const writers, each = 8, 50
	for range writers {
		wg.Go(func() {
			r := &record{bytes: []byte("12345678\n"), done: make(chan struct{}, 1)}
			for range each {
				if err := g.append(context.Background(), r); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := g.close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Size() != writers*each*9 {
		t.Errorf("the file has %v bytes, %v", info.Size(), err)
	}
	if batches == 0 || batches > writers*each {
		t.Errorf("%d batches", batches)
	}
}

func TestRelayCarriesEveryMessageOnce(t *testing.T) {
	s, err := startRelay(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	o, _, err := measure(t.Context(), s, load{chats: 5, every: 20 * time.Millisecond, length: 400 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if o.sent < 50 || o.missing > 0 {
		t.Errorf("outcome %+v", o)
	}
}
