package dovecot

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

func TestEveryUserHasAnEmptyMailboxOnBothPorts(t *testing.T) {
	s := ForTest(t)
	var d net.Dialer
	plain, err := d.DialContext(t.Context(), "tcp", s.Plain)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	secure, err := (&tls.Dialer{Config: &tls.Config{RootCAs: s.Pool, ServerName: "localhost"}}).
		DialContext(t.Context(), "tcp", s.TLS)
	if err != nil {
		t.Fatal(err)
	}
	defer secure.Close()
	for name, conn := range map[string]net.Conn{"ann@example.com": plain, "bob": secure} {
		answer := signIn(t, conn, name, Password)
		if !strings.Contains(answer, "* 0 EXISTS") || !strings.Contains(answer, "b OK") {
			t.Errorf("%s sees no empty mailbox:\n%s", name, answer)
		}
	}
}

func TestAnotherPasswordIsRefused(t *testing.T) {
	s := ForTest(t)
	var d net.Dialer
	conn, err := d.DialContext(t.Context(), "tcp", s.Plain)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if answer := signIn(t, conn, "ann", "wrong"); !strings.Contains(answer, "a NO") {
		t.Errorf("a wrong password was let in:\n%s", answer)
	}
}

// signIn signs in, selects INBOX and returns what the server said.
func signIn(t *testing.T, conn net.Conn, name, password string) string {
	t.Helper()
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	_, err := fmt.Fprintf(conn, "a LOGIN %q %q\r\nb SELECT INBOX\r\n", name, password)
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for r := bufio.NewReader(conn); ; {
		line, err := r.ReadString('\n')
		said.WriteString(line)
		if err == io.EOF || strings.HasPrefix(line, "b ") {
			return said.String()
		}
		if err != nil {
			t.Fatalf("%v after:\n%s", err, said.String())
		}
	}
}

func TestNothingStaysBehind(t *testing.T) {
	s := ForTest(t)
	pid, dir, addr := s.cmd.Process.Pid, s.Dir, s.Plain
	for range 2 {
		if err := s.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
	if answers(t.Context(), addr) {
		t.Error("the port still answers")
	}
	if _, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); !os.IsNotExist(err) {
		t.Errorf("process %d is still there: %v", pid, err)
	}
}
