package mailsync_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"hark/channels/email/imap"
)

// server is a mail server on memory that fails as it is told.
type server struct {
	mu    sync.Mutex
	boxes map[string]*mailboxOf
	caps  imap.Caps
	// fault may make a call of a connection fail: an error of a kind that is
	// lost ends the connection.
	fault func(call string) error
	// spoil may replace the way a mail is handed out by Raw.
	spoil func(uid uint32, bare bool) spoiling

	slow time.Duration // each body takes so long

	dials, bodies int
	bodyBytes     int64
	open          int
}

// spoiling is what a server does instead of giving a mail.
type spoiling string

const (
	sound   spoiling = ""
	absent  spoiling = "absent"  // nothing comes, without an error
	hangup  spoiling = "hang up" // within the literal
	refused spoiling = "refused" // a tagged NO
	stalled spoiling = "stalled" // nothing comes any more
)

type mailboxOf struct {
	validity, next uint32
	modseq         uint64
	mails          []letter
	changed        chan struct{} // closed at each change
	hidden         int           // mails that UIDs does not name
}

type letter struct {
	uid      uint32
	raw      string
	received time.Time
	flags    []string
	modseq   uint64
	size     int64 // by its word; 0: the true one
}

func newServer() *server {
	s := &server{boxes: map[string]*mailboxOf{}, caps: imap.Caps{Idle: true, CondStore: true, UIDPlus: true, Move: true}}
	s.make("INBOX")
	s.make("Sent")
	return s
}

func (s *server) make(name string) *mailboxOf {
	b := &mailboxOf{validity: 7, next: 1, changed: make(chan struct{})}
	s.boxes[name] = b
	return b
}

// do changes a mailbox and tells those who wait.
func (s *server) do(name string, change func(*mailboxOf)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.boxes[name]
	change(b)
	b.modseq++
	close(b.changed)
	b.changed = make(chan struct{})
}

// deliver adds mails to a mailbox.
func (s *server) deliver(name string, raws ...string) {
	s.do(name, func(b *mailboxOf) {
		for _, raw := range raws {
			b.add(raw, time.Now())
		}
	})
}

func (b *mailboxOf) add(raw string, at time.Time) {
	b.mails = append(b.mails, letter{uid: b.next, raw: raw, received: at.Truncate(time.Second)})
	b.next++
}

// expunge removes mails.
func (s *server) expunge(name string, uids ...uint32) {
	s.do(name, func(b *mailboxOf) {
		b.mails = slices.DeleteFunc(b.mails, func(m letter) bool { return slices.Contains(uids, m.uid) })
	})
}

// renumber gives a mailbox another UIDVALIDITY and all mails new UIDs.
func (s *server) renumber(name string, validity, first uint32) {
	s.do(name, func(b *mailboxOf) {
		b.validity, b.next = validity, first
		for i := range b.mails {
			b.mails[i].uid = b.next
			b.next++
		}
	})
}

func (s *server) uids(name string) (uids []uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.boxes[name].mails {
		uids = append(uids, m.uid)
	}
	return uids
}

func mailNo(n int) string {
	return fmt.Sprintf("Message-ID: <m%d@example.com>\r\nFrom: Kim <kim@example.com>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\nSubject: Mail %d\r\n\r\nThis is mail %d.\r\n%s", n, n, n, strings.Repeat("x", n%97))
}

func mails(from, to int) (all []string) {
	for n := from; n < to; n++ {
		all = append(all, mailNo(n))
	}
	return all
}

// conn is a connection to a server.
type conn struct {
	s      *server
	mu     sync.Mutex // one call at a time
	box    *mailboxOf
	seen   chan struct{} // the mailbox's changed when it was last looked at
	closed chan struct{}
	once   sync.Once
}

var _ imap.Box = (*conn)(nil)

func (s *server) dial(ctx context.Context) (imap.Box, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dials++
	if err := s.fails("dial"); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.open++
	return &conn{s: s, closed: make(chan struct{})}, nil
}

