package staff_test

import (
	"os"
	"syscall"
	"testing"
)

// signalResize tells this process what the kernel tells the foreground process
// of a terminal that was resized.
func signalResize(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(os.Getpid(), syscall.SIGWINCH); err != nil {
		t.Fatal(err)
	}
}
