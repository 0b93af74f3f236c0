package outbox_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hark/channels/email/outbox"
	"hark/channels/email/outbox/smtptest"
	"hark/desk"
	"hark/desk/mailbox"
)

// TestServersOnBadDays plays one fault each, then a server that is well again
// for an hour: what the desk was told, and how often the mail arrived.
func TestServersOnBadDays(t *testing.T) {
	for name, c := range map[string]struct {
		script  smtptest.Script
		told    string
		arrived int
		words   string // in what the desk was told of the first trouble
	}{
		"hangs up on hello":       {smtptest.Once(smtptest.Hello, 1, smtptest.Act{Drop: true}), "taken retry sent filed", 1, "hung up"},
		"421 at hello":            {smtptest.Once(smtptest.Hello, 1, smtptest.Act{Code: 421, Words: "busy"}), "taken retry sent filed", 1, "421 busy"},
		"554 at hello":            {smtptest.Once(smtptest.Hello, 1, smtptest.Act{Code: 554, Words: "go away"}), "taken retry sent filed", 1, "554 go away"},
		"silent at hello":         {smtptest.Once(smtptest.Hello, 1, smtptest.Act{Silent: true}), "taken retry sent filed", 1, "in time"},
		"451 to the sender":       {smtptest.Once(smtptest.Mail, 1, smtptest.Act{Code: 451, Words: "later"}), "taken retry sent filed", 1, "451 later"},
		"451 three times":         {smtptest.Once(smtptest.Mail, 3, smtptest.Act{Code: 451, Words: "later"}), "taken retry retry retry sent filed", 1, "451 later"},
		"550 to the sender":       {smtptest.Once(smtptest.Mail, 1, smtptest.Act{Code: 550, Words: "not you"}), "taken failed", 0, "550 not you"},
		"hangs up on the sender":  {smtptest.Once(smtptest.Mail, 1, smtptest.Act{Drop: true}), "taken retry sent filed", 1, "hung up"},
		"silent to the sender":    {smtptest.Once(smtptest.Mail, 1, smtptest.Act{Silent: true}), "taken retry sent filed", 1, "in time"},
		"450 to a recipient":      {smtptest.Once(smtptest.Rcpt, 1, smtptest.Act{Code: 450, Words: "greylisted"}), "taken retry sent filed", 1, "450 greylisted"},
		"550 to a recipient":      {smtptest.Once(smtptest.Rcpt, 1, smtptest.Act{Code: 550, Words: "nobody here"}), "taken failed", 0, "550 nobody here"},
		"hangs up on a recipient": {smtptest.Once(smtptest.Rcpt, 1, smtptest.Act{Drop: true}), "taken retry sent filed", 1, "hung up"},
		"421 to a recipient":      {smtptest.Once(smtptest.Rcpt, 1, smtptest.Act{Code: 421, Words: "bye"}), "taken retry sent filed", 1, "421 bye"},
		"451 at the end":          {smtptest.Once(smtptest.Dot, 1, smtptest.Act{Code: 451, Words: "disk full"}), "taken retry sent filed", 1, "451 disk full"},
		"554 at the end":          {smtptest.Once(smtptest.Dot, 1, smtptest.Act{Code: 554, Words: "spam"}), "taken failed", 0, "554 spam"},
		"hangs up at the end":     {smtptest.Once(smtptest.Dot, 1, smtptest.Act{Drop: true}), "taken parked", 0, "may have arrived"},
		"takes it and hangs up":   {smtptest.Once(smtptest.Dot, 1, smtptest.Act{Keep: true, Drop: true}), "taken parked", 1, "may have arrived"},
		"takes it and is silent":  {smtptest.Once(smtptest.Dot, 1, smtptest.Act{Keep: true, Silent: true}), "taken parked", 1, "may have arrived"},
		"takes it and says 251":   {smtptest.Once(smtptest.Dot, 1, smtptest.Act{Keep: true, Code: 251}), "taken sent filed", 1, ""},
		"takes it and says 333":   {smtptest.Once(smtptest.Dot, 1, smtptest.Act{Keep: true, Code: 333}), "taken parked", 1, "may have arrived"},
		"control characters":      {smtptest.Once(smtptest.Mail, 1, smtptest.Act{Code: 451, Words: "a\x1b[2Jb\u202ec"}), "taken retry sent filed", 1, "451 a [2Jb c"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, smtptest.Options{Script: c.script}, func(t *testing.T, w *world) {
				conversation, item := w.sends(desk.Outgoing{})
				w.after(2 * time.Hour)
				w.expect(conversation, item, c.told)
				if n := len(w.sink.Deliveries()); n != c.arrived {
					t.Errorf("it arrived %d times, not %d", n, c.arrived)
				}
				words := ""
				for _, p := range w.states(conversation, item) {
					if words == "" {
						words = p.Words
					}
				}
				if !strings.Contains(words, c.words) {
					t.Errorf("people read %q, without %q", words, c.words)
				}
				second, other := w.sends(desk.Outgoing{})
				w.after(2 * time.Hour)
				w.expect(second, other, "taken sent filed")
			})
		})
	}
}

