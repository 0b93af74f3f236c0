package demo

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"log/slog"
	"strings"
	"sync"

	"hark/channels/chat/visitor"
)

// Options are what a demo desk is made of.
type Options struct {
	Shop      *Shop        // opened by Listen; Close closes it
	HubURL    string       // the hub's address as a browser reaches it, such as "http://127.0.0.1:4275"
	Customers int          // how many write by themselves at a time; 0 for none
	Seed      uint64       // the same seed gives the same customers; 0 for others each time
	Pace      float64      // how much faster than people they live; 0 is 1
	Log       *slog.Logger // nil for none; sees no words
}

// Demo is a running demo desk.
type Demo struct {
	shop   *Shop
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// Start puts the chat on the shop's pages and lets the customers in. They and
// the shop stay until ctx ends or Close is called.
func Start(ctx context.Context, o Options) (*Demo, error) {
	hub := strings.TrimSuffix(o.HubURL, "/")
	if !strings.HasPrefix(hub, "http://") && !strings.HasPrefix(hub, "https://") {
		return nil, errors.New("the demo needs the hub's address, beginning with http:// or https://")
	}
	if o.Shop == nil {
		return nil, errors.New("the demo needs a shop: call Listen first")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Seed == 0 {
		o.Seed = randomSeed()
	}
	if o.Pace <= 0 {
		o.Pace = 1
	}
	o.Shop.hub.Store(&hub)
	ctx, cancel := context.WithCancel(ctx)
	d := &Demo{shop: o.Shop, cancel: cancel}
	street := &street{ctx: ctx, pace: o.Pace, open: func(ctx context.Context, s story) (line, error) {
		page := o.Shop.Origin() + s.page
		return openLine(ctx, &d.wg, visitor.Options{Hub: hub, Origin: o.Shop.Origin(), Name: s.name, Page: page}, o.Log)
	}}
	for i := range o.Customers {
		d.wg.Go(func() { street.place(i, o.Seed) })
	}
	return d, nil
}

// Close sends the customers home and closes the shop.
func (d *Demo) Close() error {
	d.cancel()
	d.wg.Wait()
	return d.shop.Close()
}

func randomSeed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, by its contract
	return binary.LittleEndian.Uint64(b[:])
}
