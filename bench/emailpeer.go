package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"hark/tools/dovecot"
)

// mbsyncConfig is mbsync as its manual has it for fetching one mailbox. It
// waits for the disk, as hark does: FSync is on unless one turns it off.
const mbsyncConfig = `IMAPStore far
Host 127.0.0.1
Port PORT
User USER
Pass PASSWORD
SSLType None
AuthMechs LOGIN
PipelineDepth 50

MaildirStore near
Path DIR/
Inbox DIR/INBOX

Channel all
Far :far:
Near :near:
Patterns INBOX
Sync Pull
Create Near
SyncState DIR/state-
`

// mbsync is the peer: it fetches the same mailbox into a Maildir.
type mbsync struct{ dir string }

// newMbsync prepares it in a folder of its own.
func newMbsync(dir string, s *dovecot.Server) (*mbsync, error) {
	if _, err := exec.LookPath("mbsync"); err != nil {
		return nil, errors.New("the peer is mbsync, which is not installed: install isync")
	}
	_, port, err := net.SplitHostPort(s.Plain)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	text := strings.NewReplacer("PORT", port, "USER", mailUser, "PASSWORD", dovecot.Password, "DIR", dir).Replace(mbsyncConfig)
	return &mbsync{dir}, os.WriteFile(filepath.Join(dir, "mbsyncrc"), []byte(text), 0o600)
}

// sync fetches what is new and returns how long it took.
func (m *mbsync) sync(ctx context.Context) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, fillTimeout)
	defer cancel()
	start := time.Now()
	cmd := exec.CommandContext(ctx, "mbsync", "-q", "-c", filepath.Join(m.dir, "mbsyncrc"), "all")
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("mbsync: %w\n%s", err, out)
	}
	return time.Since(start), nil
}

// count returns how many mails it has fetched.
func (m *mbsync) count() (n int, err error) {
	for _, sub := range []string{"new", "cur"} {
		files, err := os.ReadDir(filepath.Join(m.dir, "INBOX", sub))
		if err != nil {
			return 0, err
		}
		n += len(files)
	}
	return n, nil
}
