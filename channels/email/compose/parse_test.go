package compose_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/emersion/go-message/mail"

	"hark/channels/email/compose"
	"hark/desk"
)

// parsed is what another program reads in a mail of ours.
type parsed struct {
	header mail.Header
	texts  map[string]string
	files  map[string]string
}

func parse(t *testing.T, b []byte) parsed {
	t.Helper()
	r, err := mail.CreateReader(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	p := parsed{header: r.Header, texts: map[string]string{}, files: map[string]string{}}
	for {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return p
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, b)
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			t.Fatal(err)
		}
		switch h := part.Header.(type) {
		case *mail.InlineHeader:
			media, _, err := h.ContentType()
			if err != nil {
				t.Fatal(err)
			}
			p.texts[media] = string(body)
		case *mail.AttachmentHeader:
			name, err := h.Filename()
			if err != nil {
				t.Fatal(err)
			}
			p.files[name] = string(body)
		}
	}
}

func TestMailsReadBack(t *testing.T) {
	for name, c := range cases() {
		b, err := compose.Compose(c.o, c.m)
		if err != nil {
			t.Fatal(err)
		}
		p, l := parse(t, b), c.m.Letter
		if got, err := p.header.Subject(); err != nil || got != compose.Subject(l) {
			t.Errorf("%s: the subject is %q, not %q (%v)", name, got, compose.Subject(l), err)
		}
		if got, err := p.header.MessageID(); err != nil || got != l.MessageID {
			t.Errorf("%s: the Message-ID is %q (%v)", name, got, err)
		}
		if got, err := p.header.Date(); err != nil || !got.Equal(l.Date) {
			t.Errorf("%s: the date is %v (%v)", name, got, err)
		}
		for field, want := range map[string][]desk.Address{"From": {l.From}, "To": l.To, "Cc": l.Cc} {
			got, err := p.header.AddressList(field)
			if err != nil || len(got) != len(want) {
				t.Errorf("%s: %s is %v (%v)", name, field, got, err)
				continue
			}
			for i := range want {
				if got[i].Name != want[i].Name {
					t.Errorf("%s: %s is called %q, not %q", name, field, got[i].Name, want[i].Name)
				}
			}
		}
		if p.header.Has("Bcc") || strings.Contains(string(b), "boss@") {
			t.Errorf("%s: the hidden recipient shows", name)
		}
		if len(p.files) != len(c.m.Files) {
			t.Errorf("%s: %d files of %d: %v", name, len(p.files), len(c.m.Files), p.files)
		}
	}
}

func TestFilesReadBack(t *testing.T) {
	b, err := compose.Compose(compose.Options{}, cases()["files"].m)
	if err != nil {
		t.Fatal(err)
	}
	p := parse(t, b)
	for name, want := range map[string]string{
		"invoice.pdf": strings.Repeat("%PDF ", 40), "Rechnung für Ana.txt": "7 €\n", "old.eml": "Subject: x\r\n\r\ny\r\n",
	} {
		if got := p.files[name]; got != want {
			t.Errorf("%s holds %q", name, got)
		}
	}
}

// unflow joins what format=flowed broke, as RFC 3676 tells a reader to.
func unflow(s string) (all []string) {
	open := false
	for l := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(s, "\r\n", "\n"), "\n"), "\n") {
		rest := strings.TrimLeft(l, ">")
		depth := len(l) - len(rest)
		rest = strings.TrimPrefix(rest, " ")
		if rest == "-- " || l == "-- " {
			all, open = append(all, "-- "), false
			continue
		}
		if open {
			all[len(all)-1] += rest
		} else {
			all = append(all, strings.Repeat(">", depth)+rest)
		}
		open = strings.HasSuffix(rest, " ")
	}
	return all
}

func TestFlowedTextIsJoinedAgain(t *testing.T) {
	m := reply()
	m.Quoted = nil
	want := []string{
		"short", "", "  indented  twice", "From the start", strings.Repeat("word ", 60) + "end", strings.Repeat("long", 300),
		"ä" + strings.Repeat(" öüß", 70), strings.Repeat("a  b ", 40) + "c", "-- ", "Shop",
	}
	m.Text = strings.Join(want, "\n")
	b, err := compose.Compose(compose.Options{TextOnly: true}, m)
	if err != nil {
		t.Fatal(err)
	}
	got := unflow(parse(t, b).texts["text/plain"])
	if len(got) != len(want) {
		t.Fatalf("%d lines, not %d:\n%q", len(got), len(want), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d is %q, not %q", i, got[i], want[i])
		}
	}
}

func TestHTMLShowsTheWordsOnly(t *testing.T) {
	m := reply()
	m.Quoted, m.Text = nil, `<script>alert(1)</script> & "x" https://a.example/?q=<b>"c http://b.example, (https://c.example/x_(y)) xhttp://d javascript:alert(1)`
	b, err := compose.Compose(compose.Options{}, m)
	if err != nil {
		t.Fatal(err)
	}
	got := parse(t, b).texts["text/html"]
	for _, bad := range []string{"<script", "<b>", `href="javascript`, `href="http://d`} {
		if strings.Contains(got, bad) {
			t.Errorf("the HTML holds %s:\n%s", bad, got)
		}
	}
	for _, good := range []string{
		`<a href="https://a.example/?q=">`, `<a href="http://b.example">http://b.example</a>,`, `<a href="https://c.example/x_(y)`,
	} {
		if !strings.Contains(got, good) {
			t.Errorf("the HTML lacks %s:\n%s", good, got)
		}
	}
}

func TestSubjectOfAnAnswerHasOneRe(t *testing.T) {
	for in, want := range map[string]string{
		"Lamp": "Lamp", "Re: Lamp": "Re: Lamp", "RE: re: AW: Lamp": "Re: Lamp", "Re[2]: Lamp": "Re: Lamp", "Sv:Lamp": "Re: Lamp",
		"回复：灯": "Re: 灯", "Recall: Lamp": "Recall: Lamp", "Re:": "Re:", "": "", "Lamp: Re: x": "Lamp: Re: x", "Re:  a\tb": "Re: a b",
	} {
		if got := compose.Subject(desk.Letter{Subject: in}); got != want {
			t.Errorf("%q becomes %q, not %q", in, got, want)
		}
	}
}
