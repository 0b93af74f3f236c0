package config

import (
	"net/netip"
	"slices"
	"strconv"
	"time"
)

// Mail is a section [mail.NAME]: one mailbox that the team shares. The password
// is not among its settings: it is in the OS keyring, or a command prints it.
type Mail struct {
	Name      string
	Address   string        // that customers write to, and read as the sender
	Title     string        // what customers read beside the address; empty for the name of the agent who writes
	User      string        // who signs in at the servers; empty for the address
	Auth      string        // password, xoauth2 or oauthbearer
	Password  string        // where the password is: keyring or command
	Command   []string      // prints the password: program and arguments, run without a shell
	Token     []string      // prints an access token, likewise
	Queue     string        // where its conversations wait; empty for the queue without a name
	Signature string        // below every mail of an agent
	Boxes     []string      // folders that are read
	History   time.Duration // mails of the first sync older than this arrive resolved
	AuthServ  []string      // authserv-ids (RFC 8601) of the servers whose results are trusted
	Plus      bool          // the server takes ADDRESS+anything@, so replies carry a token there
	Tag       bool          // subjects carry a short tag, for peers that lose every other trace
	SizeLimit int           // bytes; of a larger mail the beginning is read, the rest on demand
	Sent      string        // auto, never, or the folder that sent mail is filed in
	AutoReply string        // acknowledges the first mail of a conversation; empty for none
	IMAP      MailServer
	SMTP      MailServer
	DKIM      DKIM
}

// MailServer says how a server is reached.
type MailServer struct {
	Host     string
	Port     int    // 0 for the one that goes with Security
	Security string // tls, starttls, or none on this machine
	CAFile   string // PEM file of the authorities that are trusted; empty for the system's
}

// DKIM says how outgoing mail is signed (RFC 6376). Most relays sign by
// themselves; then all of it stays empty.
type DKIM struct {
	Domain   string
	Selector string
	KeyFile  string // PEM file of an RSA or Ed25519 key
}

// Where passwords come from, and the security of connections.
const (
	MailKeyring  = "keyring"
	MailCommand  = "command"
	MailTLS      = "tls"
	MailStartTLS = "starttls"
	MailNone     = "none"
)

// Login returns the name to sign in with.
func (m Mail) Login() string {
	if m.User == "" {
		return m.Address
	}
	return m.User
}

// Secret returns what prints the password or the token, nil when the keyring
// has the password.
func (m Mail) Secret() []string {
	switch {
	case m.Auth != "password":
		return m.Token
	case m.Password == MailCommand:
		return m.Command
	}
	return nil
}

// Loopback reports whether the server is on this machine.
func (s MailServer) Loopback() bool {
	if s.Host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(s.Host)
	return err == nil && a.IsLoopback()
}

// IMAPPort returns the port of the server that mail comes from: the one that the
// file names, or the usual one (RFC 9051, RFC 8314).
func (m Mail) IMAPPort() int {
	switch {
	case m.IMAP.Port != 0:
		return m.IMAP.Port
	case m.IMAP.Security == MailTLS:
		return 993
	}
	return 143
}

// SMTPPort returns the port of the server that mail goes to: the one that the
// file names, or the usual one (RFC 6409, RFC 8314).
func (m Mail) SMTPPort() int {
	switch {
	case m.SMTP.Port != 0:
		return m.SMTP.Port
	case m.SMTP.Security == MailTLS:
		return 465
	}
	return 587
}

// newMail is an account of which only the name is known.
func newMail(name string) Mail {
	return Mail{
		Name: name, Auth: "password", Password: MailKeyring, Boxes: []string{"INBOX"}, History: 14 * 24 * time.Hour,
		SizeLimit: 25 << 20, Sent: "auto", IMAP: MailServer{Security: MailTLS}, SMTP: MailServer{Security: MailTLS},
	}
}

// mailbox returns the account of a name; of one that the file does not have
// what holds of any.
func (c *Config) mailbox(name string) *Mail {
	i := slices.IndexFunc(c.Mail, func(m Mail) bool { return m.Name == name })
	if i < 0 {
		m := newMail(name)
		return &m
	}
	return &c.Mail[i]
}

func addMail(c *Config, name string) []setting {
	if !slices.Contains(mailNames(c), name) {
		c.Mail = append(c.Mail, newMail(name))
	}
	return mailSettings(name)
}

