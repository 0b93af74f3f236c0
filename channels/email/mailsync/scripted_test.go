package mailsync_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/channels/email/imap"
	"hark/channels/email/imap/imaptest"
	"hark/channels/email/mailsync"
	"hark/desk"
	"hark/desk/mailbox/mailboxtest"
)

// poison is what a scripted server says of one mail, instead of what it was
// asked: a text that ends the connection's use, or a fetch line.
type poison struct {
	name string
	say  func(c *imaptest.Conn, n int, m imaptest.Mail)
	also bool // also where only sizes are asked
	// arrives: it arrives in the end, for it is asked for in another way too.
	arrives bool
}

func poisons() []poison {
	line := func(format string) func(*imaptest.Conn, int, imaptest.Mail) {
		return func(c *imaptest.Conn, n int, m imaptest.Mail) {
			body := fmt.Sprintf("BODY[] {%d}\r\n%s", len(m.Raw), m.Raw)
			c.Raw(strings.NewReplacer("N", strconv.Itoa(n), "U", strconv.Itoa(int(m.UID)), "B", body).Replace(format))
		}
	}
	hangUp := func(text string) func(*imaptest.Conn, int, imaptest.Mail) {
		return func(c *imaptest.Conn, n int, m imaptest.Mail) {
			line(text)(c, n, m)
			c.Close()
		}
	}
	unlessBare := func(say func(*imaptest.Conn, int, imaptest.Mail)) func(*imaptest.Conn, int, imaptest.Mail) {
		return func(c *imaptest.Conn, n int, m imaptest.Mail) {
			if strings.Contains(c.Command, "INTERNALDATE") {
				say(c, n, m)
				return
			}
			c.Raw(fmt.Sprintf("* %d FETCH (%s)\r\n", n, m.Items(c.Command)))
		}
	}
	return []poison{
		{name: "the UID after the body", say: line("* N FETCH (B UID U)\r\n")},
		{name: "no UID", say: line("* N FETCH (B)\r\n")},
		{name: "two lines, the body without UID", say: line("* N FETCH (UID U)\r\n* N FETCH (B)\r\n")},
		{name: "a body that is NIL", say: line("* N FETCH (UID U BODY[] NIL)\r\n")},
		{name: "an empty body", say: line("* N FETCH (UID U BODY[] {0}\r\n)\r\n")},
		{name: "nothing", say: line("")},
		{name: "hang-up within the body", say: hangUp("* N FETCH (UID U BODY[] {5000}\r\nFrom: x")},
		{name: "hang-up with words", say: hangUp("* BYE a fault of this server\r\n")},
		{name: "a literal of 1 TB", say: line("* N FETCH (UID U BODY[] {1099511627776}\r\nx")},
		{name: "a literal beyond numbers", say: line("* N FETCH (UID U BODY[] {99999999999999999999}\r\nx")},
		{name: "a line that never ends", say: line("* N FETCH (UID U BODYSTRUCTURE " + strings.Repeat("(", 2<<20))},
		{name: "a wrong date", also: true, arrives: true, say: unlessBare(line("* N FETCH (UID U INTERNALDATE \"yesterday\" RFC822.SIZE x B)\r\n"))},
		{name: "hang-up unless bare", also: true, arrives: true, say: unlessBare(hangUp(""))},
	}
}

// script plays the poison for one mail in every connection.
func (p poison) script(s func() []imaptest.Mail, bad uint32) imaptest.Script {
	return imaptest.Script{"UID FETCH": func(c *imaptest.Conn) {
		words := strings.Fields(c.Command)
		asked := uidsIn(words[2])
		for i, m := range s() {
			switch {
			case !slices.Contains(asked, m.UID):
			case m.UID == bad && (p.also || strings.Contains(c.Command, "BODY.PEEK[")):
				p.say(c, i+1, m)
			default:
				c.Raw(fmt.Sprintf("* %d FETCH (%s)\r\n", i+1, m.Items(c.Command)))
			}
		}
		c.Say("TAG OK fetched\n")
	}}
}

// uidsIn returns the UIDs of a set such as "1,4:7".
func uidsIn(set string) (uids []uint32) {
	for part := range strings.SplitSeq(set, ",") {
		from, to, isRange := strings.Cut(part, ":")
		if !isRange {
			to = from
		}
		a, _ := strconv.Atoi(from) // a set that this program wrote
		b, _ := strconv.Atoi(to)
		for uid := a; uid <= b; uid++ {
			uids = append(uids, uint32(uid))
		}
	}
	return uids
}

