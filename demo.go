package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"hark/config"
	"hark/demo"
	"hark/desk"
	"hark/recorder/keys"
	"hark/staff"
)

// demoCommand is a desk to look at.
type demoCommand struct {
	Listen       string `default:"127.0.0.1:0" help:"Where the hub's web server listens; any free port of this machine without it."`
	Customers    int    `default:"6" help:"How many customers write by themselves at a time; 0 for none."`
	Key          string `help:"Where the key of a desk that is kept (--data) comes from: keyring, passphrase, systemd, command or memory."`
	KeyCommand   string `help:"The program that prints the key, with its arguments."`
	PassphraseFD int    `name:"passphrase-fd" default:"-1" placeholder:"N" help:"Read the passphrase from this open descriptor instead of asking."`
}

// Run opens the demo desk and ends it with its console, or without a terminal
// with a signal.
func (c *demoCommand) Run(ctx context.Context, p *program) error {
	d, err := c.prepare(ctx, p)
	if err != nil {
		return err
	}
	err = d.run(ctx, p)
	return errors.Join(err, d.close())
}

// demoDesk is a demo at work.
type demoDesk struct {
	c    *demoCommand
	dir  string
	kept bool // the folder was named, so it stays
	log  *os.File
	shop *demo.Shop
	mail *demo.Mail
	page string // the shop's address, for people and scripts
	hub  *hub
}

func (c *demoCommand) prepare(ctx context.Context, p *program) (*demoDesk, error) {
	d := &demoDesk{c: c}
	if err := d.open(ctx, p); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

func (d *demoDesk) open(ctx context.Context, p *program) (err error) {
	if err := d.makeRoom(p); err != nil {
		return err
	}
	if d.shop, err = demo.Listen(ctx, "127.0.0.1:0"); err != nil {
		return err
	}
	d.page = d.shop.PageURL()
	if d.mail, err = demo.StartMail(ctx, demo.MailOptions{Customers: d.c.Customers > 0, Log: slog.New(slog.NewTextHandler(d.log, nil))}); err != nil {
		return desk.Errorf(desk.Unavailable, "the demo's mail server cannot be opened: %w", err)
	}
	if err := demo.WriteReplies(filepath.Join(d.dir, config.Default().Console.Canned)); err != nil {
		return desk.Errorf(desk.Unavailable, "the demo's replies cannot be written: %w", err)
	}
	f, err := d.configure()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(d.log, nil))
	logProcess(log)
	d.hub, err = openHub(ctx, hubOptions{
		Place: d.place(), File: f, Key: d.c.source(f, p), Log: log, Ends: true,
		Create:  &founding{Name: "Lamp shop", Owner: ownerAccount("alex", "Alex")},
		Notices: d.notices(),
	})
	return err
}

// makeRoom makes the data folder: a temporary one, or the one that was named.
func (d *demoDesk) makeRoom(p *program) (err error) {
	if d.kept = p.data != ""; d.kept {
		if d.c.Key == "" {
			return desk.Errorf(desk.Invalid, "a demo that is kept needs --key keyring, passphrase, systemd, command or memory (with memory, nothing in the folder can be read once it ends)")
		}
		d.dir = p.data
		err = makeFolder(d.dir)
	} else if d.dir, err = os.MkdirTemp("", "hark-demo-"); err != nil {
		err = desk.Errorf(desk.Unavailable, "there is no room for the demo's data: %w", err)
	}
	if err != nil {
		return err
	}
	d.log, err = openLog(logFile(d.place()))
	return err
}

func (d *demoDesk) place() config.Place {
	place, err := config.Locate(d.dir)
	if err != nil {
		return config.Place{Data: d.dir}
	}
	return place
}

// configure writes the demo's configuration in words, so that it is checked
// like any other.
func (d *demoDesk) configure() (_ *config.File, err error) {
	c := config.Default()
	c.Desk.Name = "Lamp shop"
	c.Chat.Listen = d.c.Listen
	c.Chat.Origins = []string{d.shop.Origin()}
	c.Chat.Limits.PerAddress = c.Chat.Limits.Connections // all the customers are on this machine
	c.Queues = demoQueues()
	if c.Mail, err = d.mailbox(); err != nil {
		return nil, err
	}
	c.Chat.Notice = config.Notice{Version: "1", Text: map[string]string{
		"en": "What you write here is kept so that we can help you. Please send no card numbers.",
		"de": "Was Sie hier schreiben, wird aufbewahrt, damit wir helfen können. Bitte senden Sie keine Kartennummern.",
	}}
	argv, err := staff.Split(d.c.KeyCommand)
	if err != nil {
		return nil, desk.Errorf(desk.Invalid, "--key-command: %w", err)
	}
	c.Keys.Command = argv
	if d.c.Key != "" && d.c.Key != keys.BackendMemory {
		c.Keys.Backend = d.c.Key
	}
	return config.Parse("the demo's configuration", []byte(config.First(c)))
}

