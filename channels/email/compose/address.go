package compose

import (
	"net/mail"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"hark/desk"
)

// addressMax is the longest address in bytes (RFC 5321, section 4.5.3.1.3).
const addressMax = 254

// wire returns an address as servers exchange it: the domain in ASCII
// (RFC 5890), the rest as it is.
func wire(field string, utf8 bool, a desk.Address) (string, error) {
	if err := line(field, a.Mail); err != nil {
		return "", err
	}
	at := strings.LastIndexByte(a.Mail, '@')
	if at <= 0 || at == len(a.Mail)-1 || strings.ContainsAny(a.Mail, " \t<>") {
		return "", desk.Errorf(desk.Invalid, "%s: %q is not a mail address; write name@example.com", field, a.Mail)
	}
	local, domain := a.Mail[:at], a.Mail[at+1:]
	if !ascii(domain) {
		plain, err := idna.Lookup.ToASCII(domain)
		if err != nil {
			return "", desk.Errorf(desk.Invalid, "%s: %q is not the name of a mail domain; look for a typing mistake", field, domain)
		}
		domain = plain
	}
	if !ascii(local) && !utf8 {
		return "", desk.Errorf(desk.Invalid,
			"%s: the mail server takes only ASCII letters before the @ of %q; ask for another address", field, a.Mail)
	}
	whole := local + "@" + domain
	if _, err := mail.ParseAddress("<" + whole + ">"); err != nil || len(whole) > addressMax {
		return "", desk.Errorf(desk.Invalid, "%s: %q is not a mail address; write name@example.com", field, a.Mail)
	}
	return whole, nil
}

// mailbox returns an address as a header shows it: Name <address>.
func mailbox(field string, utf8 bool, a desk.Address) (string, error) {
	if err := line(field, a.Name); err != nil {
		return "", err
	}
	at, err := wire(field, utf8, a)
	if err != nil {
		return "", err
	}
	name := strings.Join(strings.Fields(a.Name), " ")
	if needsEncoding(name) {
		return encoded(name) + " <" + at + ">", nil
	}
	return (&mail.Address{Name: name, Address: at}).String(), nil
}

// mailboxes returns a header's list of addresses.
func mailboxes(field string, utf8 bool, all []desk.Address) (string, error) {
	list := make([]string, len(all))
	for i, a := range all {
		one, err := mailbox(field, utf8, a)
		if err != nil {
			return "", err
		}
		list[i] = one
	}
	return strings.Join(list, ", "), nil
}

// Envelope returns from whom and to whom the servers are told that a mail goes:
// every recipient once, the hidden ones too. Automatic mail has no sender, so
// that nothing automatic answers it (RFC 3834, section 3.3).
func Envelope(o Options, l desk.Letter) (from string, to []string, err error) {
	if l.Automatic == "" {
		if from, err = wire("From", o.UTF8, l.From); err != nil {
			return "", nil, err
		}
	}
	for _, field := range []struct {
		name string
		all  []desk.Address
	}{{"To", l.To}, {"Cc", l.Cc}, {"Bcc", l.Bcc}} {
		for _, a := range field.all {
			one, err := wire(field.name, o.UTF8, a)
			if err != nil {
				return "", nil, err
			}
			if !slices.Contains(to, one) {
				to = append(to, one)
			}
		}
	}
	if len(to) == 0 {
		return "", nil, desk.Errorf(desk.Invalid, "the mail has no recipient; write an address into To")
	}
	return from, to, nil
}
