package compose_test

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"hark/channels/email/compose"
	"hark/desk"
)

func TestEnvelopeHasEveryRecipientOnce(t *testing.T) {
	l := cases()["letters"].m.Letter
	l.Cc = append(l.Cc, l.To[1])
	from, to, err := compose.Envelope(compose.Options{}, l)
	want := []string{"ana@xn--bcher-kva.example", "ben@home.example", "jo@home.example", "boss@shop.example"}
	if err != nil || from != "help@shop.example" || !reflect.DeepEqual(to, want) {
		t.Errorf("%q, %q, %v", from, to, err)
	}
	l.Automatic = "auto-replied"
	if from, _, err := compose.Envelope(compose.Options{}, l); err != nil || from != "" {
		t.Errorf("automatic mail is from %q (%v)", from, err)
	}
	if _, _, err := compose.Envelope(compose.Options{}, desk.Letter{From: l.From}); desk.CodeOf(err) != desk.Invalid {
		t.Errorf("a mail to nobody: %v", err)
	}
}

func TestAddressesThatServersCannotTake(t *testing.T) {
	l := reply().Letter
	for address, utf8 := range map[string]bool{
		"jürgen@home.example": true, "ana": false, "ana@": false, "@home.example": false, "a na@home.example": false,
		"ana@ho me.example": false, "ana@home.example>": false, "ana@-bücher-.example": false, strings.Repeat("a", 300) + "@home.example": false,
	} {
		l.To = []desk.Address{{Mail: address}}
		if _, _, err := compose.Envelope(compose.Options{}, l); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("%q: %v", address, err)
		}
		if _, _, err := compose.Envelope(compose.Options{UTF8: true}, l); (err == nil) != utf8 {
			t.Errorf("%q with SMTPUTF8: %v", address, err)
		}
	}
}

// endless is a file without an end.
type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }
func (endless) Close() error               { return nil }

func TestFilesThatCannotGo(t *testing.T) {
	m := reply()
	m.Files = []compose.File{{Name: "a", Open: func() (io.ReadCloser, error) { return nil, errors.New("damaged") }}}
	if _, err := compose.Compose(compose.Options{}, m); desk.CodeOf(err) != desk.Unavailable {
		t.Errorf("a file that cannot be read: %v", err)
	}
	m.Files = []compose.File{{Name: "a", Open: func() (io.ReadCloser, error) { return endless{}, nil }}}
	if _, err := compose.Compose(compose.Options{}, m); desk.CodeOf(err) != desk.Invalid {
		t.Errorf("a file without an end: %v", err)
	}
}
