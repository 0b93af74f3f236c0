package desk

import (
	"fmt"
	"testing"
	"time"
)

// stateOf makes a state with n conversations, a minute apart.
func stateOf(n int) *State {
	s := NewState()
	base := time.UnixMilli(1_700_000_000_000).UTC()
	for i := range n {
		e := Event{
			Seq: uint64(i + 1), N: 1, ID: NewID(), At: base.Add(time.Duration(i) * time.Minute),
			Stream: Stream{ConversationStream, DeriveID([]byte(fmt.Sprint(i)))}, Class: ClassTranscript,
			Body: ConversationOpened{Channel: Chat},
		}
		s.Apply([]Event{e})
	}
	return s
}

func TestWindowsShowTheNewestFirst(t *testing.T) {
	s := stateOf(2000)
	w := s.Window(All, ID{}, 500, 20)
	if w.Total != 2000 || len(w.Rows) != 20 {
		t.Fatalf("%d of %d rows", len(w.Rows), w.Total)
	}
	for i, c := range w.Rows {
		if at := s.Index(All, ID{}, c.ID); at != 500+i {
			t.Errorf("row %d says it is at %d", 500+i, at)
		}
		if i > 0 && w.Rows[i-1].At.Before(c.At) {
			t.Error("an older row stands above a newer one")
		}
	}
	if w := s.Window(All, ID{}, 1995, 20); len(w.Rows) != 5 {
		t.Errorf("the end of the list has %d rows", len(w.Rows))
	}
	if w := s.Window(Mine, NewID(), 0, 20); w.Total != 0 {
		t.Errorf("a stranger has %d conversations", w.Total)
	}
}

func TestShortIdentifiersAreUniqueAndFound(t *testing.T) {
	s := stateOf(5000)
	seen := map[string]bool{}
	for id := range s.conversations {
		short := s.Short(id)
		if seen[short] || len(short) < shortest {
			t.Fatalf("%s is short for two conversations", short)
		}
		seen[short] = true
		for _, text := range []string{short, "#" + short, id.String()} {
			if c, err := s.Resolve(text); err != nil || c.ID != id {
				t.Fatalf("%s finds %v", text, err)
			}
		}
	}
}

func TestWhatIsNoIdentifierIsSaid(t *testing.T) {
	s := stateOf(3000)
	for text, code := range map[string]Code{
		"": Invalid, "!!": Invalid, "uuu": Invalid, "0": Invalid, "zzzzzzzzzzzz": NotFound,
		"01234567890123456789012345678": Invalid, "\x1b[2J": Invalid,
	} {
		if _, err := s.Resolve(text); CodeOf(err) != code {
			t.Errorf("%q gives %v", text, err)
		}
	}
}

func BenchmarkApply(b *testing.B) {
	s := stateOf(10_000)
	ids := make([]ID, 0, 10_000)
	for id := range s.conversations {
		ids = append(ids, id)
	}
	seq, at := uint64(10_000), time.UnixMilli(1_800_000_000_000).UTC()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		seq++
		id := ids[i%len(ids)]
		s.Apply([]Event{{
			Seq: seq, N: seq, At: at.Add(time.Duration(i) * time.Millisecond), Stream: Stream{ConversationStream, id},
			Class: ClassTranscript, Body: Message{Direction: In, Channel: Chat, Text: "do you ship to Åland?"},
		}})
	}
}

func BenchmarkWindow(b *testing.B) {
	s := stateOf(10_000)
	b.ReportAllocs()
	for b.Loop() {
		s.Window(All, ID{}, 5000, 40)
	}
}
