package staff

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"hark/desk"
)

// peers joins a hub's end of a connection with a client's that the test plays.
func peers(t *testing.T) (hub ssh.Conn, asked <-chan ssh.NewChannel) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // on this machine
	if err != nil {
		t.Fatal(err)
	}
	a, err := net.Dial("tcp", ln.Addr().String()) //nolint:noctx // on this machine
	if err != nil {
		t.Fatal(err)
	}
	b, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _, _ = a.Close(), b.Close(), ln.Close() })
	signer, err := ssh.NewSignerFromSigner(testKey(t))
	if err != nil {
		t.Fatal(err)
	}
	config := &ssh.ServerConfig{NoClientAuth: true}
	config.AddHostKey(signer)
	done := make(chan ssh.Conn, 1)
	go func() {
		c, channels, requests, err := ssh.NewServerConn(a, config)
		if err != nil {
			close(done)
			return
		}
		go ssh.DiscardRequests(requests)
		go func() {
			for nch := range channels {
				_ = nch.Reject(ssh.Prohibited, "")
			}
		}()
		done <- c
	}()
	cc, channels, requests, err := ssh.NewClientConn(b, "hub", &ssh.ClientConfig{HostKeyCallback: ssh.InsecureIgnoreHostKey()}) //nolint:gosec // a test's
	if err != nil {
		t.Fatal(err)
	}
	client := ssh.NewClient(cc, channels, requests)
	return <-done, client.HandleChannelOpen(errandChannel)
}

// seatOf is a seat that loses its patience soon.
func seatOf(conn ssh.Conn) *Seat {
	s := newSeat(conn, 100, func() {})
	s.stall = 50 * time.Millisecond
	return s
}

// play answers errands as f says.
func play(asked <-chan ssh.NewChannel, f func(ch ssh.Channel)) {
	for nch := range asked {
		ch, requests, err := nch.Accept()
		if err != nil {
			continue
		}
		go ssh.DiscardRequests(requests)
		go f(ch)
	}
}

func say(ch ssh.Channel, a answer) {
	_, _ = ch.SendRequest(answerRequest, false, ssh.Marshal(a))
}

func TestClientThatHangsIsNotAwaited(t *testing.T) {
	hub, asked := peers(t)
	s := seatOf(hub)
	begin := time.Now()
	if err := s.Open(t.Context(), "https://x.example"); !errors.Is(err, errSilentSeat) { // nobody takes the channel
		t.Error(err)
	}
	go play(asked, func(ssh.Channel) {}) // taken, never read, never answered
	if err := s.Open(t.Context(), "https://x.example"); !errors.Is(err, errSilentSeat) {
		t.Error(err)
	}
	endless := io.MultiReader(bytes.NewReader(make([]byte, 50)), blocked{t.Context().Done()})
	if _, err := s.Save(t.Context(), "x", io.LimitReader(endless, 50)); !errors.Is(err, errSilentSeat) {
		t.Error(err)
	}
	if d := time.Since(begin); d > 5*time.Second {
		t.Errorf("it took %v", d)
	}
	if n := len(s.slots); n > 1 { // the one whose channel is still being asked for
		t.Errorf("%d slots are still taken", n)
	}
}

type blocked struct{ done <-chan struct{} }

func (b blocked) Read([]byte) (int, error) {
	<-b.done
	return 0, io.EOF
}

func TestClientThatLiesHarmsNobody(t *testing.T) {
	for _, c := range []struct {
		name string
		play func(ch ssh.Channel)
		want string
	}{
		{"larger than it may be", func(ch ssh.Channel) { say(ch, answer{Text: "a", Size: 1 << 40}) }, "has 1099511.6 MB; a file has 100 bytes at most here"},
		{"longer than it said", func(ch ssh.Channel) {
			say(ch, answer{Text: "a", Size: 3})
			_, _ = ch.Write(make([]byte, 50))
			_ = ch.Close()
		}, "the file changed while it was read"},
		{"shorter than it said", func(ch ssh.Channel) {
			say(ch, answer{Text: "a", Size: 30})
			_, _ = ch.Write(make([]byte, 5))
			_ = ch.Close()
		}, "the file changed while it was read"},
		{"stops in between", func(ch ssh.Channel) {
			say(ch, answer{Text: "a", Size: 30})
			_, _ = ch.Write(make([]byte, 5))
		}, "the file changed while it was read"},
		{"no answer", func(ch ssh.Channel) { _ = ch.Close() }, "ended in between"},
		{"hostile words", func(ch ssh.Channel) { say(ch, answer{Code: "\x1b", Text: "\x1b[2J" + strings.Repeat("x", 5000)}) }, " [2Jxxx"},
	} {
		t.Run(c.name, func(t *testing.T) {
			hub, asked := peers(t)
			go play(asked, c.play)
			s := seatOf(hub)
			s.stall = 200 * time.Millisecond
			_, size, rc, err := s.Read(t.Context(), "a")
			if err == nil {
				_, err = io.ReadAll(rc)
				_ = rc.Close()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 1200 || strings.Contains(err.Error(), "\x1b") || desk.CodeOf(err) == desk.Internal {
				t.Errorf("%v (size %d)", err, size)
			}
			if len(s.slots) != 0 {
				t.Error("a slot is still taken")
			}
		})
	}
}
