package mailsync_test

import (
	"strings"
	"testing"
	"time"

	"hark/channels/email/imap"
	"hark/desk"
	"hark/desk/mailbox"
)

// problems returns what is in quarantine.
func (e *env) problems() []mailbox.Problem {
	e.t.Helper()
	all, err := e.store.Problems(e.t.Context())
	if err != nil {
		e.t.Fatal(err)
	}
	return all
}

func TestABadMailIsQuarantinedAndTheOthersArrive(t *testing.T) {
	for _, how := range []spoiling{absent, hangup, refused, stalled} {
		t.Run(string(how), func(t *testing.T) {
			in(t, func(t *testing.T, e *env) {
				e.server.deliver("INBOX", mails(0, 900)...)
				e.server.spoil = only(map[uint32]spoiling{400: how, 401: how, 17: how})
				e.start()
				pass(15 * time.Minute)
				e.whole("INBOX")
				all := e.problems()
				if len(all) != 3 {
					t.Fatalf("%d mails are in quarantine", len(all))
				}
				for _, p := range all {
					if p.Stage != "fetch" || p.Attempts < 3 || p.Why == "" {
						t.Errorf("a problem says %+v", p)
					}
				}
				e.server.deliver("INBOX", mailNo(900))
				pass(time.Millisecond)
				e.whole("INBOX")
			})
		})
	}
}

// only spoils the mails with the given UIDs.
func only(bad map[uint32]spoiling) func(uint32, bool) spoiling {
	return func(uid uint32, _ bool) spoiling { return bad[uid] }
}

func TestABadMailDelaysTheOthersLittle(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 3000)...)
		e.server.spoil = only(map[uint32]spoiling{2990: hangup})
		e.start()
		pass(time.Minute)
		if n := len(e.held("INBOX")); n < 2999 {
			t.Errorf("only %d mails arrived within a minute", n)
		}
	})
}

func TestAMailThatOnlyComesBareArrives(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 50)...)
		e.server.spoil = func(uid uint32, bare bool) spoiling {
			if uid == 20 && !bare {
				return hangup
			}
			return sound
		}
		e.start()
		pass(time.Minute)
		e.whole("INBOX")
		if all := e.problems(); len(all) != 0 {
			t.Errorf("%d mails are in quarantine", len(all))
		}
	})
}

func TestAServerThatGivesNothingIsNotABadMail(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 300)...)
		e.server.spoil = func(uint32, bool) spoiling { return absent }
		e.start()
		pass(time.Hour)
		if all := e.problems(); len(all) != 0 {
			t.Errorf("%d mails are in quarantine", len(all))
		}
		s := e.engine.Status()
		if s.State != desk.MailTrouble || !strings.Contains(s.Words, "none of them") {
			t.Errorf("the status is %+v", s)
		}
		e.server.mu.Lock()
		e.server.spoil = nil
		e.server.mu.Unlock()
		pass(6 * time.Minute)
		e.whole("INBOX")
	})
}

func TestALineThatFailsIsNotABadMail(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 300)...)
		e.start()
		pass(time.Second)
		e.server.mu.Lock()
		e.server.spoil = func(uint32, bool) spoiling { return hangup }
		e.server.mu.Unlock()
		e.server.deliver("INBOX", mails(300, 310)...)
		pass(2 * time.Hour)
		if all := e.problems(); len(all) != 0 {
			t.Errorf("%d mails are in quarantine", len(all))
		}
		e.server.mu.Lock()
		e.server.spoil = nil
		e.server.mu.Unlock()
		pass(6 * time.Minute)
		e.whole("INBOX")
	})
}

func TestAttemptsAreCountedOverRestarts(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 30)...)
		e.server.spoil = only(map[uint32]spoiling{9: hangup})
		for range 12 {
			e.start()
			pass(3500 * time.Millisecond)
			e.stop()
		}
		if all := e.problems(); len(all) != 1 || all[0].UID != 9 {
			t.Errorf("in quarantine are %+v", all)
		}
		e.start()
		pass(time.Second)
		e.whole("INBOX")
	})
}

func TestAReleasedMailIsFetchedAgain(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 30)...)
		e.server.spoil = only(map[uint32]spoiling{9: hangup})
		e.start()
		pass(time.Minute)
		e.server.mu.Lock()
		e.server.spoil = nil
		e.server.mu.Unlock()
		if err := e.store.Release(t.Context(), e.problems()[0].ID); err != nil {
			t.Fatal(err)
		}
		e.engine.Poke()
		pass(time.Second)
		e.whole("INBOX")
		if len(e.problems()) != 0 {
			t.Error("the mail is still in quarantine")
		}
	})
}

func TestALargeMailThatNeverComesIsQuarantined(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.o.Limits.Large = 1000
		e.server.deliver("INBOX", mailNo(0), mailNo(1)+strings.Repeat("y", 2000), mailNo(2)+strings.Repeat("z", 2000))
		e.server.spoil = only(map[uint32]spoiling{2: stalled})
		e.start()
		pass(10 * time.Minute)
		e.whole("INBOX")
		if all := e.problems(); len(all) != 1 || all[0].UID != 2 {
			t.Errorf("in quarantine are %+v", all)
		}
	})
}

func TestMailIsNotBlamedForAFullDisk(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 30)...)
		full := &failing{Memory: e.store, err: desk.Errorf(desk.Unavailable, "the disk is full; free some space")}
		e.o.Store = full
		e.start()
		pass(10 * time.Minute)
		if s := e.engine.Status(); s.State != desk.MailTrouble || !strings.Contains(s.Words, "the disk is full") {
			t.Errorf("the status is %+v", s)
		}
		full.set(nil)
		pass(6 * time.Minute)
		e.whole("INBOX")
		if n := len(e.problems()); n != 0 {
			t.Errorf("%d mails are in quarantine", n)
		}
	})
}

func TestASizeThatCannotBeToldIsNarrowedDown(t *testing.T) {
	in(t, func(t *testing.T, e *env) {
		e.server.deliver("INBOX", mails(0, 300)...)
		n := 0
		e.server.fault = func(call string) error {
			if n++; call == "sizes" && n < 40 {
				return trouble(imap.Protocol)
			}
			return nil
		}
		e.start()
		pass(5 * time.Minute)
		e.whole("INBOX")
	})
}
