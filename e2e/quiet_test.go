package e2e_test

import (
	"bytes"
	"context"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/channels/chat/visitor"
)

// ear keeps every byte that comes over a connection.
type ear struct {
	net.Conn
	mu    *sync.Mutex
	heard *bytes.Buffer
}

func (e ear) Read(p []byte) (int, error) {
	n, err := e.Conn.Read(p)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard.Write(p[:n])
	return n, err
}

// What the team says among itself is not in any byte that a visitor's socket
// receives, and where the visitor writes from is in no file.
func TestWhatIsNotForVisitorsDoesNotReachThem(t *testing.T) {
	w := newWorld(t)
	const from = "127.77.66.55"
	var mu sync.Mutex
	var heard bytes.Buffer
	answered := make(chan struct{}, 8)
	c := w.client(t.Context(), visitor.Options{
		Name: stranger,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
			conn, err := d.DialContext(ctx, network, w.wire.target())
			return ear{conn, &mu, &heard}, err
		},
		Handle: func(e visitor.Event) {
			for _, it := range e.Items {
				if !it.Mine {
					answered <- struct{}{}
				}
			}
		},
	})
	if _, err := c.Say(hello); err != nil {
		t.Fatal(err)
	}
	w.until(t.Context(), "the desk has the message", func() bool { return c.Waiting() == 0 })
	id := w.only()
	w.hark("note", id, teamNote)
	w.hark("claim", id)
	w.hark("note", id, teamNote)
	w.hark("send", id, answer)
	select {
	case <-answered:
	case <-time.After(patience):
		t.Fatal("the answer did not come")
	}
	mu.Lock()
	got := heard.String()
	mu.Unlock()
	if !strings.Contains(got, answer) {
		t.Error("the answer was not among the bytes, so nothing was listened to")
	}
	for _, secret := range []string{"kippers", "ana", "note", "assigned"} {
		if strings.Contains(got, secret) {
			t.Errorf("the visitor's socket received %q: %s", secret, got)
		}
	}
	w.stop()
	w.keepsSecret(hello, answer, teamNote, stranger, from, c.Token())
}

// Hostile text is judged by the bytes that reach an agent's terminal: none of
// them may act.
func TestHostileTextOnlyShows(t *testing.T) {
	w := newWorld(t)
	var mu sync.Mutex
	var written bytes.Buffer
	agent := w.console(func(_ time.Time, p []byte) {
		mu.Lock()
		defer mu.Unlock()
		written.Write(p)
	})
	agent.sees("HARK")
	agent.keys("gu")
	const (
		clipboard = "\x1b]52;c;aGFyaw==\x07 \u009d52;c;aGFyaw==\u009c"
		title     = "\x1b]0;captured\x07\u009d2;captured\u009c"
		cursor    = "\x1b[2J\x1b[H\u009b2J\u009b1;1H\x1b[8mhidden\x1b[0m\rover\x08\x08"
		link      = "\x1b]8;;http://bank.example\x1b\\lamp\x1b]8;;\x1b\\ \u202egpj.exe \x1bP1;2q\x1b_G\x1b"
	)
	c := w.client(t.Context(), visitor.Options{Name: "Eve " + title, Page: "http://shop.example/" + clipboard})
	for _, text := range []string{clipboard + " one-" + title, cursor + " two-" + link, "three-plain"} {
		if _, err := c.Say(text); err != nil {
			t.Fatal(err)
		}
	}
	agent.sees("Eve", "three-plain")
	agent.keys("\r")
	agent.sees("one-", "two-", "three-plain", "hidden", "lamp")
	agent.keys("i")
	agent.sees("HARK", "Eve")
	id := w.only()
	mu.Lock()
	bytesToTerminal := written.String()
	mu.Unlock()
	for where, out := range map[string]string{
		"console": bytesToTerminal,
		"ls":      w.hark("ls"),
		"cat":     w.hark("cat", id),
		"ls json": w.hark("ls", "--json"),
		"cat js":  w.hark("cat", id, "--json"),
	} {
		for _, act := range []string{"\x1b]52", "captured\x07", "\x1b]0;", "\u009d", "\u009b", "\u009c", "\x1b]8;;http://bank", "\x1b[8m", "\u202e", "\x1bP", "\x1b_"} {
			if strings.Contains(out, act) {
				t.Errorf("%s carries %q", where, act)
			}
		}
	}
	if rows := agent.Rows(); !strings.HasPrefix(rows[0], " HARK") || !strings.Contains(rows[len(rows)-1], "NAV") {
		t.Errorf("the screen has lost its frame:\n%s", agent.Text())
	}
}

// A terminal multiplexer is where many consoles live.
func TestTheConsoleLivesInTmux(t *testing.T) {
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("needs tmux, which is not installed")
	}
	w := newWorld(t)
	socket := filepath.Join(w.home, "tmux")
	tmux := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "tmux", append([]string{"-S", socket, "-f", "/dev/null"}, args...)...)
		cmd.Env = append(w.env, "TERM=xterm-256color", "LC_ALL=C.UTF-8")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("tmux %s: %v\n%s", args[0], err, out)
		}
		return string(out)
	}
	tmux("new-session", "-d", "-x", "120", "-y", "40", program+" --data "+w.data)
	defer tmux("kill-server")
	c := w.client(t.Context(), visitor.Options{Name: "田中 由美"})
	if _, err := c.Say("ランプ 🔦 for the boat"); err != nil {
		t.Fatal(err)
	}
	shows := func(text string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		w.until(ctx, "tmux shows "+text, func() bool { return strings.Contains(tmux("capture-pane", "-p"), text) })
	}
	shows("HARK")
	tmux("send-keys", "g", "u")
	shows("田中 由美")
	tmux("send-keys", "Enter")
	shows("for the boat")
	tmux("resize-window", "-x", "80", "-y", "24")
	shows("HARK")
	tmux("send-keys", "r")
	shows("WRITE")
	tmux("send-keys", "-l", "It shines.")
	tmux("send-keys", "Enter")
	w.until(t.Context(), "the answer is journaled", func() bool {
		all := w.journaled(w.only())
		return len(all) == 2 && all[1].Text == "It shines."
	})
}
