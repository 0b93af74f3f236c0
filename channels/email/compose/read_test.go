package compose_test

import (
	"bytes"
	"strings"
	"testing"

	"hark/channels/email/compose"
	"hark/channels/email/read"
	"hark/desk"
)

// TestOtherDesksReadOurMails reads each mail as a desk does that gets it.
func TestOtherDesksReadOurMails(t *testing.T) {
	for name, c := range cases() {
		b, err := compose.Compose(c.o, c.m)
		if err != nil {
			t.Fatal(err)
		}
		got, l := read.Read(bytes.NewReader(b), int64(len(b)), read.Options{}), c.m.Letter
		if got.MessageID != l.MessageID || got.HarkID != compose.Token(l.MessageID) || got.Subject != compose.Subject(l) || len(got.Mended) > 0 {
			t.Errorf("%s: %q, %q, %q, mended: %q", name, got.MessageID, got.HarkID, got.Subject, got.Mended)
		}
		if !l.Forward && got.InReplyTo != l.InReplyTo {
			t.Errorf("%s answers %q", name, got.InReplyTo)
		}
		if got.Marks.AutoSubmitted != l.Automatic || (got.Marks.Loop != "") != (l.Automatic != "") {
			t.Errorf("%s: automatic %q, loop %q", name, got.Marks.AutoSubmitted, got.Marks.Loop)
		}
		if len(got.Parts) != len(c.m.Files) {
			t.Errorf("%s has %d parts: %+v", name, len(got.Parts), got.Parts)
		}
		for i, f := range c.m.Files {
			if got.Parts[i].Name != desk.SafeFileName(f.Name) {
				t.Errorf("%s: part %d is called %q", name, i, got.Parts[i].Name)
			}
		}
		if typed, _, _ := strings.Cut(c.m.Text, "\n"); !strings.Contains(got.Text, typed) {
			t.Errorf("%s lacks %q:\n%s", name, typed, got.Text)
		}
	}
}

func TestWhatWeQuoteIsFolded(t *testing.T) {
	b, err := compose.Compose(compose.Options{}, reply())
	if err != nil {
		t.Fatal(err)
	}
	got := read.Read(bytes.NewReader(b), int64(len(b)), read.Options{})
	text := got.Text
	for i := len(got.Folds) - 1; i >= 0; i-- {
		text = text[:got.Folds[i].From] + text[got.Folds[i].To:]
	}
	if strings.Contains(text, "wrote:") || strings.Contains(text, "I ordered a lamp") || !strings.Contains(text, "if it is not, please tell us") {
		t.Errorf("with its folds closed it shows\n%s", text)
	}
}
