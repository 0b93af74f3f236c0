package mailcrash_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hark/channels/email/intake"
	"hark/channels/email/thread"
	"hark/desk"
	"hark/desk/mailbox"
	"hark/recorder"
	"hark/recorder/keys"
)

var (
	mails = flag.Int("mails", usual, "how many mails are taken in")
	kills = flag.Int("kills", 10, "how often the desk is killed at most")
)

// folder tells a child which desk it opens.
const folder = "HARK_TEST_MAILCRASH_FOLDER"

const (
	shop     = "support@shop.example"
	validity = 7
	window   = 100 // mails that become durable together
)

// arrival is mail i of the mailbox: threads of four answers, every tenth mail
// in a second box as well.
func arrival(i int) mailbox.Arrival {
	root := i - i%4
	fields := []string{
		fmt.Sprintf("Message-ID: <%d@customers.example>", i), fmt.Sprintf("From: Customer %d <c%d@customers.example>", root, root),
		"To: " + shop, "Subject: " + strings.Repeat("Re: ", i%4) + fmt.Sprintf("Order %d", root),
		"Date: " + begun.Add(time.Duration(i)*time.Minute).Format(time.RFC1123Z), "Content-Type: text/plain; charset=utf-8",
	}
	if i > root {
		refs := make([]string, 0, 4)
		for j := root; j < i; j++ {
			refs = append(refs, fmt.Sprintf("<%d@customers.example>", j))
		}
		fields = append(fields, "In-Reply-To: "+refs[len(refs)-1], "References: "+strings.Join(refs, " "))
	}
	raw := strings.Join(fields, "\r\n") + "\r\n\r\n" + strings.Repeat(fmt.Sprintf("Where is order %d? ", root), 1+i%40) + "\r\n"
	return mailbox.Arrival{
		Place:    mailbox.Place{Account: "shop", Box: "INBOX", Validity: validity, UID: uint32(i + 1)},
		Received: begun.Add(time.Duration(i) * time.Minute), Size: int64(len(raw)), Past: true, Bytes: []byte(raw),
	}
}

// twin is mail i once more, as it lies in the second box.
func twin(i int) mailbox.Arrival {
	a := arrival(i)
	a.Box = "Archive"
	return a
}

var begun = time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)

// opened is a desk at work.
type opened struct {
	*recorder.Recorder
	desk *desk.Desk
}

func source(dir string) keys.Source {
	return keys.Source{Backend: keys.BackendCommand, Command: []string{"cat", filepath.Join(filepath.Dir(dir), "key")}}
}

func open(ctx context.Context, dir string, how func(context.Context, recorder.Options) (*recorder.Recorder, error)) (*opened, error) {
	r, err := how(ctx, recorder.Options{Dir: dir, Key: source(dir)})
	if err != nil {
		return nil, err
	}
	return &opened{r, desk.New(desk.Options{Journal: r.Journal(), State: r.State(), Drafts: r.Drafts(), Files: r.Files()})}, nil
}

func (o *opened) close() error {
	o.desk.Close()
	return o.Close()
}

// TestChild takes in what is not in yet, until it is killed or has all; it does
// nothing in the parent.
func TestChild(t *testing.T) {
	dir := os.Getenv(folder)
	if dir == "" {
		return
	}
	o, err := open(t.Context(), dir, recorder.Open)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("READY")
	if err := o.takeIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := o.close(); err != nil {
		t.Fatal(err)
	}
	fmt.Println("DONE")
}

