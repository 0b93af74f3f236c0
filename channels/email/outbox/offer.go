package outbox

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/idna"

	"hark/desk"
	"hark/desk/mailbox"
)

// result is how far an offer has come: who was accepted, and the text that
// waits for its end.
type result struct {
	accepted []string
	refused  []refusedOne
	data     *smtp.DataCommand
}

// refusedOne is a recipient that the server does not take.
type refusedOne struct {
	address string
	answer  *smtp.SMTPError
}

// offer is the first phase: envelope and text, but not the text's end.
func (s *session) offer(l *mailbox.Letter, b []byte, own desk.Address) (result, *trouble) {
	utf := needsUTF8(l, b)
	if t := s.fits(b, utf); t != nil {
		return result{}, t
	}
	if t := s.from(l, &smtp.MailOptions{Size: int64(len(b)), UTF8: utf}, own); t != nil {
		return result{}, t
	}
	r, t := s.recipients(left(*l))
	if t != nil || len(r.accepted) == 0 {
		return r, t
	}
	data, err := s.Data()
	if err != nil {
		return r, answered(err)
	}
	r.data = data
	if _, err := data.Write(b); err != nil {
		return r, lineTrouble(err)
	}
	return r, nil
}

// fits checks what the server has said it takes.
func (s *session) fits(b []byte, utf bool) *trouble {
	if most, ok := s.MaxMessageSize(); ok && most > 0 && len(b) > most {
		return &trouble{final: true, words: "the mail is larger than the mail server takes (" + megabytes(most) + "); send fewer or smaller files"}
	}
	if ok, _ := s.Extension("SMTPUTF8"); utf && !ok {
		return &trouble{final: true, words: "the mail server takes only ASCII letters before the @ of an address; ask for another address"}
	}
	return nil
}

// needsUTF8 reports whether a mail can only travel with SMTPUTF8 (RFC 6531).
func needsUTF8(l *mailbox.Letter, b []byte) bool {
	header, _, _ := bytes.Cut(b, []byte("\r\n\r\n"))
	foreign := func(r rune) bool { return r >= utf8.RuneSelf }
	return bytes.IndexFunc(header, foreign) >= 0 || strings.IndexFunc(l.From+strings.Join(l.To, ""), foreign) >= 0
}

// from names the sender. A server that does not take automatic mail without
// one is given the account's address.
func (s *session) from(l *mailbox.Letter, o *smtp.MailOptions, own desk.Address) *trouble {
	err := s.Mail(l.From, o)
	if e := codeOf(err); e != nil && e.Code/100 == 5 && l.From == "" {
		err = s.Mail(own.Mail, o)
	}
	return answered(err)
}

// recipients names them and collects the answers.
func (s *session) recipients(to []string) (r result, t *trouble) {
	for _, address := range to {
		err := s.Rcpt(address, nil)
		switch e := codeOf(err); {
		case err == nil:
			r.accepted = append(r.accepted, address)
		case e == nil, e.Code == closing:
			return r, lineTrouble(err)
		default:
			r.refused = append(r.refused, refusedOne{address, e})
		}
	}
	return r, nil
}

// answered makes trouble of an answer to a command, nil of none.
func answered(err error) *trouble {
	if err == nil {
		return nil
	}
	if e := codeOf(err); e != nil {
		return refusal(e)
	}
	return lineTrouble(err)
}

// left returns the recipients that no server has accepted yet.
func left(l mailbox.Letter) []string {
	return slices.DeleteFunc(slices.Clone(l.To), func(a string) bool { return slices.Contains(l.Outcome.Done, a) })
}

// verdict is what the end of a text came to.
type verdict int

const (
	unclear verdict = iota // the answer did not come: the server may have the mail
	took                   // the server has the mail
	refused                // the server does not have it
)

// end sends the final dot and reads the answer. Only a whole answer decides;
// and where the dot could not be written, the server cannot have it.
func (r result) end(s *session) (verdict, *trouble) {
	_, err := r.data.CloseWithResponse()
	e := codeOf(err)
	switch {
	case err == nil, e != nil && e.Code/100 == 2:
		return took, nil
	case e != nil && (e.Code/100 == 4 || e.Code/100 == 5):
		return refused, refusal(e)
	case s.wire.torn.Load():
		return refused, lineTrouble(err)
	}
	return unclear, lineTrouble(err)
}

// temporary returns whom the server may take later.
func (r result) temporary() (all []string) {
	for _, one := range r.refused {
		if one.answer.Code/100 == 4 {
			all = append(all, one.address)
		}
	}
	return all
}

// words say who was refused, and why.
func (r result) words() string {
	var all []string
	for _, one := range r.refused {
		all = append(all, unicodeAddress(one.address)+": "+said(one.answer))
	}
	const most = 3
	if more := len(all) - most; more > 0 {
		all = append(all[:most], "and others")
	}
	return strings.Join(all, "; ")
}

// trouble says who has to wait.
func (r result) trouble() *trouble {
	return &trouble{words: "the mail server does not take it yet for " + r.words()}
}

// linger lets an answer that is due come in although the program ends, for a
// short while.
func (s *session) linger(ctx context.Context, grace time.Duration) {
	s.done()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, func() { _ = s.wire.Close() }) })
	s.done = stop
}

// watch lets the end of ctx close the connection again.
func (s *session) watch(ctx context.Context) *session {
	s.done()
	s.done = context.AfterFunc(ctx, func() { _ = s.wire.Close() })
	return s
}

// keep returns the connection after trouble with one mail, nil when it cannot
// be used any more.
func (s *session) keep(t *trouble) *session {
	if codeOf(t.err) == nil && t.err != nil || t.account {
		s.drop()
		return nil
	}
	return s.reset()
}

// reset ends a mail that was begun and has no text.
func (s *session) reset() *session {
	if err := s.Reset(); err != nil {
		s.drop()
		return nil
	}
	return s
}

// addresses returns what a letter's recipients are called by people.
func addresses(all []string) []desk.Address {
	var list []desk.Address
	for _, a := range all {
		list = append(list, desk.Address{Mail: unicodeAddress(a)})
	}
	return list
}

func unicodeAddress(s string) string {
	at := strings.LastIndexByte(s, '@')
	domain, err := idna.ToUnicode(s[at+1:])
	if err != nil {
		return s
	}
	return s[:at+1] + domain
}

func megabytes(n int) string { return fmt.Sprintf("%d MB", max(1, n>>20)) }