// mailbox is the shop's mail account. Its password lies beside the demo's data,
// for a password is never in a configuration.
func (d *demoDesk) mailbox() ([]config.Mail, error) {
	file := filepath.Join(d.dir, "mail-password")
	if err := os.WriteFile(file, []byte(d.mail.Password+"\n"), 0o600); err != nil {
		return nil, desk.Errorf(desk.Unavailable, "the demo's mail password cannot be written: %w", err)
	}
	return []config.Mail{{
		Name: "shop", Address: demo.MailAddress, User: d.mail.User, Auth: "password", Password: config.MailCommand,
		Command: []string{"cat", file}, Queue: "shop", Signature: "Lykta, lamps since 1968\nhttps://lykta.example",
		Boxes: []string{"INBOX"}, History: 14 * 24 * time.Hour, AuthServ: []string{demo.MailAuthServ}, SizeLimit: 25 << 20, Sent: "auto",
		AutoReply: "Thank you for your mail. A person reads it soon.",
		IMAP:      config.MailServer{Host: "127.0.0.1", Port: d.mail.IMAPPort, Security: config.MailNone},
		SMTP:      config.MailServer{Host: "127.0.0.1", Port: d.mail.SMTPPort, Security: config.MailNone},
	}}, nil
}

// demoQueues are one for the shop and one for the people who know the Fjord.
func demoQueues() []config.Queue {
	return []config.Queue{
		{Name: "shop", Title: "Shop", FirstReply: 2 * time.Minute, NextReply: 5 * time.Minute, Warn: 75},
		{Name: "workshop", Title: "Workshop", Pages: []string{"/lamps/fjord"}, FirstReply: 5 * time.Minute, NextReply: 15 * time.Minute, Warn: 75},
	}
}

// source says where the demo's key comes from: memory, unless something else
// was asked for.
func (c *demoCommand) source(f *config.File, p *program) keys.Source {
	s := keySource(f, p.passphrase(c.PassphraseFD))
	if c.Key == "" || c.Key == keys.BackendMemory {
		s.Backend = keys.BackendMemory
	}
	return s
}

// notices say where the demo is and what of it stays.
func (d *demoDesk) notices() []string {
	lines := []string{"Try it as a customer: " + d.page}
	switch {
	case !d.kept:
		return append(lines, "The data is in a temporary folder and its key in memory: all of it ends with this console.")
	case d.c.Key == keys.BackendMemory:
		return append(lines, "The key is in memory: once this console ends, nothing in "+d.dir+" can be read.")
	}
	return append(lines, "The data stays in "+d.dir+".")
}

// run lets the customers in and shows the desk.
func (d *demoDesk) run(ctx context.Context, p *program) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	served := make(chan error, 1)
	go func() {
		defer cancel()
		served <- d.hub.serve(ctx)
	}()
	street, err := demo.Start(ctx, demo.Options{Shop: d.shop, HubURL: d.hub.url(), Customers: d.c.Customers, Log: d.hub.o.Log})
	if err == nil {
		d.shop = nil // Close of the street closes it
		err = d.show(ctx, p)
		err = errors.Join(err, street.Close())
	}
	cancel()
	return errors.Join(err, <-served)
}

// show attaches the console, by the same way that every console takes; without
// a terminal it says where everything is and stays.
func (d *demoDesk) show(ctx context.Context, p *program) error {
	if !p.terminal() && !p.plain {
		if err := d.announce(p); err != nil {
			return err
		}
		<-ctx.Done()
		return nil
	}
	c, err := staff.Dial(ctx, []string{d.hub.socket()}, "")
	if err != nil {
		return err
	}
	show := p.attach
	if p.plain {
		show = p.lines
	}
	if status := show(ctx, c); status != staff.ExitOK && ctx.Err() == nil {
		return exit(status)
	}
	return nil
}

// announce writes one line of JSON with the demo's addresses.
func (d *demoDesk) announce(p *program) error {
	line, err := json.Marshal(struct {
		Page   string `json:"page"`
		Hub    string `json:"hub"`
		Data   string `json:"data"`
		Socket string `json:"socket"`
		PID    int    `json:"pid"`
	}{d.page, d.hub.url(), d.place().Data, d.hub.socket(), os.Getpid()})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, string(line))
	return err
}

// close closes what is open and removes a temporary folder.
func (d *demoDesk) close() error {
	var errs []error
	if d.shop != nil {
		errs = append(errs, d.shop.Close())
	}
	if d.mail != nil {
		errs = append(errs, d.mail.Close())
	}
	if d.log != nil {
		errs = append(errs, d.log.Close())
	}
	if !d.kept && d.dir != "" {
		errs = append(errs, os.RemoveAll(d.dir))
	}
	return errors.Join(errs...)
}
