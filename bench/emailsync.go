package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"hark/bench/mailgen"
	"hark/desk"
	"hark/tools/dovecot"
)

// mailboxSize is how many mails the mailbox has unless told otherwise: 767 MB,
// two mails of 35 MB among them.
const mailboxSize = 30_002

// arrivals is how many new mails are timed.
const arrivals = 20

// emailSync measures a hub that gets a mailbox it has never seen: fetched,
// kept, read, threaded and journaled. mbsync fetches the same mailbox from the
// same server, before and after, into files.
func emailSync(ctx context.Context, p *plan) error {
	box := mailgen.New(mailboxSize)
	if p.quick {
		box = mailgen.Box{Count: 120, Large: []int{40}, Size: 2 << 20}
	}
	if p.count > 0 {
		box = mailgen.New(p.count)
	}
	dir, err := os.MkdirTemp("", "hark-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system clears it as well
	program, err := p.build(ctx, dir)
	if err != nil {
		return err
	}
	server, err := dovecot.Start(ctx, "")
	if err != nil {
		return err
	}
	e := &emailBench{plan: p, server: server, box: box, dir: dir, program: program}
	return errors.Join(e.run(ctx), server.Stop())
}

// emailBench is one run of the bench.
type emailBench struct {
	*plan
	server       *dovecot.Server
	box          mailgen.Box
	dir, program string
	added        int // mails that came after the box
	took         emailTimes
}

// emailTimes are what the rounds came to, in seconds but for those named
// otherwise.
type emailTimes struct {
	first, firstPeer, start, resync, resyncPeer, peak []float64 // peak in MB
	arrival                                           samples
}

func (e *emailBench) run(ctx context.Context) error {
	e.say("email-sync: a mailbox of %s is made", plural(e.box.Count, "mail"))
	bytes, err := fillMailbox(ctx, e.server, e.box)
	if err != nil {
		return err
	}
	e.say("email-sync: it has %d MB", bytes/1e6)
	for round := range e.rounds {
		e.say("email-sync: round %d of %d", round+1, e.rounds)
		if err := e.round(ctx, filepath.Join(e.dir, fmt.Sprint(round))); err != nil {
			return err
		}
	}
	return e.print()
}

// round lets mbsync and hark fetch the mailbox, in turns.
func (e *emailBench) round(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := e.peer(ctx, filepath.Join(dir, "mbsync")); err != nil {
		return err
	}
	if err := e.hark(ctx, dir); err != nil {
		return err
	}
	return os.RemoveAll(dir) // room for the next
}

// peer times mbsync's first run and one that finds nothing new.
func (e *emailBench) peer(ctx context.Context, dir string) error {
	m, err := newMbsync(dir, e.server)
	if err != nil {
		return err
	}
	first, err := m.sync(ctx)
	if err != nil {
		return err
	}
	again, err := m.sync(ctx)
	if err != nil {
		return err
	}
	if n, err := m.count(); err != nil || n != e.box.Count+e.added {
		return fmt.Errorf("mbsync has %d of %d mails: %w", n, e.box.Count+e.added, err)
	}
	e.took.firstPeer = append(e.took.firstPeer, first.Seconds())
	e.took.resyncPeer = append(e.took.resyncPeer, again.Seconds())
	e.say("email-sync: mbsync %.1f s, again %.2f s", first.Seconds(), again.Seconds())
	return nil
}

// hark times a hub's first sync, a start that finds nothing new, and new mails.
func (e *emailBench) hark(ctx context.Context, dir string) error {
	d, err := newMailDesk(ctx, e.program, dir, e.server)
	if err != nil {
		return err
	}
	if err := e.first(ctx, d); err != nil {
		return fmt.Errorf("%w\n%s", err, d.log.String()) // the hub has ended
	}
	if err := e.resync(ctx, d); err != nil {
		return err
	}
	return e.arrive(ctx, d)
}

// settled is a mailbox of which every mail has been read and threaded.
func (e *emailBench) settled(a desk.MailAccount) bool {
	return a.Counters.Fetched == e.box.Count+e.added && a.Counters.Waiting == 0
}

func (e *emailBench) first(ctx context.Context, d *mailDesk) error {
	start := time.Now()
	if err := d.open(ctx); err != nil {
		return err
	}
	defer d.close()
	a, err := d.await(ctx, "all is threaded", e.settled)
	if err != nil {
		return err
	}
	took := time.Since(start)
	peak, err := memory(d.cmd.Process.Pid, "VmHWM")
	if err != nil {
		return err
	}
	if n := a.Counters; n.Quarantined > 0 || n.Threaded+n.Copies != n.Fetched {
		return fmt.Errorf("not every mail was threaded: %+v", n)
	}
	e.took.first = append(e.took.first, took.Seconds())
	e.took.peak = append(e.took.peak, float64(peak)/1e6)
	e.say("email-sync: hark %.1f s, %d MB", took.Seconds(), peak/1e6)
	return nil
}

// fresh is an account that has looked at its server since a moment.
func fresh(since time.Time) func(desk.MailAccount) bool {
	return func(a desk.MailAccount) bool {
		return a.Fresh.After(since) && (a.State == desk.MailIdle || a.State == desk.MailPolling)
	}
}

// restTime is how long a hub is left alone before it is asked when it was last
// busy with its mail.
const restTime = 1500 * time.Millisecond

// resync times a start that finds nothing new: from the command, and from the
// open hub, which is when it turns to its mail. All UIDs and flags are compared
// over a fresh connection, as mbsync does. The account itself says when its
// server had answered the last of it.
func (e *emailBench) resync(ctx context.Context, d *mailDesk) error {
	start := time.Now()
	if err := d.open(ctx); err != nil {
		return err
	}
	defer d.close()
	if _, err := d.await(ctx, "nothing new is found", fresh(start)); err != nil {
		return err
	}
	select {
	case <-time.After(restTime):
	case <-ctx.Done():
		return ctx.Err()
	}
	a, err := d.account(ctx)
	if err != nil {
		return err
	}
	end := a.Fresh
	if a.Since.After(end) {
		end = a.Since
	}
	e.took.start = append(e.took.start, end.Sub(start).Seconds())
	e.took.resync = append(e.took.resync, end.Sub(d.since).Seconds())
	e.say("email-sync: hark again %.2f s, %.2f s of them for mail", end.Sub(start).Seconds(), end.Sub(d.since).Seconds())
	return nil
}

// arrive times new mails, from the server's word that it has one to the event
// in a console's feed.
func (e *emailBench) arrive(ctx context.Context, d *mailDesk) error {
	start := time.Now()
	if err := d.open(ctx); err != nil {
		return err
	}
	defer d.close()
	if _, err := d.await(ctx, "it waits for news", fresh(start)); err != nil {
		return err
	}
	seen, stop, err := d.tail(ctx)
	if err != nil {
		return err
	}
	defer stop()
	other, err := dialAppender(ctx, e.server)
	if err != nil {
		return err
	}
	defer other.close()
	n := arrivals
	if e.quick {
		n = 3
	}
	for range n {
		if err := e.one(ctx, seen, other); err != nil {
			return err
		}
	}
	return nil
}

// one times one new mail.
func (e *emailBench) one(ctx context.Context, seen *sight, other *appender) error {
	word := "arrival-" + desk.NewID().String()
	raw := fmt.Sprintf("From: Ana <%s@customer.example>\r\nTo: %s\r\nMessage-ID: <%s@customer.example>\r\nDate: %s\r\nSubject: %s\r\n\r\n%s\r\n",
		word, mailgen.Address, word, time.Now().Format(time.RFC1123Z), word, word)
	seen.watch(word)
	if err := other.append(raw); err != nil {
		return err
	}
	left := time.Now()
	e.added++
	select {
	case at := <-seen.seen:
		e.took.arrival = append(e.took.arrival, at.Sub(left))
	case <-time.After(time.Minute):
		return errors.New("a new mail is not seen within a minute")
	case <-ctx.Done():
		return ctx.Err()
	}
	select { // the next one is not at once: the server's IDLE is asked anew
	case <-time.After(250 * time.Millisecond):
	case <-ctx.Done():
	}
	return nil
}

// print prints what the rounds came to.
func (e *emailBench) print() error {
	t := e.took
	for _, f := range []figure{
		{Figure: "first_sync", Unit: "s", Value: median(t.first), Peer: "mbsync", PeerValue: median(t.firstPeer)},
		{Figure: "resync", Unit: "s", Value: median(t.resync), Peer: "mbsync", PeerValue: median(t.resyncPeer)},
		{Figure: "start", Unit: "s", Value: median(t.start)},
		{Figure: "rss", Unit: "MB", Value: median(t.peak)},
		{Figure: "append_to_screen_p50", Unit: "ms", Value: t.arrival.quantile(0.5)},
		{Figure: "append_to_screen_max", Unit: "ms", Value: t.arrival.quantile(1)},
	} {
		f.Bench, f.Case = "email-sync", plural(e.box.Count, "mail")
		if err := e.plan.print(f); err != nil {
			return err
		}
	}
	return nil
}
