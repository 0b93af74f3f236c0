package xoauth2

import (
	"errors"
	"strings"
	"testing"
)

func TestFirstWords(t *testing.T) {
	mechanism, first, err := New("someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg").Start()
	want := "user=someuser@example.com\x01auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\x01\x01"
	if err != nil || mechanism != "XOAUTH2" || string(first) != want {
		t.Errorf("%s %q %v, want %q", mechanism, first, err, want)
	}
}

func TestNamesCannotAddFields(t *testing.T) {
	for _, user := range []string{"a\x01auth=Bearer b", "a\r\nb", "a\x00"} {
		if _, _, err := New(user, "token").Start(); err == nil {
			t.Errorf("%q was taken for a name", user)
		}
	}
}

func TestRefusalIsReadable(t *testing.T) {
	_, err := New("a", "b").Next([]byte(`{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}`))
	var refused *Error
	if !errors.As(err, &refused) || refused.Status != "401" || !strings.Contains(err.Error(), "mail.google.com") {
		t.Errorf("the refusal reads %v", err)
	}
	if _, err := New("a", "b").Next([]byte("{")); err == nil {
		t.Error("half an explanation is no error")
	}
}
