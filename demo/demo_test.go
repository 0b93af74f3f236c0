package demo_test

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/channels/chat"
	"hark/demo"
	"hark/desk"
	"hark/desk/desktest"
)

// The customers reach a real desk through the real socket, from the shop's
// origin, and react when they are answered.
func TestCustomersChatWithARealDesk(t *testing.T) {
	env := desktest.New(t)
	shop := open(t)
	hub := serve(t, chat.New(chat.Options{Desk: env.Desk, Origins: []string{shop.Origin()}}))
	d, err := demo.Start(t.Context(), demo.Options{Shop: shop, HubURL: hub, Customers: 4, Seed: 1, Pace: 60})
	if err != nil {
		t.Fatal(err)
	}
	defer closes(t, d.Close)

	agent := env.As("bo")
	wait(t, "four customers to write", func() bool { return len(rows(env)) >= 4 })
	answered := rows(env)[0].ID
	before := said(t, env, answered)
	if err := agent.Reply(t.Context(), answered, "Thank you for writing, we will see to it."); err != nil {
		t.Fatal(err)
	}
	wait(t, "a reaction to the answer", func() bool { return said(t, env, answered) > before })
	wait(t, "the one who tells a card number", func() bool {
		return slices.ContainsFunc(texts(t, env), func(s string) bool { return strings.HasPrefix(s, "The card is ") })
	})
	for _, text := range texts(t, env) {
		if strings.Contains(text, "4111 1111 1111 1111") {
			t.Errorf("a card number reached the journal: %q", text)
		}
	}
}

func rows(env *desktest.Env) []*desk.Conversation {
	return env.State.Window(desk.All, desk.ID{}, 0, 100).Rows
}

// said returns how often the customer of a conversation has written.
func said(t *testing.T, env *desktest.Env, id desk.ID) int {
	t.Helper()
	events, err := env.Journal.ReadStream(t.Context(), id, 1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range events {
		if m, ok := e.Body.(desk.Message); ok && m.Direction == desk.In {
			n++
		}
	}
	return n
}

// texts returns every message on the desk.
func texts(t *testing.T, env *desktest.Env) []string {
	t.Helper()
	events, err := env.Journal.Read(t.Context(), 1, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range events {
		if m, ok := e.Body.(desk.Message); ok {
			all = append(all, m.Text)
		}
	}
	return all
}

// serve runs a chat server until the test ends and returns its address.
func serve(t *testing.T, s *chat.Server) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return "http://" + l.Addr().String()
}

// wait waits for what must happen soon.
func wait(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !happened(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
