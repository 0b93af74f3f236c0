package mailgen

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"testing"
)

// TestBoxIsWhatItSays reads every mail of a small box as a mail.
func TestBoxIsWhatItSays(t *testing.T) {
	b := New(1000)
	b.Size = 1 << 20
	total, answers, sum := 0, 0, sha256.New()
	for i := range b.Count {
		raw := b.Mail(i)
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("mail %d: %v", i, err)
		}
		if got := m.Header.Get("Message-Id"); got != "<"+b.MessageID(i)+">" {
			t.Fatalf("mail %d is %s", i, got)
		}
		if bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\n")) {
			t.Fatalf("mail %d has a line that ends in LF alone", i)
		}
		if m.Header.Get("In-Reply-To") != "" {
			answers++
		}
		if i != b.Large[0] && i != b.Large[1] {
			total += len(raw)
		} else if len(raw) < b.Size*9/10 || len(raw) > b.Size*11/10 {
			t.Errorf("a large mail has %d bytes", len(raw))
		}
		sum.Write(raw)
	}
	if mean := total / b.Count; mean < 21_000 || mean > 26_000 {
		t.Errorf("a mail has %d bytes on average", mean)
	}
	if answers < 330 || answers > 430 {
		t.Errorf("%d of 1000 mails answer another", answers)
	}
	again := sha256.New()
	for i := range b.Count {
		again.Write(b.Mail(i))
	}
	if hex.EncodeToString(sum.Sum(nil)) != hex.EncodeToString(again.Sum(nil)) {
		t.Error("the box is another one each time")
	}
}
