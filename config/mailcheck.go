package config

import (
	"errors"
	"fmt"
	"net/mail"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// mailAddress takes the address of a mailbox, in the letters that every mail
// server takes.
func mailAddress(s string) error {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return is(s)
	}
	return hostName(s[strings.LastIndexByte(s, '@')+1:])
}

// mailTitle takes a name that can stand beside an address.
func mailTitle(s string) error {
	if err := deskName(s); err != nil {
		return err
	}
	if plain(s) != s {
		return errors.New("holds a control character")
	}
	return nil
}

// passwordPlace says no to a password. It never repeats what stands there.
func passwordPlace(s string) error {
	if s != MailKeyring && s != MailCommand {
		return errors.New("holds something else than the two words it can be")
	}
	return nil
}

// passwordRight says where a password can be.
const passwordRight = `"keyring" (hark mail password asks for it and puts it there) or "command" (password_command prints it), never the password itself`

// mailBox takes the name of a folder on a mail server.
func mailBox(s string) error {
	if s == "" || len(s) > 400 || plain(s) != s {
		return fmt.Errorf("has a folder of %d bytes that cannot be one", len(s))
	}
	return nil
}

// hostName takes a name of the DNS, or an IP address.
func hostName(s string) error {
	if _, err := netip.ParseAddr(s); err == nil {
		return nil
	}
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
	if s == "" || len(s) > 253 || strings.Trim(s, letters) != "" || strings.Contains(s, "..") || strings.HasPrefix(s, ".") || strings.HasPrefix(s, "-") {
		return is(s)
	}
	return nil
}

// inDays is a setting of a length of time that is mostly told in days.
func inDays(key string, field func(*Config) *time.Duration) setting {
	const most = 100 * 366
	return setting{
		key: key, right: `a number of days such as "14d"`,
		set: func(c *Config, v any) error {
			s, ok := v.(string)
			if !ok {
				return wrongType(v, "a text")
			}
			digits, unit := strings.CutSuffix(s, "d")
			n, err := strconv.ParseUint(digits, 10, 16)
			if !unit || err != nil || n > most {
				return is(s)
			}
			*field(c) = time.Duration(n) * 24 * time.Hour //nolint:gosec // at most a century
			return nil
		},
		show: func(c *Config) string {
			return quote(strconv.Itoa(int(*field(c)/(24*time.Hour))) + "d")
		},
	}
}

// mailComplaints say what does not fit together in the mail accounts.
func (c Config) mailComplaints() []Complaint {
	var all []Complaint
	for i, m := range c.Mail {
		key := "mail." + m.Name
		all = slices.Concat(all, m.missing(key), m.secretComplaints(key), m.boxComplaints(key+".boxes"),
			m.IMAP.complaints(key+".imap"), m.SMTP.complaints(key+".smtp"), m.DKIM.complaints(key+".dkim", m.Address))
		if m.Queue != "" && !slices.ContainsFunc(c.Queues, func(q Queue) bool { return q.Name == m.Queue }) {
			all = append(all, Complaint{key + ".queue", "is " + quote(m.Queue) + ", and there is no [queues." + m.Queue + "]", c.queueHint()})
		}
		for _, e := range c.Mail[:i] {
			if m.Address != "" && strings.EqualFold(m.Address, e.Address) {
				all = append(all, Complaint{key + ".address", "is that of mail." + e.Name + " already", "an address belongs to one account; other folders of it are its boxes"})
			}
		}
	}
	return all
}

func (c Config) queueHint() string {
	names := queueNames(&c)
	if len(names) == 0 {
		return "add the section, or leave queue out"
	}
	return "the queues are " + strings.Join(names, ", ") + "; name one, or leave queue out"
}

// missing says what an account cannot do without.
func (m Mail) missing(key string) []Complaint {
	var all []Complaint
	for _, need := range []struct{ name, value, wrong, right string }{
		{"address", m.Address, "has no address", `set ` + key + `.address, such as "help@shop.example"`},
		{"imap", m.IMAP.Host, "does not say where mail comes from", `set ` + key + `.imap.host, such as "imap.shop.example"`},
		{"smtp", m.SMTP.Host, "does not say where mail goes to", `set ` + key + `.smtp.host, such as "smtp.shop.example"`},
	} {
		if need.value == "" {
			all = append(all, Complaint{key, need.wrong, need.right})
		}
	}
	return all
}

// secretComplaints say what does not fit together in how an account signs in.
func (m Mail) secretComplaints(key string) []Complaint {
	var all []Complaint
	add := func(name, wrong, right string) { all = append(all, Complaint{key + "." + name, wrong, right}) }
	token := m.Auth != "password"
	switch {
	case token && len(m.Token) == 0:
		add("auth", "is "+quote(m.Auth)+", and token_command does not say what prints the token", "set "+key+".token_command")
	case !token && len(m.Token) > 0:
		add("token_command", "stands, and auth is "+quote(m.Auth), `set `+key+`.auth = "xoauth2" or "oauthbearer", or leave token_command out`)
	}
	switch {
	case !token && m.Password == MailCommand && len(m.Command) == 0:
		add("password", `is "command", and password_command does not say which`, `set `+key+`.password_command, such as ["pass", "show", "mail"]`)
	case len(m.Command) > 0 && (token || m.Password != MailCommand):
		add("password_command", "stands, and nothing asks it", `set `+key+`.password = "command", or leave password_command out`)
	}
	return all
}

// boxComplaints say what is wrong with the folders that are read.
func (m Mail) boxComplaints(key string) []Complaint {
	var all []Complaint
	add := func(wrong, right string) { all = append(all, Complaint{key, wrong, right}) }
	if len(m.Boxes) == 0 {
		add("names no folder, so no mail would arrive", `name one, such as ["INBOX"]`)
	}
	for i, b := range m.Boxes {
		switch {
		case slices.Contains(m.Boxes[:i], b):
			add("holds "+quote(b)+" twice", "name it once")
		case len(m.Boxes) > 1 && strings.HasSuffix(b, "]/All Mail"):
			add("holds "+quote(b)+", in which every mail of the others is again", "leave it out")
		case b == m.Sent:
			add("holds "+quote(b)+", which is also where sent mail is filed", "read other folders than that")
		}
	}
	return all
}

func (s MailServer) complaints(key string) []Complaint {
	if s.Security == MailNone && s.Host != "" && !s.Loopback() {
		return []Complaint{{
			key + ".security", `is "none", and ` + quote(s.Host) + " is another machine: the password and every mail could be read on the way",
			`set it to "tls" or "starttls"; "none" is for 127.0.0.1, ::1 and localhost`,
		}}
	}
	if s.Security == MailNone && s.CAFile != "" {
		return []Complaint{{key + ".ca_file", `stands, and security is "none"`, "leave it out"}}
	}
	return nil
}

func (d DKIM) complaints(key, address string) []Complaint {
	if d == (DKIM{}) {
		return nil
	}
	if d.Domain == "" || d.Selector == "" || d.KeyFile == "" {
		return []Complaint{{key, "is not whole", "set domain, selector and key_file, or none of them where the server signs"}}
	}
	_, host, _ := strings.Cut(strings.ToLower(address), "@")
	if domain := strings.ToLower(d.Domain); host != domain && !strings.HasSuffix(host, "."+domain) {
		return []Complaint{{key + ".domain", "is " + quote(d.Domain) + ", and mail is sent from " + quote(host), "sign for the domain of the address, or for one above it"}}
	}
	return nil
}
