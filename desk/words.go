package desk

import (
	"net/mail"
	"strings"
	"unicode/utf8"
)

func (w Words) valid() (Words, error) {
	if !ValidToken(w.Token) {
		return w, Errorf(Invalid, "the visitor's token is malformed")
	}
	if w.Client == "" || len(w.Client) > ClientMax || !printable(w.Client) {
		return w, Errorf(Invalid, "the message's own identifier is malformed")
	}
	text, err := validWords(w.Text, w.Files)
	if err != nil {
		return w, err
	}
	w.Text = text
	w.Name = strings.TrimSpace(strings.ToValidUTF8(w.Name, "\uFFFD"))
	if len(w.Name) > nameLimit {
		return w, Errorf(Invalid, "the name is too long: %d bytes at most", nameLimit)
	}
	w.Mail = strings.TrimSpace(w.Mail)
	if w.Mail != "" && !mailAddress(w.Mail) {
		return w, Errorf(Invalid, "%q is not a mail address; leave it out or write it as name@example.com", w.Mail)
	}
	if len(w.Notice.Version) > ClientMax || len(w.Notice.Lang) > ClientMax {
		return w, Errorf(Invalid, "the notice's version is malformed")
	}
	if len(w.Page) > visitorTxt || !utf8.ValidString(w.Page) {
		w.Page = ""
	}
	return w, nil
}

// mailAddress reports whether s has the form of a bare address. Whether it
// reaches anybody only a mail can tell.
func mailAddress(s string) bool {
	if len(s) > mailMax || strings.ContainsAny(s, "\r\n\x00") {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// ValidToken reports whether a visitor's secret has the form of one: 22 to 128
// letters, digits, dashes and underscores.
func ValidToken(s string) bool {
	if len(s) < TokenMin || len(s) > TokenMax {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == "" && printable(s)
}

// printable reports whether s is visible ASCII throughout.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
