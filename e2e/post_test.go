package e2e_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hark/channels/email/imap"
	"hark/channels/email/outbox/smtptest"
	"hark/desk"
	"hark/tools/dovecot"
)

// post is a desk with a mailbox on a real server, and a server that takes what
// it sends.
type post struct {
	*world
	server *dovecot.Server
	sink   *smtptest.Server
	box    imap.Box // of the customers, who put mails into the mailbox
	n      int
}

// newPost makes a desk whose account has a password, without TLS.
func newPost(t *testing.T) *post {
	t.Helper()
	p := servers(t, smtptest.Options{Login: func(_, user, secret string) bool { return user == "help" && secret == dovecot.Password }})
	p.begin(fmt.Sprintf(`password = "command"
password_command = ["cat", %q]
imap = { host = "127.0.0.1", port = %s, security = "none" }
smtp = { host = "127.0.0.1", port = %d, security = "none" }
`, p.secretFile(dovecot.Password), portOf(t, p.server.Plain), p.sink.Port()))
	return p
}

// servers starts the servers of both ways.
func servers(t *testing.T, o smtptest.Options) *post {
	t.Helper()
	p := &post{server: dovecot.ForTest(t)}
	o.Deliver = func(smtptest.Delivery) error { // it has the mail and is slow to say so
		time.Sleep(300 * time.Millisecond)
		return nil
	}
	var err error
	if o.TLS != nil { // the certificate of both
		pair, err := tls.LoadX509KeyPair(filepath.Join(p.server.Dir, "cert.pem"), filepath.Join(p.server.Dir, "key.pem"))
		if err != nil {
			t.Fatal(err)
		}
		o.TLS.Certificates = []tls.Certificate{pair}
	}
	if p.sink, err = smtptest.New(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.sink.Close() })
	p.box = p.dial(t)
	p.world = newWorld(t)
	return p
}

// begin opens the desk with the mail account.
func (p *post) begin(lines string) {
	p.t.Helper()
	p.set(fmt.Sprintf("[mail.support]\naddress = %q\nname = \"Harbour lamps\"\nuser = \"help\"\n%s", deskAddress, lines))
}

// secretFile writes what the account signs in with, outside the desk's folder.
func (p *post) secretFile(secret string) string {
	p.t.Helper()
	file := filepath.Join(p.server.Dir, "secret")
	if err := os.WriteFile(file, []byte(secret+"\n"), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return file
}

func portOf(t *testing.T, address string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// dial signs in at the mailbox beside the desk.
func (p *post) dial(t *testing.T) imap.Box {
	t.Helper()
	n, err := strconv.Atoi(portOf(t, p.server.Plain))
	if err != nil {
		t.Fatal(err)
	}
	box, err := imap.Dial(t.Context(), imap.Options{
		Host: "127.0.0.1", Port: n, Security: imap.Plain, User: "help",
		Secret: func(context.Context) (string, error) { return dovecot.Password, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	return box
}

// letter is a mail of a customer. headers stand in front of the rest.
func (p *post) letter(from, subject, text string, headers ...string) []byte {
	p.n++
	head := append(headers,
		"From: "+from, "To: "+deskAddress, "Subject: "+subject, fmt.Sprintf("Message-ID: <m%d@harbourmaster.example>", p.n),
		"Date: "+time.Now().Format(time.RFC1123Z), "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
	)
	return []byte(strings.Join(head, "\r\n") + "\r\n\r\n" + text + "\r\n")
}

// withFile is a mail of a customer with a file.
func (p *post) withFile(from, subject, text, name, content string) []byte {
	raw := string(p.letter(from, subject, ""))
	raw = strings.Replace(raw, "text/plain; charset=utf-8", "multipart/mixed; boundary=edge", 1)
	return []byte(raw + "--edge\r\nContent-Type: text/plain\r\n\r\n" + text + "\r\n--edge\r\nContent-Type: text/plain; name=\"" + name +
		"\"\r\nContent-Disposition: attachment; filename=\"" + name + "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString([]byte(content)) + "\r\n--edge--\r\n")
}

// flagged reports whether a mail of the inbox has a flag.
func (p *post) flagged(flag string) bool {
	p.t.Helper()
	if _, err := p.box.Select(p.ctx, "INBOX"); err != nil {
		p.t.Fatal(err)
	}
	all, err := p.box.Changes(p.ctx, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	return slices.ContainsFunc(all, func(f imap.Flags) bool { return slices.Contains(f.Flags, flag) })
}

// delivers puts a mail into the mailbox.
func (p *post) delivers(raw []byte) {
	p.t.Helper()
	if err := p.box.Append(p.ctx, "INBOX", nil, time.Now(), int64(len(raw)), bytes.NewReader(raw)); err != nil {
		p.t.Fatal(err)
	}
}

// mailRow is what a script reads of a line of hark ls --json.
type mailRow struct {
	ID, Subject, Contact, State string
	Outbox                      []string
	Trouble                     []struct{ Item, State string }
}

func (p *post) rows(search ...string) []mailRow {
	p.t.Helper()
	var all []mailRow
	for line := range strings.Lines(p.hark(append([]string{"ls", "--json"}, search...)...)) {
		var r mailRow
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			p.t.Fatalf("%s: %v", line, err)
		}
		all = append(all, r)
	}
	return all
}

// account is how the one mail account is.
func (p *post) account() desk.MailAccount {
	p.t.Helper()
	var a desk.MailAccount
	if err := json.Unmarshal([]byte(p.hark("mail", "status", "--json")), &a); err != nil {
		p.t.Fatal(err)
	}
	return a
}

// addsUp checks the promise: what was fetched is in a conversation, a copy, or
// where staff see it. What the counters say is half a second old at most.
func (p *post) addsUp(fetched int) {
	p.t.Helper()
	var n desk.MailCount
	p.within("every mail is counted", func() bool {
		n = p.account().Counters
		return n.Fetched >= fetched && n.Waiting == 0
	})
	if n.Fetched != fetched || n.Fetched != n.Threaded+n.Copies+n.Quarantined+n.Dropped {
		p.t.Errorf("%d mails were delivered: %+v", fetched, n)
	}
}

// within waits until something is so.
func (p *post) within(what string, ok func() bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 2*patience)
	defer cancel()
	p.until(ctx, what, ok)
}

// sent returns the mails that the server has taken, by their Message-IDs.
func (p *post) sent() map[string][]*mail.Message {
	p.t.Helper()
	all := map[string][]*mail.Message{}
	for _, d := range p.sink.Deliveries() {
		m, err := mail.ReadMessage(bytes.NewReader(d.Bytes))
		if err != nil {
			p.t.Fatal(err)
		}
		id := m.Header.Get("Message-Id")
		all[id] = append(all[id], m)
	}
	return all
}

// filed counts the copies of a mail in the Sent mailbox.
func (p *post) filed(box imap.Box, messageID string) int {
	p.t.Helper()
	if _, err := box.Select(p.ctx, "Sent"); err != nil {
		p.t.Fatal(err)
	}
	uids, err := box.FindHeader(p.ctx, "Message-ID", messageID, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	return len(uids)
}
