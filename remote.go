package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"hark/staff"
)

// stopTimeout is how long a hub may take to end as asked.
const stopTimeout = 30 * time.Second

// interrupted is the exit status of a command that a signal ended.
const interrupted = 130

// remote runs a command of the command set in the hub.
func (p *program) remote(ctx context.Context, argv []string) int {
	command, status, ok := staff.Parse(argv, p.out, p.err)
	if !ok {
		return status
	}
	place, err := p.place()
	if err != nil {
		return p.fail(err)
	}
	if command.Name == "mail password" {
		return p.mailPassword(ctx, place, command.Here.Account)
	}
	c, err := p.dial(ctx, place)
	switch {
	case errors.Is(err, staff.ErrNoHub):
		return p.noHub(place)
	case err != nil:
		return p.fail(err)
	}
	defer func() { _ = c.Close() }() // the session has told how it ended
	if command.Here != nil && command.Here.Path != "" {
		return p.sendMail(ctx, c, command)
	}
	return p.send(ctx, c, command, argv)
}

func (p *program) send(ctx context.Context, c *staff.Client, command *staff.Command, argv []string) int {
	streams := staff.Streams{Out: p.out, Err: p.err, Files: command.Files}
	if command.Input {
		streams.In = p.in
	}
	status, err := c.Run(ctx, argv, staff.Environ(p.out), streams)
	switch {
	case ctx.Err() != nil:
		return interrupted
	case err != nil && !errors.Is(err, io.EOF):
		return p.fail(err)
	case command.Name == "stop" && status == staff.ExitOK:
		return p.awaitEnd(ctx, c)
	}
	return status
}

// awaitEnd waits until the hub has ended.
func (p *program) awaitEnd(ctx context.Context, c *staff.Client) int {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	if err := c.Gone(ctx); err != nil {
		fmt.Fprintln(p.err, "hark: the hub was asked to end and has not yet; its log says what it waits for")
		return staff.ExitUnavailable
	}
	fmt.Fprintln(p.out, "the desk is closed")
	return staff.ExitOK
}
