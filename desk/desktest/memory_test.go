package desktest

import (
	"testing"

	"hark/desk"
)

func TestMemoryJournal(t *testing.T) {
	TestJournal(t, func(*testing.T) func() desk.Journal {
		j := NewJournal()
		return func() desk.Journal { return j }
	})
}
