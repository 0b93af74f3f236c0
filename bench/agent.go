package main

import (
	"bufio"
	"context"
	"time"

	"github.com/gobwas/ws"
)

// followRelay is the agent's end of the relay. It fills the board until the
// connection ends.
func followRelay(ctx context.Context, addr string, b *board) (stop func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	conn, br, _, err := ws.Dial(ctx, "ws://"+addr+"/agent")
	if err != nil {
		return nil, err
	}
	if br == nil {
		br = bufio.NewReaderSize(conn, 64<<10)
	}
	go func() {
		for {
			payload, err := readText(br)
			if err != nil {
				return
			}
			b.arrive(payload, time.Now())
		}
	}()
	return func() { _ = conn.Close() }, nil
}
