package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"hark/bench/mailgen"
	"hark/desk"
	"hark/staff"
	"hark/tools/dovecot"
)

// mailSettings tell a desk of the mailbox. Nothing is sent, so there is nobody
// at the other port.
const mailSettings = `
[mail.bench]
address = "ADDRESS"
user = "USER"
password = "command"
password_command = ["echo", "PASSWORD"]
[mail.bench.imap]
host = "127.0.0.1"
port = PORT
security = "none"
[mail.bench.smtp]
host = "127.0.0.1"
port = 1
security = "none"
`

// mailDesk is a fresh desk that follows the mailbox.
type mailDesk struct {
	*liveDesk
	client *staff.Client
	since  time.Time // when the hub said that it is open
}

// newMailDesk makes the desk; serve opens it.
func newMailDesk(ctx context.Context, program, dir string, s *dovecot.Server) (*mailDesk, error) {
	d, err := newDesk(ctx, program, dir)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(s.Plain)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(d.data, "hark.toml")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	more := strings.NewReplacer("ADDRESS", mailgen.Address, "USER", mailUser, "PASSWORD", dovecot.Password, "PORT", port).Replace(mailSettings)
	return &mailDesk{liveDesk: d}, os.WriteFile(path, append(text, more...), 0o600)
}

// open opens the hub and signs in.
func (d *mailDesk) open(ctx context.Context) (err error) {
	if err := d.serve(ctx); err != nil {
		return err
	}
	d.since = time.Now()
	if d.client, err = staff.Dial(ctx, staff.SocketPaths(d.data), ""); err != nil {
		d.liveDesk.close()
	}
	return err
}

func (d *mailDesk) close() {
	_ = d.client.Close() // the hub is asked to end anyway
	d.liveDesk.close()
}

// account asks how the mailbox is, as hark mail status does.
func (d *mailDesk) account(ctx context.Context) (a desk.MailAccount, err error) {
	var out, words bytes.Buffer
	status, err := d.client.Run(ctx, []string{"mail", "status", "--json"}, nil, staff.Streams{Out: &out, Err: &words})
	if err != nil || status != staff.ExitOK {
		return a, errors.Join(fmt.Errorf("hark mail status: exit status %d: %s", status, words.String()), err)
	}
	return a, json.Unmarshal(out.Bytes(), &a)
}

// await asks until the account is as it should be.
func (d *mailDesk) await(ctx context.Context, what string, ok func(desk.MailAccount) bool) (desk.MailAccount, error) {
	ctx, cancel := context.WithTimeout(ctx, fillTimeout)
	defer cancel()
	for {
		a, err := d.account(ctx)
		if err != nil || ok(a) {
			return a, err
		}
		select {
		case <-ctx.Done():
			return a, fmt.Errorf("waiting until %s: %w; it is %+v", what, ctx.Err(), a)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// tail follows the desk as a console does and tells when words come by.
func (d *mailDesk) tail(ctx context.Context) (*sight, func(), error) {
	client, err := staff.Dial(ctx, staff.SocketPaths(d.data), "")
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &sight{seen: make(chan time.Time, 1)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = client.Run(ctx, []string{"tail", "--json"}, nil, staff.Streams{Out: s, Err: new(bytes.Buffer)}) // it ends with ctx
	}()
	return s, func() { cancel(); _ = client.Close(); <-ended }, nil
}

// sight looks out for words in a feed.
type sight struct {
	mu   sync.Mutex
	word []byte
	rest []byte // of a line that has not ended
	seen chan time.Time
}

// watch looks out for words from now on.
func (s *sight) watch(word string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.word = []byte(word)
}

// Write implements io.Writer.
func (s *sight) Write(p []byte) (int, error) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rest = append(s.rest, p...)
	for {
		line, rest, whole := bytes.Cut(s.rest, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		if len(s.word) > 0 && bytes.Contains(line, s.word) {
			s.word = nil
			s.seen <- now
		}
		s.rest = rest
	}
}
