package e2e_test

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/channels/email/outbox/smtptest"
	"hark/desk"
	"hark/tools/dovecot"
)

// What is written by mail is written nowhere else in the program.
const (
	mailWriter  = "Wilhelmina Oakapple"
	mailFrom    = "w.oakapple@harbourmaster.example"
	mailSubject = "Verdigris upon the binnacle"
	mailWords   = "The binnacle lamp has turned quite green since Michaelmas."
	mailAnswer  = "Lemon juice and patience will bring it back."
	mailThanks  = "The lemons have done it, and the cook wants them returned."
	mailFile    = "lampwick ledger.txt"
	mailLedger  = "Two gallons of colza oil, owing since Lammas."
	mailRegret  = "On second thought, throw it overboard."
	deskAddress = "help@lamps.example"
)

// A mail comes, is answered from the command line, and the answer to that finds
// its conversation. Nothing of it can be read on disk or in the log.
func TestAMailIsAnsweredAndFiledOnce(t *testing.T) {
	p := newPost(t)
	p.delivers(p.withFile(mailWriter+" <"+mailFrom+">", mailSubject, mailWords, mailFile, mailLedger))
	p.within("the mail is in the inbox", func() bool { return len(p.rows()) == 1 })
	row := p.rows()[0]
	if row.Subject != mailSubject || row.Contact != mailWriter {
		t.Errorf("%+v", row)
	}
	if cat := p.hark("cat", row.ID); !strings.Contains(cat, "> "+mailWords) || !strings.Contains(cat, mailFrom) {
		t.Errorf("%s", cat)
	}
	if raw := p.hark("mail", "raw", row.ID); !strings.Contains(raw, "Subject: "+mailSubject+"\r\n") {
		t.Errorf("%q", raw)
	}
	if got := p.hark("save", row.ID, mailFile, "-"); got != mailLedger {
		t.Errorf("%q", got)
	}
	p.hark("reply", row.ID, mailRegret)
	p.hark("mail", "undo", row.ID)
	p.hark("reply", row.ID, mailAnswer)
	p.within("the answer is with the server", func() bool { return len(p.sink.Deliveries()) == 1 })
	d := p.sink.Deliveries()[0]
	var id string
	for messageID, all := range p.sent() {
		id = messageID
		h := all[0].Header
		if len(all) != 1 || h.Get("In-Reply-To") != "<m1@harbourmaster.example>" || !strings.Contains(h.Get("References"), "<m1@harbourmaster.example>") || h.Get("Subject") != "Re: "+mailSubject {
			t.Errorf("%v", h)
		}
	}
	if d.From != deskAddress || !slices.Equal(d.To, []string{mailFrom}) || !bytes.Contains(d.Bytes, []byte(mailAnswer)) || bytes.Contains(d.Bytes, []byte(mailRegret)) {
		t.Errorf("%s %v\n%s", d.From, d.To, d.Bytes)
	}
	beside := p.dial(t)
	p.within("the answer is filed", func() bool { return p.filed(beside, id) == 1 })
	p.delivers(p.letter(mailWriter+" <"+mailFrom+">", "Re: "+mailSubject, mailThanks, "In-Reply-To: "+id))
	p.within("the thanks are in the inbox", func() bool { return len(p.journaled(row.ID)) == 4 })
	p.within("other programs see the answer", func() bool { return p.flagged(`\Answered`) })
	if rows := p.rows(); len(rows) != 1 || rows[0].ID != row.ID {
		t.Errorf("the answer to our mail is elsewhere: %+v", rows)
	}
	if why := p.hark("why", row.ID); !strings.Contains(why, "[token]") {
		t.Errorf("%s", why)
	}
	p.addsUp(2)
	if n := p.filed(beside, id); n != 1 {
		t.Errorf("%d copies are filed", n)
	}
	p.stop()
	p.keepsSecret(mailWords, mailAnswer, mailThanks, mailWriter, mailFrom, mailSubject, mailFile, mailLedger, mailRegret)
	for _, word := range []string{"binnacle", "Oakapple", "oakapple", "emon", "ledger", "colza", "overboard", dovecot.Password} {
		if strings.Contains(p.log.String(), word) {
			t.Errorf("the log holds %q:\n%s", word, p.log.String())
		}
	}
}

