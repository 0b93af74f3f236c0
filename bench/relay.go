package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gobwas/ws"
)

// relayCommand makes this program the relay, in a process of its own.
const relayCommand = "relay-in-a-process-of-its-own"

// relay is the peer of the chat bench, as good as we can write it: visitors
// send text frames, the frames of all who wait go to a file with one write and
// one sync, then to every agent, and the sender gets its "ok". There is no
// sealing, no state, no history, no limit and no check of who sends.
type relay struct {
	file   *groupFile
	safe   chan []*record // what is durable, from the file's goroutine
	mu     sync.Mutex
	agents []net.Conn
}

// sendTimeout is how long a receiver may hold the relay up before it is cut.
const sendTimeout = 5 * time.Second

// serveRelay serves until ctx ends. It prints its address first.
func serveRelay(ctx context.Context, dir string, out io.Writer) error {
	r := &relay{safe: make(chan []*record, 64)}
	file, err := openGroupFile(filepath.Join(dir, "relayed"), func(batch []*record) { r.safe <- batch })
	if err != nil {
		return err
	}
	r.file = file
	go r.hand()
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = l.Close() }) // ends Accept, whatever it says
	defer stop()
	fmt.Fprintln(out, l.Addr())
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return file.close()
		}
		if err != nil {
			return err
		}
		go r.serve(conn)
	}
}

func (r *relay) serve(conn net.Conn) {
	defer conn.Close()
	agent := false
	up := ws.Upgrader{OnRequest: func(uri []byte) error {
		agent = string(uri) == "/agent"
		return nil
	}}
	if _, err := up.Upgrade(conn); err != nil {
		return
	}
	if agent {
		r.mu.Lock()
		r.agents = append(r.agents, conn)
		r.mu.Unlock()
	}
	if err := r.read(conn); err != nil && !gone(err) {
		fmt.Fprintln(os.Stderr, "relay:", err)
	}
}

func gone(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrUnexpectedEOF) || isReset(err)
}

func (r *relay) read(conn net.Conn) error {
	in := bufio.NewReaderSize(conn, 512)
	for {
		payload, err := readText(in)
		if err != nil {
			return err
		}
		switch {
		case bytes.HasPrefix(payload, []byte(`{"t":"say"`)):
			r.file.add(&record{bytes: append(payload, '\n'), from: conn})
		case bytes.HasPrefix(payload, []byte(`{"t":"hello"`)):
			if _, err := conn.Write(appendText(nil, []byte(`{"t":"welcome"}`))); err != nil {
				return err
			}
		}
	}
}

// hand tells the agents, then the senders.
func (r *relay) hand() {
	var frames []byte
	for batch := range r.safe {
		frames = frames[:0]
		for _, rec := range batch {
			frames = appendText(frames, rec.bytes[:len(rec.bytes)-1])
		}
		r.mu.Lock()
		agents := r.agents
		r.mu.Unlock()
		for _, a := range agents {
			send(a, frames)
		}
		for _, rec := range batch {
			if conn, ok := rec.from.(net.Conn); ok {
				send(conn, appendText(nil, okFor(rec.bytes)))
			}
		}
	}
}

// send writes within a limit of time; who does not read is cut off.
func send(conn net.Conn, b []byte) {
	err := conn.SetWriteDeadline(time.Now().Add(sendTimeout))
	if err == nil {
		_, err = conn.Write(b)
	}
	if err != nil {
		_ = conn.Close() // its reader ends by that
	}
}

// okFor answers a message by the identifier that its sender gave it.
func okFor(say []byte) []byte {
	const before = `"id":"`
	id := say
	if i := bytes.Index(say, []byte(before)); i >= 0 {
		id = say[i+len(before):]
	}
	if i := bytes.IndexByte(id, '"'); i >= 0 {
		id = id[:i]
	}
	return append(append([]byte(`{"t":"ok","id":"`), id...), `"}`...)
}