// TestLineTornWithinTheText has a text that is larger than what the line
// holds: its end was never written, so the mail is sent again.
func TestLineTornWithinTheText(t *testing.T) {
	for name, act := range map[string]smtptest.Act{"hangs up": {Drop: true}, "takes nothing": {Silent: true}} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, smtptest.Options{Script: smtptest.Once(smtptest.Data, 1, act)}, func(t *testing.T, w *world) {
				c, item := w.sends(desk.Outgoing{Text: strings.Repeat("It is dark here.\n", 3000)})
				w.after(time.Hour)
				w.expect(c, item, "taken retry sent filed")
				if n := len(w.sink.Deliveries()); n != 1 {
					t.Errorf("it arrived %d times", n)
				}
			})
		})
	}
}

func TestEachRecipientHasAResult(t *testing.T) {
	to := []desk.Address{{Mail: "ana@home.test"}, {Mail: "ben@home.test"}, {Mail: "cy@home.test"}}
	t.Run("one is refused", func(t *testing.T) {
		inWorld(t, smtptest.Options{Script: smtptest.Refuse("ben@home.test", 550, "nobody here")}, func(t *testing.T, w *world) {
			c, item := w.sends(desk.Outgoing{To: to})
			w.after(time.Hour)
			w.expect(c, item, "taken failed")
			p := w.last(c, item)
			if len(p.Failed) != 1 || p.Failed[0].Mail != "ben@home.test" || !strings.Contains(p.Words, "others have it") || !strings.Contains(p.Words, "550 nobody here") {
				t.Errorf("the desk was told %+v", p)
			}
			got := w.sink.Deliveries()
			if len(got) != 1 || strings.Join(got[0].To, " ") != "ana@home.test cy@home.test" || w.sent.count() != 1 {
				t.Errorf("delivered %+v, %d copies", got, w.sent.count())
			}
			if len(w.State.Conversation(c).Trouble) != 1 {
				t.Error("the conversation shows no trouble")
			}
		})
	})
	t.Run("one has to wait", func(t *testing.T) {
		waiting := func(m smtptest.Moment) smtptest.Act {
			if m.Stage == smtptest.Rcpt && m.Address == "ben@home.test" && m.Nth < 6 {
				return smtptest.Act{Code: 450, Words: "greylisted"}
			}
			return smtptest.Act{}
		}
		inWorld(t, smtptest.Options{Script: waiting}, func(t *testing.T, w *world) {
			c, item := w.sends(desk.Outgoing{To: to})
			w.after(3 * time.Hour)
			times := map[string]int{}
			for _, d := range w.sink.Deliveries() {
				for _, a := range d.To {
					times[a]++
				}
			}
			if len(times) != 3 || times["ana@home.test"] != 1 || times["ben@home.test"] != 1 || times["cy@home.test"] != 1 {
				t.Errorf("it arrived %v", times)
			}
			if got := w.told(c, item); !strings.HasPrefix(got, "taken retry ") || !strings.HasSuffix(got, " sent filed") || w.sent.count() != 1 {
				t.Errorf("told %q, %d copies", got, w.sent.count())
			}
			if p := w.states(c, item)[1]; len(p.Failed) != 1 || p.Failed[0].Mail != "ben@home.test" {
				t.Errorf("while it waits, the desk was told %+v", p)
			}
		})
	})
	t.Run("one waits for ever", func(t *testing.T) {
		inWorld(t, smtptest.Options{Script: smtptest.Refuse("ben@home.test", 450, "greylisted")}, func(t *testing.T, w *world) {
			c, item := w.sends(desk.Outgoing{To: to})
			w.after(80 * time.Hour)
			p := w.last(c, item)
			if p.State != desk.PostFailed || len(p.Failed) != 1 || p.Failed[0].Mail != "ben@home.test" {
				t.Errorf("at last the desk was told %+v", p)
			}
			if n := len(w.sink.Deliveries()); n != 1 || w.sent.count() != 1 {
				t.Errorf("%d deliveries, %d copies", n, w.sent.count())
			}
		})
	})
}

