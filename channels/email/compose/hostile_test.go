package compose_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-message/mail"
	"pgregory.net/rapid"

	"hark/channels/email/compose"
	"hark/desk"
)

// fields are what people or strangers write that comes into a mail, each with
// a way to put it there.
func fields() map[string]func(*compose.Mail, string) {
	return map[string]func(*compose.Mail, string){
		"Text":        func(m *compose.Mail, s string) { m.Text = s },
		"Subject":     func(m *compose.Mail, s string) { m.Letter.Subject = s },
		"From name":   func(m *compose.Mail, s string) { m.Letter.From.Name = s },
		"From":        func(m *compose.Mail, s string) { m.Letter.From.Mail = s },
		"To name":     func(m *compose.Mail, s string) { m.Letter.To[0].Name = s },
		"To":          func(m *compose.Mail, s string) { m.Letter.To[0].Mail = s },
		"Cc":          func(m *compose.Mail, s string) { m.Letter.Cc = []desk.Address{{Name: s, Mail: s}} },
		"Bcc":         func(m *compose.Mail, s string) { m.Letter.Bcc = []desk.Address{{Name: s, Mail: s}} },
		"Reply-To":    func(m *compose.Mail, s string) { m.Letter.ReplyTo = []desk.Address{{Name: s, Mail: s}} },
		"Message-ID":  func(m *compose.Mail, s string) { m.Letter.MessageID = s },
		"In-Reply-To": func(m *compose.Mail, s string) { m.Letter.InReplyTo = s },
		"References":  func(m *compose.Mail, s string) { m.Letter.References = []string{s, "a@b", s} },
		"Automatic":   func(m *compose.Mail, s string) { m.Letter.Automatic = s },
		"file name":   func(m *compose.Mail, s string) { m.Files = []compose.File{file(s, "text/plain", s)} },
		"file type":   func(m *compose.Mail, s string) { m.Files = []compose.File{file("a", s, "b")} },
		"quoted text": func(m *compose.Mail, s string) { m.Quoted.Text = s },
		"quoted name": func(m *compose.Mail, s string) { m.Quoted.Letter.From.Name = s },
		"quoted subject": func(m *compose.Mail, s string) {
			m.Letter.Forward, m.Quoted.Letter.Subject, m.Quoted.Letter.To = true, s, []desk.Address{{Name: s, Mail: s}}
		},
	}
}

// known are all headers that a mail of ours can have.
func known() []string {
	return []string{
		"Date", "From", "To", "Cc", "Reply-To", "Subject", "Message-Id", "In-Reply-To", "References", "X-Hark-Id",
		"X-Hark-Loop", "Auto-Submitted", "Mime-Version", "Content-Type", "Content-Transfer-Encoding",
	}
}

// sound returns what is wrong with the bytes of a mail, nil when nothing is.
func sound(b []byte) error {
	for l := range bytes.SplitSeq(b, []byte("\r\n")) {
		if len(l) > 998 {
			return fmt.Errorf("a line has %d bytes: %.100q", len(l), l)
		}
		if i := bytes.IndexFunc(l, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }); i >= 0 {
			return fmt.Errorf("a line holds a control character: %q", l)
		}
	}
	r, err := mail.CreateReader(bytes.NewReader(b))
	if err != nil {
		return fmt.Errorf("it cannot be read: %w", err)
	}
	seen := map[string]int{}
	for f := r.Header.Fields(); f.Next(); {
		if seen[f.Key()]++; seen[f.Key()] > 1 || !slices.Contains(known(), f.Key()) {
			return fmt.Errorf("it has a header %s of its own", f.Key())
		}
	}
	for {
		_, err := r.NextPart()
		if err != nil {
			if err.Error() == "EOF" {
				return nil
			}
			return fmt.Errorf("its parts cannot be read: %w", err)
		}
	}
}

