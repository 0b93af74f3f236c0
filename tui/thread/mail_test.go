package thread

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

// mailed is a mail of a customer that came to the desk as its n-th event.
func mailed(n uint64, text string, with ...func(*desk.Letter)) desk.Applied {
	a := said(n, text)
	a.ID = desk.DeriveID([]byte("mail"), []byte(strconv.FormatUint(n, 10)))
	mail := &desk.Letter{
		Account: "shop", Subject: "Invoice 4471", Received: a.At,
		From: desk.Address{Name: "Ana Björk", Mail: "ana@ex.example"},
		To:   []desk.Address{{Mail: "help@shop.example"}}, Own: []string{"help@shop.example"},
	}
	for _, f := range with {
		f(mail)
	}
	a.Body = desk.Message{Direction: desk.In, Channel: desk.Email, Text: text, Mail: mail}
	return a
}

// answered is a mail of ours.
func answered(n uint64, text string) desk.Applied {
	a := mailed(n, text, func(l *desk.Letter) {
		l.To, l.Own = []desk.Address{{Name: "Ana Björk", Mail: "ana@ex.example"}}, nil
	})
	m := a.Body.(desk.Message)
	m.Direction = desk.Out
	a.Actor, a.Body = me, m
	m.Mail.Received = time.Time{}
	m.Mail.Undo = a.At.Add(5 * time.Second)
	return a
}

func happened(n uint64, b desk.Body) desk.Applied {
	a := said(n, "")
	a.Body = b
	return a
}

func shows(t *testing.T, screen string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(screen, w) {
			t.Errorf("%q is not in\n%s", w, screen)
		}
	}
}

func misses(t *testing.T, screen string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(screen, w) {
			t.Errorf("%q is in\n%s", w, screen)
		}
	}
}

func TestAMailSaysWhoItIsFrom(t *testing.T) {
	p := open([]desk.Applied{mailed(1, "It is wrong.", func(l *desk.Letter) {
		l.Cc = []desk.Address{{Name: "Bo", Mail: "bo@ex.example"}}
		l.Warnings = []string{"claims to be us without proof"}
		l.Remote, l.Trackers = 4, 2
		l.Parts = []desk.Part{
			{N: 2, Name: "invoice.pdf", Type: "application/pdf", Size: 12_000, Kind: desk.PartFile},
			{N: 3, Name: "meet.ics", Type: "text/calendar", Size: 900, Kind: desk.PartInvite},
		}
	})})
	shows(t, draw(p, look(), 90, 20), "Ana Björk <ana@ex.example>", "09:39", "to help@shop.example · cc Bo <bo@ex.example>",
		"subject: Invoice 4471", "! claims to be us without proof", "pictures not loaded: 4, trackers: 2",
		"[invoice.pdf · pdf · 12 KB]", "[meet.ics · invitation · 900 B]", "It is wrong.")
}

func TestNoAddressIsCut(t *testing.T) {
	const address = "somebody.with.a.long.name@a-long-domain.of-somewhere.example"
	for _, name := range []string{"", "Ana Björk", strings.Repeat("Ana ", 30)} {
		p := open([]desk.Applied{mailed(1, "hi", func(l *desk.Letter) { l.From = desk.Address{Name: name, Mail: address} })})
		screen := draw(p, look(), 90, 20)
		shows(t, screen, address)
		narrow := draw(p, look(), 40, 20)
		if joined := strings.Join(strings.Fields(strings.ReplaceAll(narrow, "│", "")), ""); !strings.Contains(joined, address) {
			t.Errorf("%q is cut in\n%s", address, narrow)
		}
	}
}

func TestASubjectIsShownWhenItChanges(t *testing.T) {
	subject := func(s string) func(*desk.Letter) { return func(l *desk.Letter) { l.Subject = s } }
	p := open([]desk.Applied{
		mailed(1, "one", subject("Invoice")), mailed(2, "two", subject("RE: AW:  invoice")), mailed(3, "three", subject("Lamps")),
	})
	screen := draw(p, look(), 60, 30)
	shows(t, screen, "subject: Invoice", "subject: Lamps")
	misses(t, screen, "AW:")
}

