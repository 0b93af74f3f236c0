package staff_test

import (
	"os"
	"testing"

	"github.com/creack/pty"
)

// BenchmarkTail measures a visitor's word from the desk to a line of tail, all
// of the way but the disk.
func BenchmarkTail(b *testing.B) {
	w := open(b)
	tail := w.tail("ana", "--json")
	w.Says("Mo", "first")
	for range 2 {
		next(b, tail)
	}
	b.ResetTimer()
	for range b.N {
		w.Says("Mo", "hello")
		next(b, tail)
	}
}

// BenchmarkCommand measures a whole command: connection, handshake, sign-in,
// answer.
func BenchmarkCommand(b *testing.B) {
	w := open(b)
	w.Says("Mo", "hello")
	for range b.N {
		w.run("ana", "", "ls", "--json")
	}
}

// BenchmarkAttach measures an attach up to the console's first bytes on the
// terminal, with a console that draws nothing else.
func BenchmarkAttach(b *testing.B) {
	w := open(b, withConsole)
	for range b.N {
		master, tty, err := pty.Open()
		if err != nil {
			b.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			c := w.dial("ana")
			_, _ = c.Attach(b.Context(), tty, tty, os.Stderr)
			_ = c.Close()
		}()
		if _, err := master.Read(make([]byte, 1)); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if _, err := master.WriteString("q"); err != nil {
			b.Fatal(err)
		}
		<-done
		_, _ = tty.Close(), master.Close()
		b.StartTimer()
	}
}
