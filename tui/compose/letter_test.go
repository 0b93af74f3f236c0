package compose

import (
	"strings"
	"testing"

	"hark/desk"
)

func addressed() desk.Outgoing {
	return desk.Outgoing{
		Account: "shop", To: []desk.Address{{Name: "Ek, Ana", Mail: "ana@ex.example"}}, Cc: []desk.Address{{Mail: "bo@ex.example"}},
		Subject: "Re: Lamp", Parent: desk.DeriveID([]byte("parent")), Quote: true, Carry: []desk.ID{desk.DeriveID([]byte("part"))},
	}
}

func TestALetterComesBackFromItsDraft(t *testing.T) {
	l := NewLetter(addressed())
	draft := l.Format("Hello\n\nbye")
	if !desk.IsOutgoing(draft) {
		t.Fatalf("%q is no draft of a mail", draft)
	}
	again, text, err := ReadLetter(draft)
	if err != nil || text != "Hello\n\nbye" {
		t.Fatalf("%q, %v", text, err)
	}
	o, _, err := again.Outgoing(text)
	if err != nil {
		t.Fatal(err)
	}
	want := addressed()
	if o.Account != want.Account || o.To[0] != want.To[0] || o.Cc[0] != want.Cc[0] || o.Subject != want.Subject || o.Parent != want.Parent || !o.Quote || len(o.Carry) != 1 {
		t.Errorf("%+v became %+v", want, o)
	}
}

func TestHalfAnAddressSurvives(t *testing.T) {
	l := NewLetter(desk.Outgoing{})
	l.Type("ana@ex.example, not yet an addr")
	again, _, err := ReadLetter(l.Format("words"))
	if err != nil || again.Line(To).Text() != "ana@ex.example, not yet an addr" {
		t.Fatalf("the line is %q, %v", again.Line(To).Text(), err)
	}
	if _, at, err := again.Outgoing(""); err == nil || at != To {
		t.Errorf("half an address is sent, %v, %v", at, err)
	}
}

func TestAHeadStaysOneLineEach(t *testing.T) {
	l := NewLetter(desk.Outgoing{})
	l.GoTo(Subject)
	l.Type("Lamp\r\nBcc: all@ex.example\x00")
	draft := l.Format("words")
	if strings.Contains(draft, "\nBcc:") || strings.ContainsRune(draft, 0) {
		t.Errorf("a header came in by the subject: %q", draft)
	}
}

func TestWhatWasThereIsNoChange(t *testing.T) {
	l := NewLetter(addressed())
	if l.Changed() || l.At() != Text {
		t.Errorf("changed %v, at %v", l.Changed(), l.At())
	}
	l.GoTo(Cc)
	l.Type("x")
	if !l.Changed() {
		t.Error("a change is none")
	}
	if empty := NewLetter(desk.Outgoing{}); empty.At() != To {
		t.Errorf("a mail to nobody begins at %v", empty.At())
	}
}

func TestTheHeadShowsWhatItNeeds(t *testing.T) {
	l := NewLetter(desk.Outgoing{To: []desk.Address{{Mail: "ana@ex.example"}}})
	if got := len(l.Shown(true)); got != 2 {
		t.Errorf("%d lines in the text", got)
	}
	l.Next(-1)
	if got := len(l.Shown(true)); got != 4 || l.At() != Subject {
		t.Errorf("%d lines in the head, at %v", got, l.At())
	}
	if l.GoTo(To); l.Next(-1) {
		t.Error("something is before To")
	}
}

func TestASignatureStandsOnce(t *testing.T) {
	once := Sign("Hello\n", "The shop\n")
	if once != "Hello\n\n-- \nThe shop" || Sign(once, "The shop\n") != once {
		t.Errorf("%q", once)
	}
	if got := Unsigned(once, "The shop"); got != "Hello" {
		t.Errorf("without it %q", got)
	}
	if Sign("x", " ") != "x" || Unsigned("x", "") != "x" {
		t.Error("no signature is one")
	}
}

// FuzzLetter holds a letter to this: what was formatted is read back as it was
// typed, and no line of the head ever becomes two.
func FuzzLetter(f *testing.F) {
	f.Add("ana@ex.example", "Re: Lamp", "Hello")
	f.Add("\"Ek, Ana\" <a@x>", "a: b", "To: x\n\n\nSubject: y")
	f.Add("a\nBcc: b", "x\r\ny\u0085z\u2028", "")
	f.Fuzz(func(t *testing.T, to, subject, text string) {
		if len(to)+len(subject)+len(text) > 4000 {
			return // long enough otherwise
		}
		l := NewLetter(desk.Outgoing{Account: "shop"})
		l.GoTo(To)
		l.Type(to)
		l.GoTo(Subject)
		l.Type(subject)
		again, words, err := ReadLetter(l.Format(text))
		if err != nil {
			t.Fatalf("the head is not read: %v", err)
		}
		same := func(f Field) {
			if got, want := again.Line(f).Text(), strings.TrimSpace(l.Line(f).Text()); got != want {
				t.Fatalf("%v: %q became %q", f, want, got)
			}
		}
		same(To)
		same(Subject)
		if again.Account() != "shop" || again.Line(Bcc).Text() != "" || words != strings.ReplaceAll(text, "\r\n", "\n") {
			t.Fatalf("account %q, bcc %q, text %q for %q", again.Account(), again.Line(Bcc).Text(), words, text)
		}
	})
}
