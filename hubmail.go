package main

import (
	"context"
	"io"
	"time"

	"hark/channels/email"
	"hark/channels/email/imap"
	"hark/channels/email/mailsync"
	"hark/config"
	"hark/desk"
	"hark/desk/mailbox"
	"hark/staff"
)

// openMail opens the mail accounts, where the configuration has some. They
// begin to work with runMail.
func (h *hub) openMail() error {
	c := h.o.File.Config
	if len(c.Mail) == 0 {
		return nil
	}
	zone := time.Local
	if c.Desk.Zone != "" {
		if z, err := time.LoadLocation(c.Desk.Zone); err == nil { // checked with the file
			zone = z
		}
	}
	o := email.Options{
		Desk: h.desk, State: h.rec.State(), Store: h.rec.Mail(), Keys: [][]byte{h.rec.MailKey()}, Zone: zone, Log: h.o.Log,
		File: func(ctx context.Context, file desk.ID) (io.ReadCloser, error) { return h.rec.Files().Open(ctx, file) },
	}
	house := newMailHouse(h.o.Place)
	for _, m := range c.Mail {
		a, err := house.account(m)
		if err != nil {
			return err
		}
		o.Accounts = append(o.Accounts, a)
	}
	var err error
	if h.mail, err = email.New(o); err != nil {
		return err
	}
	h.desk.SetMailroom(h.mail)
	return nil
}

// account is an account of the configuration in the channel's words.
func (h mailHouse) account(m config.Mail) (email.Account, error) {
	in, err := h.imapOptions(m)
	if err != nil {
		return email.Account{}, err
	}
	out, err := h.outboxAccount(m)
	if err != nil {
		return email.Account{}, err
	}
	sent := m.Sent
	switch sent {
	case "auto":
		sent = ""
	case "never":
		sent = mailsync.SentNever
	}
	return email.Account{
		Name: m.Name, Address: out.Address, Signature: m.Signature, Queue: m.Queue, User: m.Login(), Auth: imap.Auth(m.Auth), Secret: in.Secret,
		IMAP:  email.Place{Host: in.Host, Port: in.Port, Security: in.Security, TLS: in.TLS},
		SMTP:  email.Place{Host: out.Host, Port: out.Port, Security: out.Security, TLS: out.TLS},
		Boxes: m.Boxes, Sent: sent, History: m.History, SizeLimit: int64(m.SizeLimit), Plus: m.Plus, Tag: m.Tag, AuthServ: m.AuthServ, AutoReply: m.AutoReply,
		Compose: out.Compose,
	}, nil
}

// runMail receives and sends mail until ctx ends. Its failure is no reason to
// leave customers on the website alone: a lamp tells of it.
func (h *hub) runMail(ctx context.Context) {
	if h.mail == nil {
		return
	}
	if err := h.mail.Run(ctx); err != nil && ctx.Err() == nil {
		h.o.Log.Error("mail has stopped", "error", err)
		h.desk.SetLamp(desk.Lamp{Part: "mail", Words: "it has stopped, and nothing comes or goes; hark.log says why, and hark stop and hark start it again"})
	}
}

// importMail brings in mail that a person has.
func (h *hub) importMail(ctx context.Context, in staff.MailImport) (staff.MailImported, error) {
	account := in.Account
	if account == "" && len(h.o.File.Mail) != 1 {
		names := ""
		for _, m := range h.o.File.Mail {
			names += " " + m.Name
		}
		return staff.MailImported{}, desk.Errorf(desk.Invalid, "to which account do the mails belong? --account says it; this desk has%s", names)
	}
	if account == "" {
		account = h.o.File.Mail[0].Name
	}
	i := importer{
		ctx: ctx, row: h.rec.Mail().Row, put: func(ctx context.Context, all []mailbox.Arrival) error { return h.mail.Import(ctx, all...) },
		done: staff.MailImported{Account: account}, progress: in.Progress,
	}
	return i.run(in.From)
}
