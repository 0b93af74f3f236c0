package posting

import (
	"bytes"
	"context"
	"encoding/base64"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hark/channels/email/outbox/smtptest"
	"hark/desk"
	"hark/desk/mailbox"
)

var mails = flag.Int("mails", 300, "how many mails are sent")

// killsMost ends the test when the desk gets nowhere.
const killsMost = 400

// TestKill sends mails from a desk that is killed every 40 to 290 ms, to a
// server that counts. At the end each mail has arrived once, or is parked where
// a person sees it; at most one was parked by each kill; and of each that is
// not parked one copy lies in Sent.
func TestKill(t *testing.T) {
	slow := func(smtptest.Delivery) error { // some kills come while the answer is due
		time.Sleep(time.Duration(rand.IntN(5_000)) * time.Microsecond)
		return nil
	}
	sink, err := smtptest.New(smtptest.Options{Deliver: slow})
	must(t, err)
	defer func() { must(t, sink.Close()) }()
	sent := newSentServer(t)
	p := newPlace(t)
	items := p.write(t, *mails)
	time.Sleep(desk.MailUndo)
	kills := 0
	for ; !p.live(t, sink.Port(), sent.URL); kills++ {
		if kills == killsMost {
			t.Fatalf("%d of %d mails arrived in %d lives", len(sink.Deliveries()), *mails, kills)
		}
	}
	p.check(t, items, kills, sink.Deliveries(), sent.copies())
	if kills < 3 {
		t.Errorf("it was killed %d times only: that proves nothing", kills)
	}
}

// live lets a child send until it is killed. It reports whether the child had
// done everything before.
func (p *place) live(t *testing.T, port int, sent string) (done bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), childFolder+"="+p.dir, fmt.Sprint(childPort, "=", port), childSent+"="+sent)
	out := &watched{ready: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = out, out
	must(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-out.ready:
	case err := <-ended:
		t.Fatalf("the child ended by %v: %s", err, out.String())
	}
	select {
	case <-time.After(40*time.Millisecond + time.Duration(rand.IntN(250))*time.Millisecond):
		_ = cmd.Process.Kill() // it may have ended by itself
		<-ended
	case <-ended:
	}
	said := out.String()
	if strings.Contains(said, "FAIL") || strings.Contains(said, "panic") {
		t.Fatalf("the child says %.3000s", said)
	}
	return strings.Contains(said, "DONE")
}

// check compares what is kept with what arrived.
func (p *place) check(t *testing.T, items []item, kills int, deliveries []smtptest.Delivery, copies map[string]int) {
	t.Helper()
	o := p.open(t)
	defer o.close(t)
	arrived := map[string]int{}
	for _, d := range deliveries {
		arrived[messageID(d.Bytes)]++
	}
	parked, parkedArrived := 0, 0
	for _, i := range items {
		l, err := o.rec.Mail().Letter(t.Context(), i.id)
		must(t, err)
		n, filed := arrived[l.MessageID], copies[l.MessageID]
		row := o.rec.State().Conversation(i.conversation)
		if len(row.Outbox) != 0 {
			t.Errorf("%s: the row says that it is still to go out", l.MessageID)
		}
		switch {
		case n > 1:
			t.Errorf("%s arrived %d times", l.MessageID, n)
		case l.State == mailbox.Parked:
			parked++
			parkedArrived += n
			if filed > 1 || len(row.Trouble) != 1 || row.Trouble[0].State != desk.PostParked {
				t.Errorf("%s is parked, with %d copies and trouble %v", l.MessageID, filed, row.Trouble)
			}
		case l.State != mailbox.Filed || n != 1 || filed != 1 || len(row.Trouble) != 0:
			t.Errorf("%s is %s, arrived %d times, has %d copies and trouble %v", l.MessageID, l.State, n, filed, row.Trouble)
		}
	}
	if parked > kills {
		t.Errorf("%d mails are parked after %d kills", parked, kills)
	}
	t.Logf("%d mails, %d kills: %d arrived, %d parked, of which %d arrived", len(items), kills, len(deliveries), parked, parkedArrived)
}

func messageID(b []byte) string {
	_, rest, _ := bytes.Cut(b, []byte("Message-Id: <"))
	id, _, _ := bytes.Cut(rest, []byte(">"))
	return string(id)
}

// newPlace makes a desk's folder and key.
func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{dir: filepath.Join(t.TempDir(), "desk")}
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	must(t, os.WriteFile(p.keyFile(), []byte(key), 0o600))
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
