package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"hark/channels/chat"
	"hark/channels/email"
	"hark/config"
	"hark/desk"
	"hark/desk/canned"
	"hark/desk/route"
	"hark/recorder"
	"hark/recorder/keys"
	"hark/staff"
)

// Limits on the parts of a shutdown.
const stoppedTimeout = 5 * time.Second

// hubOptions are what a hub is opened with.
type hubOptions struct {
	Place   config.Place
	File    *config.File
	Key     keys.Source
	Create  *founding // makes the desk when the folder holds none; nil refuses
	Notices []string  // lines that every console shows at its start
	Ends    bool      // the hub ends with the console that opened it
	// Progress is told how far the journal has been read again, where that is
	// needed; nil for nobody.
	Progress func(done, total uint64)
	Log      *slog.Logger
}

// founding is what an empty desk begins with.
type founding struct {
	Name  string
	Owner desk.AccountCreated
}

// hub is an open desk: the only one that has the data folder.
type hub struct {
	o     hubOptions
	desk  *desk.Desk
	rec   *recorder.Recorder
	lamps *lampPost
	chat  *chat.Server
	mail  *email.Server // nil without a mail account
	web   net.Listener
	staff *staff.Server
	local *net.UnixListener

	router *route.Engine
	canned *canned.Folder

	started bool
	ending  chan struct{} // closed by stop
	once    sync.Once
}

// openHub opens the recorder, the desk and the sockets, in this order, and
// closes what it has opened when one of them fails. From then on connections
// wait to be served.
func openHub(ctx context.Context, o hubOptions) (*hub, error) {
	h := &hub{o: o, lamps: &lampPost{}, ending: make(chan struct{})}
	err := h.openDesk(ctx)
	if err == nil {
		err = h.publish(ctx)
	}
	if err == nil {
		err = h.openMail()
	}
	if err == nil {
		err = h.listen(ctx)
	}
	if err == nil {
		err = h.desk.Started(ctx, release())
	}
	if err != nil {
		return nil, errors.Join(err, h.close(ctx))
	}
	h.started = true
	if h.o.Notices == nil {
		h.o.Notices = h.siteNotices()
	}
	return h, nil
}

// foundDesk makes the desk and closes it again, without opening a door.
func foundDesk(ctx context.Context, o hubOptions) error {
	h := &hub{o: o, lamps: &lampPost{}, ending: make(chan struct{})}
	err := h.openDesk(ctx)
	return errors.Join(err, h.close(ctx))
}

// found makes the desk when the journal is empty.
func (h *hub) found(ctx context.Context) error {
	switch {
	case !h.desk.Info().ID.IsZero():
		return nil
	case h.o.Create == nil:
		return desk.Errorf(desk.NotFound, "the making of the desk in %s was cut short; nothing is in it, so move the folder away and start hark again", h.o.Place.Data)
	}
	return h.desk.Create(ctx, h.o.Create.Name, h.o.Create.Owner)
}

// listen opens the public web server's socket and that of staff.
func (h *hub) listen(ctx context.Context) error {
	c := h.o.File.Chat
	var err error
	if h.web, err = listenWeb(ctx, c); err != nil {
		return err
	}
	h.chat = chat.New(h.chatOptions(c))
	key, err := h.rec.HostKey(ctx)
	if err != nil {
		return err
	}
	s := h.o.File.Staff
	o := staff.Options{
		Desk: h.desk, Accounts: h.rec.State(), HostKey: key, Owner: os.Getuid(),
		Console: h.console, Plain: h.plain, Farewell: h.farewell, Stop: h.stop, Doctor: h.checks,
		FileLimit: int64(c.FileLimit), Idle: s.Idle, MaxConns: s.MaxConnections, Log: h.o.Log,
	}
	if h.mail != nil {
		o.ImportMail = h.importMail
	}
	if h.staff, err = staff.New(o); err != nil {
		return err
	}
	path := s.Socket
	if path == "" {
		if path, err = staff.SocketPath(h.o.Place.Data); err != nil {
			return desk.Errorf(desk.Unavailable, "%w", err)
		}
	}
	if h.local, err = staff.Listen(path, s.Group); err != nil {
		return desk.Errorf(desk.Unavailable, "the hub's socket cannot be opened: %w", err)
	}
	return nil
}

// listenWeb opens the public web server's socket, with TLS where it is set up.
func listenWeb(ctx context.Context, c config.Chat) (net.Listener, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return nil, desk.Errorf(desk.Unavailable, "the web server cannot listen on %s: %w; change chat.listen in hark.toml, or end what listens there", c.Listen, err)
	}
	if c.TLS.Cert == "" {
		return ln, nil
	}
	pair, err := tls.LoadX509KeyPair(c.TLS.Cert, c.TLS.Key)
	if err != nil {
		return nil, errors.Join(desk.Errorf(desk.Unavailable, "the certificate cannot be used: %w; hark config check says more", err), ln.Close())
	}
	return tls.NewListener(ln, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS13}), nil
}

// serve lets people in until ctx ends or somebody stops the hub, and closes
// the hub.
func (h *hub) serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, h.stop)
	defer stop()
	go func() {
		<-h.ending
		cancel()
	}()
	go h.rest(ctx)
	var writers sync.WaitGroup
	writers.Go(func() { _ = h.router.Run(ctx) }) // it ends with ctx only
	writers.Go(func() { h.runMail(ctx) })
	failed := make(chan error, 2)
	go func() { failed <- h.chat.Serve(ctx, h.web) }()
	go func() { failed <- h.staff.Serve(ctx, h.local) }()
	h.o.Log.Info("the desk is open", "pid", os.Getpid(), "web", h.web.Addr().String(), "socket", h.local.Addr().String())
	err := <-failed
	cancel() // a hub without one of its doors ends, and says why
	err = errors.Join(err, <-failed)
	writers.Wait() // nothing is written behind the desk's end
	return errors.Join(err, h.close(ctx))
}

// stop makes serve end; it returns at once.
func (h *hub) stop() { h.once.Do(func() { close(h.ending) }) }

// close closes whatever is open, the doors first, and the data last.
func (h *hub) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stoppedTimeout)
	defer cancel()
	var errs []error
	if h.web != nil {
		_ = h.web.Close() // closed already where it was served
	}
	if h.local != nil {
		_ = h.local.Close()
	}
	if h.desk != nil {
		h.desk.Close()
		if h.started {
			errs = append(errs, h.desk.Stopped(ctx))
		}
	}
	if h.rec != nil {
		errs = append(errs, h.rec.Close())
	}
	err := errors.Join(errs...)
	if err != nil {
		err = fmt.Errorf("close the desk: %w", err)
	}
	if h.started {
		h.o.Log.Info("the desk is closed", "pid", os.Getpid())
	}
	if h.staff != nil {
		h.staff.Close() // who asked for the end sees it by this
	}
	return err
}

// socket returns the path of the hub's socket.
func (h *hub) socket() string { return h.local.Addr().String() }

// url returns the web server's address as a browser on this machine reaches it.
func (h *hub) url() string {
	scheme := "http"
	if h.o.File.Chat.TLS.Cert != "" {
		scheme = "https"
	}
	return scheme + "://" + h.web.Addr().String()
}
