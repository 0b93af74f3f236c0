// Package dovecot runs a private Dovecot: a real IMAP server on loopback, with
// its own folder, its own certificate and an empty mailbox for every user name
// that signs in. Tests and benchmarks measure themselves against it.
//
// Dovecot must be started by root, because its processes give up rights they
// need to have first. It is written for Dovecot 2.3; the configuration of 2.4
// is another language.
package dovecot

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrAbsent says that no Dovecot can be run here. The words name the tool, so
// that a test that skips with them says what to install.
var ErrAbsent = errors.New("needs dovecot, which is not installed")

const (
	// Password lets every user name in.
	Password = "secret"
	// startTimeout is how long it may take until the ports answer.
	startTimeout = 30 * time.Second
	// stopTimeout is how long the master may take to end its processes.
	stopTimeout = 10 * time.Second
)

// Server is a running Dovecot.
type Server struct {
	Plain string         // host:port without TLS; STARTTLS is offered
	TLS   string         // host:port with TLS from the first byte
	Pool  *x509.CertPool // trusts the server's certificate, which names localhost and 127.0.0.1
	Dir   string         // everything the server keeps; the mail lies in mail/USER

	cmd     *exec.Cmd
	ended   chan struct{} // closed when the master process has
	ownsDir bool
	// tokenKey signs what Token returns.
	tokenKey []byte
}

// Start starts a Dovecot that keeps its files in dir, which must exist, be
// reachable for other users and have a short path (sockets lie in it). An
// empty dir means a temporary one, which Stop removes. The error is ErrAbsent
// where no Dovecot can be run. The server outlives ctx, which bounds the
// start only: call Stop.
func Start(ctx context.Context, dir string) (*Server, error) {
	if _, err := binary(); err != nil {
		return nil, err
	}
	s := &Server{Dir: dir}
	if dir == "" {
		own, err := os.MkdirTemp("", "dovecot-")
		if err != nil {
			return nil, fmt.Errorf("make a folder for dovecot: %w", err)
		}
		s.Dir, s.ownsDir = own, true
	}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// binary finds Dovecot, where this process can run one.
func binary() (string, error) {
	if os.Geteuid() != 0 {
		return "", ErrAbsent
	}
	for _, name := range []string{"dovecot", "/usr/sbin/dovecot"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrAbsent
}

// start prepares the folder and starts the server on ports that are free. A
// port can be taken by another program in between, so it tries three times.
func (s *Server) start(ctx context.Context) error {
	if err := s.prepare(); err != nil {
		return fmt.Errorf("prepare a folder for dovecot: %w", err)
	}
	var err error
	for range 3 {
		if err = s.try(ctx); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// prepare makes the folder, the place for the mail and the certificate.
func (s *Server) prepare() error {
	if err := os.Chmod(s.Dir, 0o755); err != nil {
		return err
	}
	owner, err := user.Lookup("dovecot")
	if err != nil {
		return err
	}
	uid, _ := strconv.Atoi(owner.Uid) // numbers on every Unix
	gid, _ := strconv.Atoi(owner.Gid)
	mail := filepath.Join(s.Dir, "mail")
	if err := os.MkdirAll(mail, 0o700); err != nil {
		return err
	}
	if err := os.Chown(mail, uid, gid); err != nil {
		return err
	}
	if s.tokenKey, err = writeTokens(s.Dir); err != nil {
		return err
	}
	s.Pool, err = writeCertificate(s.Dir)
	return err
}

// try starts the server once and waits until both ports answer.
func (s *Server) try(ctx context.Context) error {
	path, err := binary()
	if err != nil {
		return err
	}
	plain, tls, err := freePorts()
	if err != nil {
		return err
	}
	config := filepath.Join(s.Dir, "dovecot.conf")
	if err := os.WriteFile(config, []byte(configuration(s.Dir, plain, tls)), 0o644); err != nil {
		return err
	}
	s.Plain, s.TLS = address(plain), address(tls)
	s.cmd = exec.CommandContext(context.WithoutCancel(ctx), path, "-F", "-c", config)
	s.cmd.SysProcAttr = process()
	if err := s.cmd.Start(); err != nil {
		s.cmd = nil
		return fmt.Errorf("start %s: %w", path, err)
	}
	s.ended = make(chan struct{})
	go func() {
		_ = s.cmd.Wait() // the log says more than the exit code
		close(s.ended)
	}()
	if err := s.await(ctx); err != nil {
		s.end()
		return fmt.Errorf("start dovecot: %w; its log: %s", err, s.Log())
	}
	return nil
}

// await waits until both ports greet.
func (s *Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		if greets(ctx, s.Plain) && answers(ctx, s.TLS) {
			return nil
		}
		select {
		case <-s.ended:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// greets tells whether an IMAP server says hello at addr.
func greets(ctx context.Context, addr string) bool {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second)) // else the read fails, which is an answer too
	b := make([]byte, 4)
	_, err = conn.Read(b)
	return err == nil && strings.HasPrefix(string(b), "* OK")
}

// answers tells whether something accepts connections at addr.
func answers(ctx context.Context, addr string) bool {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// Log returns the end of what the server wrote into its log.
func (s *Server) Log() string {
	b, err := os.ReadFile(filepath.Join(s.Dir, "log"))
	if err != nil {
		return err.Error()
	}
	return string(b[max(0, len(b)-4096):])
}

// Stop ends every process of the server and removes a folder that Start made.
// It may be called more than once.
func (s *Server) Stop() error {
	s.end()
	if !s.ownsDir {
		return nil
	}
	return os.RemoveAll(s.Dir)
}

// end asks every process of the server to end, and kills those that do not.
func (s *Server) end() {
	if s.cmd == nil {
		return
	}
	pid := s.cmd.Process.Pid
	_ = syscall.Kill(-pid, syscall.SIGTERM) // all at once: the master alone waits 6 s for the others
	select {
	case <-s.ended:
	case <-time.After(stopTimeout):
	}
	_ = syscall.Kill(-pid, syscall.SIGKILL) // most often nobody is left
	<-s.ended
	s.cmd = nil
}
