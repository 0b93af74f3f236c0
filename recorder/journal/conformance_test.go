package journal

import (
	"context"
	"testing"

	"hark/desk"
	"hark/desk/desktest"
)

func TestConformance(t *testing.T) {
	desktest.TestJournal(t, func(t *testing.T) func() desk.Journal {
		o := Options{Dir: t.TempDir(), Keys: newFakeKeys()}
		var last *Journal
		t.Cleanup(func() { closeLast(t, last) })
		return func() desk.Journal {
			closeLast(t, last)
			j, err := Open(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			last = j
			return j
		}
	})
}

func closeLast(t *testing.T, j *Journal) {
	t.Helper()
	if j == nil {
		return
	}
	if err := j.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}
