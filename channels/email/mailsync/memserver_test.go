package mailsync_test

import (
	"context"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"hark/channels/email/imap"
	"hark/channels/email/mailsync"
	"hark/desk"
	"hark/desk/mailbox/mailboxtest"
)

// line is a way to a server that can be cut without either side being told.
type line struct {
	port int
	mu   sync.Mutex
	cut  chan struct{} // closed: nothing passes any more over the lines there are
}

// through opens a line to a server on loopback.
func through(t *testing.T, to string) *line {
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	ln := &line{port: l.Addr().(*net.TCPAddr).Port, cut: make(chan struct{})}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", to)
			if err != nil {
				_ = in.Close()
				continue
			}
			ln.mu.Lock()
			cut := ln.cut
			ln.mu.Unlock()
			for _, way := range [][2]net.Conn{{in, out}, {out, in}} {
				all.Go(func() { carry(way[0], way[1], cut) })
			}
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
	})
	return ln
}

// carry carries bytes one way until the end, or to nowhere once it is cut.
func carry(from, to net.Conn, cut <-chan struct{}) {
	defer func() { _ = to.Close() }()
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		select {
		case <-cut:
			_, _ = io.Copy(io.Discard, from) // until the reader gives up
			return
		default:
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

// halfOpen lets nothing pass over the connections there are; new ones work.
func (l *line) halfOpen() {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.cut)
	l.cut = make(chan struct{})
}

// memory is go-imap's server on memory, reached over a line.
type memory struct {
	*env
	user *imapmemserver.User
	line *line
}

func newMemory(t *testing.T) *memory {
	user := imapmemserver.NewUser("u", "p")
	mem := imapmemserver.New()
	mem.AddUser(user)
	s := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps:         goimap.CapSet{goimap.CapIMAP4rev1: {}, goimap.CapIMAP4rev2: {}},
		InsecureAuth: true,
		Logger:       log.New(io.Discard, "", 0),
	})
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = s.Serve(l) })
	t.Cleanup(func() {
		_ = s.Close()
		serving.Wait()
	})
	m := &memory{env: &env{t: t, store: mailboxtest.New(), stop: func() {}}, user: user, line: through(t, l.Addr().String())}
	m.create("INBOX")
	account := imap.Options{
		Host: "127.0.0.1", Port: m.line.port, Security: imap.Plain, User: "u",
		Secret: func(context.Context) (string, error) { return "p", nil },
		Limits: imap.Limits{Silence: time.Second},
	}
	m.o = mailsync.Options{
		Account: "shop", Store: m.store,
		Dial: func(ctx context.Context) (imap.Box, error) { return imap.Dial(ctx, account) },
		Limits: mailsync.Limits{
			Retry: 10 * time.Millisecond, Beat: 500 * time.Millisecond, Answer: time.Second,
			Settle: 50 * time.Millisecond,
		},
	}
	t.Cleanup(func() { m.stop() })
	return m
}

func (m *memory) create(box string) {
	m.t.Helper()
	if err := m.user.Create(box, nil); err != nil {
		m.t.Fatal(err)
	}
}

// sized is what go-imap's server wants to know of a mail to append.
type sized struct {
	io.Reader
	n int64
}

func (s sized) Size() int64 { return s.n }

func (m *memory) file(box string, at time.Time, raws ...string) {
	m.t.Helper()
	for _, raw := range raws {
		_, err := m.user.Append(box, sized{strings.NewReader(raw), int64(len(raw))}, &goimap.AppendOptions{Time: at})
		if err != nil {
			m.t.Fatal(err)
		}
	}
}

func TestMemoryServerRoundTrip(t *testing.T) {
	m := newMemory(t)
	m.file("INBOX", time.Now(), mails(0, 700)...)
	m.start()
	until(t, "all mails", func() bool { return len(m.held("INBOX")) == 700 })
	until(t, "idle", func() bool { return m.engine.Status().State == desk.MailIdle })
	m.file("INBOX", time.Now(), mailNo(700))
	until(t, "the new mail", func() bool { return len(m.held("INBOX")) == 701 })
	for _, h := range m.rows("INBOX") {
		if m.bytes(h) != mailNo(int(h.UID)-1) {
			t.Errorf("mail %d is kept as %q", h.UID, m.bytes(h))
		}
	}
}

func TestMemoryServerMailboxMadeAnew(t *testing.T) {
	m := newMemory(t)
	m.o.Boxes = []string{"Support"}
	at := time.Now().Add(-time.Hour)
	m.create("Support")
	m.file("Support", at, mails(0, 200)...)
	m.start()
	until(t, "all mails", func() bool { return len(m.held("Support")) == 200 })
	m.readAll()
	before, was := m.ids("Support"), m.cursor("Support").Validity
	m.stop()
	if err := m.user.Delete("Support"); err != nil {
		t.Fatal(err)
	}
	m.create("Support")
	m.file("Support", at, mails(100, 220)...)
	m.start()
	until(t, "the mails under their new numbers", func() bool {
		return m.cursor("Support").Validity != was && len(m.held("Support")) == 120
	})
	kept := 0
	for _, id := range m.ids("Support") {
		if slices.Contains(before, id) {
			kept++
		}
	}
	if kept != 100 {
		t.Errorf("of 100 known mails %d kept their identity", kept)
	}
}

func TestAHalfOpenLineIsNoticedAndMended(t *testing.T) {
	m := newMemory(t)
	m.file("INBOX", time.Now(), mails(0, 10)...)
	m.start()
	until(t, "all mails", func() bool { return len(m.held("INBOX")) == 10 })
	until(t, "idle", func() bool { return m.engine.Status().State == desk.MailIdle })
	for n := range 3 {
		m.line.halfOpen()
		m.file("INBOX", time.Now(), mailNo(10+n))
		until(t, "the mail behind it", func() bool { return len(m.held("INBOX")) == 11+n })
	}
}
