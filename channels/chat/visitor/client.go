package visitor

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	mrand "math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/lxzan/gws"
)

// Options are what a Client is made of.
type Options struct {
	Hub    string // where the hub listens: "http://127.0.0.1:8080"
	Origin string // the site the visitor is on: "http://127.0.0.1:8081"
	Token  string // the visitor's secret; "" makes a new one
	Name   string // what the visitor wants to be called
	Mail   string // where an answer may be sent
	Page   string // the address of the page
	Notice string // the version of the notice that the visitor was shown
	Lang   string // the language of the notice

	// Handle hears what happens, from one goroutine at a time and in order.
	// It must return soon and may call the client's methods.
	Handle func(Event)
	// Window is how many messages may be on their way at once; 1 (which 0
	// means) keeps their order even when the hub refuses one for a while.
	Window int
	// RetryMin and RetryMax bound the wait between attempts to connect;
	// 250 ms and 15 s where they are zero.
	RetryMin, RetryMax time.Duration
	// Dial replaces the ordinary way to reach an address.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Client is one tab of one visitor. Its methods may be called at any time,
// also while there is no connection.
type Client struct {
	o      Options
	dialed string              // host:port
	addr   string              // ws URL
	web    func() *http.Client // made when it is first used

	deliver sync.Mutex // Handle is called under it

	mu           sync.Mutex
	socket       *gws.Conn
	ready        bool // welcomed
	outbox       []message
	flying       int  // how many of the outbox, from its beginning, are on their way
	paused       bool // the hub asked for a while of silence
	patience     *time.Timer
	conversation string
	ord          uint64
	stats        Stats
}

// message is what was said and is not yet in the hub.
type message struct {
	id, text string
	files    []string
}

// Stats counts what went on.
type Stats struct {
	Connects   int // connections that were welcomed
	Sent       int // frames with a message, those sent again included
	Gaps       int // items that came too early; the connection was dropped
	Duplicates int // items that came again
}

// What the waits are.
const (
	retryMin = 250 * time.Millisecond
	retryMax = 15 * time.Second
	dialWait = 10 * time.Second
	sendWait = 10 * time.Second
	webWait  = 11 * time.Minute // for a file, however large and slow
	okWait   = 20 * time.Second // without an answer the connection counts as dead
)

// TextLimit is the longest text that a frame is sure to hold, in bytes.
const TextLimit = 7 << 10

// New returns a client that is not connected; Run connects it.
func New(o Options) (*Client, error) {
	u, err := url.Parse(o.Hub)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a hub, such as http://127.0.0.1:8080", o.Hub)
	}
	if o.Token == "" {
		o.Token = Secret(32)
	}
	if o.Handle == nil {
		o.Handle = func(Event) {}
	}
	if o.Dial == nil {
		o.Dial = new(net.Dialer).DialContext
	}
	o.Window = max(o.Window, 1)
	if o.RetryMin <= 0 {
		o.RetryMin = retryMin
	}
	if o.RetryMax <= 0 {
		o.RetryMax = retryMax
	}
	c := &Client{o: o}
	c.addr, c.dialed = socketAddress(u)
	c.web = sync.OnceValue(func() *http.Client {
		return &http.Client{Timeout: webWait, Transport: &http.Transport{DialContext: o.Dial, MaxIdleConns: 2, IdleConnTimeout: retryMax}}
	})
	c.patience = time.AfterFunc(okWait, c.dropSilent)
	c.patience.Stop()
	return c, nil
}

// socketAddress returns the URL of the socket and what to dial for it.
func socketAddress(u *url.URL) (ws, dial string) {
	scheme, port := "ws", "80"
	if u.Scheme == "https" {
		scheme, port = "wss", "443"
	}
	if u.Port() != "" {
		port = u.Port()
	}
	return scheme + "://" + u.Host + "/socket", net.JoinHostPort(u.Hostname(), port)
}

// Secret returns n random bytes as text, as browsers make tokens and the
// identifiers of messages.
func Secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, by its contract
	return base64.RawURLEncoding.EncodeToString(b)
}

// Token returns the visitor's secret: with it another Client is another tab.
func (c *Client) Token() string { return c.o.Token }

// Conversation returns the identifier of the visitor's conversation, "" before
// there is one, and the ordinal of the last item that came.
func (c *Client) Conversation() (id string, ord uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.conversation, c.ord
}

// Waiting returns how many messages the hub has not confirmed.
func (c *Client) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.outbox)
}

// Stats returns what went on so far.
func (c *Client) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}

// errLong is what Say answers to a text that no frame holds.
var errLong = errors.New("the text is too long for one message")

// Say queues a message, with files that were uploaded, and returns its
// identifier. It is sent, and sent again over every new connection, until the
// hub has it or refuses it for good.
func (c *Client) Say(text string, files ...File) (id string, err error) {
	if len(text) > TextLimit {
		return "", errLong
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	id = Secret(12)
	m := message{id: id, text: text}
	for _, f := range files {
		m.files = append(m.files, f.ID)
	}
	c.outbox = append(c.outbox, m)
	c.pump()
	return id, nil
}

// Typing tells staff that the visitor writes, or stopped. It is of the moment:
// without a connection it is lost.
func (c *Client) Typing(on bool) { c.hint(typingOut{"typing", on}) }

// Seen tells the desk that everything up to ord has arrived.
func (c *Client) Seen(ord uint64) { c.hint(ordOut{"seen", ord}) }

// Read tells the desk that everything up to ord was before the visitor's eyes.
func (c *Client) Read(ord uint64) { c.hint(ordOut{"read", ord}) }

// Unsent shows staff what stands in the visitor's field; a hub that has no
// notice for it passes over it.
func (c *Client) Unsent(text string) { c.hint(unsentOut{"unsent", text}) }

// Leave ends the chat; an item says that it did. Without a connection it is
// lost.
func (c *Client) Leave() { c.hint(leaveOut{"leave"}) }

func (c *Client) hint(frame any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ready {
		c.write(frame)
	}
}

// Run keeps the client connected until ctx ends, whose error it returns.
func (c *Client) Run(ctx context.Context) error {
	for attempt := 0; ; attempt++ {
		if c.session(ctx) {
			attempt = 0
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(c.backoff(attempt)):
		}
	}
}

// backoff doubles with every attempt and is spread, so that those who lost the
// hub together do not come back together.
func (c *Client) backoff(attempt int) time.Duration {
	d := float64(c.o.RetryMin) * math.Pow(2, float64(min(attempt, 16)))
	return time.Duration(min(d, float64(c.o.RetryMax)) * (0.5 + mrand.Float64()/2))
}

// session is one connection from dialling to its end. It reports whether the
// hub said welcome.
func (c *Client) session(ctx context.Context) (welcomed bool) {
	socket, err := c.connect(ctx)
	if err != nil {
		return false
	}
	stop := context.AfterFunc(ctx, func() { _ = socket.NetConn().Close() })
	defer stop()
	before := c.Stats().Connects
	socket.ReadLoop()
	return c.Stats().Connects > before
}

func (c *Client) connect(ctx context.Context) (*gws.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWait)
	defer cancel()
	raw, err := c.o.Dial(ctx, "tcp", c.dialed)
	if err != nil {
		return nil, err
	}
	socket, response, err := gws.NewClientFromConn(&ears{c}, c.socketOptions(), c.secure(raw))
	if response != nil && response.Body != nil {
		_ = response.Body.Close()
	}
	return socket, err
}
