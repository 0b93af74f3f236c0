package staff_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"hark/desk"
	"hark/staff"
)

// notOwner makes this process somebody other than the data folder's owner.
func notOwner(o *staff.Options) { o.Owner = os.Getuid() + 1 }

func TestWhoYouAreIsYourUserID(t *testing.T) {
	w := open(t, notOwner)
	if r := w.run("", "", "ls"); r.status != staff.ExitDenied || !strings.Contains(r.err, "user id "+uid()+" has no account at this desk") {
		t.Errorf("without an account: %+v", r)
	}
	if r := w.run("ana", "", "ls"); r.status != staff.ExitDenied || !strings.Contains(r.err, "has no account") {
		t.Errorf("as somebody else without an account: %+v", r)
	}
	ana := w.As("ana")
	if _, err := ana.AddAccount(t.Context(), desk.AccountCreated{Name: "eva", Display: "Eva", Roles: []desk.Role{desk.RoleAgent}, UID: uid()}); err != nil {
		t.Fatal(err)
	}
	id := w.Says("Mo", "hello").String()
	w.do("", "claim", id)
	w.do("eva", "send", id, "hi")
	if out := w.do("", "cat", id, "--json"); !strings.Contains(out, `"actor":"eva"`) || strings.Contains(out, "owner as") {
		t.Errorf("acts of one's own are told wrongly: %s", out)
	}
	if r := w.run("ana", "", "ls"); r.status != staff.ExitDenied || !strings.Contains(r.err, "only the owner") || !strings.Contains(r.err, "you are eva") {
		t.Errorf("as somebody else: %+v", r)
	}
}

