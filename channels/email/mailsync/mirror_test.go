package mailsync_test

import (
	"slices"
	"testing"
	"time"

	"hark/channels/email/imap"
	"hark/desk/mailbox"
)

// calls counts the calls of a kind from now on.
func (s *server) calls(name string) (count func() int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	s.fault = func(call string) error {
		if call == name {
			n++
		}
		return nil
	}
	return func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		return n
	}
}

func (s *server) flags(box string, uid uint32) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.boxes[box].mails {
		if m.uid == uid {
			return m.flags
		}
	}
	return nil
}

func TestFlagsAreWrittenLateAndTogether(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 40)...)
		e.start()
		pass(time.Second)
		stores := e.server.calls("store")
		at := func(uid uint32) mailbox.Place {
			return mailbox.Place{Account: "shop", Box: "INBOX", Validity: 7, UID: uid}
		}
		for uid := range uint32(30) {
			e.engine.Flag(at(uid+1), `\Seen`)
		}
		e.engine.Flag(at(4), `\Answered`)
		stale := at(40)
		stale.Validity = 6
		e.engine.Flag(stale, `\Seen`)
		pass(time.Second)
		if stores() != 0 {
			t.Error("flags were written at once")
		}
		pass(4 * time.Second)
		if n := stores(); n != 2 {
			t.Errorf("flags of 30 mails took %d commands", n)
		}
		if !slices.Contains(e.server.flags("INBOX", 4), `\Answered`) || !slices.Contains(e.server.flags("INBOX", 30), `\Seen`) {
			t.Error("flags are missing")
		}
		if len(e.server.flags("INBOX", 40)) != 0 {
			t.Error("a flag for another UIDVALIDITY was written")
		}
	})
}

func TestFlagsThatAreRefusedHarmNothing(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mailNo(0))
		e.start()
		pass(time.Second)
		e.server.fail("store", trouble(imap.Refused))
		e.engine.Flag(mailbox.Place{Account: "shop", Box: "INBOX", Validity: 7, UID: 1}, `\Seen`)
		before := e.server.dialled()
		pass(time.Minute)
		if e.server.dialled() != before {
			t.Error("the connection was made anew")
		}
	})
}

func TestFlagsSurviveABrokenConnection(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mailNo(0))
		e.start()
		pass(time.Second)
		e.server.fail("store", trouble(imap.Network))
		e.engine.Flag(mailbox.Place{Account: "shop", Box: "INBOX", Validity: 7, UID: 1}, `\Seen`)
		pass(5 * time.Second)
		e.server.fail("", nil)
		pass(time.Minute)
		if !slices.Contains(e.server.flags("INBOX", 1), `\Seen`) {
			t.Error("the flag was forgotten")
		}
	})
}

func TestFlagsOfTheServerAreToldFromTheLastSequence(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		var told [][]imap.Flags
		e.o.Flags = func(_ string, _ uint32, flags []imap.Flags) { told = append(told, flags) }
		e.server.deliver("INBOX", mails(0, 10)...)
		e.start()
		pass(time.Second)
		if len(told) != 1 || len(told[0]) != 10 {
			t.Fatalf("at first were told %d times", len(told))
		}
		e.server.do("INBOX", func(b *mailboxOf) {
			b.mails[3].flags, b.mails[3].modseq = []string{`\Seen`}, b.modseq+1
		})
		pass(20 * time.Second)
		if last := told[len(told)-1]; len(told) != 2 || len(last) != 1 || last[0].UID != 4 {
			t.Errorf("told were %v", told[1:])
		}
		if c := e.cursor("INBOX"); c.ModSeq == 0 {
			t.Error("the sequence was not kept")
		}
	})
}
