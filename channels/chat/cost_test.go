//go:build linux

package chat_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"hark/channels/chat"
	"hark/desk/desktest"
)

// cost is what a hub's process has used.
type cost struct {
	RSS   int64 // bytes
	Heap  uint64
	Stack uint64
	CPU   time.Duration
}

// TestHubProcess is not a test of its own: it is the hub that
// TestVisitorsAreCheap measures, in a process that holds nothing else.
func TestHubProcess(t *testing.T) {
	if os.Getenv("HARK_TEST_HUB") == "" {
		return
	}
	env := desktest.New(t)
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() {
		served <- chat.New(chat.Options{Desk: env.Desk, Origins: []string{site}, Limits: unlimited()}).Serve(ctx, l)
	}()
	fmt.Println("hub", l.Addr())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		b, _ := json.Marshal(measure())
		fmt.Println("hub", string(b))
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func measure() cost {
	var c cost
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	c.CPU = time.Duration(u.Utime.Nano() + u.Stime.Nano())
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	c.Heap, c.Stack = m.HeapInuse, m.StackInuse
	raw, _ := os.ReadFile("/proc/self/statm")
	var size, resident int64
	_, _ = fmt.Sscan(string(raw), &size, &resident)
	c.RSS = resident * int64(os.Getpagesize())
	return c
}

// hubProcess is a hub in a process of its own.
type hubProcess struct {
	t     testing.TB
	addr  string
	in    io.Writer
	lines *bufio.Scanner
}

func startHubProcess(t testing.TB) *hubProcess {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHubProcess$")
	cmd.Env = append(os.Environ(), "HARK_TEST_HUB=1", "GOTRACEBACK=all")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _, _ = io.Copy(io.Discard, out); _ = cmd.Wait() })
	h := &hubProcess{t: t, in: in, lines: bufio.NewScanner(out)}
	h.addr = h.line()
	return h
}

func (h *hubProcess) line() string {
	h.t.Helper()
	for h.lines.Scan() {
		if s, ok := strings.CutPrefix(h.lines.Text(), "hub "); ok {
			return s
		}
	}
	h.t.Fatalf("the hub is gone: %v", h.lines.Err())
	return ""
}

func (h *hubProcess) cost() cost {
	h.t.Helper()
	if _, err := io.WriteString(h.in, "\n"); err != nil {
		h.t.Fatal(err)
	}
	var c cost
	if err := json.Unmarshal([]byte(h.line()), &c); err != nil {
		h.t.Fatal(err)
	}
	return c
}

// What a visitor may cost. The journal of this hub is in memory and counts in;
// the figures of the whole are in bench.
const (
	idleLimit    = 20_000                 // bytes of an idle visitor who has chatted
	messageLimit = 350 * time.Microsecond // processor time of one message, half of what all of it may take
)

func TestVisitorsAreCheap(t *testing.T) {
	h := startHubProcess(t)
	const visitors = 1000
	warm := &hub{addr: h.addr}
	chatter(t, warm, 0, 50, 1)
	before := h.cost()
	chatter(t, warm, 50, visitors, 1)
	idle := h.cost()
	per := (idle.RSS - before.RSS) / visitors
	t.Logf("an idle visitor takes %d bytes of the process: %d heap, %d stack", per,
		(idle.Heap-before.Heap)/visitors, (idle.Stack-before.Stack)/visitors)
	if per > idleLimit && !underRace {
		t.Errorf("an idle visitor takes %d bytes, want %d at most", per, idleLimit)
	}
	chatter(t, warm, 5000, 100, 100)
	busy := h.cost()
	cpu := (busy.CPU - idle.CPU) / (100 * 100)
	t.Logf("a message takes %v of the processor", cpu)
	if cpu > messageLimit && !underRace {
		t.Errorf("a message takes %v of the processor, want %v at most", cpu, messageLimit)
	}
}

// chatter has visitors write messages and stay.
func chatter(t *testing.T, h *hub, from, visitors, each int) {
	t.Helper()
	for i := range visitors {
		r := enter(t, h, desktest.Token(fmt.Sprint("chatter", from+i)))
		for m := range each {
			r.text(fmt.Sprintf(`{"t":"say","id":"m%d","text":"is anybody there? this is message %d of mine"}`, m, m))
			r.await("ok")
		}
		_ = r.conn.SetDeadline(time.Time{})
	}
}
