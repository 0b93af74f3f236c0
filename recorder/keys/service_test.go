package keys

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hark/desk"
)

// The tests of this file talk to a real Secret Service. The bus address is
// remembered by the library for the life of a process, so each talk is a run
// of this test program of its own, started by TestMain when TALK is set.
const talkVariable, talkFolder = "HARK_TEST_TALK", "HARK_TEST_FOLDER"

func TestMain(m *testing.M) {
	if talk := os.Getenv(talkVariable); talk != "" {
		began := time.Now()
		text, err := talkToService(talk, os.Getenv(talkFolder))
		fmt.Printf("%s|%s|%t|%d\n", text, desk.Sentence(err), err == nil, time.Since(began).Milliseconds())
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var talkPair = Pair{desk.DeriveID([]byte("talk")), desk.ClassTranscript}

func talkToService(talk, dir string) (string, error) {
	ctx, src := context.Background(), Source{Backend: BackendKeyring}
	if talk == "probe" {
		return "", Probe(ctx, src)
	}
	act := Open
	if talk == "create" {
		act = Create
	}
	v, err := act(ctx, dir, src)
	if err != nil {
		return "", err
	}
	if err := v.Ensure(ctx, []Pair{talkPair}); err != nil {
		return "", err
	}
	aead, err := v.AEAD(talkPair.Stream, talkPair.Class)
	if err != nil {
		return "", err
	}
	file, text := filepath.Join(dir, "sealed"), []byte("hello")
	if talk == "create" {
		err = os.WriteFile(file, aead.Seal(nil, nil, text, nil), 0o600)
	} else if text, err = os.ReadFile(file); err == nil {
		text, err = aead.Open(nil, nil, text, nil)
	}
	return string(text), errors.Join(err, v.Close())
}

// session is a desktop session without a desktop: a home, a runtime folder and
// a message bus of its own, which starts nothing by itself.
type session struct {
	t    *testing.T
	home string
	conf string // of the bus
}

func newSession(t *testing.T) *session {
	t.Helper()
	for _, tool := range []string{"dbus-run-session", "dbus-send", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs " + tool + ", which is not installed")
		}
	}
	home, err := os.MkdirTemp("", "hk") // short: sockets lie in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	if err := os.Mkdir(filepath.Join(home, "run"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := &session{t: t, home: home, conf: filepath.Join(home, "bus.conf")}
	writeFile(t, s.conf, `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=`+home+`</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`)
	return s
}

// What is on the bus while a talk runs. Each ends with the daemon's process
// number in $d.
const (
	unlocked = `printf %s "a login password" | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 & d=$!`
	locked   = `gnome-keyring-daemon --foreground --components=secrets </dev/null >/dev/null 2>&1 & d=$!`
	nobody   = `d=`
)

// around waits until the daemon has its name on the bus, talks, and ends the
// daemon.
const around = `
i=0
while [ "$d" ] && [ $i -lt 500 ] && ! dbus-send --session --dest=org.freedesktop.DBus --print-reply /org/freedesktop/DBus \
	org.freedesktop.DBus.GetNameOwner string:org.freedesktop.secrets >/dev/null 2>&1; do sleep 0.02; i=$((i+1)); done
[ -z "$STOP" ] || kill -STOP $d
"$0"
[ -z "$d" ] || { kill -KILL $d; wait $d 2>/dev/null; }
exit 0
`

// talk runs one talk inside the session and returns what was read, the
// sentence of the error and how long it took.
func (s *session) talk(daemon, talk, dir string, env ...string) (text, sentence string, took time.Duration) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 40*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "dbus-run-session", "--config-file="+s.conf, "--", "sh", "-c", daemon+around, os.Args[0])
	cmd.Env = s.env(append(env, talkVariable+"="+talk, talkFolder+"="+dir)...)
	killGroup(cmd)
	return s.run(cmd)
}

// env is a bare environment: nothing of the desktop that the test may run in.
func (s *session) env(more ...string) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.home, "XDG_RUNTIME_DIR=" + filepath.Join(s.home, "run")}, more...)
}

