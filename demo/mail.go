package demo

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	randv2 "math/rand/v2"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"hark/channels/email/outbox/smtptest"
)

// The shop's mail, which is nobody's: RFC 2606 keeps .example for that.
const (
	MailAddress = "help@lykta.example"
	// MailAuthServ is who checks senders for the shop's mail server.
	MailAuthServ = "mx.lykta.example"
)

// MailOptions say how a demo's mail is.
type MailOptions struct {
	Customers bool         // people write; without, the mailbox is empty
	Seed      uint64       // the same seed gives the same customers; 0 for others each time
	Pace      float64      // how much faster than people they live; 0 is 1
	Log       *slog.Logger // nil for none; sees no words
}

// Mail is the shop's mail server on loopback, and those who write to it. What
// goes out reaches the sample customers and nobody else.
type Mail struct {
	IMAPPort, SMTPPort int
	User, Password     string

	o      MailOptions
	user   *imapmemserver.User
	imap   *imapserver.Server
	smtp   *smtptest.Server
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu      sync.Mutex
	letters map[string]chan []byte // what comes to a customer's address
}

// StartMail opens the servers, lays the first mails into the mailbox and lets
// the customers write. They stay until ctx ends or Close is called.
func StartMail(ctx context.Context, o MailOptions) (*Mail, error) {
	if o.Seed == 0 {
		o.Seed = randomSeed()
	}
	if o.Pace <= 0 {
		o.Pace = 1
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	var secret [16]byte
	_, _ = rand.Read(secret[:]) // never fails, by its contract
	m := &Mail{User: MailAddress, Password: hex.EncodeToString(secret[:]), o: o, letters: map[string]chan []byte{}}
	if err := m.openIMAP(ctx); err != nil {
		return nil, err
	}
	if err := m.openSMTP(ctx); err != nil {
		_ = m.imap.Close() // its failure would hide the other
		return nil, err
	}
	ctx, m.cancel = context.WithCancel(ctx)
	m.begin(ctx)
	return m, nil
}

// Close ends the servers and sends the customers home.
func (m *Mail) Close() error {
	m.cancel()
	err := errors.Join(m.imap.Close(), m.smtp.Close())
	m.wg.Wait()
	return err
}

// openIMAP opens the mailbox.
func (m *Mail) openIMAP(ctx context.Context) error {
	m.user = imapmemserver.NewUser(m.User, m.Password)
	if err := m.makeBoxes(); err != nil {
		return err
	}
	all := imapmemserver.New()
	all.AddUser(m.user)
	m.imap = imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return all.NewSession(), nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
		InsecureAuth: true, // on loopback there is nobody between
		Logger:       silent{},
	})
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("open the shop's mailbox: %w", err)
	}
	m.IMAPPort = portOf(l.Addr())
	m.wg.Go(func() { _ = m.imap.Serve(l) }) // it ends by Close
	return nil
}

// makeBoxes makes the folders. A folder's UIDVALIDITY is how many there were
// before it: a mailbox of the next run must not look like this one, or a desk
// that is kept would take other mails for those it knows.
func (m *Mail) makeBoxes() error {
	for range randv2.IntN(100_000) {
		if err := m.user.Create("x", nil); err != nil {
			return fmt.Errorf("make the shop's mailbox: %w", err)
		}
		if err := m.user.Delete("x"); err != nil {
			return fmt.Errorf("make the shop's mailbox: %w", err)
		}
	}
	for name, use := range map[string]imap.MailboxAttr{
		"INBOX": "", "Sent": imap.MailboxAttrSent, "Drafts": imap.MailboxAttrDrafts,
		"Junk": imap.MailboxAttrJunk, "Trash": imap.MailboxAttrTrash, "Archive": imap.MailboxAttrArchive,
	} {
		o := &imap.CreateOptions{}
		if use != "" {
			o.SpecialUse = []imap.MailboxAttr{use}
		}
		if err := m.user.Create(name, o); err != nil {
			return fmt.Errorf("make the shop's mailbox: %w", err)
		}
	}
	return nil
}

// openSMTP opens the server by which the desk's mail leaves.
func (m *Mail) openSMTP(ctx context.Context) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("open the shop's mail server: %w", err)
	}
	m.smtp, err = smtptest.New(smtptest.Options{
		Listener: l, MaxBytes: 25 << 20, UTF8: true, Forget: true, Mechanisms: []string{"PLAIN"},
		Login:   func(_, user, secret string) bool { return user == m.User && secret == m.Password },
		Script:  smtptest.Refuse(movedAway, 550, "no such person here"),
		Deliver: m.deliver,
	})
	if err != nil {
		_ = l.Close() // the other failure says more
		return fmt.Errorf("open the shop's mail server: %w", err)
	}
	m.SMTPPort = m.smtp.Port()
	return nil
}

// silent is a logger for a library whose lines would stand in the console.
type silent struct{}

// Printf implements imapserver.Logger.
func (silent) Printf(string, ...any) {}

func portOf(a net.Addr) int {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.Port
	}
	return 0
}

// lettersMost is how many answers wait for a customer to read them.
const lettersMost = 16

// expect returns what comes to an address from now on.
func (m *Mail) expect(address string) <-chan []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.letters[address] == nil {
		m.letters[address] = make(chan []byte, lettersMost)
	}
	return m.letters[address]
}

// deliver brings a mail of the desk to the customers it is for.
func (m *Mail) deliver(d smtptest.Delivery) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, to := range d.To {
		to = strings.ToLower(to)
		if to == MailAddress {
			if err := m.put(d.Bytes, time.Now()); err != nil {
				return err
			}
		}
		select {
		case m.letters[to] <- d.Bytes:
		default: // nobody lives there, or they have enough to read
		}
	}
	return nil
}

// put lays a mail into the mailbox.
func (m *Mail) put(raw []byte, at time.Time) error {
	_, err := m.user.Append("INBOX", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: at})
	return err
}

// literal is a mail as the server takes it.
type literal struct{ *bytes.Reader }

var (
	_ imap.LiteralReader = literal{}
	_ io.Reader          = literal{}
)
