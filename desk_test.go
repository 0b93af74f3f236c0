package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hark/channels/chat/visitor"
)

// keyProgram writes a program that prints a key, the same each time, and
// returns the command that runs it: the one way to keep a key that needs
// nothing of the machine and nobody to ask.
func (m *machine) keyProgram() string {
	m.t.Helper()
	path := m.path("key")
	if err := os.WriteFile(path, []byte(strings.Repeat("4b", 32)+"\n"), 0o600); err != nil {
		m.t.Fatal(err)
	}
	return "cat " + path
}

// init makes a desk in the folder dir without questions.
func (m *machine) init(dir string, more ...string) {
	m.t.Helper()
	args := []string{"--data", dir, "init", "--name", "Test desk", "--owner", "ana", "--display", "Ana Ek", "--listen", freeAddress(m.t)}
	if len(more) == 0 {
		more = []string{"--key", "command", "--key-command", m.keyProgram()}
	}
	m.do(append(args, more...)...)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := ln.Addr().String()
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	return address
}

// server is a `hark serve` at work.
type server struct {
	m   *machine
	dir string
	cmd *exec.Cmd
	url string
	log *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serve starts a hub in the foreground and waits until it is open.
func (m *machine) serve(dir string, more ...string) *server {
	m.t.Helper()
	s := &server{m: m, dir: dir, cmd: m.command(append([]string{"--data", dir, "serve"}, more...)...), log: &lockedBuffer{}}
	s.cmd.Stderr = s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(s.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	_, rest, ok := strings.Cut(line, " is open: ")
	if err != nil || !ok {
		m.t.Fatalf("the hub does not open: %q, %v\n%s", line, err, s.log.String())
	}
	s.url, _, _ = strings.Cut(rest, ";")
	return s
}

// kill ends the hub as a power cut would.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// end asks the hub to end and waits until it has.
func (s *server) end(sig syscall.Signal) {
	s.m.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.m.t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.m.t.Errorf("the hub ended with %v\n%s", err, s.log.String())
	}
}

// says writes as a new visitor of the website and waits until it is kept.
func (s *server) says(text string) {
	s.m.t.Helper()
	heard := make(chan visitor.Event, 16)
	c, err := visitor.New(visitor.Options{Hub: s.url, Origin: site, Name: "Mo", Handle: func(e visitor.Event) {
		if e.Kind == visitor.Acked || e.Kind == visitor.Refused {
			heard <- e
		}
	}})
	if err != nil {
		s.m.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(s.m.t.Context(), 15*time.Second)
	defer cancel()
	go func() { _ = c.Run(ctx) }() // it ends with ctx, and says only that
	if _, err := c.Say(text); err != nil {
		s.m.t.Fatal(err)
	}
	select {
	case e := <-heard:
		if e.Kind == visitor.Refused {
			s.m.t.Fatalf("the hub refuses %q: %s", text, e.Reason)
		}
	case <-ctx.Done():
		s.m.t.Fatalf("the hub does not confirm %q\n%s", text, s.log.String())
	}
}

// rows lists the conversations.
func (s *server) rows() []row {
	s.m.t.Helper()
	var all []row
	for line := range strings.Lines(s.m.do("--data", s.dir, "ls", "--json")) {
		var r row
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			s.m.t.Fatalf("%v in %s", err, line)
		}
		all = append(all, r)
	}
	return all
}

// row is what a script reads of a line of `ls --json`.
type row struct{ ID, State, Assignee, Last string }

const site = "https://shop.example"

func (m *machine) initWithSite(dir string) {
	m.init(dir, "--key", "command", "--key-command", m.keyProgram(), "--origin", site)
}

func TestDeskOutlivesItsHub(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.initWithSite(dir)
	s := m.serve(dir)
	s.says("the lamp flickers")
	id := s.rows()[0].ID
	m.do("--data", dir, "send", id, "we send a new one")
	m.do("--data", dir, "note", id, "second time this week")
	before := m.do("--data", dir, "cat", id, "--json")
	s.kill()

	if o := m.run("", "--data", dir, "ls"); o.status != 3 {
		t.Errorf("after the kill: %+v", o)
	}
	s = m.serve(dir)
	if after := m.do("--data", dir, "cat", id, "--json"); after != before {
		t.Errorf("after the kill\n%s\nbefore\n%s", after, before)
	}
	s.says("another one")
	if len(s.rows()) != 2 {
		t.Error("nothing new is taken after the restart")
	}
	s.end(syscall.SIGTERM)

	m.serve(dir)
	if after := m.do("--data", dir, "cat", id, "--json"); after != before {
		t.Errorf("after the stop\n%s\nbefore\n%s", after, before)
	}
}

func TestOneHubOnAFolder(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.init(dir)
	s := m.serve(dir)
	o := m.run("", "--data", dir, "serve")
	want := fmt.Sprintf("a hub (process %d) has the desk in %s open already", s.cmd.Process.Pid, dir)
	if o.status != 6 || !strings.Contains(o.err, want) {
		t.Errorf("a second hub: %+v", o)
	}
	m.do("--data", dir, "ls") // the first one is untouched
}

func TestStop(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.init(dir)
	s := m.serve(dir)
	if out := m.do("--data", dir, "stop"); out != "the desk is closed\n" {
		t.Errorf("%q", out)
	}
	if o := m.run("", "--data", dir, "ls"); o.status != 3 {
		t.Errorf("right after stop: %+v", o)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("the hub ended with %v", err)
	}
	m.serve(dir) // right away: the folder is free
}

func TestSecondInitIsRefused(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.init(dir)
	if o := m.run("", "--data", dir, "init", "--name", "x", "--key", "command", "--key-command", m.keyProgram()); o.status != 6 || !strings.Contains(o.err, "holds a desk already") {
		t.Errorf("%+v", o)
	}
}

func TestInitThatFailsLeavesNothing(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	for _, args := range [][]string{
		{"--name", "x", "--key", "command", "--key-command", "false"},
		{"--name", "x", "--key", "systemd"},
		{"--name", "x", "--key", "file"},
		{"--name", "x", "--key", "memory"},
		{"--name", "x", "--key", "passphrase"},
		{"--name", "x", "--key", "command", "--key-command", m.keyProgram(), "--listen", "0.0.0.0:80"},
		{"--name", "x", "--key", "command", "--key-command", m.keyProgram(), "--owner", "No Name"},
	} {
		o := m.run("", append([]string{"--data", dir, "init"}, args...)...)
		if o.status == 0 || o.err == "" {
			t.Errorf("init %v: %+v", args, o)
		}
		if entries, _ := filepath.Glob(filepath.Join(dir, "*")); len(entries) > 0 {
			for _, e := range entries {
				if filepath.Base(e) != "hub.lock" {
					t.Errorf("init %v left %s", args, e)
				}
			}
		}
	}
	m.init(dir)
}

func TestPassphraseByDescriptor(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	args := []string{"--data", dir, "init", "--name", "x", "--key", "passphrase", "--passphrase-fd", "0", "--listen", freeAddress(t)}
	if o := m.run("correct horse battery\n", args...); o.status != 0 {
		t.Fatalf("%+v", o)
	}
	if o := m.run("wrong horse battery\n", "--data", dir, "serve", "--passphrase-fd", "0"); o.status != 4 || !strings.Contains(o.err, "the passphrase does not open") {
		t.Errorf("%+v", o)
	}
	if o := m.run("", "--data", dir, "serve"); o.status == 0 || !strings.Contains(o.err, "--passphrase-fd") {
		t.Errorf("%+v", o)
	}
}

// Thirty-two processes want the same conversation at once.
func TestClaimRaceOfProcesses(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.initWithSite(dir)
	s := m.serve(dir)
	s.says("who takes me?")
	id := s.rows()[0].ID
	const people = 32
	names := make([]string, people)
	for i := range names {
		names[i] = fmt.Sprintf("agent%d", i)
		m.do("--data", dir, "user", "add", names[i])
	}
	outcomes := make([]outcome, people)
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { outcomes[i] = m.run("", "--data", dir, "--as", name, "claim", id) })
	}
	wg.Wait()
	winner := s.rows()[0].Assignee
	for i, o := range outcomes {
		switch {
		case names[i] == winner && o.status != 0, names[i] != winner && o.status == 0:
			t.Errorf("%s has it; %s: %+v", winner, names[i], o)
		case names[i] != winner && (o.status != 6 || !strings.Contains(o.err, winner+" has this conversation")):
			t.Errorf("%s has it; %s was told %+v", winner, names[i], o)
		}
	}
}

