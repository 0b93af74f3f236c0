package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"hark/channels/email/compose"
	"hark/channels/email/imap"
	"hark/channels/email/outbox"
	"hark/config"
	"hark/desk"
	"hark/recorder/keys"
)

// mailTLS is how the certificate of a mail server is judged: by the system's
// authorities, or by those of a file.
func mailTLS(s config.MailServer) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.CAFile == "" {
		return c, nil
	}
	raw, err := os.ReadFile(s.CAFile)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(raw) {
		return nil, errors.New("holds no certificate in PEM form")
	}
	return c, nil
}

// imapOptions say how the server is reached that an account's mail comes from.
func (h mailHouse) imapOptions(m config.Mail) (imap.Options, error) {
	t, err := mailTLS(m.IMAP)
	if err != nil {
		return imap.Options{}, desk.Errorf(desk.Invalid, "mail.%s.imap.ca_file %w", m.Name, err)
	}
	return imap.Options{
		Host: m.IMAP.Host, Port: m.IMAPPort(), Security: imap.Security(m.IMAP.Security), User: m.Login(), Auth: imap.Auth(m.Auth),
		Secret: secretSource(h.place, m, h.ring), TLS: t,
	}, nil
}

// outboxAccount says how the server is reached that an account's mail goes to.
func (h mailHouse) outboxAccount(m config.Mail) (outbox.Account, error) {
	t, err := mailTLS(m.SMTP)
	if err != nil {
		return outbox.Account{}, desk.Errorf(desk.Invalid, "mail.%s.smtp.ca_file %w", m.Name, err)
	}
	sign, err := mailSigner(m.DKIM)
	if err != nil {
		return outbox.Account{}, err
	}
	return outbox.Account{
		Name: m.Name, Address: desk.Address{Name: m.Title, Mail: strings.ToLower(m.Address)}, Host: m.SMTP.Host, Port: m.SMTPPort(),
		Security: imap.Security(m.SMTP.Security), User: m.Login(), Auth: imap.Auth(m.Auth),
		Secret: secretSource(h.place, m, h.ring), TLS: t, Compose: compose.Options{Sign: sign},
	}, nil
}

// mailSigner reads the key that outgoing mail is signed with, nil for none.
func mailSigner(d config.DKIM) (*compose.Signer, error) {
	if d.KeyFile == "" {
		return nil, nil //nolint:nilnil // no signature is no error
	}
	return compose.LoadSigner(d.Domain, d.Selector, d.KeyFile)
}

// mailHouse is what the mail accounts of a desk share.
type mailHouse struct {
	place config.Place
	ring  keys.KeyStore
}

func newMailHouse(place config.Place) mailHouse {
	return mailHouse{place: place, ring: keys.NewKeyring()}
}