// attacks are texts that began another header, or a mail's body, somewhere.
func attacks() []string {
	return []string{
		"x\r\nBcc: evil@example.org", "x\nBcc: evil@example.org", "x\rBcc: evil@example.org", "x\x00y", "x\r\n\r\nbody", "x\x0b\x0cy",
		"a@b\r\nX-Evil: 1", "<a@b>\r\nX-Evil: 1", "x\u2028Bcc: e@x", "x\u0085Bcc: e@x", "=?utf-8?q?a=0D=0ABcc:_e@x?=", "x\u202ey", "\xff\xfe",
		`"@x>, <evil@example.org`, "a@b>, <evil@example.org", "\r\n.\r\nMAIL FROM:<x@y>", "x;name=\"y\r\n", "a/b; c=\"d\"", "\x1b[2J", strings.Repeat("x", 3000),
		strings.Repeat("ä", 3000), strings.Repeat("x ", 2000), "--=_1277603f64aa300e2df7ac024f7d0ff6--",
	}
}

func TestNoFieldBeginsAnother(t *testing.T) {
	for field, set := range fields() {
		for _, text := range attacks() {
			m := reply()
			set(&m, text)
			b, err := compose.Compose(compose.Options{UTF8: true}, m)
			if err != nil {
				if desk.CodeOf(err) != desk.Invalid {
					t.Errorf("%s %.40q: %v", field, text, err)
				}
				continue
			}
			if err := sound(b); err != nil {
				t.Errorf("%s %.40q: %v", field, text, err)
			}
		}
	}
}

func TestControlCharactersAreRefusedByName(t *testing.T) {
	for _, field := range []string{"Subject", "From", "To", "Cc", "Reply-To"} {
		for _, c := range []string{"\r", "\n", "\x00", "\x1b", "\x7f", "\u0085", "\u2028"} {
			m := reply()
			fields()[field](&m, "a"+c+"@b.example")
			_, err := compose.Compose(compose.Options{}, m)
			if desk.CodeOf(err) != desk.Invalid || !strings.Contains(desk.Sentence(err), field) {
				t.Errorf("%q in %s: %v", c, field, err)
			}
		}
	}
}

// FuzzHeaders puts any text into any field.
func FuzzHeaders(f *testing.F) {
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range fields() {
			if !yield(name) {
				return
			}
		}
	})
	for i, text := range attacks() {
		f.Add(uint8(i), text, "ana@example.org")
	}
	f.Fuzz(func(t *testing.T, which uint8, text, second string) {
		m := reply()
		fields()[names[int(which)%len(names)]](&m, text)
		fields()[names[int(which/16)%len(names)]](&m, second)
		b, err := compose.Compose(compose.Options{UTF8: which%2 == 0}, m)
		if err != nil {
			return
		}
		if err := sound(b); err != nil {
			t.Fatalf("%v\n%q", err, b)
		}
	})
}

func TestLongChainsKeepShortLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := reply()
		m.Letter.References = rapid.SliceOfN(rapid.StringMatching(`[a-z0-9.=_-]{1,220}@[a-z0-9.-]{1,60}[a-z]`), 0, 60).Draw(t, "references")
		m.Letter.InReplyTo = "last@home.example"
		m.Letter.Subject = rapid.StringN(0, 200, 600).Draw(t, "subject")
		m.Text = rapid.String().Draw(t, "text")
		b, err := compose.Compose(compose.Options{}, m)
		if err != nil {
			if desk.CodeOf(err) != desk.Invalid {
				t.Fatal(err)
			}
			return
		}
		if err := sound(b); err != nil {
			t.Fatal(err)
		}
	})
}

func TestReferencesKeepTheFirstAndTheLast(t *testing.T) {
	m := reply()
	m.Letter.References = nil
	for i := range 600 {
		m.Letter.References = append(m.Letter.References, fmt.Sprintf("%d@%s.example", i, strings.Repeat("x", i%200)))
	}
	m.Letter.References = append(m.Letter.References, "no id", "<b@c>", "3@xxx.example")
	m.Letter.InReplyTo = "last@home.example"
	b, err := compose.Compose(compose.Options{}, m)
	if err != nil {
		t.Fatal(err)
	}
	h := parse(t, b).header
	got, err := h.MsgIDList("References")
	if err != nil || len(got) != 50 || got[0] != m.Letter.References[0] || got[48] != "3@xxx.example" || got[49] != "last@home.example" {
		t.Errorf("%d references, %v: %q", len(got), err, got)
	}
}