// The hub is killed while mails come and while answers go. What the server has
// is there once; every answer has left once, or a person is asked.
func TestMailSurvivesKills(t *testing.T) {
	const mails, kills = 45, 3
	p := newPost(t)
	for i := range mails {
		p.delivers(p.letter(fmt.Sprintf("Customer %d <c%d@customers.example>", i, i), fmt.Sprintf("Matter %d", i), fmt.Sprintf("About matter %d.", i)))
		if i%(mails/kills) == mails/kills/2 {
			p.kill()
			p.open()
		}
	}
	p.within("all mails are in the inbox", func() bool { return len(p.rows()) >= mails })
	rows := p.rows()
	subjects := map[string]bool{}
	for _, r := range rows {
		subjects[r.Subject] = true
	}
	if len(rows) != mails || len(subjects) != mails {
		t.Fatalf("%d conversations of %d subjects, want %d", len(rows), len(subjects), mails)
	}
	p.addsUp(mails)
	const answers = 9
	for i, r := range rows[:answers] {
		p.hark("reply", r.ID, "Answered: "+r.Subject)
		if i%(answers/kills) == answers/kills-1 {
			before := len(p.sink.Deliveries())
			p.within("answers leave", func() bool { return len(p.sink.Deliveries()) > before })
			p.kill() // while the server is about to say that it has one
			p.open()
		}
	}
	parked := map[string]bool{} // by Message-ID
	p.within("every answer has left, or a person is asked", func() bool {
		waiting := 0
		for _, r := range p.rows() {
			waiting += len(r.Outbox)
			for _, t := range r.Trouble {
				parked[p.messageID(r.ID, t.Item)] = true
			}
		}
		return waiting == 0
	})
	sent := p.sent()
	for id, all := range sent {
		if len(all) != 1 {
			t.Errorf("%s was sent %d times", id, len(all))
		}
	}
	if len(sent) != answers || len(parked) == 0 || len(parked) > kills {
		t.Errorf("%d answers: %d have left, and %d are parked after %d kills", answers, len(sent), len(parked), kills)
	}
	beside := p.dial(t)
	for id := range sent {
		if parked[id] {
			continue // nobody but us knows that it left
		}
		p.within("the answer is filed", func() bool { return p.filed(beside, id) >= 1 })
		if n := p.filed(beside, id); n != 1 {
			t.Errorf("%s is filed %d times", id, n)
		}
	}
	p.addsUp(mails)
}

// messageID returns the Message-ID of an item.
func (p *post) messageID(conversation, item string) string {
	p.t.Helper()
	for line := range strings.Lines(p.hark("cat", "--json", conversation)) {
		var e struct {
			ID   string
			Mail struct {
				MessageID string `json:"message_id"`
			}
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			p.t.Fatalf("%s: %v", line, err)
		}
		if e.ID == item {
			return "<" + e.Mail.MessageID + ">"
		}
	}
	p.t.Fatalf("%s is not in %s", item, conversation)
	return ""
}

// The doctor says of every account whether it works, and what to do.
func TestTheDoctorLooksAtMail(t *testing.T) {
	p := newPost(t)
	out, _ := p.outcome("doctor")
	for _, want := range []string{"mail support", "the program cat prints its secret", "lets us in; without TLS, on this machine; it tells of new mail at once", `sent mail is filed in "Sent"`} {
		if !strings.Contains(out, want) {
			t.Errorf("the doctor does not say %q:\n%s", want, out)
		}
	}
	p.secretFile("outdated")
	p.stop()
	p.open()
	p.within("the account is refused", func() bool { return p.account().State == desk.MailRefused })
	out, status := p.outcome("doctor")
	if status == 0 || !strings.Contains(out, "WRONG") || strings.Contains(out, "outdated") {
		t.Errorf("%d\n%s", status, out)
	}
	p.secretFile(dovecot.Password)
	p.hark("mail", "check", "support")
	p.within("the account is well again", func() bool { return p.account().State == desk.MailIdle })
	p.stop()
	if strings.Contains(p.log.String(), "outdated") {
		t.Errorf("the log holds a password:\n%s", p.log.String())
	}
}

