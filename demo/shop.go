package demo

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync/atomic"
	"time"
)

//go:embed page
var files embed.FS

// Limits on a request to the shop. Its guests are on the same machine.
const (
	headerTimeout = 5 * time.Second
	idleTimeout   = time.Minute
	closeTimeout  = 2 * time.Second
)

// Shop is the sample shop: a few pages about lamps on an address of their own.
type Shop struct {
	server *http.Server
	addr   netip.AddrPort
	pages  *template.Template
	hub    atomic.Pointer[string] // nil until Start
}

// Listen opens the shop at addr ("127.0.0.1:0" for any free port). Until Start
// its pages are there without the chat.
func Listen(ctx context.Context, addr string) (*Shop, error) {
	pages, err := template.ParseFS(files, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the shop's pages: %w", err)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("open the sample shop: %w", err)
	}
	bound, err := netip.ParseAddrPort(l.Addr().String())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the shop's address: %w", err), l.Close())
	}
	s := &Shop{addr: reachable(bound), pages: pages}
	s.server = &http.Server{Handler: s.handler(), ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout}
	go s.server.Serve(l) //nolint:errcheck // it ends by Close, and says only that
	return s, nil
}

// reachable turns "every address" into one that a browser here can open.
func reachable(a netip.AddrPort) netip.AddrPort {
	if a.Addr().IsUnspecified() {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), a.Port())
	}
	return a
}

// Origin returns the shop's origin, which the hub must allow.
func (s *Shop) Origin() string { return "http://" + s.addr.String() }

// PageURL returns the address of the shop's first page.
func (s *Shop) PageURL() string { return s.Origin() + "/" }

// Close ends the shop; who is still reading has two seconds.
func (s *Shop) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if err := s.server.Shutdown(ctx); err != nil {
		return s.server.Close()
	}
	return nil
}

func (s *Shop) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		s.render(w, "index.html", nil)
	})
	mux.HandleFunc("GET /lamps/{id}", func(w http.ResponseWriter, r *http.Request) {
		lamp, ok := lampNamed(r.PathValue("id"))
		if !ok {
			http.NotFound(w, r)
			return
		}
		s.render(w, "lamp.html", &lamp)
	})
	mux.HandleFunc("GET /shop.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "page/shop.css")
	})
	return mux
}

// view is what a page's template shows.
type view struct {
	Hub   string // the hub's address, "" before Start
	Lamp  *lamp
	Lamps []lamp
}

// policy lets a page run the hub's widget and nothing else from elsewhere: the
// widget must work on sites that are as strict.
func policy(hub string) string {
	if hub == "" {
		return "default-src 'self'"
	}
	ws := "ws" + hub[len("http"):]
	return "default-src 'self'; script-src " + hub + "; connect-src " + hub + " " + ws + "; frame-ancestors 'none'"
}

func (s *Shop) render(w http.ResponseWriter, name string, l *lamp) {
	v := view{Lamp: l, Lamps: lamps()}
	if hub := s.hub.Load(); hub != nil {
		v.Hub = *hub
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", policy(v.Hub))
	w.Header().Set("Cache-Control", "no-store")
	if err := s.pages.ExecuteTemplate(w, name, v); err != nil {
		http.Error(w, "the page could not be drawn", http.StatusInternalServerError)
	}
}

// lamp is one thing the shop sells.
type lamp struct {
	ID, Name, Kind, Words string
	Price                 int // euro
	Size, Light           string
}

// PriceText returns the price as the shop prints it.
func (l lamp) PriceText() string { return "€ " + strconv.Itoa(l.Price) }

func lamps() []lamp {
	return []lamp{
		{"fjord", "Fjord", "Table lamp", "Mouth-blown glass on a base of oiled oak. It glows rather than shines.", 149, "34 cm high, 22 cm wide", "E27, 8 W, dims to 5 %"},
		{"ask", "Ask", "Floor lamp", "A slender ash tripod with a linen shade. For the corner where you read.", 289, "158 cm high, shade 40 cm", "E27, 12 W, two steps"},
		{"moln", "Moln", "Pendant", "Three layers of pleated paper, like a cloud at noon. Flat-packed, up in ten minutes.", 119, "52 cm wide, 180 cm of cord", "E27, 15 W at most"},
		{"glimt", "Glimt", "Wall light", "Brushed brass on a joint that stays where you put it. Wired or with a plug.", 98, "18 cm wide, reaches 31 cm", "GU10, 5 W, warm"},
	}
}

func lampNamed(id string) (lamp, bool) {
	for _, l := range lamps() {
		if l.ID == id {
			return l, true
		}
	}
	return lamp{}, false
}