func TestRetriesGoOnForTwoDays(t *testing.T) {
	inWorld(t, smtptest.Options{Script: smtptest.Always(smtptest.Mail, smtptest.Act{Code: 451, Words: "later"})}, func(t *testing.T, w *world) {
		began := time.Now()
		c, item := w.sends(desk.Outgoing{})
		w.after(80 * time.Hour)
		all := w.states(c, item)
		p := all[len(all)-1]
		if p.State != desk.PostFailed || !strings.Contains(p.Words, "two days") || len(p.Failed) != 1 {
			t.Errorf("at last the desk was told %+v", p)
		}
		events, err := w.Journal.ReadStream(t.Context(), c, 1, 1000)
		must(t, err)
		if d := events[len(events)-1].At.Sub(began); d < 47*time.Hour || d > 60*time.Hour {
			t.Errorf("it was given up after %v", d)
		}
		wants := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}
		at := began.Add(desk.MailUndo)
		for i, want := range wants {
			got := all[i+1].Next.Sub(at)
			if got < want-time.Second || got > want+want/4+time.Second {
				t.Errorf("attempt %d waits %v, not about %v", i+1, got, want)
			}
			at = all[i+1].Next
		}
		if w.sink.Seen(smtptest.Mail) != len(all)-1 {
			t.Errorf("%d attempts, of which the desk knows %d", w.sink.Seen(smtptest.Mail), len(all)-1)
		}
	})
}

func TestMailThatIsTooLargeIsNotBegun(t *testing.T) {
	inWorld(t, smtptest.Options{MaxBytes: 2 << 20}, func(t *testing.T, w *world) {
		w.acct.Sent = nil
		bo := w.As("bo")
		f, err := bo.Attach(t.Context(), "big.bin", strings.NewReader(strings.Repeat("x", 2<<20)))
		must(t, err)
		c, item := w.sends(desk.Outgoing{Files: []desk.ID{f.ID}})
		w.after(time.Hour)
		w.expect(c, item, "taken failed")
		if p := w.last(c, item); !strings.Contains(p.Words, "larger than the mail server takes (2 MB)") || w.sink.Seen(smtptest.Mail) != 0 {
			t.Errorf("told %+v after %d MAIL", p, w.sink.Seen(smtptest.Mail))
		}
	})
}