func mailNames(c *Config) []string {
	names := make([]string, len(c.Mail))
	for i, m := range c.Mail {
		names[i] = m.Name
	}
	return names
}

// mailSettings are the keys of one account.
func mailSettings(name string) []setting {
	key := "mail." + name + "."
	at := func(c *Config) *Mail { return c.mailbox(name) }
	const program = `a list of program and arguments, such as ["pass", "show", "mail"]`
	all := []setting{
		text(key+"address", `an address such as "help@shop.example"`, func(c *Config) *string { return &at(c).Address }, mailAddress),
		text(key+"name", "what customers read beside the address, of 1 to 120 bytes; the name of the agent who writes without it", func(c *Config) *string { return &at(c).Title }, mailTitle),
		text(key+"user", "the name that the servers know; the address without it", func(c *Config) *string { return &at(c).User }, notEmpty),
		choice(key+"auth", func(c *Config) *string { return &at(c).Auth }, "password", "xoauth2", "oauthbearer"),
		text(key+"password", passwordRight, func(c *Config) *string { return &at(c).Password }, passwordPlace),
		texts(key+"password_command", program, func(c *Config) *[]string { return &at(c).Command }, notEmpty),
		texts(key+"token_command", program, func(c *Config) *[]string { return &at(c).Token }, notEmpty),
		text(key+"queue", "the NAME of a section [queues.NAME]", func(c *Config) *string { return &at(c).Queue }, notEmpty),
		text(key+"signature", "a text of 1 to 4000 bytes", func(c *Config) *string { return &at(c).Signature }, noticeText),
		texts(key+"boxes", `a list of folders, such as ["INBOX"]`, func(c *Config) *[]string { return &at(c).Boxes }, mailBox),
		inDays(key+"history", func(c *Config) *time.Duration { return &at(c).History }),
		texts(key+"authserv", `a list of the names that your servers write into Authentication-Results, such as ["mx.shop.example"]`, func(c *Config) *[]string { return &at(c).AuthServ }, hostName),
		flag(key+"plus", func(c *Config) *bool { return &at(c).Plus }),
		flag(key+"subject_tag", func(c *Config) *bool { return &at(c).Tag }),
		number(key+"size_limit", 250<<20, func(c *Config) *int { return &at(c).SizeLimit }),
		text(key+"sent", `"auto", "never" or the name of a folder`, func(c *Config) *string { return &at(c).Sent }, mailBox),
		text(key+"auto_reply", "a text of 1 to 4000 bytes that acknowledges a customer's first mail", func(c *Config) *string { return &at(c).AutoReply }, noticeText),
	}
	all = append(all, mailServer(key+"imap.", func(c *Config) *MailServer { return &at(c).IMAP }, func(c *Config) int { return at(c).IMAPPort() })...)
	all = append(all, mailServer(key+"smtp.", func(c *Config) *MailServer { return &at(c).SMTP }, func(c *Config) int { return at(c).SMTPPort() })...)
	return append(all,
		text(key+"dkim.domain", "a domain such as \"shop.example\"", func(c *Config) *string { return &at(c).DKIM.Domain }, hostName),
		text(key+"dkim.selector", "the name in front of ._domainkey in the DNS", func(c *Config) *string { return &at(c).DKIM.Selector }, hostName),
		text(key+"dkim.key_file", "the path of a PEM file with an RSA or Ed25519 key", func(c *Config) *string { return &at(c).DKIM.KeyFile }, absolute),
	)
}

// mailServer are the keys of one server.
func mailServer(key string, at func(*Config) *MailServer, usual func(*Config) int) []setting {
	port := number(key+"port", 65535, func(c *Config) *int { return &at(c).Port })
	port.right += "; without it the usual one"
	port.show = func(c *Config) string { return strconv.Itoa(usual(c)) }
	return []setting{
		text(key+"host", "the server's name or IP address", func(c *Config) *string { return &at(c).Host }, hostName),
		port,
		choice(key+"security", func(c *Config) *string { return &at(c).Security }, MailTLS, MailStartTLS, MailNone),
		text(key+"ca_file", "the path of a PEM file with the authorities that are trusted instead of the system's", func(c *Config) *string { return &at(c).CAFile }, absolute),
	}
}
