package smtptest

import "github.com/emersion/go-smtp"

// Stage is a point of an SMTP dialogue at which a server can fail.
type Stage string

// The stages, in the order of a dialogue.
const (
	Hello Stage = "hello" // EHLO or HELO
	Auth  Stage = "auth"  // AUTH, before the secret is looked at
	Mail  Stage = "mail"  // MAIL FROM
	Rcpt  Stage = "rcpt"  // RCPT TO, once for each recipient
	Data  Stage = "data"  // the text is coming, its end was not read
	Dot   Stage = "dot"   // the final dot was read
)

// Moment is where a dialogue stands.
type Moment struct {
	Stage   Stage
	From    string // the envelope's sender, since Mail
	Address string // the sender or recipient at hand
	Dialog  int    // which connection this is, from 1
	Nth     int    // how often this server was at this stage, from 1
}

// Act is what the server does at a moment. The zero Act goes on.
type Act struct {
	Code   int    // answer with this code, such as 451
	Words  string // and these words
	Drop   bool   // hang up without an answer
	Silent bool   // never answer, and keep the connection
	Keep   bool   // at Dot: take the mail over first, then do the rest
}

// Script decides what the server does. It is called by many connections at
// once, one call at a time.
type Script func(Moment) Act

// Once returns a script that does act the first n times it is at the stage.
func Once(s Stage, n int, act Act) Script {
	return func(m Moment) Act {
		if m.Stage == s && m.Nth <= n {
			return act
		}
		return Act{}
	}
}

// Always returns a script that does act whenever it is at the stage.
func Always(s Stage, act Act) Script {
	return func(m Moment) Act {
		if m.Stage == s {
			return act
		}
		return Act{}
	}
}

// Refuse returns a script that answers so to one recipient.
func Refuse(address string, code int, words string) Script {
	return func(m Moment) Act {
		if m.Stage == Rcpt && m.Address == address {
			return Act{Code: code, Words: words}
		}
		return Act{}
	}
}

// answer returns the act's answer as the server library wants it, nil to go on.
func (a Act) answer() error {
	if a.Code == 0 {
		return nil
	}
	return &smtp.SMTPError{Code: a.Code, EnhancedCode: smtp.EnhancedCode{a.Code / 100, 0, 0}, Message: a.Words}
}
