package chat

import (
	"context"
	"net"
	"net/netip"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gobwas/ws"

	"hark/desk"
)

// Bounds on what waits in memory for one connection. Items beyond them are
// read from the journal when their turn comes; answers beyond them mean that
// the client writes but does not read.
const (
	liveItems     = 32
	answersWait   = 64
	pageItems     = 64
	frameItemSize = 128 << 10 // bytes of items in one frame, unless one item is larger
)

// readWait is how long one look into the journal may take.
const readWait = 10 * time.Second

// conn is one open socket of a visitor.
//
// Who writes to it is decided under mu: whoever finds something to write and
// nobody writing starts the writer, which ends when nothing is left. What is
// written next follows from sent and head alone, so there is nothing that
// could get out of step.
type conn struct {
	s       *Server
	net     net.Conn
	address netip.Addr // as limits count it
	seat    bool       // it holds a seat under its forwarded address
	group   uint8      // its place in the roster

	visitor *visitor // nil before hello; only the reader uses it, or who works for it
	frames  bucket   // only the reader
	bytes   bucket   // only the reader

	done chan struct{} // the crew has handled a frame
	wire sync.Mutex    // held while a frame leaves

	mu           sync.Mutex
	greeted      bool
	closed       bool
	writing      bool
	ping         bool
	pong         []byte // the payload to answer a ping with, nil for none
	typingChange bool
	typing       string
	readChange   bool
	readTo       uint64 // staff have read the visitor's words up to here
	placeChange  bool
	place        desk.Place
	conversation desk.ID
	sent         uint64   // the ordinal of the last item handed to the writer
	head         uint64   // the ordinal of the newest item there is
	live         []item   // the items right behind sent, as far as they are in memory
	answers      [][]byte // frames that are no items, in order
}

// start begins a connection after its hello: the client has everything up to
// ord of the conversation it names.
func (c *conn) start(known desk.Visitor, conversation string, ord uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	same := conversation == known.Conversation.String()
	reset := conversation != "" && !same || ord > known.Ord
	c.greeted = true
	c.conversation, c.head = known.Conversation, known.Ord
	if same && !reset {
		c.sent = ord
	}
	c.marks(known)
	c.answer(welcome(known, reset))
}

// marks makes what staff have read and the visitor's place in line what is
// written behind a welcome.
func (c *conn) marks(known desk.Visitor) {
	c.readTo, c.place = known.Read, desk.Place{}
	if !known.Conversation.IsZero() {
		c.place = c.s.desk.Place(known.Conversation)
	}
	c.readChange, c.placeChange = c.s.readMarks && c.readTo > 0, c.place.Position > 0
}

func welcome(v desk.Visitor, reset bool) []byte {
	return encode(welcomeFrame{T: "welcome", Conversation: v.Conversation.String(), Ord: v.Ord, Status: v.Status, Reset: reset})
}

// follow brings the connection up to what the desk knows: newer items, or
// another conversation that the visitor's words now belong to.
func (c *conn) follow(known desk.Visitor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.greeted || known.Conversation.IsZero() {
		return
	}
	if c.conversation != known.Conversation {
		reset := !c.conversation.IsZero()
		c.conversation, c.sent, c.head, c.live = known.Conversation, 0, known.Ord, nil
		c.marks(known)
		c.answer(welcome(known, reset))
		return
	}
	c.head = max(c.head, known.Ord)
	c.kick()
}

// offer hands the connection an item that just happened. It reports whether
// the item is of the conversation that the connection follows.
func (c *conn) offer(conversation desk.ID, it item) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.greeted {
		return true // start and the follow after it see the item
	}
	if c.conversation != conversation {
		return false
	}
	if it.ord == c.sent+uint64(len(c.live))+1 && len(c.live) < liveItems {
		c.live = append(c.live, it)
	}
	c.head = max(c.head, it.ord)
	c.kick()
	return true
}

// setTyping tells who of the staff writes; the last word wins.
func (c *conn) setTyping(conversation desk.ID, who string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.greeted && c.conversation == conversation {
		c.typing, c.typingChange = who, true
		c.kick()
	}
}

// setRead tells how far staff have read.
func (c *conn) setRead(conversation desk.ID, ord uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.greeted && c.conversation == conversation && ord > c.readTo && c.s.readMarks {
		c.readTo, c.readChange = ord, true
		c.kick()
	}
}

// setPlace tells where in the line the visitor stands.
func (c *conn) setPlace(conversation desk.ID, p desk.Place) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.greeted && c.conversation == conversation && c.place != p {
		c.place, c.placeChange = p, true
		c.kick()
	}
}

// reply queues a frame that answers the client.
func (c *conn) reply(frame []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer(frame)
}

func (c *conn) answer(frame []byte) {
	if len(c.answers) >= answersWait {
		c.abort()
		return
	}
	c.answers = append(c.answers, frame)
	c.kick()
}

// sendPing has a ping sent when the writer comes by.
func (c *conn) sendPing() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ping = true
	c.kick()
}

// sendPong answers a ping; of several, the last.
func (c *conn) sendPong(payload []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pong = append(make([]byte, 0, len(payload)), payload...)
	c.kick()
}

