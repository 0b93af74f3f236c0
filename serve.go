package main

import (
	"context"
	"fmt"
	"log/slog"
)

type serveCommand struct {
	PassphraseFD int  `name:"passphrase-fd" default:"-1" placeholder:"N" help:"Read the passphrase from this open descriptor instead of asking."`
	Background   bool `hidden:""`
	ReadyFD      int  `name:"ready-fd" default:"-1" hidden:""`
}

// Run opens the desk and serves until a signal or hark stop.
func (c *serveCommand) Run(ctx context.Context, p *program) error {
	log := slog.New(slog.NewTextHandler(p.err, nil))
	logProcess(log)
	place, err := p.place()
	if err != nil {
		return err
	}
	ready := newReadiness(c.ReadyFD)
	h, err := c.openHub(ctx, p, log, ready.progress)
	ready.tell(err)
	if err != nil {
		log.Error("the desk cannot be opened", "error", err)
		if c.Background {
			return exit(1)
		}
		return err
	}
	if !c.Background {
		fmt.Fprintf(p.out, "the desk in %s is open: %s; %s shows the console\n", place.Data, h.url(), p.again(""))
	}
	err = h.serve(ctx)
	if err != nil {
		log.Error("the hub ended with an error", "error", err)
	}
	return err
}

func (c *serveCommand) openHub(ctx context.Context, p *program, log *slog.Logger, progress func(done, total uint64)) (*hub, error) {
	place, err := p.place()
	if err != nil {
		return nil, err
	}
	f, err := load(place)
	if err != nil {
		return nil, err
	}
	if err := checkFile(f); err != nil {
		return nil, err
	}
	key := keySource(f, p.passphrase(c.PassphraseFD))
	return openHub(ctx, hubOptions{Place: place, File: f, Key: key, Progress: progress, Log: log})
}
