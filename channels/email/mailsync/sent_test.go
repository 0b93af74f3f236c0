package mailsync_test

import (
	"context"
	"testing"
	"time"

	"hark/channels/email/imap"
	"hark/channels/email/mailsync"
	"hark/desk"
)

const outgoing = "Message-ID: <a.b.c@shop.example>\r\nX-Hark-Id: a.b.c\r\nFrom: help@shop.example\r\nSubject: Re: lamp\r\n\r\nHello.\r\n"

func TestASentMailIsFiledOnce(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.start()
		pass(time.Second)
		for range 3 {
			if err := e.engine.AppendSent(t.Context(), time.Now(), []byte(outgoing)); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(e.server.uids("Sent")); n != 1 {
			t.Errorf("%d copies lie in Sent", n)
		}
		id, err := e.engine.FindSent(t.Context(), "a.b.c@shop.example", "a.b.c")
		if err != nil || id != "a.b.c@shop.example" {
			t.Errorf("found %q, %v", id, err)
		}
	})
}

func TestACopyUnderAnotherMessageIDIsFound(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("Sent", "Message-ID: <theirs@provider.example>\r\nX-Hark-Id: a.b.c\r\n\r\nHello.")
		e.server.deliver("Sent", "Message-ID: <longer-a.b.c@shop.example>\r\nX-Hark-Id: longer-a.b.c\r\n\r\nHello.")
		e.start()
		pass(time.Second)
		id, err := e.engine.FindSent(t.Context(), "a.b.c@shop.example", "a.b.c")
		if err != nil || id != "theirs@provider.example" {
			t.Errorf("found %q, %v", id, err)
		}
		if id, err := e.engine.FindSent(t.Context(), "b.c@shop.example", "b.c"); err != nil || id != "" {
			t.Errorf("found %q, %v by a part of it", id, err)
		}
	})
}

func TestSentIsAskedWhileMuchIsFetched(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 3000)...)
		e.start()
		for range 5 {
			if err := e.engine.AppendSent(t.Context(), time.Now(), []byte(outgoing)); err != nil {
				t.Fatal(err)
			}
		}
		pass(time.Minute)
		e.whole("INBOX")
		if n := len(e.server.uids("Sent")); n != 1 {
			t.Errorf("%d copies lie in Sent", n)
		}
	})
}

func TestWithoutAServerTheAskerWaitsAsLongAsItLikes(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.fail("dial", trouble(imap.Network))
		e.start()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		_, err := e.engine.FindSent(ctx, "x", "")
		if desk.CodeOf(err) != desk.Unavailable || time.Since(began) != 10*time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}

func TestNobodyWantsCopies(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.o.Sent = mailsync.SentNever
		e.start()
		if err := e.engine.AppendSent(t.Context(), time.Now(), []byte(outgoing)); err != nil {
			t.Error(err)
		}
		if n := len(e.server.uids("Sent")); n != 0 {
			t.Errorf("%d copies lie in Sent", n)
		}
	})
}