func (c *conn) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// kick starts the writer if it is not at work.
func (c *conn) kick() {
	if c.writing || c.closed {
		return
	}
	c.writing = true
	go c.write()
}

// abort closes the connection without a word; it would not get through.
func (c *conn) abort() {
	c.closed = true
	_ = c.net.Close()
}

// outgoing is what the writer does next.
type outgoing struct {
	frames       [][]byte
	ping         bool
	pong         []byte
	conversation desk.ID // with after: read the journal behind this ordinal
	after        uint64
	read         bool
}

// next takes what is to be written, or ends the writer.
func (c *conn) next() (out outgoing, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		c.writing, c.answers, c.live = false, nil, nil
		return out, false
	}
	out.frames, c.answers = c.answers, nil
	out.ping, c.ping = c.ping, false
	out.pong, c.pong = c.pong, nil
	if c.typingChange {
		out.frames = append(out.frames, encode(typingFrame{"typing", c.typing}))
		c.typingChange, c.typing = false, ""
	}
	out.frames = c.appendMarks(out.frames)
	switch {
	case len(c.live) > 0:
		c.sent = c.live[len(c.live)-1].ord
		out.frames = appendItems(out.frames, c.live)
		c.live = nil
	case c.sent < c.head:
		out.conversation, out.after, out.read = c.conversation, c.sent, true
	}
	c.writing = len(out.frames) > 0 || out.ping || out.pong != nil || out.read
	return out, c.writing
}

// appendMarks appends what has changed beside the items.
func (c *conn) appendMarks(frames [][]byte) [][]byte {
	if c.readChange {
		frames = append(frames, encode(readFrame{"read", c.readTo}))
		c.readChange = false
	}
	if c.placeChange {
		frames = append(frames, encodePlace(c.place))
		c.placeChange = false
	}
	return frames
}

// appendItems appends frames with all the items.
func appendItems(frames [][]byte, items []item) [][]byte {
	for len(items) > 0 {
		n, size := 0, 0
		for n < len(items) && (n == 0 || size+len(items[n].raw) <= frameItemSize) {
			size += len(items[n].raw)
			n++
		}
		frames = append(frames, encodeItems(items[:n]))
		items = items[n:]
	}
	return frames
}

// write is the writer.
func (c *conn) write() {
	defer c.contain()
	for {
		out, ok := c.next()
		if !ok {
			return
		}
		if !c.send(out) || out.read && !c.readBehind(out.conversation, out.after) {
			c.mu.Lock()
			c.abort()
			c.mu.Unlock()
		}
	}
}

// send writes everything at once.
func (c *conn) send(out outgoing) bool {
	b := c.s.buffers.get()
	defer func() { c.s.buffers.put(b) }()
	for _, f := range out.frames {
		b = appendFrame(b, ws.OpText, f)
	}
	if out.pong != nil {
		b = appendFrame(b, ws.OpPong, out.pong)
	}
	if out.ping {
		b = appendFrame(b, ws.OpPing, nil)
	}
	c.wire.Lock()
	defer c.wire.Unlock()
	return len(b) == 0 || c.transmit(b, c.s.limits.Write)
}

// transmit writes bytes within a time. The caller holds wire.
func (c *conn) transmit(b []byte, within time.Duration) bool {
	if c.net.SetWriteDeadline(time.Now().Add(within)) != nil {
		return false
	}
	_, err := c.net.Write(b)
	return err == nil
}

// readBehind fetches the items behind an ordinal from the journal and makes
// them what is written next.
func (c *conn) readBehind(conversation desk.ID, after uint64) bool {
	ctx, cancel := context.WithTimeout(c.s.ctx, readWait)
	defer cancel()
	found, err := c.s.readItems(ctx, conversation, after)
	if err != nil {
		c.fail(closeTryAgain, "the desk cannot be read now")
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conversation != conversation || c.sent != after {
		return true
	}
	if len(found) == 0 { // what was there has been erased
		c.head = after
		return true
	}
	c.live = found
	c.head = max(c.head, found[len(found)-1].ord)
	return true
}

// fail says why the connection ends and ends it: nothing else is written, and
// the reader stops. With code 0 there is nobody to tell.
func (c *conn) fail(code ws.StatusCode, reason string) {
	c.mu.Lock()
	already := c.closed
	c.closed = true
	c.mu.Unlock()
	if already || code == 0 {
		return
	}
	// A writer that is stuck holds the wire: this frees it in time.
	_ = c.net.SetWriteDeadline(time.Now().Add(lastWords))
	c.wire.Lock()
	defer c.wire.Unlock()
	c.transmit(appendFrame(nil, ws.OpClose, ws.NewCloseFrameBody(code, reason)), lastWords)
	_ = c.net.SetReadDeadline(time.Now().Add(lingerTime))
}

// contain keeps a fault of one connection from the rest of the hub.
func (c *conn) contain() {
	if r := recover(); r != nil {
		c.s.log.Error("a visitor's connection failed and was closed", "stack", string(debug.Stack()))
		c.mu.Lock()
		c.abort()
		c.mu.Unlock()
	}
}
