package main

import (
	"errors"
	"os/exec"
	"testing"

	"hark/tools/dovecot"
)

// needsMail skips a test where the bench of mail cannot run.
func needsMail(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("mbsync"); err != nil {
		t.Skip("needs mbsync, which is not installed")
	}
	s, err := dovecot.Start(t.Context(), "")
	if errors.Is(err, dovecot.ErrAbsent) {
		t.Skip(dovecot.ErrAbsent)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
}
