package chat

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"hark/channels/chat/form"
	"hark/desk"
)

// Options are what a Server is made of.
type Options struct {
	Desk *desk.Desk
	// Origins are the sites that may carry the widget, as browsers name them:
	// "https://shop.example", with a port where it is not the usual one.
	Origins []string
	// TrustedProxies are the addresses whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	Limits         Limits
	// FileLimit is the most bytes that one file of a visitor may have, at most
	// what the desk itself takes; 0 takes none.
	FileLimit int64
	// Notice is the version of the published notice that visitors are shown
	// before they write; "" for none.
	Notice string
	// Preview shows staff what visitors have typed and not sent. It needs a
	// notice, which has to say so: Serve refuses it otherwise.
	Preview bool
	// ReadMarks shows visitors what staff have read.
	ReadMarks bool
	// LinkLife is how long the desk keeps a link open; 0 for desk.LinkLife.
	// Pages say so.
	LinkLife time.Duration
	Log      *slog.Logger // never sees words, names, addresses or tokens
}

// Server is the public web server.
type Server struct {
	desk    *desk.Desk
	log     *slog.Logger
	limits  Limits
	origins map[string]bool
	proxies proxies

	fileLimit int64
	notice    string
	preview   bool
	readMarks bool
	linkDays  int

	script    script
	visitors  *visitors
	open      *roster
	seats     *seats // connections as they come in
	forwarded *seats // sockets behind trusted proxies
	connects  *rates
	messages  *rates
	requests  *rates
	uploads   *rates
	forms     *rates
	uploading *seats  // files that arrive
	pending   *ledger // files that no message has
	pages     func() *form.Pages
	reading   chan struct{}
	buffers   buffers
	crew      *crew
	queue     int             // frames that may wait for the router
	ctx       context.Context // ends when every connection has had its time
}

// New returns a server that listens nowhere yet.
func New(o Options) *Server {
	limits := o.Limits.withDefaults()
	s := &Server{
		desk: o.Desk, log: o.Log, limits: limits, proxies: o.TrustedProxies,
		origins:   map[string]bool{},
		script:    loadScript(),
		visitors:  newVisitors(),
		open:      newRoster(),
		seats:     newSeats(limits.Connections),
		forwarded: newSeats(limits.Connections),
		connects:  newRates(limits.AddressConnects, tableSize),
		messages:  newRates(limits.AddressMessages, tableSize),
		requests:  newRates(limits.Requests, tableSize),
		uploads:   newRates(limits.Uploads, tableSize),
		forms:     newRates(limits.Forms, tableSize),
		uploading: newSeats(uploadsMost),
		pending:   newLedger(limits),
		pages:     loadPages(),
		crew:      newCrew(),
		queue:     routeLimit,
		reading:   make(chan struct{}, 4*runtime.GOMAXPROCS(0)),
	}
	s.fileLimit, s.notice, s.preview, s.readMarks = o.FileLimit, o.Notice, o.Preview, o.ReadMarks
	s.linkDays = int(cmp.Or(o.LinkLife, desk.LinkLife) / (24 * time.Hour))
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	for _, site := range o.Origins {
		if known := canonical(site); known != "" {
			s.origins[known] = true
			continue
		}
		s.log.Error("an origin in the list is not one, such as https://shop.example, and is passed over", "origin", site)
	}
	return s
}

// Serve takes visitors from the listener until ctx ends, then tells everybody
// who is connected that the hub goes, and returns nil within Limits.Close.
// Visitors keep what they write meanwhile and come back by themselves. A
// Server serves once.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	if err := s.checkNotice(); err != nil {
		return errors.Join(err, l.Close())
	}
	base, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	s.ctx = base
	var work sync.WaitGroup
	sub := s.desk.FollowPublic(s.queue)
	work.Go(func() { s.route(base, sub) })
	work.Go(func() { s.open.pingAll(base, s.limits.Ping) })
	web := s.web()
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(&gate{l, s}) }()
	s.desk.SetLamp(desk.Lamp{Part: "chat", OK: true, Words: "taking visitors on " + l.Addr().String()})
	var err error
	select {
	case <-ctx.Done():
		s.close(web)
		<-ended // the listener is closed now
	case err = <-ended:
		s.close(web)
	}
	s.desk.SetLamp(desk.Lamp{Part: "chat", Words: "not taking visitors"})
	end()
	work.Wait()
	return err
}

// web returns the HTTP part. Its limits are short: nothing it serves is large.
func (s *Server) web() *http.Server {
	return &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      20 * time.Second,
		IdleTimeout:       30 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // its words hold addresses
	}
}

// close ends every connection: politely, then in any case. What the desk has
// begun for one of them ends before close returns, or within lastWords.
func (s *Server) close(web *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), s.limits.Close)
	defer cancel()
	s.open.farewell()
	if err := web.Shutdown(ctx); err != nil {
		_ = web.Close()
	}
	if s.open.wait(ctx) {
		return
	}
	s.log.Warn("some visitors' connections were cut", "count", s.open.cut())
	rest, cancelRest := context.WithTimeout(context.Background(), lastWords)
	defer cancelRest()
	s.open.wait(rest)
}

// Handler serves the widget, the socket and the health check.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /widget.js", s.script.serve)
	mux.HandleFunc("GET /more.js", s.script.serveMore)
	mux.HandleFunc("GET /lang/{file}", s.script.serveLanguage)
	mux.HandleFunc("GET /socket", s.serveSocket)
	mux.HandleFunc("GET /healthz", s.serveHealth)
	s.routes(mux)
	return s.guard(mux)
}

// guard puts the headers on every answer that keep a browser from making more
// of it than it is, and contains faults.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			fault := recover()
			if fault == http.ErrAbortHandler { //nolint:errorlint,err113 // it is a value to panic with
				panic(fault)
			}
			if fault != nil {
				s.log.Error("a web request failed", "stack", string(debug.Stack()))
				panic(http.ErrAbortHandler)
			}
		}()
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// serveHealth says whether visitors' words can be kept, and nothing else.
func (s *Server) serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	for _, lamp := range s.desk.Lamps() {
		if lamp.Part == "journal" && !lamp.OK {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, "unavailable\n")
			return
		}
	}
	_, _ = io.WriteString(w, "ok\n")
}

// canonical returns an origin as browsers write it, or "".
func canonical(site string) string {
	u, err := url.Parse(strings.ToLower(strings.TrimSpace(site)))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return ""
	}
	if u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return ""
	}
	if port := u.Port(); port == "80" && u.Scheme == "http" || port == "443" && u.Scheme == "https" {
		u.Host = strings.TrimSuffix(u.Host, ":"+port)
	}
	return u.Scheme + "://" + u.Host
}

// origin returns where a request's page is from; "" when the request does not
// say so exactly once.
func origin(r *http.Request) string {
	all := r.Header.Values("Origin")
	if len(all) != 1 {
		return ""
	}
	return strings.ToLower(all[0])
}

func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }
