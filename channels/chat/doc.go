// Package chat is how visitors of a website reach the desk: the widget that
// their pages load, and the socket that it talks to. It is the only public web
// server of a hub.
//
// A visitor writes through a WebSocket; each message is journaled by the desk
// before it is acknowledged, and is told apart by an identifier that the
// browser made, so that sending it again is harmless. What a visitor may see
// comes back by ordinal: a connection is only ever sent the item that follows
// the last one it was sent, from memory while it keeps up and from the journal
// when it does not. So there is no gap and no duplicate by construction,
// whatever is cut, slow or restarted. The frames are described in
// docs/visitor-protocol.md.
//
// An idle visitor costs one goroutine that waits for bytes. Writing starts a
// goroutine when there is something to write and ends it with the last byte;
// nothing that one visitor does can hold up another.
package chat
