package config_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/config"
)

// mailed is a file with two accounts, one of which says everything.
const mailed = `
[queues.shop]

[mail.support]
address = "help@shop.example"
imap.host = "imap.shop.example"
smtp.host = "smtp.shop.example"

[mail.billing]
address = "billing@shop.example"
name = "Lamp shop, billing"
user = "billing"
auth = "oauthbearer"
token_command = ["mail-token", "billing"]
queue = "shop"
signature = "The lamp shop"
boxes = ["INBOX", "Old/Customers"]
history = "90d"
authserv = ["mx.shop.example", "filter.example"]
plus = true
subject_tag = true
size_limit = 1000000
sent = "Sent Items"
auto_reply = "We have it."
[mail.billing.imap]
host = "127.0.0.1"
port = 1143
security = "none"
[mail.billing.smtp]
host = "::1"
security = "starttls"
ca_file = "/etc/hark/ca.pem"
[mail.billing.dkim]
domain = "shop.example"
selector = "s1"
key_file = "/etc/hark/dkim.pem"
`

func TestMailAccountsArrive(t *testing.T) {
	f, err := config.Parse("hark.toml", []byte(mailed))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Mail) != 2 || f.Mail[0].Name != "support" {
		t.Fatalf("accounts are not in the order of the file: %+v", f.Mail)
	}
	s := f.Mail[0]
	if s.Login() != "help@shop.example" || s.IMAPPort() != 993 || s.SMTPPort() != 465 || s.History != 14*24*time.Hour ||
		s.Sent != "auto" || s.SizeLimit != 26_214_400 || !reflect.DeepEqual(s.Boxes, []string{"INBOX"}) || s.Secret() != nil {
		t.Errorf("defaults: %+v", s)
	}
	want := config.Mail{
		Name: "billing", Address: "billing@shop.example", Title: "Lamp shop, billing", User: "billing", Auth: "oauthbearer", Password: "keyring",
		Token: []string{"mail-token", "billing"}, Queue: "shop", Signature: "The lamp shop", Boxes: []string{"INBOX", "Old/Customers"},
		History: 90 * 24 * time.Hour, AuthServ: []string{"mx.shop.example", "filter.example"}, Plus: true, Tag: true, SizeLimit: 1_000_000, Sent: "Sent Items",
		AutoReply: "We have it.",
		IMAP:      config.MailServer{Host: "127.0.0.1", Port: 1143, Security: "none"},
		SMTP:      config.MailServer{Host: "::1", Security: "starttls", CAFile: "/etc/hark/ca.pem"},
		DKIM:      config.DKIM{Domain: "shop.example", Selector: "s1", KeyFile: "/etc/hark/dkim.pem"},
	}
	b := f.Mail[1]
	if !reflect.DeepEqual(b, want) {
		t.Errorf("got  %+v\nwant %+v", b, want)
	}
	if b.IMAPPort() != 1143 || b.SMTPPort() != 587 || b.Login() != "billing" || b.Secret()[0] != "mail-token" {
		t.Errorf("%d %d %s %v", b.IMAPPort(), b.SMTPPort(), b.Login(), b.Secret())
	}
	for name, text := range map[string]string{"show": f.Show(), "a first file": config.First(f.Config)} {
		again, err := config.Parse("hark.toml", []byte(text))
		if err != nil {
			t.Fatalf("what %s writes is refused: %v\n%s", name, err, text)
		}
		if len(again.Mail) != 2 || again.Mail[1].Name != "billing" || !reflect.DeepEqual(again.Mail[1].DKIM, want.DKIM) || again.Mail[0].IMAPPort() != 993 {
			t.Errorf("%s: %+v", name, again.Mail)
		}
	}
}

// account is a right account with lines in place of others or behind them.
func account(change string) string {
	text := "[mail.a]\naddress = \"a@shop.example\"\nimap.host = \"h.example\"\nsmtp.host = \"h.example\"\n"
	return text + change
}

