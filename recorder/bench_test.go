package recorder

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkOpen opens a desk of 10,000 conversations whose state is stored.
func BenchmarkOpen(b *testing.B) {
	p := newPlace(b)
	o := p.create(b)
	work := make(chan int)
	done := make(chan struct{})
	for range 64 {
		go func() {
			for i := range work {
				o.says(fmt.Sprint("visitor ", i), "c", "the parcel has not come and I have waited for more than a week now; where is it?")
			}
			done <- struct{}{}
		}()
	}
	for i := range 10_000 {
		work <- i
	}
	close(work)
	for range 64 {
		<-done
	}
	o.close()
	best := time.Hour
	for b.Loop() {
		began := time.Now()
		o := p.open(b)
		best = min(best, time.Since(began))
		b.StopTimer()
		o.close()
		b.StartTimer()
	}
	b.ReportMetric(float64(best.Microseconds())/1000, "ms-best")
}
