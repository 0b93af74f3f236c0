package dovecot

import (
	"errors"
	"testing"
)

// ForTest starts a Dovecot that ends with the test, or skips the test where
// none can be run. One server does for many tests: give each its own user.
func ForTest(tb testing.TB) *Server {
	tb.Helper()
	s, err := Start(tb.Context(), "")
	if errors.Is(err, ErrAbsent) {
		tb.Skip(ErrAbsent)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if tb.Failed() {
			tb.Logf("the server's log:\n%s", s.Log())
		}
		if err := s.Stop(); err != nil {
			tb.Error(err)
		}
	})
	return s
}
