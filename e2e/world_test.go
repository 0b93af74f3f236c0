package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"hark/demo"
	"hark/desk"
	"hark/tools/terminal"
)

// patience is how long anything may take before a test gives up.
const patience = 45 * time.Second

// program is the hark that is tried; TestMain builds it.
var program string

func TestMain(m *testing.M) {
	status, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

func buildAndRun(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "hark-e2e-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system clears it as well
	program = filepath.Join(dir, "hark")
	args := []string{"build", "-o", program}
	if raced {
		args = append(args, "-race")
	}
	if out, err := exec.CommandContext(context.Background(), "go", append(args, "hark")...).CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build hark: %w\n%s", err, out)
	}
	return m.Run(), nil
}

// world is a desk with a shop in front of it and a wire between them.
type world struct {
	t    *testing.T
	ctx  context.Context
	home string
	data string
	env  []string
	hub  *exec.Cmd
	log  *bytes.Buffer
	wire *wire
	shop *demo.Shop
}

// newWorld makes a desk and opens it.
func newWorld(t *testing.T) *world {
	t.Helper()
	home, err := os.MkdirTemp("", "hark-e2e-") // short, so that sockets fit in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	w := &world{t: t, ctx: t.Context(), home: home, data: filepath.Join(home, "desk")}
	run := filepath.Join(home, "run")
	if err := os.Mkdir(run, 0o700); err != nil {
		t.Fatal(err)
	}
	w.env = append(os.Environ(), "HOME="+home, "XDG_RUNTIME_DIR="+run, "TZ=UTC", "LANG=C.UTF-8", "GORACE=halt_on_error=1")
	w.wire = newWire(t)
	if w.shop, err = demo.Listen(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	d, err := demo.Start(t.Context(), demo.Options{Shop: w.shop, HubURL: w.wire.url()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	key := hex.EncodeToString(bytes.Repeat([]byte{0x5a}, 32))
	w.hark("init", "--name", "Harbour lamps", "--owner", "ana", "--display", "Ana Ek", "--listen", "127.0.0.1:0",
		"--origin", w.shop.Origin(), "--key", "command", "--key-command", "echo "+key)
	w.open()
	t.Cleanup(w.close)
	return w
}

// hark runs a command that must succeed and returns what it prints.
func (w *world) hark(args ...string) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, append([]string{"--data", w.data}, args...)...)
	cmd.Env = w.env
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	if err := cmd.Run(); err != nil {
		w.t.Fatalf("hark %s: %v\n%s%s", strings.Join(args, " "), err, out.String(), words.String())
	}
	return out.String()
}

// outcome runs a command and returns what it prints, and its exit status.
func (w *world) outcome(args ...string) (string, int) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, append([]string{"--data", w.data}, args...)...)
	cmd.Env = w.env
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

var opened = regexp.MustCompile(`is open: http://(\S+);`)

// open starts a hub in the foreground and waits until it serves.
func (w *world) open() {
	w.t.Helper()
	w.hub = exec.CommandContext(context.Background(), program, "--data", w.data, "serve")
	w.hub.Env = w.env
	w.log = &bytes.Buffer{}
	w.hub.Stderr = w.log
	out, err := w.hub.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.hub.Start(); err != nil {
		w.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	found := opened.FindStringSubmatch(line)
	if found == nil {
		_ = w.hub.Process.Kill()
		_ = w.hub.Wait()
		w.t.Fatalf("the hub did not open: %v %q\n%s", err, line, w.log.String())
	}
	w.wire.lead(found[1])
}

// kill ends the hub as a power cut ends a process: without a chance to write.
func (w *world) kill() {
	w.t.Helper()
	if err := w.hub.Process.Kill(); err != nil {
		w.t.Fatal(err)
	}
	_ = w.hub.Wait() // killed, as it says
	w.hub = nil
}

// stop ends the hub as asked; it must end well.
func (w *world) stop() {
	w.t.Helper()
	w.hark("stop")
	if err := w.hub.Wait(); err != nil {
		w.t.Errorf("the hub did not end well: %v\n%s", err, w.log.String())
	}
	w.hub = nil
}

func (w *world) close() {
	if w.hub == nil {
		return
	}
	_ = w.hub.Process.Signal(syscall.SIGTERM)
	if err := w.hub.Wait(); err != nil {
		w.t.Errorf("the hub did not end well: %v\n%s", err, w.log.String())
	}
}

// console opens a console on a real terminal of 120x40. output hears what is
// written to the terminal; it may be nil.
func (w *world) console(output func(time.Time, []byte), args ...string) *console {
	w.t.Helper()
	cmd := exec.CommandContext(context.Background(), program, append([]string{"--data", w.data}, args...)...)
	cmd.Env = w.env
	t, err := terminal.Start(cmd, terminal.Options{Width: 120, Height: 40, Output: output})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = t.Close() }) // many are closed before
	return &console{w.t, t}
}

// console is an agent's terminal.
type console struct {
	t *testing.T
	*terminal.Terminal
}

// sees waits until all the texts are on the screen together.
func (c *console) sees(texts ...string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := c.Wait(ctx, func(screen string) bool {
		return !slices.ContainsFunc(texts, func(s string) bool { return !strings.Contains(screen, s) })
	})
	if err != nil {
		c.t.Fatalf("the console does not show %q: %v", texts, err)
	}
}

func (c *console) keys(s string) {
	c.t.Helper()
	if err := c.Type(s); err != nil {
		c.t.Fatal(err)
	}
}

// replies writes to the customer of the open conversation.
func (c *console) replies(text string) {
	c.t.Helper()
	if !strings.Contains(c.Text(), " WRITE ") {
		c.keys("r")
		c.sees(" WRITE ", "reply to")
	}
	c.keys(text)
	c.sees(text)
	c.keys("\r")
}

// said is a message as hark cat tells it.
type said struct {
	Kind      string
	Text      string
	Direction desk.Direction
}

// journaled returns the messages of a conversation in order.
func (w *world) journaled(id string) []said {
	w.t.Helper()
	var all []said
	for line := range strings.Lines(w.hark("cat", id, "--json")) {
		var s said
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			w.t.Fatalf("%s: %v", line, err)
		}
		if s.Kind == "message" {
			all = append(all, s)
		}
	}
	return all
}

// conversations returns the identifiers that hark ls lists.
func (w *world) conversations() []string {
	w.t.Helper()
	var ids []string
	for line := range strings.Lines(w.hark("ls", "--json")) {
		var row struct{ ID string }
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			w.t.Fatalf("%s: %v", line, err)
		}
		ids = append(ids, row.ID)
	}
	return ids
}