func (s *server) fails(call string) error {
	if s.fault == nil {
		return nil
	}
	return s.fault(call)
}

func trouble(kind imap.Kind) error {
	return &imap.Trouble{Kind: kind, Words: "the scripted server says " + string(kind)}
}

var errHang = errors.New("hang")

// call runs a call with the server's lock held.
func (c *conn) call(ctx context.Context, name string, do func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.closed:
		return trouble(imap.Closed)
	default:
	}
	c.s.mu.Lock()
	err := c.s.fails(name)
	if err == nil {
		defer c.s.mu.Unlock()
		return do()
	}
	c.s.mu.Unlock()
	if errors.Is(err, errHang) {
		<-ctx.Done()
		_ = c.Close()
		return ctx.Err()
	}
	if imap.KindOf(err).Lost() {
		_ = c.Close()
	}
	return err
}

func (c *conn) Close() error {
	c.once.Do(func() {
		close(c.closed)
		go func() {
			c.s.mu.Lock()
			c.s.open--
			c.s.mu.Unlock()
		}()
	})
	return nil
}

func (c *conn) Caps() imap.Caps       { return c.s.caps }
func (c *conn) Traffic() imap.Traffic { return imap.Traffic{} }

func (c *conn) Boxes(ctx context.Context) (all []imap.BoxInfo, err error) {
	err = c.call(ctx, "boxes", func() error {
		all = []imap.BoxInfo{{Name: "INBOX"}, {Name: "Sent", Role: imap.RoleSent}, {Name: "All", Role: imap.RoleAll}}
		return nil
	})
	return all, err
}

func (c *conn) Select(ctx context.Context, name string) (sel imap.Selected, err error) {
	err = c.call(ctx, "select", func() error {
		b := c.s.boxes[name]
		if b == nil {
			return trouble(imap.Refused)
		}
		c.box, c.seen = b, b.changed
		sel = imap.Selected{Validity: b.validity, Next: b.next, ModSeq: b.modseq, Count: uint32(len(b.mails))}
		return nil
	})
	return sel, err
}

func (c *conn) UIDs(ctx context.Context, from uint32) (uids []uint32, err error) {
	err = c.call(ctx, "uids", func() error {
		for _, m := range c.box.mails[c.box.hidden:] {
			if m.uid >= from {
				uids = append(uids, m.uid)
			}
		}
		slices.Sort(uids)
		return nil
	})
	return uids, err
}

// each calls fn for the mails among uids.
func (c *conn) each(uids []uint32, fn func(letter)) {
	for _, m := range c.box.mails {
		if slices.Contains(uids, m.uid) {
			fn(m)
		}
	}
}

func (m letter) meta() imap.Meta {
	size := m.size
	if size == 0 {
		size = int64(len(m.raw))
	}
	return imap.Meta{UID: m.uid, Size: size, Received: m.received}
}

func (c *conn) Sizes(ctx context.Context, uids []uint32) (all []imap.Meta, err error) {
	err = c.call(ctx, "sizes", func() error {
		c.each(uids, func(m letter) { all = append(all, m.meta()) })
		return nil
	})
	return all, err
}

func (c *conn) Heads(ctx context.Context, uids []uint32) (all []imap.Head, err error) {
	err = c.call(ctx, "heads", func() error {
		c.each(uids, func(m letter) {
			header, _, _ := strings.Cut(m.raw, "\r\n\r\n")
			all = append(all, imap.Head{Meta: m.meta(), Flags: m.flags, Header: []byte(header + "\r\n\r\n")})
		})
		return nil
	})
	return all, err
}

