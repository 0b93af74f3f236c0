package mail

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
	"hark/recorder/keys"
)

// killFolder tells a child of TestKill which data folder it works in.
const killFolder = "HARK_TEST_MAIL_KILL_FOLDER"

// killSource is a desk's key that outlives a process.
func killSource() keys.Source {
	return keys.Source{Backend: keys.BackendCommand, Command: []string{"echo", strings.Repeat("5c", 32)}}
}

// killed is a store that a child may have been killed over.
func killed(t *testing.T, dir string) (*Store, func()) {
	t.Helper()
	v, err := keys.Open(t.Context(), dir, killSource())
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(Options{Dir: dir, Key: make([]byte, 32), Keys: v})
	if err != nil {
		t.Fatal(err)
	}
	return s, func() {
		if err := errors.Join(s.Close(), v.Close()); err != nil {
			t.Error(err)
		}
	}
}

func killText(uid uint32) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "mail %d\n", uid), int(uid%7)*900)
}

func killItem(uid uint32) desk.ID { return desk.DeriveID([]byte("letter"), fmt.Append(nil, uid)) }

// TestKillChild is the work of a child, and nothing in the parent: it keeps a
// mail and sends a letter after the other, and says what was acknowledged.
func TestKillChild(t *testing.T) {
	dir := os.Getenv(killFolder)
	if dir == "" {
		return
	}
	s, _ := killed(t, dir)
	known, err := s.Known(t.Context(), "support", "INBOX", 7)
	if err != nil {
		t.Fatal(err)
	}
	uid := uint32(len(known))
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		uid++
		if err := s.Put(t.Context(), mailbox.Arrival{Place: inbox(uid), Bytes: killText(uid)}); err != nil {
			t.Fatal(err)
		}
		fmt.Println("PUT", uid)
		l := mailbox.Letter{Item: killItem(uid), To: []string{"ana@example.com"}, Bytes: killText(uid), At: at(int(uid))}
		if err := s.Prepare(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		for _, state := range []mailbox.OutState{mailbox.Sending, mailbox.Committing, mailbox.Sent} {
			if err := s.Mark(t.Context(), l.Item, state, mailbox.Outcome{}); err != nil {
				t.Fatal(err)
			}
			fmt.Println(state, uid)
		}
	}
	t.Fatal("nobody killed it")
}

// TestKill kills a child again and again: what it was told is kept, is kept,
// and a letter is never found before the state it was last said to be in.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	v, err := keys.Create(t.Context(), dir, killSource())
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	total := 0
	for range 6 {
		acked := killOnce(t, dir)
		total += len(acked)
		s, end := killed(t, dir)
		survived(t, s, acked)
		end()
	}
	if total < 20 {
		t.Errorf("only %d calls were acknowledged before the kills", total)
	}
}

// killOnce starts a child, kills it after a while and returns what it said.
func killOnce(t *testing.T, dir string) (said []string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestKillChild$")
	cmd.Env = append(os.Environ(), killFolder+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var timer *time.Timer
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if timer == nil { // from the first word on: it takes a while to start
			timer = time.AfterFunc(time.Duration(40+rand.IntN(250))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		}
		said = append(said, lines.Text())
	}
	if err := cmd.Wait(); err == nil || timer == nil {
		t.Fatalf("the child ended by itself: %v, %q", err, said)
	}
	return said
}

// survived checks that a store has what a child was told that it has.
func survived(t *testing.T, s *Store, said []string) {
	t.Helper()
	for _, line := range said {
		var what string
		var uid uint32
		if n, err := fmt.Sscan(line, &what, &uid); n != 2 || err != nil {
			continue // the last line may be cut
		}
		if what == "PUT" {
			if b, err := read(t, s, inbox(uid).ID()); err != nil || !bytes.Equal(b, killText(uid)) {
				t.Errorf("mail %d has %d bytes, %v", uid, len(b), err)
			}
			continue
		}
		l, err := s.Letter(t.Context(), killItem(uid))
		if err != nil || stateNumber(l.State) < stateNumber(mailbox.OutState(what)) {
			t.Errorf("letter %d was %s and is %s, %v", uid, what, l.State, err)
		}
		if b, err := s.LetterBytes(t.Context(), killItem(uid)); err != nil || !bytes.Equal(b, killText(uid)) {
			t.Errorf("letter %d has %d bytes, %v", uid, len(b), err)
		}
	}
}