func TestAddressesNeedAServerThatTakesThem(t *testing.T) {
	for _, able := range []bool{false, true} {
		inWorld(t, smtptest.Options{UTF8: able}, func(t *testing.T, w *world) {
			c, item := w.sends(desk.Outgoing{To: []desk.Address{{Mail: "jürgen@bücher.example"}}})
			w.after(time.Hour)
			if able {
				w.expect(c, item, "taken sent filed")
				if to := w.sink.Deliveries()[0].To[0]; to != "jürgen@xn--bcher-kva.example" {
					t.Errorf("it went to %s", to)
				}
				return
			}
			w.expect(c, item, "taken failed")
			if p := w.last(c, item); !strings.Contains(p.Words, "ASCII") || p.Failed[0].Mail != "jürgen@bücher.example" {
				t.Errorf("told %+v", p)
			}
		})
	}
}

func TestDeadServerDelaysNoOther(t *testing.T) {
	synctestWorld(t, func(t *testing.T, w *world) {
		dead := smtptest.NewPipe() // nobody accepts
		w.route = map[string]*smtptest.Pipe{"dead.test:587": dead}
		sales := w.acct
		sales.Name, sales.Host, sales.Security = "sales", "dead.test", "starttls"
		w.more = []outbox.Account{sales}
		w.start()
		defer func() { w.stop() }()
		var waiting [][2]desk.ID
		for range 5 {
			c, item := w.sends(desk.Outgoing{Account: "sales"})
			waiting = append(waiting, [2]desk.ID{c, item})
		}
		c, item := w.sends(desk.Outgoing{})
		w.after(desk.MailUndo + time.Second)
		w.expect(c, item, "taken sent filed")
		w.after(30 * time.Second)
		for _, ids := range waiting {
			w.expect(ids[0], ids[1], "taken retry")
			if p := w.last(ids[0], ids[1]); !strings.Contains(p.Words, "in time") || p.Next.Before(time.Now()) {
				t.Errorf("told %+v", p)
			}
		}
		if n := w.out.Posting("sales"); n != 5 {
			t.Errorf("%d mails wait", n)
		}
		w.route["dead.test:587"] = nil // it is back, in the clear: still nothing leaves
		w.out.Poke("sales")
		w.after(time.Second)
		if p := w.last(waiting[0][0], waiting[0][1]); !strings.Contains(p.Words, "STARTTLS") {
			t.Errorf("told %+v", p)
		}
	})
}

func TestStoppedWhileTheAnswerIsDue(t *testing.T) {
	inWorld(t, smtptest.Options{Script: smtptest.Once(smtptest.Dot, 1, smtptest.Act{Keep: true, Silent: true})}, func(t *testing.T, w *world) {
		c, item := w.sends(desk.Outgoing{})
		w.after(desk.MailUndo + time.Second)
		if w.kept(item) != mailbox.Committing {
			t.Fatalf("it is %s", w.kept(item))
		}
		w.stop()
		w.start()
		w.after(time.Hour)
		w.expect(c, item, "taken parked")
		if n := len(w.sink.Deliveries()); n != 1 {
			t.Errorf("it arrived %d times", n)
		}
	})
}

func TestNothingIsSentThatCannotBeNoted(t *testing.T) {
	for _, late := range []bool{false, true} {
		synctestWorld(t, func(t *testing.T, w *world) {
			var tired atomic.Bool
			tired.Store(true)
			w.wrap = func(s outbox.Store) outbox.Store {
				return &markStore{Store: s, late: late, refuse: func(state mailbox.OutState) error {
					if tired.Load() && state == mailbox.Committing {
						return errors.New("the disk is full")
					}
					return nil
				}}
			}
			w.start()
			defer func() { w.stop() }()
			c, item := w.sends(desk.Outgoing{})
			w.after(5 * time.Minute)
			if n := len(w.sink.Deliveries()); n != 0 {
				t.Errorf("%d mails left although that could not be noted", n)
			}
			tired.Store(false)
			w.after(time.Minute)
			w.expect(c, item, "taken sent filed")
			if n := len(w.sink.Deliveries()); n != 1 {
				t.Errorf("it arrived %d times", n)
			}
		})
	}
}