func TestDoctorWithAndWithoutAHub(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.init(dir)
	if out := m.do("--data", dir, "doctor"); !strings.Contains(out, "not running") || !strings.Contains(out, "kept by command, which answers") {
		t.Errorf("without a hub: %s", out)
	}
	s := m.serve(dir)
	out := m.do("--data", dir, "doctor")
	for _, want := range []string{s.url + ", reached from this machine only", ".sock, reached by this user's processes", "journal.db, mode 600", "the newest can be read", "command: it answers and holds the desk's key", "held by this hub"} {
		if !strings.Contains(out, want) {
			t.Errorf("the doctor does not say %q:\n%s", want, out)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "keys.db"), 0o644); err != nil { //nolint:gosec // the doctor must notice
		t.Fatal(err)
	}
	if o := m.run("", "--data", dir, "doctor"); o.status != 1 || !strings.Contains(o.out, "others can reach it") {
		t.Errorf("a file that is open to others: %+v", o)
	}
}

func TestNothingSaidStandsInTheLog(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.initWithSite(dir)
	s := m.serve(dir)
	s.says("a secret word: xylophone")
	m.do("--data", dir, "note", s.rows()[0].ID, "also xylophone")
	s.end(syscall.SIGINT)
	if log := s.log.String(); log == "" || strings.Contains(log, "xylophone") {
		t.Errorf("log: %s", log)
	}
}

