package chat

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"hark/desk/desktest"
)

// TestFaultEndsOneConnection has the desk missing, so that hello fails inside.
func TestFaultEndsOneConnection(t *testing.T) {
	var log bytes.Buffer
	s := New(Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	c := &conn{s: s, net: tape{}, done: make(chan struct{}, 1)}
	token := desktest.Token("mo")
	s.crew.do(context.Background(), c, frame{T: "hello", Token: token})
	if !c.isClosed() {
		t.Error("the connection is still open")
	}
	if !strings.Contains(log.String(), "failed and was closed") || strings.Contains(log.String(), token) {
		t.Errorf("the log has %q", log.String())
	}
	other := &conn{s: s, net: tape{}, done: make(chan struct{}, 1)}
	s.crew.do(context.Background(), other, frame{T: "beat"}) // hello comes first: closed in words
	if !other.isClosed() || s.crew.waiting.Load() == 0 {
		t.Error("the crew does not go on")
	}
}
