package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"

	"hark/staff"
)

// site is the origin that the bench's visitors come from.
const site = "http://bench.example"

// openTimeout is how long a hub may take to open, and to close.
const openTimeout = 30 * time.Second

// settings let one machine play the visitors of a whole day: what a visitor
// may write is raised, everything else is as a newcomer gets it.
const settings = `
[chat.limits]
connections = 100000
per_address = 100000
messages_per_minute = 60000
burst = 10000
`

// liveDesk is a fresh desk on real files and the hub that has it open, as a
// process of its own.
type liveDesk struct {
	program string
	data    string
	url     string
	cmd     *exec.Cmd
	log     *bytes.Buffer // what the hub says on standard error; to be read when it has ended
}

// build returns the program to measure, built from this tree unless one was
// named.
func (p *plan) build(ctx context.Context, dir string) (string, error) {
	if p.hub != "" {
		return filepath.Abs(p.hub)
	}
	path := filepath.Join(dir, "hark")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", path, "hark")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build hark: %w\n%s", err, out)
	}
	return path, nil
}

// newDesk makes a desk in dir. Its key is random and kept by nobody: the desk
// goes with the bench.
func newDesk(ctx context.Context, program, dir string) (*liveDesk, error) {
	d := &liveDesk{program: program, data: filepath.Join(dir, "desk")}
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails, by its contract
	err := d.run(ctx, "init", "--name", "Bench", "--owner", "bench", "--display", "Bench", "--listen", "127.0.0.1:0",
		"--origin", site, "--key", "command", "--key-command", "echo "+hex.EncodeToString(key[:]))
	if err != nil {
		return nil, err
	}
	return d, d.configure()
}

// configure appends the bench's settings, and takes out what they replace.
func (d *liveDesk) configure() error {
	path := filepath.Join(d.data, "hark.toml")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if bytes.Contains(text, []byte("\n[chat.limits]")) {
		return errors.New("the new desk's hark.toml has limits of its own; the bench does not know how to raise them")
	}
	return os.WriteFile(path, append(text, settings...), 0o600)
}

// run runs a command of hark on the desk.
func (d *liveDesk) run(ctx context.Context, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, d.program, append([]string{"--data", d.data}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("hark %s: %w\n%s", args[0], err, out)
	}
	return nil
}

// opened is what a hub in the foreground says first.
var opened = regexp.MustCompile(`is open: (https?://\S+);`)

// serve opens the hub.
func (d *liveDesk) serve(ctx context.Context) error {
	d.cmd = exec.CommandContext(ctx, d.program, "--data", d.data, "serve")
	d.cmd.Cancel = func() error { return d.cmd.Process.Signal(os.Interrupt) }
	d.cmd.WaitDelay = openTimeout
	d.log = new(bytes.Buffer)
	d.cmd.Stderr = d.log
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := d.cmd.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	found := opened.FindStringSubmatch(line)
	if found == nil {
		interrupt(d.cmd)
		return errors.Join(fmt.Errorf("the hub did not open: %s\n%s", line, d.log.String()), err)
	}
	d.url = found[1]
	return nil
}

func (d *liveDesk) close() { interrupt(d.cmd) }

// startHub makes a desk, opens its hub and listens to it as an agent does.
func startHub(ctx context.Context, p *plan, dir string) (*side, error) {
	s, _, err := startDesk(ctx, p, dir)
	return s, err
}

// startDesk is startHub for who needs the desk as well.
func startDesk(ctx context.Context, p *plan, dir string) (*side, *liveDesk, error) {
	program, err := p.build(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	d, err := newDesk(ctx, program, dir)
	if err != nil {
		return nil, nil, err
	}
	if err := d.serve(ctx); err != nil {
		return nil, nil, err
	}
	s := &side{name: "hark", url: "ws" + d.url[len("http"):] + "/socket", origin: site, pid: d.cmd.Process.Pid, board: newBoard()}
	s.stop = append(s.stop, d.close)
	stop, err := d.follow(ctx, s.board)
	if err != nil {
		s.close()
		return nil, nil, err
	}
	s.stop = append(s.stop, stop)
	if err := s.awaitAgent(ctx); err != nil {
		s.close()
		return nil, nil, err
	}
	return s, d, nil
}

// follow is the agent's end: hark tail over the staff protocol, on a
// connection of the bench's own.
func (d *liveDesk) follow(ctx context.Context, b *board) (stop func(), err error) {
	client, err := staff.Dial(ctx, staff.SocketPaths(d.data), "")
	if err != nil {
		return nil, err
	}
	feed := &feedWriter{board: b}
	go func() {
		var words bytes.Buffer
		status, err := client.Run(ctx, []string{"tail", "--json"}, nil, staff.Streams{Out: feed, Err: &words})
		if status != staff.ExitOK && ctx.Err() == nil && !feed.stopped() {
			fmt.Fprintln(os.Stderr, "bench: the agent's feed ended:", status, err, words.String())
		}
	}()
	return func() { feed.stop(); _ = client.Close() }, nil
}
