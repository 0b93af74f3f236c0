package mailsync

import (
	"context"
	"time"

	"hark/channels/email/imap"
)

// watch keeps a second connection waiting for news. Whatever goes wrong with
// it, the first one asks for news anyway, only later.
func (e *Engine) watch(ctx context.Context) {
	failures := 0
	for ctx.Err() == nil {
		if e.online.wait(ctx) != nil {
			return
		}
		began := time.Now()
		err := e.guarded(func() error { return e.watchOnce(ctx) })
		e.board.watching(false)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > e.limits.Beat {
			failures = 0
		}
		e.log.Info("the connection that waits for news ended", "kind", imap.KindOf(err))
		pause(ctx, backoff(e.watchPause(err), e.limits.RetryMost, failures))
		failures++
	}
}

// watchPause is how long to wait at least before waiting for news again. A
// server without IDLE is not asked for it soon.
func (e *Engine) watchPause(err error) time.Duration {
	if err == nil || !imap.KindOf(err).Lost() || imap.KindOf(err) == imap.AuthRefused {
		return e.limits.RetryMost
	}
	return e.limits.Retry
}

// watchOnce waits for news over one connection. Nil means that the server has
// no IDLE.
func (e *Engine) watchOnce(ctx context.Context) error {
	box, err := e.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = box.Close() }()
	caps := box.Caps()
	if !caps.Idle {
		return nil
	}
	err = within(ctx, e.limits.Answer, func(ctx context.Context) error {
		_, err := box.Select(ctx, e.o.Boxes[0])
		return err
	})
	if err != nil {
		return err
	}
	limit := e.limits.Idle
	if caps.Quirks.IdleLimit > 0 {
		limit = min(limit, caps.Quirks.IdleLimit)
	}
	ring(e.dirty) // for what came before
	e.board.watching(true)
	for {
		if err := e.idle(ctx, box, limit); err != nil {
			return err
		}
	}
}

// idle waits once, and a little longer than the limit for a server that does
// not let go.
func (e *Engine) idle(ctx context.Context, box imap.Box, limit time.Duration) error {
	var changed bool
	err := within(ctx, limit+e.limits.Answer, func(ctx context.Context) (err error) {
		changed, err = box.Idle(ctx, limit)
		return err
	})
	if changed {
		ring(e.dirty)
	}
	return err
}

// pause waits unless ctx ends.
func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
