package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"hark/bench/mailgen"
	"hark/tools/dovecot"
)

// mailUser is whose mailbox is measured.
const mailUser = "bench"

// fillTimeout is how long it may take to fill a mailbox or to fetch one.
const fillTimeout = 20 * time.Minute

// fillMailbox puts the mails of a box into INBOX. They are written as a Maildir
// and copied by Dovecot itself: as many APPENDs would wait for the disk for
// minutes.
func fillMailbox(ctx context.Context, s *dovecot.Server, box mailgen.Box) (bytes int64, err error) {
	dir := filepath.Join(s.Dir, "fill")
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if bytes, err = writeMaildir(dir, box); err != nil {
		return 0, err
	}
	owner, err := os.Stat(filepath.Join(s.Dir, "mail"))
	if err != nil {
		return 0, err
	}
	if err := chownAll(dir, owner); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, fillTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "doveadm", "-c", filepath.Join(s.Dir, "dovecot.conf"), "-o", "mail_fsync=never",
		"-o", "namespace/inbox/separator=/", "backup", "-u", mailUser, "-R", "maildir:"+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("doveadm backup: %w\n%s", err, out)
	}
	return bytes, nil
}

// writeMaildir writes the mails of a box as files. The time of a file becomes
// the mail's INTERNALDATE, and the names sort in the order of arrival.
func writeMaildir(dir string, box mailgen.Box) (bytes int64, err error) {
	for _, sub := range []string{"cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return 0, err
		}
	}
	for i := range box.Count {
		raw, at := box.Mail(i), box.Received(i)
		path := filepath.Join(dir, "cur", fmt.Sprintf("%d.M%06dP1.bench:2,", at.Unix(), i))
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			return 0, err
		}
		if err := os.Chtimes(path, at, at); err != nil {
			return 0, err
		}
		bytes += int64(len(raw))
	}
	return bytes, nil
}

// chownAll gives a folder to the owner of another, whom Dovecot works as.
func chownAll(dir string, owner fs.FileInfo) error {
	id, ok := owner.Sys().(*syscall.Stat_t)
	if !ok {
		return errors.New("this system does not say who owns a folder")
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(id.Uid), int(id.Gid))
	})
}

// appender appends mails on a connection of its own, as somebody else would.
type appender struct {
	conn *textproto.Conn
	tag  int
}

// dialAppender signs in.
func dialAppender(ctx context.Context, s *dovecot.Server) (*appender, error) {
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", s.Plain)
	if err != nil {
		return nil, err
	}
	if err := raw.SetDeadline(time.Now().Add(fillTimeout)); err != nil {
		return nil, err
	}
	a := &appender{conn: textproto.NewConn(raw)}
	if _, err = a.conn.ReadLine(); err == nil {
		err = a.command("LOGIN %s %s", mailUser, dovecot.Password)
	}
	if err != nil {
		return nil, errors.Join(err, a.conn.Close())
	}
	return a, nil
}

// command sends a command and waits until it is done.
func (a *appender) command(format string, args ...any) error {
	a.tag++
	if err := a.conn.PrintfLine("a%d "+format, append([]any{a.tag}, args...)...); err != nil {
		return err
	}
	return a.done()
}

// done reads up to the answer of the last command.
func (a *appender) done() error {
	for {
		line, err := a.conn.ReadLine()
		if err != nil {
			return err
		}
		if rest, ours := strings.CutPrefix(line, fmt.Sprintf("a%d ", a.tag)); ours {
			if !strings.HasPrefix(rest, "OK") {
				return fmt.Errorf("the mail server says %q", rest)
			}
			return nil
		}
	}
}

// append puts a mail into INBOX and returns when the server has it.
func (a *appender) append(raw string) error {
	a.tag++
	if err := a.conn.PrintfLine("a%d APPEND INBOX {%d+}\r\n%s", a.tag, len(raw), raw); err != nil {
		return err
	}
	return a.done()
}

func (a *appender) close() { _ = a.conn.Close() }