// run runs a talk. It answers in a file: daemons on their way out would hold a
// pipe open.
func (s *session) run(cmd *exec.Cmd) (text, sentence string, took time.Duration) {
	s.t.Helper()
	out, err := os.Create(filepath.Join(s.t.TempDir(), "out"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	cmd.Stdout = out
	err = cmd.Run()
	said, rerr := os.ReadFile(out.Name())
	if err != nil || rerr != nil {
		s.t.Fatalf("%v, %v: %s", err, rerr, said)
	}
	parts := strings.Split(strings.TrimSpace(string(said)), "|")
	if len(parts) != 4 {
		s.t.Fatalf("the talk said %q", said)
	}
	var ms int64
	if _, err := fmt.Sscan(parts[3], &ms); err != nil {
		s.t.Fatal(err)
	}
	if parts[2] == "true" {
		parts[1] = ""
	}
	return parts[0], parts[1], time.Duration(ms) * time.Millisecond
}

func TestRealSecretService(t *testing.T) {
	s := newSession(t)
	dir := t.TempDir()
	if _, sentence, _ := s.talk(unlocked, "probe", dir); sentence != "" {
		t.Fatal("probe:", sentence)
	}
	if text, sentence, _ := s.talk(unlocked, "create", dir); sentence != "" || text != "hello" {
		t.Fatal("create:", text, sentence)
	}
	text, sentence, took := s.talk(unlocked, "open", dir)
	if sentence != "" || text != "hello" {
		t.Fatal("a new login does not open the desk:", text, sentence)
	}
	t.Logf("opened in %v", took)

	before := contents(t, dir)
	_, sentence, took = s.talk(locked, "open", dir)
	if !strings.Contains(sentence, "it is locked") || !strings.Contains(sentence, "unlock it") {
		t.Errorf("locked: %q after %v", sentence, took)
	}
	same(t, before, contents(t, dir))
	if _, sentence, _ = s.talk(locked, "probe", dir); !strings.Contains(sentence, "passphrase (asked for") {
		t.Errorf("probing a locked one: %q", sentence)
	}

	other := newSession(t) // another person's keyring
	if _, sentence, _ = other.talk(unlocked, "open", dir); !strings.Contains(sentence, "does not hold the key") {
		t.Errorf("another keyring: %q", sentence)
	}
	same(t, before, contents(t, dir))
	if text, sentence, _ = s.talk(unlocked, "open", dir); sentence != "" || text != "hello" {
		t.Error("it does not open after all that:", sentence)
	}
}

// TestBusWithoutSecretService has a bus on which nobody offers a keyring.
func TestBusWithoutSecretService(t *testing.T) {
	_, sentence, took := newSession(t).talk(nobody, "create", t.TempDir())
	if !strings.Contains(sentence, "no keyring offers itself on the session bus") || took > 5*time.Second {
		t.Errorf("%q after %v", sentence, took)
	}
}

// TestStoppedSecretService has a keyring that stops answering in the middle of
// the day.
func TestStoppedSecretService(t *testing.T) {
	t.Parallel()
	_, sentence, took := newSession(t).talk(unlocked, "create", t.TempDir(), "STOP=1")
	if !strings.Contains(sentence, "did not answer in time") || !strings.Contains(sentence, "passphrase (asked for") {
		t.Errorf("it says %q", sentence)
	}
	if took > Limit+time.Second || took < Limit-time.Second {
		t.Errorf("it took %v; the limit is %v", took, Limit)
	}
}

// TestNoBusIsEverStarted runs without a bus, with a program in the path that
// would start one, as dbus-x11 installs it.
func TestNoBusIsEverStarted(t *testing.T) {
	if sessionBus() == nil && os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		t.Skip("needs a user without a session bus; this one's own keyring is not a test's to touch")
	}
	s := newSession(t)
	bin, mark := t.TempDir(), filepath.Join(s.home, "started")
	writeFile(t, filepath.Join(bin, "dbus-launch"), "#!/bin/sh\ntouch "+mark+"\n")
	if err := os.Chmod(filepath.Join(bin, "dbus-launch"), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = s.env("PATH="+bin, talkVariable+"=probe")
	_, sentence, _ := s.run(cmd)
	if _, err := os.Stat(mark); err == nil {
		t.Error("a bus was started")
	}
	if !strings.Contains(sentence, "no desktop session is running here") {
		t.Errorf("it says %q", sentence)
	}
}

// TestBusThatNeverAnswers listens where the bus should be, and is silent.
func TestBusThatNeverAnswers(t *testing.T) {
	t.Parallel()
	s := &session{t: t, home: t.TempDir()}
	dir, err := os.MkdirTemp("", "hk")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	socket := filepath.Join(dir, "bus")
	silent, err := new(net.ListenConfig).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = s.env("DBUS_SESSION_BUS_ADDRESS=unix:path="+socket, talkVariable+"=create", talkFolder+"="+t.TempDir())
	_, sentence, took := s.run(cmd)
	if !strings.Contains(sentence, "did not answer in time") || !strings.Contains(sentence, "passphrase (asked for") {
		t.Errorf("it says %q", sentence)
	}
	if took > Limit+time.Second || took < Limit-time.Second {
		t.Errorf("it took %v; the limit is %v", took, Limit)
	}
}
