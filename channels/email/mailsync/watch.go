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
		pause(ctx, e.sidePause(err, failures))
		failures++
	}
}

// sidePause is how long the second or third connection rests after an error. A
// server that does not want it, or has no IDLE, is not asked again soon.
func (e *Engine) sidePause(err error, failures int) time.Duration {
	switch kind := imap.KindOf(err); {
	case kind == imap.Throttled:
		return backoff(e.limits.ThrottleLeast, e.limits.ThrottleMost, failures)
	case err == nil, kind == imap.Refused, kind == imap.AuthRefused:
		return e.limits.RetryMost
	}
	return backoff(e.limits.Retry, e.limits.RetryMost, failures)
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
