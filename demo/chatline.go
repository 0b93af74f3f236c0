package demo

import (
	"bytes"
	"context"
	"log/slog"
	"sync"

	"hark/channels/chat/visitor"
)

// answersKept is how many answers a customer may have unread. More than that
// says nothing new to a script.
const answersKept = 32

// chatLine is a customer's line over the visitor socket.
type chatLine struct {
	ctx    context.Context // of the visit
	client *visitor.Client
	in     chan string
	log    *slog.Logger
}

// openLine connects a customer until ctx ends; wg waits for the end.
func openLine(ctx context.Context, wg *sync.WaitGroup, o visitor.Options, log *slog.Logger) (*chatLine, error) {
	l := &chatLine{in: make(chan string, answersKept), log: log}
	o.Handle = l.handle
	o, err := visitor.Noticed(ctx, o)
	if err != nil {
		return nil, err
	}
	client, err := visitor.New(o)
	if err != nil {
		return nil, err
	}
	l.client, l.ctx = client, ctx
	wg.Go(func() { _ = client.Run(ctx) }) // it ends with ctx and says so
	return l, nil
}

func (l *chatLine) say(text string) {
	if _, err := l.client.Say(text); err != nil {
		l.log.Warn("a customer's message was not sent", "error", err)
	}
}

func (l *chatLine) send(text, name string, data []byte) {
	file, err := l.client.Upload(l.ctx, name, bytes.NewReader(data))
	if err != nil {
		l.log.Warn("a customer's file was not sent", "error", err)
		l.say(text)
		return
	}
	if _, err := l.client.Say(text, file); err != nil {
		l.log.Warn("a customer's message was not sent", "error", err)
	}
}

func (l *chatLine) typing(on bool) { l.client.Typing(on) }

func (l *chatLine) answers() <-chan string { return l.in }

// handle passes on what staff wrote and lets them know that it was seen.
func (l *chatLine) handle(e visitor.Event) {
	switch e.Kind {
	case visitor.Items:
		for _, item := range e.Items {
			l.take(item)
		}
		l.client.Seen(e.Items[len(e.Items)-1].Ord)
		l.client.Read(e.Items[len(e.Items)-1].Ord)
	case visitor.Refused:
		l.log.Warn("the desk refused a customer's message", "code", e.Code)
	case visitor.Connected, visitor.Disconnected, visitor.Typing, visitor.Acked, visitor.Delayed, visitor.ReadTo, visitor.Placed:
	}
}

func (l *chatLine) take(item visitor.Item) {
	if item.Mine || item.Kind != "message" {
		return
	}
	select {
	case l.in <- item.Text:
	default:
	}
}
