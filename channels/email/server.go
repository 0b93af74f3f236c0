package email

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"hark/channels/email/imap"
	"hark/channels/email/intake"
	"hark/channels/email/mailsync"
	"hark/channels/email/outbox"
	"hark/channels/email/thread"
	"hark/desk"
	"hark/desk/mailbox"
)

// Server is the desk's mail: all accounts together. It is safe for concurrent
// use.
type Server struct {
	o        Options
	log      *slog.Logger
	keys     *thread.Keys
	accounts []*account
	intake   *intake.Intake
	outbox   *outbox.Outbox
	changed  chan struct{} // capacity 1: an account is not as it was
	board    atomic.Pointer[[]desk.MailAccount]
}

// account is one mailbox at work.
type account struct {
	Account
	engine *mailsync.Engine
	lamp   atomic.Pointer[desk.Lamp] // as it was last told
}

// boardPause is how often counters are counted again at most.
const boardPause = 500 * time.Millisecond

// New joins the parts of a mail server. Run makes them work.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	keys, err := thread.NewKeys(o.Keys...)
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	s := &Server{o: o, log: o.Log, keys: keys, changed: make(chan struct{}, 1)}
	for _, a := range o.Accounts {
		s.accounts = append(s.accounts, s.account(a))
	}
	s.outbox, err = outbox.New(s.sending())
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	s.intake, err = intake.New(s.reading())
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	s.board.Store(s.survey(context.Background(), nil))
	return s, nil
}

// account prepares one mailbox.
func (s *Server) account(a Account) *account {
	a.Signature = strings.TrimPrefix(a.Signature, "-- \n") // the line above it is ours to write
	acc := &account{Account: a}
	limits := s.o.Sync
	if a.SizeLimit > 0 {
		limits.Size, limits.Hard = a.SizeLimit, max(a.SizeLimit, limits.Hard, 64<<20)
	}
	acc.engine = mailsync.New(mailsync.Options{
		Account: a.Name, Boxes: a.Boxes, Sent: a.Sent, Store: s.o.Store, History: a.History, Secret: a.Secret,
		Dial: func(ctx context.Context) (imap.Box, error) {
			return imap.Dial(ctx, imap.Options{
				Host: a.IMAP.Host, Port: a.IMAP.Port, Security: a.IMAP.Security, TLS: a.IMAP.TLS,
				User: a.User, Auth: a.Auth, Secret: a.Secret, Log: s.log.With("account", a.Name),
			})
		},
		Notify: func() {
			s.intake.Wake()
			s.ring()
		},
		Report: func(status mailsync.Status) {
			s.light(acc, status)
			s.ring()
		},
		Limits: limits, Log: s.log,
	})
	return acc
}

// sending is what the outbox is made of.
func (s *Server) sending() outbox.Options {
	o := outbox.Options{
		Desk: s.o.Desk, Store: s.o.Store, File: s.o.File, Part: s.Part, Zone: s.o.Zone, Dial: s.o.Dial, Log: s.log, Limits: s.o.Send,
	}
	for _, a := range s.accounts {
		post := outbox.Account{
			Name: a.Name, Address: a.Address, Host: a.SMTP.Host, Port: a.SMTP.Port, Security: a.SMTP.Security, TLS: a.SMTP.TLS,
			User: a.User, Auth: a.Auth, Secret: a.Secret, Compose: a.Compose,
		}
		if a.Sent != mailsync.SentNever {
			post.Sent = a.engine
		}
		o.Accounts = append(o.Accounts, post)
	}
	return o
}

// reading is what the intake is made of.
func (s *Server) reading() intake.Options {
	o := intake.Options{
		Store: s.o.Store, Desk: s.o.Desk, State: s.o.State, Keys: s.keys, Bounced: s.bounced, Referred: s.outbox.Answered, Settled: s.ring, Log: s.log, Limits: s.o.Intake,
	}
	for _, a := range s.accounts {
		o.Accounts = append(o.Accounts, intake.Account{
			Name: a.Name, Address: a.Address.Mail, Queue: a.Queue, AuthServ: a.AuthServ, AutoReply: a.AutoReply,
		})
	}
	return o
}

// bounced hands a delivery report to the outbox.
func (s *Server) bounced(ctx context.Context, b intake.Bounce) error {
	_, _, err := s.outbox.Bounced(ctx, b.Mail, *b.Report)
	return err
}

// Run receives and sends until ctx ends. It may be called once.
func (s *Server) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make(chan error, 2)
	var rooms sync.WaitGroup
	for _, a := range s.accounts {
		rooms.Go(func() { a.engine.Run(ctx) })
	}
	rooms.Go(func() { s.mirror(ctx) })
	rooms.Go(func() { s.count(ctx) })
	run := func(name string, fn func(context.Context) error) {
		rooms.Go(func() {
			defer cancel() // half a mail channel would only look like one
			if err := fn(ctx); err != nil && !errors.Is(err, context.Canceled) {
				errs <- fmt.Errorf("mail: %s: %w", name, err)
			}
		})
	}
	run("intake", s.intake.Run)
	run("outbox", s.outbox.Run)
	rooms.Wait()
	close(errs)
	var err error
	for e := range errs {
		err = errors.Join(err, e)
	}
	return err
}

// Import puts mails into the ledger under the account named and has them taken
// in. The box says where they came from.
func (s *Server) Import(ctx context.Context, arrivals ...mailbox.Arrival) error {
	err := s.o.Store.Put(ctx, arrivals...)
	s.intake.Wake()
	s.ring()
	return err
}

// ring says that an account is not as it was.
func (s *Server) ring() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// count keeps what Accounts says true.
func (s *Server) count(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.changed:
		}
		s.board.Store(s.survey(ctx, s.board.Load()))
		select {
		case <-ctx.Done():
			return
		case <-time.After(boardPause):
		}
	}
}

var _ desk.Mailroom = (*Server)(nil)

// closing closes two things that were opened one over the other.
type closing struct {
	io.Reader
	io.Closer
}