// raw speaks SSH to the hub without our client.
func (w *world) raw(user string) *ssh.Client {
	w.t.Helper()
	nc, err := net.Dial("unix", w.socket) //nolint:noctx // on this machine
	if err != nil {
		w.t.Fatal(err)
	}
	c, channels, requests, err := ssh.NewClientConn(nc, "hub", &ssh.ClientConfig{
		User: user, HostKeyCallback: ssh.InsecureIgnoreHostKey(), //nolint:gosec // a test's
	})
	if err != nil {
		w.t.Fatal(err)
	}
	client := ssh.NewClient(c, channels, requests)
	w.t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestNothingButSessionsIsServed(t *testing.T) {
	w := open(t, withConsole)
	c := w.raw("ana")
	if _, err := c.Dial("tcp", "127.0.0.1:22"); err == nil {
		t.Error("a connection is forwarded")
	}
	if _, err := c.Listen("tcp", "127.0.0.1:0"); err == nil {
		t.Error("a port is forwarded")
	}
	s := session(t, c)
	if err := s.RequestSubsystem("sftp"); err == nil {
		t.Error("a subsystem is served")
	}
	if ok, err := s.SendRequest("auth-agent-req@openssh.com", true, nil); ok || err != nil {
		t.Errorf("an agent is taken: %v", err)
	}
	if err := s.Setenv("LD_PRELOAD", "x"); err == nil {
		t.Error("any variable is taken")
	}
	if err := s.Setenv("LANG", "C.UTF-8"); err != nil {
		t.Errorf("LANG is refused: %v", err)
	}
	if err := s.Setenv("LANG", strings.Repeat("x", 2000)); err == nil {
		t.Error("a huge variable is taken")
	}
}

func session(t *testing.T, c *ssh.Client) *ssh.Session {
	t.Helper()
	s, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// What OpenSSH sends for `ssh host cat 7f3k`: one string, split here.
func TestCommandOfAnotherClient(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "hello").String()
	out, err := session(t, w.raw("ana")).Output(`send ` + id + ` "it's \"here\""`)
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if last := w.row(w.Says("Mo", "thanks")).N; last == 0 {
		t.Fatal("no row")
	}
	cat, err := session(t, w.raw("ana")).Output("cat " + id)
	if err != nil || !strings.Contains(string(cat), `< it's "here"`) {
		t.Errorf("%s, %v", cat, err)
	}
	_, err = session(t, w.raw("ana")).Output("cat 'never closed")
	var exit *ssh.ExitError
	if !errors.As(err, &exit) || exit.ExitStatus() != staff.ExitUsage {
		t.Errorf("%v", err)
	}
}

// Terminals of other clients need their newlines turned.
func TestCommandOnATerminal(t *testing.T) {
	w := open(t)
	w.Says("Mo", strings.Repeat("long words ", 30))
	s := session(t, w.raw("ana"))
	if err := s.RequestPty("xterm", 24, 60, nil); err != nil {
		t.Fatal(err)
	}
	out, err := s.Output("ls")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\r\n"), "\r\n")
	if len(lines) != 2 || strings.Contains(strings.Join(lines, ""), "\n") || len([]rune(lines[1])) > 60 {
		t.Errorf("%q", out)
	}
}

func TestOneProgramASession(t *testing.T) {
	w := open(t, withConsole)
	s := session(t, w.raw("ana"))
	if err := s.RequestPty("xterm", 24, 80, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.StdinPipe(); err != nil { // or the console hears the end of its input
		t.Fatal(err)
	}
	if err := s.Shell(); err != nil {
		t.Fatal(err)
	}
	if ok, err := s.SendRequest("exec", true, ssh.Marshal(struct{ Command string }{"ls"})); ok || err != nil {
		t.Errorf("a second program runs: %v", err)
	}
}

func TestTooManyConnections(t *testing.T) {
	w := open(t, func(o *staff.Options) { o.MaxConns = 2 })
	w.dial("ana")
	second := w.dial("ana")
	if _, err := staff.Dial(t.Context(), []string{w.socket}, "ana"); desk.CodeOf(err) != desk.Unavailable {
		t.Errorf("a third: %v", err)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(5 * time.Second)
	for {
		c, err := staff.Dial(t.Context(), []string{w.socket}, "ana")
		if err == nil {
			_ = c.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after one has gone: %v", err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Whoever connects and does not speak SSH costs nothing and harms nobody.
func TestGarbageIsClosed(t *testing.T) {
	w := open(t)
	for _, garbage := range []string{"GET / HTTP/1.1\r\n\r\n", "SSH-2.0-x\r\n\x00\x00\x00\x04junk", strings.Repeat("\xff", 100_000)} {
		nc, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: w.socket, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(nc, garbage) // it may be closed in the middle
		_ = nc.CloseWrite()
		if err := nc.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, nc); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%.20q: the connection is not closed", garbage)
		}
		_ = nc.Close()
	}
	w.do("ana", "ls")
}

func TestSocketIsForItsOwnerAlone(t *testing.T) {
	w := open(t)
	info, err := os.Stat(w.socket)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %o, %v", info.Mode().Perm(), err)
	}
}

func TestSocketLiesInAPrivateFolder(t *testing.T) {
	run := shortDir(t)
	t.Setenv("XDG_RUNTIME_DIR", run)
	data := t.TempDir()
	path, err := staff.SocketPath(data)
	if err != nil || filepath.Dir(path) != filepath.Join(run, "hark") {
		t.Fatalf("%s, %v", path, err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(data, link); err != nil {
		t.Fatal(err)
	}
	if same, err := staff.SocketPath(link); err != nil || same != path {
		t.Errorf("by another name of the folder: %s, %v", same, err)
	}
	if other, err := staff.SocketPath(t.TempDir()); err != nil || other == path {
		t.Errorf("of another folder: %s, %v", other, err)
	}
	// A folder that others can enter is not used.
	if err := os.Chmod(filepath.Join(run, "hark"), 0o777); err != nil { //nolint:gosec // it must be noticed
		t.Fatal(err)
	}
	if elsewhere, err := staff.SocketPath(data); err != nil || strings.HasPrefix(elsewhere, run) {
		t.Errorf("in an open folder: %s, %v", elsewhere, err)
	}
	// A name that is too long for a socket is not used either.
	t.Setenv("XDG_RUNTIME_DIR", filepath.Join(run, strings.Repeat("x", 90)))
	if elsewhere, err := staff.SocketPath(data); err != nil || len(elsewhere) > 100 {
		t.Errorf("in a folder with a long name: %s, %v", elsewhere, err)
	}
}

func TestSocketOfAKilledHubIsReplacedAndNothingElse(t *testing.T) {
	path := filepath.Join(shortDir(t), "hub.sock")
	ln, err := staff.Listen(path, "")
	if err != nil {
		t.Fatal(err)
	}
	ln.SetUnlinkOnClose(false) // as a kill leaves it
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := staff.Dial(t.Context(), []string{path}, ""); !errors.Is(err, staff.ErrNoHub) {
		t.Errorf("nobody listens: %v", err)
	}
	if ln, err = staff.Listen(path, ""); err != nil {
		t.Fatal(err)
	}
	_ = ln.Close()
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := staff.Listen(path, ""); err == nil || !strings.Contains(err.Error(), "in the way") {
		t.Errorf("over a file: %v", err)
	}
}

func TestLongTextGoesThroughStandardInput(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "hello").String()
	c := w.dial("ana")
	status, err := c.Run(t.Context(), []string{"send", id, strings.Repeat("'", 40_000)}, nil, staff.Streams{Out: io.Discard, Err: io.Discard})
	if status != staff.ExitUsage || err == nil || !strings.Contains(err.Error(), "standard input") {
		t.Errorf("%d, %v", status, err)
	}
	text := strings.Repeat("'", desk.TextLimit)
	if r := w.run("ana", text, "send", id, "-"); r.status != 0 {
		t.Errorf("%+v", r)
	}
	if r := w.run("ana", text+"x", "send", id, "-"); r.status != staff.ExitUsage || !strings.Contains(r.err, fmt.Sprint(desk.TextLimit)) {
		t.Errorf("%+v", r)
	}
}