func TestMistakesInMailAreNamed(t *testing.T) {
	cases := []struct {
		name, file, want string
	}{
		{"no address", "[mail.a]\nimap.host = \"x\"\nsmtp.host = \"x\"", `hark.toml:1: mail.a: has no address; set mail.a.address, such as "help@shop.example"`},
		{"no imap", "[mail.a]\naddress = \"a@b.example\"\nsmtp.host = \"x\"", `mail.a: does not say where mail comes from; set mail.a.imap.host`},
		{"no smtp", "[mail.a]\naddress = \"a@b.example\"\nimap.host = \"x\"", `mail.a: does not say where mail goes to; set mail.a.smtp.host`},
		{"password in the file", account("password = \"hunter2\""), `hark.toml:5: mail.a.password: holds something else than the two words it can be; it must be "keyring" (hark mail password asks for it and puts it there) or "command"`},
		{"password at the server", account("imap.password = \"hunter2\""), `mail.a.imap.password: there is no such setting; did you mean mail.a.password?`},
		{"no address at all", strings.Replace(account(""), "a@shop", "shop", 1), `is "shop.example"; it must be an address such as "help@shop.example"`},
		{"name in the address", strings.Replace(account(""), `"a@shop.example"`, `"A <a@shop.example>"`, 1), `it must be an address such as`},
		{"line end in the address", strings.Replace(account(""), `"a@shop.example"`, `"a@shop.example\r\nBcc: x@y.example"`, 1), `it must be an address such as`},
		{"control character in the name", account(`name = "A\nB"`), `mail.a.name: holds a control character`},
		{"plain to elsewhere", account("imap.security = \"none\""), `hark.toml:5: mail.a.imap.security: is "none", and "h.example" is another machine: the password and every mail could be read on the way; set it to "tls" or "starttls"`},
		{"plain by smtp", account("smtp = { host = \"10.0.0.1\", security = \"none\" }"), `this is not TOML`},
		{"plain to another address", strings.Replace(account("smtp.security = \"none\""), `smtp.host = "h.example"`, `smtp.host = "10.0.0.1"`, 1), `mail.a.smtp.security: is "none", and "10.0.0.1" is another machine`},
		{"unknown security", account("imap.security = \"ssl\""), `is "ssl"; it must be "tls", "starttls" or "none"`},
		{"unknown queue", account("queue = \"x\""), `hark.toml:5: mail.a.queue: is "x", and there is no [queues.x]; add the section, or leave queue out`},
		{"mistyped queue", account("queue = \"shp\"\n[queues.shop]"), `the queues are shop; name one`},
		{"history without a unit", account("history = \"14\""), `mail.a.history: is "14"; it must be a number of days such as "14d"`},
		{"history in hours", account("history = \"48h\""), `is "48h"`},
		{"history as a number", account("history = 14"), `is a whole number, not a text; it must be a number of days such as "14d"`},
		{"half of dkim", account("dkim.domain = \"shop.example\""), `mail.a.dkim: is not whole; set domain, selector and key_file`},
		{"dkim of another", account("dkim = { domain = \"other.example\", selector = \"s\", key_file = \"/k\" }"), `mail.a.dkim.domain: is "other.example", and mail is sent from "shop.example"`},
		{"relative key", account("dkim.key_file = \"k.pem\""), `does not begin with /`},
		{"oauth without a program", account("auth = \"xoauth2\""), `mail.a.auth: is "xoauth2", and token_command does not say what prints the token; set mail.a.token_command`},
		{"program without oauth", account("token_command = [\"x\"]"), `mail.a.token_command: stands, and auth is "password"`},
		{"command without one", account("password = \"command\""), `mail.a.password: is "command", and password_command does not say which`},
		{"command that nobody asks", account("password_command = [\"x\"]"), `mail.a.password_command: stands, and nothing asks it; set mail.a.password = "command"`},
		{"command as a text", account("password_command = \"pass show mail\""), `is a text, not a list; it must be a list of program and arguments`},
		{"no folder", account("boxes = []"), `mail.a.boxes: names no folder`},
		{"a folder twice", account("boxes = [\"INBOX\", \"INBOX\"]"), `holds "INBOX" twice`},
		{"everything again", account("boxes = [\"INBOX\", \"[Gmail]/All Mail\"]"), `holds "[Gmail]/All Mail", in which every mail of the others is again`},
		{"what was sent", account("boxes = [\"INBOX\", \"Sent\"]\nsent = \"Sent\""), `holds "Sent", which is also where sent mail is filed`},
		{"impossible port", account("imap.port = 70000"), `mail.a.imap.port: is 70000; it must be a whole number from 1 to 65535`},
		{"host with a scheme", strings.Replace(account(""), `imap.host = "h.example"`, `imap.host = "imaps://h.example"`, 1), `is "imaps://h.example"; it must be the server's name or IP address`},
		{"address twice", account("[mail.b]\naddress = \"A@shop.example\"\nimap.host = \"x\"\nsmtp.host = \"x\""), `hark.toml:6: mail.b.address: is that of mail.a already`},
		{"account without a name", "[mail.imap]\nhost = \"x\"", `hark.toml:1: mail.imap: cannot name a mail account; an account's name is 1 to 32 of a-z`},
		{"servers elsewhere", "[imap]\nhost = \"x\"", `hark.toml:1: imap: there is no such section; a mail account is written [mail.NAME], its servers [mail.NAME.imap]`},
		{"address without a section", "[mail]\naddress = \"a@b.example\"", `hark.toml:2: mail.address: is a text where a section is needed; it is written [mail.address]`},
		{"typo", account("adress = \"x\""), `hark.toml:5: mail.a.adress: there is no such setting; did you mean mail.a.address?`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := config.Parse("hark.toml", []byte(c.file))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Error("the sentence repeats the password")
			}
		})
	}
}

// The comments of a first file are right once the # is taken away.
func TestTheHelpWithMailIsRight(t *testing.T) {
	text := config.First(config.Default())
	blocks := regexp.MustCompile(`(?m)(?:^#[\[a-z].*\n)+`).FindAllString(text, -1)
	if len(blocks) != 4 {
		t.Fatalf("%d accounts are shown:\n%s", len(blocks), text)
	}
	for _, b := range blocks {
		f, err := config.Parse("hark.toml", []byte(text+strings.ReplaceAll("\n"+b, "\n#", "\n")))
		if err != nil || len(f.Mail) != 1 {
			t.Errorf("%v\n%s", err, b)
		}
	}
}