func (o *opened) takeIn(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	secret, err := thread.NewKeys(o.MailKey())
	if err != nil {
		return err
	}
	settled := make(chan struct{}, 1)
	in, err := intake.New(intake.Options{
		Store: o.Mail(), Desk: o.desk, State: o.State(), Keys: secret,
		Accounts: []intake.Account{{Name: "shop", Address: shop}},
		Settled: func() {
			select {
			case settled <- struct{}{}:
			default:
			}
		},
	})
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() { _ = in.Run(ctx) })
	if err := o.fetch(ctx, in); err != nil {
		return err
	}
	for {
		rows, err := o.Mail().Waiting(ctx, 1)
		if err != nil || len(rows) == 0 {
			return err
		}
		select {
		case <-settled:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// fetch brings what the ledger lacks, the newest first, as a first sync does.
func (o *opened) fetch(ctx context.Context, in *intake.Intake) error {
	for _, box := range []string{"INBOX", "Archive"} {
		known, err := o.Mail().Known(ctx, "shop", box, validity)
		if err != nil {
			return err
		}
		var batch []mailbox.Arrival
		for i := *mails - 1; i >= 0; i-- {
			if _, there := slices.BinarySearch(known, uint32(i+1)); there || box == "Archive" && i%10 != 0 {
				continue
			}
			a := arrival(i)
			a.Box = box
			if batch = append(batch, a); len(batch) == window {
				if err := o.Mail().Put(ctx, batch...); err != nil {
					return err
				}
				in.Wake()
				batch = batch[:0]
			}
		}
		if err := o.Mail().Put(ctx, batch...); err != nil {
			return err
		}
		in.Wake()
	}
	return nil
}

// TestKill: whenever the desk is killed, in the end every mail is one message,
// in one conversation with its thread, and none is two.
func TestKill(t *testing.T) {
	if *mails%4 != 0 {
		t.Fatal("the number of mails is not one of whole threads")
	}
	dir := filepath.Join(t.TempDir(), "desk")
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{5}, 32))
	if err := os.WriteFile(filepath.Join(filepath.Dir(dir), "key"), []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := open(t.Context(), dir, recorder.Create)
	if err != nil {
		t.Fatal(err)
	}
	owner := desk.AccountCreated{Name: "ana", Display: "Ana", Roles: []desk.Role{desk.RoleAdmin}}
	if err := errors.Join(o.desk.Create(t.Context(), "Test desk", owner), o.close()); err != nil {
		t.Fatal(err)
	}
	killed := 0
	begun := time.Now()
	for ; killed < *kills; killed++ {
		if live(t, dir, 40+rand.IntN(250)) {
			break
		}
	}
	if killed == 0 {
		t.Error("it was never killed at work")
	}
	if killed == *kills && !live(t, dir, 0) {
		t.Fatal("left alone, it did not end")
	}
	t.Logf("%d mails and %d kills in %v", *mails, killed, time.Since(begun).Round(time.Millisecond))
	if o, err = open(t.Context(), dir, recorder.Open); err != nil {
		t.Fatal(err)
	}
	o.check(t)
	if err := o.close(); err != nil {
		t.Fatal(err)
	}
}

// live lets a child work for so many milliseconds, or until it is done with 0.
// It reports whether it was done.
func live(t *testing.T, dir string, ms int) bool {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$", fmt.Sprint("-mails=", *mails))
	cmd.Env = append(os.Environ(), folder+"="+dir)
	out := &said{ready: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-out.ready:
	case err := <-ended:
		t.Fatalf("the child ended with %v: %.2000s", err, out.text())
	case <-time.After(30 * time.Second):
		_ = cmd.Process.Kill()
		t.Fatal("the child does not open the desk")
	}
	if ms > 0 {
		select {
		case err := <-ended:
			return over(t, err, out)
		case <-time.After(time.Duration(ms) * time.Millisecond):
			_ = cmd.Process.Kill()
		}
	}
	select {
	case err := <-ended:
		return over(t, err, out)
	case <-time.After(2 * time.Minute):
		_ = cmd.Process.Kill()
		t.Fatal("the child does not end")
	}
	return false
}

// over reports whether a child was done, and fails when it ended otherwise than
// by our hand.
func over(t *testing.T, err error, out *said) bool {
	t.Helper()
	if err == nil && strings.Contains(out.text(), "DONE") {
		return true
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the child ended with %v: %.2000s", err, out.text())
	}
	return false
}

// said is what a child says.
type said struct {
	mu    sync.Mutex
	b     bytes.Buffer
	ready chan struct{}
	once  sync.Once
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.b.Write(p)
	if bytes.Contains(s.b.Bytes(), []byte("READY")) {
		s.once.Do(func() { close(s.ready) })
	}
	return n, err
}

func (s *said) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// check compares what is there with what came.
func (o *opened) check(t *testing.T) {
	t.Helper()
	c, err := o.Mail().Counters(t.Context(), "shop")
	if err != nil {
		t.Fatal(err)
	}
	want := mailbox.Counters{Fetched: *mails + (*mails+9)/10, Threaded: *mails, Copies: (*mails + 9) / 10}
	if c != want {
		t.Errorf("the account counts %+v instead of %+v", c, want)
	}
	for _, box := range []string{"INBOX", "Archive"} {
		known, err := o.Mail().Known(t.Context(), "shop", box, validity)
		if n := map[string]int{"INBOX": *mails, "Archive": (*mails + 9) / 10}[box]; err != nil || len(known) != n {
			t.Errorf("the ledger of %s has %d of %d mails, %v", box, len(known), n, err)
		}
	}
	o.checkJournal(t)
}

// checkJournal looks for every mail in the journal, and where it stands.
func (o *opened) checkJournal(t *testing.T) {
	t.Helper()
	times := map[desk.ID]int{}
	stands := map[desk.ID]desk.ID{}
	for from := uint64(1); ; {
		events, err := o.Journal().Read(t.Context(), from, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			if m, ok := e.Body.(desk.Message); ok && m.Mail != nil {
				times[e.ID]++
				stands[e.ID] = o.now(e.Stream.ID)
			}
			from = e.Seq + 1
		}
	}
	if len(times) != *mails {
		t.Errorf("%d messages of %d mails", len(times), *mails)
	}
	conversations := map[desk.ID]bool{}
	for i := range *mails {
		id := o.rowOf(t, i)
		if times[id] != 1 {
			t.Errorf("mail %d was journaled %d times", i, times[id])
		}
		if root := o.rowOf(t, i-i%4); stands[id] != stands[root] {
			t.Errorf("mail %d is not with its thread", i)
		}
		conversations[stands[id]] = true
		row, err := o.Mail().Row(t.Context(), id)
		if err != nil || o.now(row.Conversation) != stands[id] {
			t.Errorf("the ledger has mail %d elsewhere than the journal, %v", i, err)
		}
	}
	if len(conversations) != *mails/4 {
		t.Errorf("%d conversations of %d threads", len(conversations), *mails/4)
	}
}

// rowOf returns the identifier of the message that mail i became: of its twin
// when that was read first.
func (o *opened) rowOf(t *testing.T, i int) desk.ID {
	t.Helper()
	id := arrival(i).ID()
	row, err := o.Mail().Row(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if row.Stage == mailbox.Copy {
		return twin(i).ID()
	}
	return id
}

func (o *opened) now(id desk.ID) desk.ID {
	for {
		c := o.State().Conversation(id)
		if c == nil || c.Merged.IsZero() {
			return id
		}
		id = c.Merged
	}
}