// pem writes a certificate for 127.0.0.1 and its key, and returns the pool that
// trusts it.
func (m *machine) pem() (cert, key string, pool *x509.CertPool) {
	m.t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		m.t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(30 * 24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &private.PublicKey, private)
	if err != nil {
		m.t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		m.t.Fatal(err)
	}
	cert, key = m.path("cert.pem"), m.path("key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			m.t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	pool.AddCert(must(x509.ParseCertificate(der)))
	return cert, key, pool
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestOtherMachinesNeedTLS(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.init(dir)
	file := filepath.Join(dir, "hark.toml")
	old := string(must(os.ReadFile(file)))
	write := func(listen, tls string) {
		text := regexp.MustCompile(`listen = ".*"`).ReplaceAllString(old, `listen = "`+listen+`"`) + tls
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("0.0.0.0:0", "")
	if o := m.run("", "--data", dir, "serve"); o.status != 2 || !strings.Contains(o.err, "there is no TLS; set chat.tls.cert and chat.tls.key") {
		t.Errorf("without TLS: %+v", o)
	}
	cert, key, pool := m.pem()
	write("0.0.0.0:0", fmt.Sprintf("\n[chat.tls]\ncert = %q\nkey = %q\n", cert, cert))
	if o := m.run("", "--data", dir, "serve"); o.status != 2 || !strings.Contains(o.err, "chat.tls.cert: cannot be used") {
		t.Errorf("with the certificate for a key: %+v", o)
	}
	write("0.0.0.0:0", fmt.Sprintf("\n[chat.tls]\ncert = %q\nkey = %q\n", cert, key))
	s := m.serve(dir)
	_, port, _ := strings.Cut(strings.TrimPrefix(s.url, "https://"), "]:")
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	req := must(http.NewRequestWithContext(t.Context(), http.MethodGet, "https://127.0.0.1:"+port+"/healthz", nil))
	resp, err := client.Do(req)
	if err != nil {
		t.Fatalf("%s: %v", s.url, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.TLS == nil {
		t.Errorf("%s: %s", s.url, resp.Status)
	}
	if out := m.do("--data", dir, "doctor"); !strings.Contains(out, "from every machine that has a way here, with TLS") || !strings.Contains(out, "holds until") {
		t.Errorf("doctor: %s", out)
	}
}

func TestPortThatIsTaken(t *testing.T) {
	m := newMachine(t)
	one, two := m.path("one"), m.path("two")
	m.init(one)
	s := m.serve(one)
	m.do("--data", two, "init", "--name", "x", "--key", "command", "--key-command", m.keyProgram(), "--listen", strings.TrimPrefix(s.url, "http://"))
	o := m.run("", "--data", two, "serve")
	if o.status != 7 || !strings.Contains(o.err, "change chat.listen in hark.toml, or end what listens there") {
		t.Errorf("%+v", o)
	}
}

// What the state lacks is folded from the journal, and a person who waits for
// it hears how far it is.
func TestLostStateIsMadeAgain(t *testing.T) {
	m := newMachine(t)
	dir := m.path("desk")
	m.initWithSite(dir)
	s := m.serve(dir)
	s.says("hello")
	before := m.do("--data", dir, "ls", "--json")
	s.kill()
	for _, name := range []string{"state.db", "state.db-wal"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	m.serve(dir)
	if after := m.do("--data", dir, "ls", "--json"); after != before {
		t.Errorf("after\n%s\nbefore\n%s", after, before)
	}
}

func TestDemoThatIsKept(t *testing.T) {
	m := newMachine(t)
	dir := m.path("kept")
	args := []string{"--data", dir, "--key", "command", "--key-command", m.keyProgram(), "--customers", "0"}
	d := m.demo(args...)
	m.do("--data", dir, "user", "add", "eva")
	d.end(t)
	d = m.demo(args...)
	if out := m.do("--data", dir, "user", "ls"); !strings.Contains(out, "eva") {
		t.Errorf("the second demo forgot the first: %s", out)
	}
	d.end(t)
	if !exists(filepath.Join(dir, "journal.db")) {
		t.Error("the data did not stay")
	}
}

func TestDemoOnAForgottenKey(t *testing.T) {
	m := newMachine(t)
	args := []string{"demo", "--data", m.path("kept"), "--key", "memory", "--customers", "0"}
	d := m.demo(args[1:]...)
	d.end(t)
	if o := m.run("", args...); o.status == 0 || !strings.Contains(o.err, "was in the memory of a hub that has ended") {
		t.Errorf("%+v", o)
	}
}