// before puts an engine before a scripted server, with short limits.
func before(t *testing.T, s *imaptest.Server) *env {
	account := imap.Options{
		Host: "127.0.0.1", Port: s.Port(), Security: imap.Plain, User: "u",
		Secret: func(context.Context) (string, error) { return "p", nil },
		Limits: imap.Limits{Silence: 400 * time.Millisecond, Stall: 400 * time.Millisecond, Dial: 600 * time.Millisecond},
	}
	e := &env{t: t, store: mailboxtest.New(), stop: func() {}}
	e.o = mailsync.Options{
		Account: "shop", Store: e.store,
		Dial: func(ctx context.Context) (imap.Box, error) { return imap.Dial(ctx, account) },
		Limits: mailsync.Limits{
			Retry: 8 * time.Millisecond, RetryMost: 50 * time.Millisecond, Beat: 300 * time.Millisecond,
			ThrottleLeast: 10 * time.Millisecond, ThrottleMost: 10 * time.Millisecond,
			Settle: 10 * time.Millisecond, Answer: 2 * time.Second, Stall: 2 * time.Second,
		},
		Report: func(s mailsync.Status) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.statuses = append(e.statuses, s)
		},
	}
	t.Cleanup(func() { e.stop() })
	return e
}

// letters is the mailbox of a scripted server.
type letters struct {
	mu  sync.Mutex
	all []imaptest.Mail
}

func (l *letters) now() []imaptest.Mail {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all
}

func (l *letters) add(s *imaptest.Server) {
	l.mu.Lock()
	n := len(l.all) + 1
	l.all = append(slices.Clone(l.all), imaptest.Mail{UID: uint32(n), Raw: imaptest.Letter("new " + strconv.Itoa(n))})
	all := l.all
	l.mu.Unlock()
	s.SetMails(all)
}

func TestHostileMailsHoldNothingUp(t *testing.T) {
	for _, p := range poisons() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			const bad = 7
			mail := &letters{all: imaptest.Letters(20)}
			scripts := make([]imaptest.Script, 200)
			for i := range scripts {
				scripts[i] = p.script(mail.now, bad)
			}
			s := imaptest.Serve(t, mail.now(), scripts...)
			e := before(t, s)
			e.start()
			until(t, "all mails", func() bool { return len(e.held("INBOX")) == 20 })
			mail.add(s)
			until(t, "the next mail", func() bool { return len(e.held("INBOX")) == 21 })
			e.stop()
			if n := len(e.problems()); n > 1 || n == 1 == p.arrives {
				t.Errorf("in quarantine are %+v", e.problems())
			}
			for _, h := range e.rows("INBOX") {
				if h.UID != bad && e.bytes(h) != mail.now()[h.UID-1].Raw {
					t.Errorf("mail %d is kept as %q", h.UID, e.bytes(h))
				}
			}
		})
	}
}

// TestServersThatFallSilent has the server fall silent at every command in
// turn, once, on the connection that fetches.
func TestServersThatFallSilent(t *testing.T) {
	for _, verb := range []string{"GREETING", "AUTHENTICATE", "SELECT", "UID SEARCH", "UID FETCH", "NOOP", "IDLE"} {
		for name, reply := range map[string]imaptest.Reply{
			"silence": imaptest.Silence(""), "half a line": imaptest.Silence("* 1 FET"),
			"hang-up": imaptest.HangUp(""), "goodbye": imaptest.HangUp("* BYE too busy\r\n"),
			"no": imaptest.Say("TAG NO not now\n"), "bad": imaptest.Say("TAG BAD what\n"),
		} {
			if (verb == "GREETING" || verb == "AUTHENTICATE") && (name == "no" || name == "bad") {
				continue // no words for a greeting, or a refusal
			}
			t.Run(verb+" "+name, func(t *testing.T) {
				t.Parallel()
				mail := &letters{all: imaptest.Letters(5)}
				script := imaptest.Script{verb: reply}
				s := imaptest.Serve(t, mail.now(), script, script)
				e := before(t, s)
				e.start()
				until(t, "all mails", func() bool { return len(e.held("INBOX")) == 5 })
				mail.add(s)
				until(t, "the next mail", func() bool { return len(e.held("INBOX")) == 6 })
				e.stop()
				if n := len(e.problems()); n != 0 {
					t.Errorf("in quarantine are %+v", e.problems())
				}
				if verb == "SELECT" {
					if _, ok := e.went(desk.MailTrouble); !ok {
						t.Error("nobody was told")
					}
				}
			})
		}
	}
}
