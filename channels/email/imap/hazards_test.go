package imap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/channels/email/imap/imaptest"
	"hark/tools/dovecot"
)

// The five ways in which the client library was seen to hang, to end the
// process or to lose mail without a word, when used as its documentation
// shows. Here they must end well.

// H1: two FETCH in flight and one consumer wait for each other, because the
// server finishes the first command after the data of the second.
func TestHazard1CommandsDoNotWaitForEachOther(t *testing.T) {
	s := dovecot.ForTest(t)
	b := open(t, account(t, s, "ann", Plain))
	const mails = 40
	for i := range mails {
		put(t, b, letter(fmt.Sprint(i))+strings.Repeat("x", 50_000))
	}
	var uids []uint32
	for i := range mails {
		uids = append(uids, uint32(i+1))
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			got, err := b.Raw(t.Context(), uids, false, 1<<20, swallow)
			if err != nil || len(got) != mails {
				t.Errorf("%d of %d mails, %v", len(got), mails, err)
			}
		})
	}
	within(t, all.Wait)
}

// within fails the test when f takes longer than anything here may.
func within(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal("it hangs")
	}
}

// H2: a server that says nothing is waited for without end, and a limit that
// only returns an error is met four times.
func TestHazard2SilenceEndsInTime(t *testing.T) {
	for _, verb := range []string{"SELECT", "UID SEARCH", "UID FETCH", "UID STORE", "NOOP", "LIST", "IDLE", "APPEND", "UID MOVE"} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			s := imaptest.Serve(t, imaptest.Letters(3), imaptest.Script{verb: imaptest.Silence("")})
			b, err := Dial(t.Context(), scripted(s))
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			within(t, func() { err = everything(t.Context(), b) })
			if KindOf(err) != Timeout {
				t.Errorf("the silence is called %v", err)
			}
			if took := time.Since(start); took > 15*time.Second {
				t.Errorf("a limit of 1 s took %s", took)
			}
		})
	}
}

// everything makes each kind of call until one fails.
func everything(ctx context.Context, b Box) error {
	calls := []func() error{
		func() error { _, err := b.Boxes(ctx); return err },
		func() error { _, err := b.Select(ctx, "INBOX"); return err },
		func() error { _, err := b.UIDs(ctx, 1); return err },
		func() error { _, err := b.Heads(ctx, allThree); return err },
		func() error { return b.Store(ctx, allThree, []string{`\Seen`}, nil) },
		func() error { _, err := b.Noop(ctx); return err },
		func() error { _, err := b.Idle(ctx, 10*time.Millisecond); return err },
		func() error { return b.Append(ctx, "Sent", nil, time.Time{}, 2, strings.NewReader("\r\n")) },
		func() error { return b.Move(ctx, allThree, "Archive") },
	}
	for _, call := range calls {
		if err := call(); err != nil {
			return err
		}
	}
	return nil
}

// H3: a server can end the process by nesting lists deeper than the stack.
func TestHazard3NestingCannotEndTheProcess(t *testing.T) {
	nested := "* 1 FETCH (UID 1 BODYSTRUCTURE " + strings.Repeat("(", 900_000) + "\r\n"
	endless := "* 1 FETCH (UID 1 BODYSTRUCTURE " + strings.Repeat("(", 8<<20)
	s := imaptest.Serve(t, imaptest.Letters(3),
		imaptest.Script{"UID FETCH": imaptest.After(nested)}, imaptest.Script{"UID FETCH": imaptest.Silence(endless)})
	for i, want := range []Kind{"", Protocol} {
		b, err := Dial(t.Context(), scripted(s))
		if err != nil {
			t.Fatal(err)
		}
		within(t, func() { _, err = fetchAll(t.Context(), b) })
		if KindOf(err) != want || want == "" && err != nil {
			t.Errorf("connection %d: %v", i+1, err)
		}
	}
	for _, command := range s.Commands() {
		if strings.Contains(command, "STRUCTURE") || strings.Contains(command, "ENVELOPE") {
			t.Errorf("asked for structure: %s", command)
		}
	}
}

