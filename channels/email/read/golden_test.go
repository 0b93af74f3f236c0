package read_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hark/channels/email/read"
	"hark/desk"
)

var update = flag.Bool("update", false, "write the golden files anew")

// account is whose mails the tests read.
func account() read.Options {
	return read.Options{AuthServ: []string{"mx.shop.example"}, Own: []string{"support@shop.example"}}
}

func readBytes(b []byte) *read.Mail { return read.Read(bytes.NewReader(b), int64(len(b)), account()) }

// TestMails reads hand-made mails, each of one kind or with one defect, and
// compares everything that was read.
func TestMails(t *testing.T) {
	files, err := filepath.Glob("testdata/mails/*.eml")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d mails: %v", len(files), err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		crlf := bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
		got := dump(t, raw)
		if other := dump(t, crlf); !bytes.Contains(raw, []byte("\r")) && sizeless(other) != sizeless(got) {
			t.Errorf("%s: line ends of CR LF make a difference:\n%s\nwithout:\n%s", file, other, got)
		}
		golden := strings.TrimSuffix(file, ".eml") + ".txt"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
		}
	}
}

// sizeless leaves out the sizes of parts, which line ends change.
func sizeless(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if !strings.HasPrefix(line, "part: ") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// dump writes what was read of a mail, and what can be streamed of its parts.
func dump(t *testing.T, raw []byte) string {
	t.Helper()
	m := readBytes(raw)
	var b strings.Builder
	say := func(name string, value any) {
		if s := fmt.Sprint(value); s != "" && s != "[]" && s != "0" && s != "false" {
			fmt.Fprintf(&b, "%s: %s\n", name, s)
		}
	}
	say("message-id", m.MessageID)
	say("in-reply-to", m.InReplyTo)
	if n := len(m.References); n > 2 {
		say("references", fmt.Sprintf("%d: %s %s … %s", n, m.References[0], m.References[1], m.References[n-1]))
	} else {
		say("references", m.References)
	}
	say("subject", m.Subject)
	say("from", m.From)
	say("sender", m.Sender)
	say("reply-to", m.ReplyTo)
	say("to", m.To)
	say("cc", m.Cc)
	say("delivered", m.Delivered)
	if !m.Date.IsZero() {
		say("date", m.Date.Format(time.RFC3339))
	}
	say("hark-id", m.HarkID)
	say("quoted", m.Quoted)
	say("quotes-own", m.QuotesOwn)
	say("forwarded", m.Forwarded)
	say("encrypted", m.Encrypted)
	say("signed", m.Signed)
	say("remote", m.Remote)
	say("trackers", m.Trackers)
	say("auth", m.Auth)
	say("topic", m.ThreadTopic)
	say("index", m.ThreadIndex)
	if (m.Marks != read.Marks{}) {
		fmt.Fprintf(&b, "marks: %+v\n", m.Marks)
	}
	if m.Report != nil {
		fmt.Fprintf(&b, "report: %+v\n", *m.Report)
	}
	for _, s := range m.Warnings {
		say("warning", s)
	}
	for _, s := range m.Mended {
		say("mended", s)
	}
	for _, p := range m.Parts {
		fmt.Fprintf(&b, "part: %d %s %s %s %d\n", p.N, p.Kind, p.Type, p.Name, p.Size)
		streams(t, raw, p)
	}
	b.WriteString("\n" + unfolded(m))
	return b.String()
}

// unfolded writes the text with its folds marked.
func unfolded(m *read.Mail) string {
	var b strings.Builder
	at := 0
	for _, f := range m.Folds {
		fmt.Fprintf(&b, "%s{{%s: %s}}", m.Text[at:f.From], f.Kind, m.Text[f.From:f.To])
		at = f.To
	}
	return b.String() + m.Text[at:] + "\n"
}

// streams holds a part to what was said of it.
func streams(t *testing.T, raw []byte, want desk.Part) {
	t.Helper()
	got, r, err := read.PartReader(bytes.NewReader(raw), int64(len(raw)), want.N)
	if err != nil || got != want {
		t.Errorf("part %d: %+v, %v; want %+v", want.N, got, err, want)
		return
	}
	if n, err := io.Copy(io.Discard, r); err != nil || n != want.Size {
		t.Errorf("part %d: %d bytes, %v; want %d", want.N, n, err, want.Size)
	}
}

func TestPartReaderRefusesWhatIsNotThere(t *testing.T) {
	raw := []byte("From: a@customer.example\n\nhello\n")
	for _, n := range []int{-1, 0, 2} {
		if _, _, err := read.PartReader(bytes.NewReader(raw), int64(len(raw)), n); desk.CodeOf(err) != desk.NotFound {
			t.Errorf("part %d: %v", n, err)
		}
	}
}
