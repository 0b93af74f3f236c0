package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"hark/channels/email/imap"
	"hark/channels/email/outbox"
	"hark/config"
	"hark/desk"
	"hark/staff"
)

// doctorLimit is how long a mail account may take to be looked at: nobody waits
// longer for a doctor.
const doctorLimit = 20 * time.Second

// accountChecks say how the mail accounts are: whether their secrets are at
// hand, their servers let us in, and where sent mail is filed. All accounts are
// looked at together.
func (h mailHouse) accountChecks(ctx context.Context, accounts []config.Mail) []staff.Check {
	ctx, cancel := context.WithTimeout(ctx, doctorLimit)
	defer cancel()
	checks := make([][3]staff.Check, len(accounts))
	var work sync.WaitGroup
	for i, m := range accounts {
		work.Go(func() { checks[i][0] = h.secretCheck(ctx, m) })
		work.Go(func() { checks[i][1] = h.imapCheck(ctx, m) })
		work.Go(func() { checks[i][2] = h.smtpCheck(ctx, m) })
	}
	work.Wait()
	var all []staff.Check
	for _, c := range checks {
		all = append(all, c[:]...)
	}
	return all
}

// secretCheck says whether an account's password or token is at hand.
func (h mailHouse) secretCheck(ctx context.Context, m config.Mail) staff.Check {
	check := staff.Check{Part: "mail " + m.Name, OK: true, Words: "the OS keyring has its password"}
	if argv := m.Secret(); argv != nil {
		check.Words = "the program " + staff.Quote(argv[:1]) + " prints its secret"
	}
	if _, err := secretSource(h.place, m, h.ring)(ctx); err != nil {
		return staff.Check{Part: check.Part, Words: inTime(ctx, err)}
	}
	return check
}

// leaf keeps until when a server's certificate holds.
type leaf struct {
	mu    sync.Mutex
	until time.Time
}

// note makes the settings of TLS tell of the certificate that was taken.
func (l *leaf) note(c *tls.Config) *tls.Config {
	c.VerifyConnection = func(s tls.ConnectionState) error {
		l.mu.Lock()
		defer l.mu.Unlock()
		if len(s.PeerCertificates) > 0 {
			l.until = s.PeerCertificates[0].NotAfter
		}
		return nil // the library has judged it
	}
	return c
}

// words says until when the certificate holds, and whether that is long enough.
func (l *leaf) words() (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.until.IsZero() {
		return "without TLS, on this machine", true
	}
	return "its certificate holds until " + l.until.Format("2 January 2006"), time.Until(l.until) > 0
}

// imapCheck says whether the server lets us in that mail comes from, what it
// can do, and whether the folders are there.
func (h mailHouse) imapCheck(ctx context.Context, m config.Mail) staff.Check {
	check := staff.Check{Part: "imap " + m.Name}
	o, err := h.imapOptions(m)
	if err != nil {
		check.Words = sentence(err)
		return check
	}
	var cert leaf
	o.TLS = cert.note(o.TLS)
	where := fmt.Sprintf("%s:%d", m.IMAP.Host, m.IMAPPort())
	box, err := imap.Dial(ctx, o)
	if err != nil {
		check.Words = where + ": " + inTime(ctx, err)
		return check
	}
	defer func() { _ = box.Close() }() // nothing waits for it
	boxes, err := box.Boxes(ctx)
	if err != nil {
		check.Words = where + " lets us in, but not list its folders: " + inTime(ctx, err)
		return check
	}
	words, ok := cert.words()
	check.Words = where + " lets us in; " + words + "; " + capWords(box.Caps())
	sent, found := sentWords(m.Sent, boxes)
	check.Words += "; " + sent
	for _, name := range m.Boxes {
		if !hasBox(boxes, name) {
			ok = false
			check.Words += fmt.Sprintf("; there is no folder %q to read: look at mail.%s.boxes", name, m.Name)
		}
	}
	check.OK = ok && found
	return check
}

// capWords says how soon new mail is known of.
func capWords(c imap.Caps) string {
	words := []string{"it tells of new mail at once"}
	if !c.Idle {
		words[0] = "it does not tell of new mail (no IDLE), so it is asked every minute"
	}
	if !c.CondStore {
		words = append(words, "it does not count changes (no CONDSTORE), so all flags are read each time")
	}
	return strings.Join(words, "; ")
}

// sentWords says where sent mail is filed, and whether that place is there.
func sentWords(setting string, boxes []imap.BoxInfo) (string, bool) {
	switch setting {
	case "never":
		return "sent mail is not filed", true
	case "auto":
		for _, b := range boxes {
			if b.Role == imap.RoleSent {
				return fmt.Sprintf("sent mail is filed in %q", b.Name), true
			}
		}
		return `no folder for sent mail is found; name one as sent, or say "never"`, false
	}
	if !hasBox(boxes, setting) {
		return fmt.Sprintf("there is no folder %q for sent mail", setting), false
	}
	return fmt.Sprintf("sent mail is filed in %q", setting), true
}

func hasBox(boxes []imap.BoxInfo, name string) bool {
	for _, b := range boxes {
		if b.Name == name || strings.EqualFold(name, "INBOX") && strings.EqualFold(b.Name, "INBOX") {
			return true
		}
	}
	return false
}

// smtpCheck says whether the server lets us in that mail goes to.
func (h mailHouse) smtpCheck(ctx context.Context, m config.Mail) staff.Check {
	check := staff.Check{Part: "smtp " + m.Name}
	a, err := h.outboxAccount(m)
	if err != nil {
		check.Words = sentence(err)
		return check
	}
	var cert leaf
	a.TLS = cert.note(a.TLS)
	where := fmt.Sprintf("%s:%d", m.SMTP.Host, m.SMTPPort())
	answer, err := outbox.Probe(ctx, a, outbox.Limits{})
	if err != nil {
		check.Words = where + ": " + inTime(ctx, err)
		return check
	}
	words, ok := cert.words()
	check.OK, check.Words = ok, where+" lets us in; "+words
	if !answer.SignedIn {
		check.Words = where + " takes mail without a password; " + words
	}
	if answer.MaxSize > 0 {
		check.Words += "; mails have " + bytesInWords(int64(answer.MaxSize)) + " at most"
	}
	if a.Compose.Sign != nil {
		check.Words += "; mail is signed for " + m.DKIM.Domain
	}
	return check
}

// inTime writes an error, and that a limit was over where that is why.
func inTime(ctx context.Context, err error) string {
	var e *desk.Error
	switch {
	case errors.As(err, &e):
		return e.Msg
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Sprintf("it did not answer within %s", doctorLimit)
	}
	return err.Error()
}
