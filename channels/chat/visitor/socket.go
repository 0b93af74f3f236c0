package visitor

import (
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/lxzan/gws"
)

// readBuffer is small, so that thousands of clients fit into one process.
const readBuffer = 1 << 10

// frameMax is the largest frame that is taken from the hub, in bytes.
const frameMax = 1 << 20

func (c *Client) socketOptions() *gws.ClientOption {
	header := http.Header{}
	if c.o.Origin != "" {
		header.Set("Origin", c.o.Origin)
	}
	return &gws.ClientOption{
		Addr:               c.addr,
		RequestHeader:      header,
		ReadBufferSize:     readBuffer,
		ReadMaxPayloadSize: frameMax,
		HandshakeTimeout:   dialWait,
		CheckUtf8Enabled:   true,
		Logger:             mute{},
		NewSession:         func() gws.SessionStorage { return nil },
	}
}

// secure puts TLS around a connection where the hub's address asks for it.
func (c *Client) secure(raw net.Conn) net.Conn {
	u, err := url.Parse(c.addr)
	if err != nil || u.Scheme != "wss" {
		return raw
	}
	return tls.Client(raw, &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12})
}

type mute struct{}

func (mute) Error(...any) {}

// What the client sends.

type helloOut struct {
	T            string `json:"t"`
	Token        string `json:"token"`
	Conversation string `json:"conversation"`
	Ord          uint64 `json:"ord"`
}

type sayOut struct {
	T      string   `json:"t"`
	ID     string   `json:"id"`
	Text   string   `json:"text"`
	Name   string   `json:"name,omitempty"`
	Mail   string   `json:"mail,omitempty"`
	Page   string   `json:"page,omitempty"`
	Files  []string `json:"files,omitempty"`
	Notice string   `json:"notice,omitempty"`
	Lang   string   `json:"lang,omitempty"`
}

type typingOut struct {
	T  string `json:"t"`
	On bool   `json:"on"`
}

type ordOut struct {
	T   string `json:"t"`
	Ord uint64 `json:"ord"`
}

type unsentOut struct {
	T    string `json:"t"`
	Text string `json:"text"`
}

type leaveOut struct {
	T string `json:"t"`
}

// in is any frame from the hub.
type in struct {
	T            string `json:"t"`
	Conversation string `json:"conversation"`
	Ord          uint64 `json:"ord"`
	Status       string `json:"status"`
	Reset        bool   `json:"reset"`
	Items        []Item `json:"items"`
	ID           string `json:"id"`
	Code         string `json:"code"`
	Text         string `json:"text"`
	RetryMS      int64  `json:"retry_ms"`
	Who          string `json:"who"`
	Position     int    `json:"position"`
	WaitS        *int64 `json:"wait_s"`
}

// ears hears the socket.
type ears struct{ c *Client }

func (e *ears) OnOpen(socket *gws.Conn) {
	c := e.c
	c.mu.Lock()
	defer c.mu.Unlock()
	c.socket, c.flying, c.paused = socket, 0, false
	c.write(helloOut{"hello", c.o.Token, c.conversation, c.ord})
}

func (e *ears) OnClose(*gws.Conn, error) {
	c := e.c
	c.mu.Lock()
	was := c.ready
	c.socket, c.ready, c.flying = nil, false, 0
	c.expect()
	c.mu.Unlock()
	if was {
		c.tell(Event{Kind: Disconnected})
	}
}

func (e *ears) OnPing(socket *gws.Conn, payload []byte) {
	_ = socket.SetWriteDeadline(time.Now().Add(sendWait))
	_ = socket.WritePong(payload)
}

func (e *ears) OnPong(*gws.Conn, []byte) {}

func (e *ears) OnMessage(socket *gws.Conn, m *gws.Message) {
	defer func() { _ = m.Close() }()
	var f in
	if err := json.Unmarshal(m.Bytes(), &f); err != nil {
		_ = socket.NetConn().Close()
		return
	}
	e.c.hear(f)
}

// tell hands an event to the owner.
func (c *Client) tell(e Event) {
	c.deliver.Lock()
	defer c.deliver.Unlock()
	c.o.Handle(e)
}

// write sends a frame; when that fails the read loop ends and Run connects
// again. It is called under mu, which keeps frames in order.
func (c *Client) write(frame any) {
	b, err := json.Marshal(frame)
	if err != nil {
		panic(err) // the frames are strings, numbers and booleans
	}
	if c.socket.SetWriteDeadline(time.Now().Add(sendWait)) != nil || c.socket.WriteMessage(gws.OpcodeText, b) != nil {
		_ = c.socket.NetConn().Close()
	}
}

// pump sends what waits, as far as the window allows.
func (c *Client) pump() {
	if !c.ready || c.paused {
		return
	}
	for c.flying < min(c.o.Window, len(c.outbox)) {
		m := c.outbox[c.flying]
		c.flying++
		c.stats.Sent++
		c.write(sayOut{
			T: "say", ID: m.id, Text: m.text, Name: c.o.Name, Mail: c.o.Mail, Page: c.o.Page,
			Files: m.files, Notice: c.o.Notice, Lang: c.o.Lang,
		})
	}
	c.expect()
}

// expect has the connection dropped when an answer that is due does not come.
func (c *Client) expect() {
	if c.flying == 0 {
		c.patience.Stop()
		return
	}
	c.patience.Reset(okWait)
}

// dropSilent is called when no answer came in time.
func (c *Client) dropSilent() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.socket != nil && c.flying > 0 {
		_ = c.socket.NetConn().Close()
	}
}

// settle takes a message out of the outbox.
func (c *Client) settle(id string) {
	i := slices.IndexFunc(c.outbox, func(m message) bool { return m.id == id })
	if i < 0 {
		return
	}
	c.outbox = slices.Delete(c.outbox, i, i+1)
	if i < c.flying {
		c.flying--
	}
	c.pump()
}

// again sends everything that waits once more, after a while, and nothing else
// until then: so what was said stays in order.
func (c *Client) again(after time.Duration) {
	socket := c.socket
	c.flying, c.paused = 0, true
	c.expect()
	time.AfterFunc(after, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.socket == socket {
			c.paused = false
			c.pump()
		}
	})
}
