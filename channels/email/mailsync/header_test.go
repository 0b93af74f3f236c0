package mailsync

import (
	"bytes"
	"slices"
	"testing"
	"time"
)

func TestPrintsAreOfWhatTheSenderWrote(t *testing.T) {
	_, a := printed([]byte("Message-ID: <a@b>\r\nFrom: Kim\r\n <kim@example.com>\r\nSubject: x\r\n\r\nbody"))
	id, b := printed([]byte("Received: by mx\r\nmessage-id:  <a@b>\r\nFrom: Kim <kim@example.com>\r\nX-Spam: no\r\nSubject: x\r\n\r\n"))
	if id != "a@b" || a != b {
		t.Errorf("the Message-ID is %q, the prints are alike: %v", id, a == b)
	}
	if _, c := printed([]byte("Message-ID: <a@b>\r\nFrom: Kim <kim@example.com>\r\nSubject: y\r\n\r\n")); c == a {
		t.Error("another subject has the same print")
	}
}

func TestDatesOfMailsWithoutOne(t *testing.T) {
	for raw, want := range map[string]string{
		"Received: by mx; Tue, 3 Nov 2020 10:00:00 +0100\r\nDate: Mon, 2 Nov 2020 10:00:00 +0000\r\n\r\n": "2020-11-03T09:00:00Z",
		"Received: by mx; soon\r\nDate: Mon, 2 Nov 2020 10:00:00 +0000\r\n\r\n":                           "2020-11-02T10:00:00Z",
	} {
		if got := dated([]byte(raw)).UTC().Format(time.RFC3339); got != want {
			t.Errorf("%q is of %s, not %s", raw, got, want)
		}
	}
	for _, raw := range []string{"", "x", "Date: Mon, 2 Nov 2999 10:00:00 +0000\r\n\r\n"} {
		if age := time.Since(dated([]byte(raw))); age < 0 || age > time.Minute {
			t.Errorf("%q is %v old", raw, age)
		}
	}
}

// FuzzHeader reads headers that strangers wrote.
func FuzzHeader(f *testing.F) {
	f.Add([]byte("Message-ID: <a@b>\r\nFrom: Kim\r\n <kim@example.com>\r\n\r\nbody"))
	f.Add([]byte("Received: x; Tue, 3 Nov 2020 10:00:00 +0100\r\n\r\n"))
	f.Add([]byte(": \n\t\n : x\n\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		id, p := printed(raw)
		if again, q := printed(slices.Clone(raw)); again != id || p != q {
			t.Error("the same bytes have two prints")
		}
		if dated(raw).After(time.Now()) {
			t.Error("a mail is of the future")
		}
		header, err := headerOf(bytes.NewReader(raw))
		if err != nil || !bytes.HasPrefix(raw, header) {
			t.Errorf("the header is %q, %v", header, err)
		}
		l := letterOf(raw)
		for _, s := range []string{id, l.messageID, l.harkID} {
			if bytes.ContainsAny([]byte(s), "\r\n") {
				t.Errorf("%q spans lines", s)
			}
		}
	})
}
