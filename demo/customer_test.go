package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hark/channels/chat/visitor"
)

// desk notes what customers say to it and answers when told to.
type fakeDesk struct {
	mu      sync.Mutex
	start   time.Time
	said    []saying
	answers bool
}

type saying struct {
	at   time.Duration
	who  string
	text string
}

// fakeLine is a line to a fakeDesk.
type fakeLine struct {
	desk *fakeDesk
	who  string
	in   chan string
}

func (l *fakeLine) say(text string) {
	l.desk.mu.Lock()
	defer l.desk.mu.Unlock()
	l.desk.said = append(l.desk.said, saying{time.Since(l.desk.start), l.who, text})
	if l.desk.answers {
		l.in <- "Of course, we will see to it today."
	}
}

func (l *fakeLine) send(text, _ string, _ []byte) { l.say(text) }

func (l *fakeLine) typing(bool) {}

func (l *fakeLine) answers() <-chan string { return l.in }

// watch runs n customers at a fake desk for a while of fake time.
func watch(t *testing.T, n int, seed uint64, answers bool, d time.Duration) []saying {
	t.Helper()
	desk := &fakeDesk{answers: answers}
	synctest.Test(t, func(t *testing.T) {
		desk.start = time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), d)
		defer cancel()
		visits := 0
		s := &street{ctx: ctx, pace: 1, open: func(_ context.Context, told story) (line, error) {
			desk.mu.Lock()
			defer desk.mu.Unlock()
			visits++
			return &fakeLine{desk, fmt.Sprint(visits, told.name), make(chan string, answersKept)}, nil
		}}
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() { s.place(i, seed) })
		}
		wg.Wait()
	})
	return desk.said
}

func TestTheSameSeedBringsTheSameCustomers(t *testing.T) {
	first := watch(t, 6, 7, true, 20*time.Minute)
	again := watch(t, 6, 7, true, 20*time.Minute)
	other := watch(t, 6, 8, true, 20*time.Minute)
	if len(first) < 20 || fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("one seed gave two different days:\n%v\n%v", first, again)
	}
	if fmt.Sprint(first) == fmt.Sprint(other) {
		t.Error("two seeds gave the same day")
	}
}

func TestThereIsSomethingToAnswerAtOnce(t *testing.T) {
	for seed := range uint64(20) {
		if said := watch(t, 6, seed, false, 10*time.Second); len(said) == 0 {
			t.Errorf("seed %d: nobody wrote within ten seconds", seed)
		}
	}
}

func TestAnUnattendedDeskFallsSilent(t *testing.T) {
	said := watch(t, 8, 3, false, 12*time.Hour)
	by := map[string]int{}
	for _, s := range said {
		by[s.who]++
		if s.at > 5*time.Minute {
			t.Errorf("%s still writes after %v", s.who, s.at)
		}
	}
	for who, n := range by {
		if n > 3 {
			t.Errorf("%s wrote %d messages to nobody", who, n)
		}
	}
	if len(by) != 8 {
		t.Errorf("%d customers came, want 8", len(by))
	}
}

func TestAnsweredCustomersGoOnAndDoNotFlood(t *testing.T) {
	const customers = 6
	said := watch(t, customers, 11, true, time.Hour)
	by := map[string]int{}
	for i, s := range said {
		by[s.who]++
		inWindow := 0
		for _, later := range said[i:] {
			if later.at < s.at+10*time.Second {
				inWindow++
			}
		}
		if inWindow > 2*customers {
			t.Fatalf("%d messages in ten seconds from %d customers", inWindow, customers)
		}
	}
	if len(by) <= customers {
		t.Errorf("nobody took the place of those who left: %d customers in an hour", len(by))
	}
	replies := 0
	for _, n := range by {
		if n > 1 {
			replies++
		}
	}
	if replies < len(by)/2 {
		t.Errorf("only %d of %d customers reacted to an answer", replies, len(by))
	}
}

func TestAFewCustomersShowWhatADeskMustCopeWith(t *testing.T) {
	for seed := range uint64(50) {
		var all strings.Builder
		seen := map[string]bool{}
		for i := range 8 {
			s := deal(seed, i)
			all.WriteString(strings.Join(s.open, "\n"))
			if seen[s.open[0]] {
				t.Fatalf("seed %d: a story is told twice among the first eight", seed)
			}
			seen[s.open[0]] = true
		}
		for _, want := range []string{"4111 1111 1111 1111", "\x1b[2J", "\u009d52;c;", "こんにちは", "مرحبا"} {
			if !strings.Contains(all.String(), want) {
				t.Errorf("seed %d: nobody among the first eight brings %q", seed, want)
			}
		}
	}
}

func TestStoriesAreWhole(t *testing.T) {
	for i, told := range append(telling(), everyday()...) {
		s := fill(told, rand.New(rand.NewPCG(1, uint64(i))))
		if _, ok := lampNamed(strings.TrimPrefix(s.page, "/lamps/")); !ok && s.page != "/" {
			t.Errorf("story %d happens on a page that is not there: %s", i, s.page)
		}
		texts := append([]string{s.name, s.nudge}, s.open...)
		for _, turn := range s.turns {
			if len(turn) == 0 {
				t.Errorf("story %d has a turn that says nothing at all", i)
			}
			texts = append(texts, turn...)
		}
		for _, text := range texts {
			if strings.ContainsAny(text, "{}") || len(text) > visitor.TextLimit {
				t.Errorf("story %d: %q is not fit to be sent", i, text)
			}
		}
		if len(s.open) == 0 || len(s.turns) == 0 {
			t.Errorf("story %d has no beginning or no end", i)
		}
	}
}