func (c *conn) Raw(ctx context.Context, uids []uint32, bare bool, limit int64, fn func(imap.Meta, io.Reader) error) (got []uint32, err error) {
	var found []letter
	var how []spoiling
	err = c.call(ctx, "raw", func() error {
		c.each(uids, func(m letter) {
			found = append(found, m)
			as := sound
			if c.s.spoil != nil {
				as = c.s.spoil(m.uid, bare)
			}
			how = append(how, as)
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, m := range found {
		if int64(len(m.raw)) > limit {
			continue
		}
		meta := m.meta()
		if bare {
			meta = imap.Meta{UID: m.uid}
		}
		time.Sleep(c.s.slow)
		switch how[i] {
		case absent:
			continue
		case refused:
			return got, trouble(imap.Refused)
		case hangup:
			_ = c.Close()
			return got, trouble(imap.Network)
		case stalled:
			<-ctx.Done()
			_ = c.Close()
			return got, ctx.Err()
		case sound:
		}
		if err := fn(meta, bytes.NewReader([]byte(m.raw))); err != nil {
			return got, err
		}
		c.s.mu.Lock()
		c.s.bodies++
		c.s.bodyBytes += int64(len(m.raw))
		c.s.mu.Unlock()
		got = append(got, m.uid)
	}
	return got, nil
}

func (c *conn) Start(ctx context.Context, uid uint32, n int64) (header, text []byte, err error) {
	err = c.call(ctx, "start", func() error {
		c.each([]uint32{uid}, func(m letter) {
			if c.s.spoil != nil && c.s.spoil(uid, true) != sound {
				return
			}
			h, t, _ := strings.Cut(m.raw, "\r\n\r\n")
			header, text = []byte(h+"\r\n\r\n"), []byte(t[:min(int64(len(t)), n)])
		})
		return nil
	})
	return header, text, err
}

func (c *conn) Changes(ctx context.Context, modseq uint64) (all []imap.Flags, err error) {
	err = c.call(ctx, "changes", func() error {
		for _, m := range c.box.mails {
			if modseq == 0 || m.modseq > modseq {
				all = append(all, imap.Flags{UID: m.uid, Flags: m.flags, ModSeq: m.modseq})
			}
		}
		return nil
	})
	return all, err
}

func (c *conn) FindHeader(ctx context.Context, name, value string, _ uint32) (uids []uint32, err error) {
	err = c.call(ctx, "find", func() error {
		for _, m := range c.box.mails {
			header, _, _ := strings.Cut(m.raw, "\r\n\r\n")
			if strings.Contains(header, name+": ") && strings.Contains(header, value) {
				uids = append(uids, m.uid)
			}
		}
		return nil
	})
	return uids, err
}

func (c *conn) Store(ctx context.Context, uids []uint32, add, _ []string) error {
	return c.call(ctx, "store", func() error {
		for i, m := range c.box.mails {
			if slices.Contains(uids, m.uid) {
				c.box.mails[i].flags = append(slices.Clone(m.flags), add...)
			}
		}
		return nil
	})
}

func (c *conn) Append(ctx context.Context, box string, flags []string, at time.Time, _ int64, r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return c.call(ctx, "append", func() error {
		b := c.s.boxes[box]
		b.add(string(raw), at)
		b.mails[len(b.mails)-1].flags = flags
		return nil
	})
}

func (c *conn) Move(context.Context, []uint32, string) error { return trouble(imap.Refused) }

func (c *conn) Noop(ctx context.Context) (changed bool, err error) {
	err = c.call(ctx, "noop", func() error {
		changed, c.seen = c.seen != c.box.changed, c.box.changed
		return nil
	})
	return changed, err
}

func (c *conn) Idle(ctx context.Context, limit time.Duration) (bool, error) {
	if err := c.call(ctx, "idle", func() error { return nil }); err != nil {
		return false, err
	}
	c.s.mu.Lock()
	seen := c.seen
	c.s.mu.Unlock()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-seen:
		c.s.mu.Lock()
		c.seen = c.box.changed
		c.s.mu.Unlock()
		return true, nil
	case <-timer.C:
		return false, nil
	case <-c.closed:
		return false, trouble(imap.Closed)
	case <-ctx.Done():
		_ = c.Close()
		return false, ctx.Err()
	}
}
