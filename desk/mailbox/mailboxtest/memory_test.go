package mailboxtest

import (
	"testing"

	"hark/desk/mailbox"
)

func TestMemory(t *testing.T) {
	TestStore(t, func(*testing.T) func() mailbox.Store {
		m := New()
		return func() mailbox.Store { return m }
	})
}
