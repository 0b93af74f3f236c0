package mailsync

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"hark/channels/email/imap"
	"hark/desk"
)

// letter names a mail in the Sent mailbox.
type letter struct {
	messageID string // without < and >
	harkID    string // the value of its X-Hark-Id field
}

// ask is something that others want done on the syncer's connection.
type ask struct {
	ctx  context.Context
	do   func(context.Context, *session) error
	done chan error // capacity 1
}

// FindSent looks for a mail in the Sent mailbox, by its Message-ID and by its
// X-Hark-Id, and returns the Message-ID that it bears there, without < and >:
// some servers write another over ours, and answers refer to theirs. It returns
// "" when there is none. It waits for the connection as long as ctx allows.
func (e *Engine) FindSent(ctx context.Context, messageID, harkID string) (found string, err error) {
	err = e.ask(ctx, func(ctx context.Context, s *session) (err error) {
		_, found, err = s.findSent(ctx, letter{messageID, harkID}, lastSent, 0)
		return err
	})
	return found, err
}

// AppendSent files a mail in the Sent mailbox, marked as read, unless it is
// there. It looks among the newest first, each time: after an error nobody
// knows whether the copy was filed, so it may be called again soon; later, ask
// FindSent before, which looks among all. With SentNever it does nothing.
func (e *Engine) AppendSent(ctx context.Context, at time.Time, mail []byte) error {
	if e.o.Sent == SentNever {
		return nil
	}
	return e.ask(ctx, func(ctx context.Context, s *session) error {
		name, found, err := s.findSent(ctx, letterOf(mail), lastSent)
		if err != nil || found != "" {
			return err
		}
		limit := s.e.limits.List + time.Duration(len(mail)>>16)*time.Second // 64 KiB a second at least
		return within(ctx, limit, func(ctx context.Context) error {
			return s.box.Append(ctx, name, []string{`\Seen`}, at, int64(len(mail)), bytes.NewReader(mail))
		})
	})
}

// letterOf reads from a mail how it is found.
func letterOf(mail []byte) (l letter) {
	header := mail[:max(0, headerEnd(mail))]
	if ids := valuesOf(header, "Message-ID"); len(ids) > 0 {
		l.messageID = ids[0]
	}
	if ids := valuesOf(header, "X-Hark-Id"); len(ids) > 0 {
		l.harkID = ids[0]
	}
	return l
}

// FilesSent reports whether the server puts copies of what was sent into the
// Sent mailbox by itself, as far as it is known by now.
func (e *Engine) FilesSent() bool { return e.filesSent.Load() }

// ask has something done by the syncer.
func (e *Engine) ask(ctx context.Context, do func(context.Context, *session) error) error {
	a := &ask{ctx: ctx, do: do, done: make(chan error, 1)}
	select {
	case e.asks <- a:
	case <-ctx.Done():
		return desk.Errorf(desk.Unavailable, "the mail server cannot be reached now; it is tried again later")
	}
	return <-a.done // its limits hold
}

// answer does what was asked. The asker's patience does not end the connection
// but for what takes long.
func (s *session) answer(ctx context.Context, a *ask) error {
	if a.ctx.Err() != nil {
		a.done <- a.ctx.Err()
		return nil
	}
	both, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(a.ctx, cancel)
	defer stop()
	err := s.e.guarded(func() error { return a.do(both, s) })
	a.done <- err
	if !lost(err) || desk.CodeOf(err) == desk.NotFound {
		return nil
	}
	if a.ctx.Err() != nil {
		s.advanced = true
		return &imap.Trouble{Kind: imap.Closed, Words: "the mail server took too long over the Sent mailbox", Err: err}
	}
	return err
}

// findSent looks a mail up in the Sent mailbox and says which that is. It looks
// among so many of the newest mails, then among so many more; 0 means all.
func (s *session) findSent(ctx context.Context, l letter, among ...uint32) (name, found string, err error) {
	if name, err = s.sentBox(ctx); err != nil {
		return "", "", err
	}
	s.selected = nil
	err = s.call(ctx, func(ctx context.Context) error {
		_, err := s.box.Select(ctx, name)
		return err
	})
	if err != nil {
		return name, "", err
	}
	fields := []struct{ name, value string }{{"Message-ID", l.messageID}, {"X-Hark-Id", l.harkID}}
	for _, field := range fields {
		if field.value == "" {
			continue
		}
		found, err = s.lookUp(ctx, field.name, field.value, among)
		if err != nil || found != "" {
			return name, found, err
		}
	}
	return name, "", nil
}

// lastSent is how many of the newest mails in Sent are searched before all are.
const lastSent = 500

// lookUp finds a mail by a field and returns its Message-ID, or "".
func (s *session) lookUp(ctx context.Context, field, value string, among []uint32) (messageID string, err error) {
	for _, last := range among {
		var uids []uint32
		err := s.list(ctx, func(ctx context.Context) (err error) {
			uids, err = s.box.FindHeader(ctx, field, value, last)
			return err
		})
		if err != nil {
			return "", err
		}
		const some = 20
		messageID, err := s.verify(ctx, uids[max(0, len(uids)-some):], field, value)
		if err != nil || messageID != "" {
			return messageID, err
		}
	}
	return "", nil
}

// verify reads the headers of candidates: a server finds parts of values, and
// some know words only. What bears no Message-ID is taken to bear the one that
// was asked for.
func (s *session) verify(ctx context.Context, uids []uint32, field, value string) (messageID string, err error) {
	if len(uids) == 0 {
		return "", nil
	}
	err = s.list(ctx, func(ctx context.Context) error {
		heads, err := s.box.Heads(ctx, uids)
		for _, h := range heads {
			if slices.Contains(valuesOf(h.Header, field), value) {
				ids := append(valuesOf(h.Header, "Message-ID"), value)
				messageID = ids[0]
			}
		}
		return err
	})
	return messageID, err
}

// valuesOf returns what a field says, without < and >.
func valuesOf(header []byte, field string) (values []string) {
	for name, value := range fields(header) {
		if strings.EqualFold(name, field) {
			values = append(values, strings.Trim(value, "<> \t"))
		}
	}
	return values
}

// sentBox finds out which mailbox copies of sent mail go to.
func (s *session) sentBox(ctx context.Context) (string, error) {
	switch s.e.o.Sent {
	case "":
	case SentNever:
		return "", errNoSent()
	default:
		return s.e.o.Sent, nil
	}
	var boxes []imap.BoxInfo
	err := s.call(ctx, func(ctx context.Context) (err error) {
		boxes, err = s.box.Boxes(ctx)
		return err
	})
	if err != nil {
		return "", err
	}
	name := ""
	for _, b := range boxes {
		if b.Role == imap.RoleSent && (name == "" || !b.Guessed) {
			name = b.Name
		}
	}
	if name == "" {
		return "", errNoSent()
	}
	return name, nil
}

// errNoSent says that there is nowhere to file: nothing to try again.
func errNoSent() error {
	return desk.Errorf(desk.NotFound, "the account has no mailbox for sent mail; name one with sent = in its section")
}
