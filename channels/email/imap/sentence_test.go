package imap

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPausesAreToldFromRefusals(t *testing.T) {
	for said, want := range map[string]bool{
		"BAD User is authenticated but not connected.":               true,
		"NO [THROTTLED] slow down":                                   true,
		"NO [UNAVAILABLE] Temporary authentication failure.":         true,
		"NO [ALERT] Too many simultaneous connections. (Failure)":    true,
		"NO Account exceeded command or bandwidth limits. (Failure)": true,
		"NO [LIMIT] no": true,
		"NO Request is throttled. Suggested Backoff Time: 299961 milliseconds": true,
		"NO [AUTHENTICATIONFAILED] Invalid credentials (too many wrong ones)":  false,
		"NO [OVERQUOTA] Quota exceeded (mailbox for user is full)":             false,
		"NO Quota exceeded": false,
		"NO [NONEXISTENT] Mailbox doesn't exist: Nirgends":                       false,
		"NO [TRYCREATE] no such mailbox, try again later when it has been made":  false,
		"BAD Error in IMAP command FETCH: Unknown command (0.001 + 0.000 secs).": false,
		"NO [CANNOT] no": false,
	} {
		_, text, _ := strings.Cut(said, " ")
		code, _, words := splitCode(text)
		if got := asksForPause(code, words); got != want {
			t.Errorf("%q asks for a pause: %v, want %v", said, got, want)
		}
	}
}

func TestServersWordsAreHarmless(t *testing.T) {
	long := clean(strings.Repeat("ü", 300))
	if len(long) > serverWords+len("…") || !utf8.ValidString(long) {
		t.Errorf("cut to %d bytes, valid: %v", len(long), utf8.ValidString(long))
	}
	if got := clean(" a\x1b[31mb\u009bc\r\n\x00d\xff "); got != "a[31mbcd" {
		t.Errorf("cleaned to %q", got)
	}
}