// An account signs in with tokens that a program prints, over connections whose
// certificate an authority of the file has signed.
func TestTokensAndCertificates(t *testing.T) {
	var token string
	p := servers(t, smtptest.Options{
		TLS: &tls.Config{MinVersion: tls.VersionTLS12},
		Login: func(mechanism, user, secret string) bool {
			return mechanism == "XOAUTH2" && user == "help" && secret == token
		},
		Mechanisms: []string{"XOAUTH2"},
	})
	var err error
	if token, err = p.server.Token("help", time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	ca := filepath.Join(p.server.Dir, "cert.pem")
	p.begin(fmt.Sprintf(`auth = "xoauth2"
token_command = ["cat", %q]
imap = { host = "localhost", port = %s, ca_file = %q }
smtp = { host = "localhost", port = %d, security = "starttls", ca_file = %q }
`, p.secretFile(token), portOf(t, p.server.TLS), ca, p.sink.Port(), ca))
	p.delivers(p.letter(mailWriter+" <"+mailFrom+">", mailSubject, mailWords))
	p.within("the mail is in the inbox", func() bool { return len(p.rows()) == 1 })
	p.hark("reply", p.rows()[0].ID, mailAnswer)
	p.within("the answer is with the server", func() bool { return len(p.sink.Deliveries()) == 1 })
	out, _ := p.outcome("doctor")
	if strings.Count(out, "lets us in; its certificate holds until ") != 2 || strings.Contains(out, token) {
		t.Errorf("%s", out)
	}
	p.stop()
	p.keepsSecret(token, mailWords)
	if strings.Contains(p.log.String(), token) {
		t.Error("the log holds the token")
	}
}

// An mbox file and a Maildir are brought in once, however often they are.
func TestImportsAreDoneOnce(t *testing.T) {
	p := newPost(t)
	var mbox bytes.Buffer
	dir := filepath.Join(p.home, "Maildir")
	for _, sub := range []string{"cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 10 {
		raw := p.letter(fmt.Sprintf("Old %d <old%d@customers.example>", i, i), fmt.Sprintf("Old matter %d", i), "From long ago.\r\nFrom here to there.")
		text := bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
		if i < 7 {
			fmt.Fprintf(&mbox, "From old%d@customers.example Mon Jan  2 15:04:05 2023\n%s\n", i, bytes.ReplaceAll(text, []byte("\nFrom "), []byte("\n>From ")))
		}
		if i >= 5 { // two are in both
			if err := os.WriteFile(filepath.Join(dir, "cur", fmt.Sprintf("%d.x:2,S", i)), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	file := filepath.Join(p.home, "old.mbox")
	if err := os.WriteFile(file, mbox.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	p.hark("user", "add", "sue", "--role", "supervisor", "--role", "agent")
	for round, want := range [][2]string{{"7 mails: 7 new, 0 here already", "5 mails: 3 new, 2 here already"}, {"7 mails: 0 new, 7 here already", "5 mails: 0 new, 5 here already"}} {
		for i, path := range []string{file, dir} {
			if out := p.hark("--as", "sue", "mail", "import", path); !strings.HasPrefix(out, want[i]) {
				t.Errorf("round %d: %s", round, out)
			}
		}
		p.within("all of them are read", func() bool { a := p.account().Counters; return a.Waiting == 0 && a.Fetched == 10 })
		if rows := p.rows("is:resolved"); len(rows) != 10 {
			t.Errorf("round %d: %d conversations", round, len(rows))
		}
	}
	p.addsUp(10)
	if rows := p.rows("-is:resolved"); len(rows) != 0 {
		t.Errorf("old mail waits for somebody: %+v", rows)
	}
	if err := os.Remove(file); err != nil { // what is brought in is sealed; what it came from is not hark's
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	p.stop()
	p.keepsSecret("From long ago", "Old matter 3", "old3@customers.example")
}
