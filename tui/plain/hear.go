package plain

import (
	"time"

	"hark/desk"
)

// heard is what a subscription brought; gen 0 is that of all rows, others are
// those of the conversations that were opened, one after the other.
type heard struct {
	gen   int
	batch desk.Batch[desk.Frame]
}

// pump hands on what a subscription brings until it is closed.
func (s *sitting) pump(gen int, sub *desk.Subscription[desk.Frame]) {
	for {
		batch, err := sub.Next(s.ctx)
		if err != nil {
			return
		}
		select {
		case s.heard <- heard{gen, batch}:
		case <-s.ctx.Done():
			return
		}
	}
}

// take makes facts of what happened, and tells them where that disturbs nobody.
func (s *sitting) take(h heard) {
	switch {
	case h.gen == 0:
		s.rows(h.batch)
	case s.room != nil && s.room.gen == h.gen:
		s.events(h.batch)
	}
	s.present()
}

// present tells what waits where that disturbs nobody, and otherwise rings.
func (s *sitting) present() {
	switch {
	case len(s.news) == 0:
	case !s.o.Terminal || s.listening:
		s.tellNews()
	case s.bell && !s.rung:
		s.rung = true
		s.out.ring()
	}
}

// handover is how long what has happened may take from the desk to the loop.
const handover = 5 * time.Millisecond

// drain takes what has happened by now.
func (s *sitting) drain() {
	over := time.NewTimer(handover)
	defer over.Stop()
	for {
		select {
		case h := <-s.heard:
			s.take(h)
		case <-over.C:
			return
		}
	}
}

// newsLimit is how many facts wait for enter; of more, the first are counted
// only.
const newsLimit = 100

// add keeps a fact until it can be told.
func (s *sitting) add(fact string) { s.news = append(s.news, fact) }

// tellNews tells what waits.
func (s *sitting) tellNews() {
	s.toldNow = len(s.news) > 0
	s.fresh += len(s.news)
	if n := len(s.news) - newsLimit; n > 0 {
		s.out.line("Of " + count(len(s.news), "thing") + " that happened, these are the last " + count(newsLimit, "") + ".")
		s.news = s.news[n:]
	}
	for _, fact := range s.news {
		s.out.line(fact)
	}
	s.news = nil
	s.seen()
}