// H4: what is missing from an answer that ends with OK is missing from got,
// and asking once more brings it.
func TestHazard4WhatIsMissingIsNotSaidToHaveArrived(t *testing.T) {
	raw := imaptest.Letter("mail")
	lie := imaptest.Raw(fmt.Sprintf("* 1 FETCH (BODY[] {%d}\r\n%s UID 1)\r\n* 2 FETCH (UID 2 BODY[] NIL)\r\n"+
		"* 3 FETCH (UID 3 FLAGS ())\r\n* 3 FETCH (UID 3 BODY[] {%d}\r\n%s)\r\nTAG OK done\r\n", len(raw), raw, len(raw), raw))
	s := imaptest.Serve(t, imaptest.Letters(3), imaptest.Script{"UID FETCH": imaptest.Once(lie)})
	b, err := Dial(t.Context(), scripted(s))
	if err != nil {
		t.Fatal(err)
	}
	got, err := fetchAll(t.Context(), b)
	if err != nil || !slices.Equal(got, []uint32{3}) {
		t.Fatalf("arrived %v, %v", got, err)
	}
	got, err = b.Raw(t.Context(), []uint32{1, 2}, true, 1<<20, swallow)
	if err != nil || len(got) != 2 {
		t.Errorf("asked once more, %v arrived, %v", got, err)
	}
}

// H5: one bad token ends the connection, and one mail with it repeats that for
// ever. Bare fetching asks for nothing that could hold one.
func TestHazard5OneBadTokenCostsAtMostItsMail(t *testing.T) {
	mails := imaptest.Letters(3)
	mails[1].Date, mails[1].Flags = "never", "[odd] \\Seen"
	s := imaptest.Serve(t, mails)
	b, err := Dial(t.Context(), scripted(s))
	if err != nil {
		t.Fatal(err)
	}
	heads, err := func() ([]Head, error) {
		if _, err := b.Select(t.Context(), "INBOX"); err != nil {
			return nil, err
		}
		return b.Heads(t.Context(), allThree)
	}()
	if err != nil || len(heads) != 3 || !slices.Equal(heads[1].Flags, []string{`\Seen`}) || !heads[1].Received.IsZero() {
		t.Errorf("the heads are %+v, %v", heads, err)
	}
	if _, err := b.Raw(t.Context(), []uint32{2}, true, 1<<20, swallow); err != nil {
		t.Error(err)
	}
	asked := s.Commands()
	if last := asked[len(asked)-1]; last != "UID FETCH 2 (UID BODY.PEEK[])" {
		t.Errorf("bare asks %q", last)
	}
}

func TestAContextEndsACall(t *testing.T) {
	s := imaptest.Serve(t, imaptest.Letters(3), imaptest.Script{"UID FETCH": imaptest.Silence("")})
	o := scripted(s)
	o.Limits = Limits{}
	b, err := Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	within(t, func() { _, err = fetchAll(ctx, b) })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the call ended with %v", err)
	}
	if _, err := b.Noop(t.Context()); KindOf(err) != Closed {
		t.Errorf("the next call ended with %v", err)
	}
}

func TestCloseEndsACall(t *testing.T) {
	s := imaptest.Serve(t, nil)
	b, err := Dial(t.Context(), scripted(s))
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(50*time.Millisecond, func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	within(t, func() { _, err = b.Idle(t.Context(), time.Minute) })
	if KindOf(err) != Closed {
		t.Errorf("the call ended with %v", err)
	}
}

func TestTheConsumersErrorComesBackAndTheConnectionLives(t *testing.T) {
	s := imaptest.Serve(t, imaptest.Letters(3))
	b, err := Dial(t.Context(), scripted(s))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Select(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	got, err := b.Raw(t.Context(), allThree, false, 1<<20, func(m Meta, r io.Reader) error {
		if m.UID == 2 {
			return full
		}
		return nil // without reading
	})
	if !errors.Is(err, full) || !slices.Equal(got, []uint32{1}) {
		t.Errorf("arrived %v, %v", got, err)
	}
	if got, err := fetchAll(t.Context(), b); err != nil || len(got) != 3 {
		t.Errorf("after that, %v arrived, %v", got, err)
	}
	if got, err := b.Raw(t.Context(), allThree, false, 10, swallow); err != nil || len(got) != 0 {
		t.Errorf("beyond the limit of 10 bytes, %v arrived, %v", got, err)
	}
}