func TestHistoryThatComesNewestFirstIsReadInItsOrder(t *testing.T) {
	past := func(d time.Duration) func(*desk.Letter) {
		return func(l *desk.Letter) { l.Past, l.Received = true, began.Add(-d) }
	}
	p := open([]desk.Applied{
		happened(1, desk.ConversationOpened{Channel: desk.Email}), mailed(2, "the newest", past(time.Hour)),
		mailed(3, "in between", past(2*time.Hour)), mailed(4, "the oldest", past(3*time.Hour)),
	})
	live := mailed(5, "written today")
	if !p.Append(live) || p.Newest() != 5 {
		t.Fatal("a new mail was not taken")
	}
	if !p.Append(mailed(6, "older still", past(4*time.Hour))) {
		t.Fatal("history was not taken")
	}
	screen := draw(p, look(), 60, 40)
	last := -1
	for _, words := range []string{"older still", "the oldest", "in between", "the newest", "written today"} {
		if at := strings.Index(screen, words); at <= last {
			t.Fatalf("%q is out of order in\n%s", words, screen)
		} else {
			last = at
		}
	}
	misses(t, screen, "began")
}

func TestQuotesAreFoldedAndNeverCut(t *testing.T) {
	const text = "yes\nOn Tuesday you wrote:\n> first\n> second\nthat was it\n-- \nAna"
	p := open([]desk.Applied{mailed(1, text, func(l *desk.Letter) {
		l.Folds = []desk.Fold{desktest.FoldLines(text, 1, 4, desk.FoldQuote), desktest.FoldLines(text, 5, 7, desk.FoldSignature)}
	})})
	l := look()
	l.Bound = map[string]string{"unfold.text": "enter"}
	screen := draw(p, l, 60, 30)
	shows(t, screen, "yes", "[3 quoted lines ▸ enter]", "that was it", "[2 signature lines ▸ enter]")
	misses(t, screen, "> first")
	if !p.HasFolds() || !p.UnfoldText() {
		t.Fatal("nothing could be unfolded")
	}
	shows(t, draw(p, l, 60, 30), "[3 quoted lines ▾]", "On Tuesday you wrote:", "> first", "> second", "-- ", "Ana")
	p.UnfoldText()
	misses(t, draw(p, l, 60, 30), "> first")
}

func TestALongMailEndsInAFold(t *testing.T) {
	var text strings.Builder
	for i := range 1000 {
		text.WriteString("line " + strconv.Itoa(i) + "\n")
	}
	p, l := open([]desk.Applied{mailed(1, text.String())}), look()
	shows(t, draw(p, l, 60, 30), "[881 more lines ▸]")
	p.UnfoldText()
	p.Bottom()
	shows(t, draw(p, l, 60, 30), "line 999")
}

func TestFoldsOutsideOfTheTextAreNothing(t *testing.T) {
	for _, f := range []desk.Fold{{From: 5, To: 9}, {From: -1, To: 1}, {From: 4, To: 99}, {From: 4, To: 2}} {
		p := open([]desk.Applied{mailed(1, "one\ntwo", func(l *desk.Letter) { l.Folds = []desk.Fold{f} })})
		shows(t, draw(p, look(), 60, 20), "one", "two")
	}
}

func TestAMailOfOursSaysHowFarItHasCome(t *testing.T) {
	mail := answered(2, "We look at it.")
	steps := []struct {
		then desk.Body
		want string
	}{
		{nil, "sending in 5 s"},
		{desk.MailPosted{State: desk.PostTaken}, "going out"},
		{desk.MailPosted{State: desk.PostRetry, Words: "greylisted", Next: began.Add(2 * time.Hour)}, "not out yet, retrying at 11:38: greylisted"},
		{desk.MailPosted{State: desk.PostParked}, "it is not known whether this left; look in Sent"},
		{desk.MailPosted{State: desk.PostFailed, Words: "no such user", Failed: mail.Body.(desk.Message).Mail.To}, "✗ undelivered: Ana Björk <ana@ex.example>: no such user"},
		{desk.MailResent{}, "on its way"},
		{desk.MailPosted{State: desk.PostSent}, "✓ sent"},
		{desk.MailPosted{State: desk.PostBounced}, "undelivered, came back"},
		{desk.MailPosted{State: desk.PostFiled}, "undelivered, came back"},
		{desk.MailSettled{}, "undelivered, came back, dealt with"},
	}
	p, l := open([]desk.Applied{mailed(1, "wrong")}), look()
	all := []desk.Applied{mailed(1, "wrong")}
	for i, s := range steps {
		next := mail
		if s.then != nil {
			next = happened(uint64(i)+2, about(mail.ID, s.then))
		}
		p.Append(next)
		all = append(all, next)
		shows(t, draw(p, l, 90, 24), s.want)
		again := open(nil) // the same from pages, the newer one first
		again.Open(p.Row(), all[1:], 0, More)
		again.Prepend(all[:1])
		shows(t, draw(again, l, 90, 24), s.want)
		again.Open(p.Row(), all[len(all)-1:], 0, More)
		again.Prepend(all[:len(all)-1])
		shows(t, draw(again, l, 90, 24), s.want)
	}
}

// about makes an event that is about an item.
func about(id desk.ID, b desk.Body) desk.Body {
	switch b := b.(type) {
	case desk.MailPosted:
		b.Item = id
		return b
	case desk.MailResent:
		b.Item = id
		return b
	case desk.MailSettled:
		b.Item = id
		return b
	}
	return b
}

func TestTheSecondsAreCounted(t *testing.T) {
	mail := answered(1, "We look at it.")
	p, l := open([]desk.Applied{mail}), look()
	for left, want := range map[time.Duration]string{0: "sending in 5 s", 1500 * time.Millisecond: "sending in 4 s", 4999 * time.Millisecond: "sending in 1 s", 5 * time.Second: "on its way"} {
		at := mail.At.Add(left)
		p.Tick(at)
		if got := strings.Join(p.Draw(l, at, 60, 20), "\n"); !strings.Contains(got, want) {
			t.Errorf("after %s %q is not in\n%s", left, want, got)
		}
		if p.Counting(at) != (left < 5*time.Second) {
			t.Errorf("after %s it counts: %v", left, p.Counting(at))
		}
	}
}

func TestATakenBackMailIsALine(t *testing.T) {
	mail := answered(1, "Oops.")
	p := open([]desk.Applied{mail, happened(2, desk.MailWithdrawn{Item: mail.ID})})
	screen := draw(p, look(), 90, 20)
	shows(t, screen, "you took a mail to Ana Björk back · 09:39")
	misses(t, screen, "Oops.")
}

func TestABannerStandsAboveEverything(t *testing.T) {
	p, l := open(page(1, 50)), look()
	p.SetBanner("may belong to #k3f9")
	lines := p.Draw(l, began.Add(time.Hour), 60, 20)
	if len(lines) != 20 || !strings.Contains(lines[0], "may belong to #k3f9") {
		t.Errorf("%d lines\n%s", len(lines), strings.Join(lines, "\n"))
	}
	shows(t, strings.Join(lines, "\n"), "message 50")
	p.Top()
	shows(t, draw(p, l, 60, 20), "may belong to #k3f9", "message 1")
}

// TestALongMailIsDrawnInTime holds a generous bound: what is folded must cost
// nothing.
func TestALongMailIsDrawnInTime(t *testing.T) {
	long := strings.Repeat(strings.Repeat("words ", 12)+"\n", 800)
	p := open([]desk.Applied{mailed(1, long), mailed(2, long, func(l *desk.Letter) {
		l.Folds = []desk.Fold{desktest.FoldLines(long, 3, 790, desk.FoldQuote)}
	})})
	best := time.Hour
	for i := range 30 {
		began := time.Now()
		draw(p, look(), 50+i, 32) // another look and width: everything anew
		best = min(best, time.Since(began))
	}
	if best > 5*time.Millisecond {
		t.Errorf("a drawing took %s at best", best)
	}
	t.Logf("%s at best", best)
}

// FuzzMail draws mails of any text, subject and folds at any width: every line
// has its cells, and nothing but text comes out.
func FuzzMail(f *testing.F) {
	f.Add("yes\n> no\n-- \nAna", "Re: x", "Ana", 4, 9, uint8(50), false)
	f.Add("漢字\u202e\x1b[2J\n\u009b31m", "\x1b]0;x\x07", "gnp\u202eexe", 0, 3, uint8(3), true)
	f.Add(strings.Repeat("word ", 4000), "", "", -5, 1<<30, uint8(80), true)
	f.Fuzz(func(t *testing.T, text, subject, who string, from, to int, width uint8, whole bool) {
		if len(text) > 30_000 || len(subject)+len(who) > 2000 {
			return // long enough otherwise
		}
		in := mailed(1, text, func(l *desk.Letter) {
			l.Subject, l.From.Name, l.Warnings = subject, who, []string{who}
			l.Folds = []desk.Fold{{From: from, To: to, Kind: desk.FoldKind(who)}}
			l.Parts = []desk.Part{{Name: who, Type: subject, Size: int64(from), Kind: desk.PartSealed}}
		})
		out := answered(2, text)
		p, l := open([]desk.Applied{in, out}), look()
		if whole {
			p.Draw(l, began, 50, 20)
			p.UnfoldText()
		}
		w, h := int(width)+1, 30
		lines := p.Draw(l, began.Add(time.Hour), w, h)
		if len(lines) != h {
			t.Fatalf("%d lines", len(lines))
		}
		for _, line := range lines {
			if got := l.Width(line); w >= 24 && got != w || strings.ContainsAny(line, "\x1b\u009b\u202e\n\r") {
				t.Fatalf("%q has %d cells, want %d", line, got, w)
			}
		}
	})
}
