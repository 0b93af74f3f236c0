package mailsync

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"hark/channels/email/imap"
	"hark/desk"
)

// supervise makes one session after the other, with pauses that fit the
// trouble between them.
func (e *Engine) supervise(ctx context.Context) {
	e.board.set(desk.MailConnecting, "", time.Time{})
	failures := 0
	for ctx.Err() == nil {
		advanced, err := e.session(ctx)
		e.online.shut()
		if ctx.Err() != nil {
			return
		}
		if advanced {
			failures = -1
		}
		e.log.Warn("mail connection ended", "kind", imap.KindOf(err), "advanced", advanced, "failures", failures)
		e.pause(ctx, err, failures)
		failures++
	}
}

// pause says what is the matter and waits as long as that asks for.
func (e *Engine) pause(ctx context.Context, err error, failures int) {
	words := wordsOf(err)
	switch imap.KindOf(err) {
	case imap.AuthRefused:
		e.board.set(desk.MailRefused, words, time.Time{})
		e.untilChanged(ctx)
		e.board.set(desk.MailConnecting, "", time.Time{})
		return
	case imap.Insecure:
		next := time.Now().Add(e.limits.RetryMost)
		e.board.set(desk.MailRefused, words, next)
		e.rest(ctx, e.limits.RetryMost)
		return
	case imap.Throttled:
		e.retryIn(ctx, words, backoff(e.limits.ThrottleLeast, e.limits.ThrottleMost, max(failures, 0)))
	default:
		e.retryIn(ctx, words, backoff(e.limits.Retry, e.limits.RetryMost, failures))
	}
}

// retryIn is in trouble for a while.
func (e *Engine) retryIn(ctx context.Context, words string, wait time.Duration) {
	e.board.set(desk.MailTrouble, words, time.Now().Add(wait))
	e.rest(ctx, wait)
}

// rest waits unless somebody pokes.
func (e *Engine) rest(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-e.poke:
	case <-ctx.Done():
	}
}

// secretPause is how often a refused secret is compared with the configured
// one.
const secretPause = time.Minute

// untilChanged waits until somebody pokes or the secret is another one: trying
// a refused one again locks accounts.
func (e *Engine) untilChanged(ctx context.Context) {
	refused, known := e.fingerprint(ctx)
	tick := time.NewTicker(secretPause)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if now, ok := e.fingerprint(ctx); ok && (!known || now != refused) {
				return
			}
		case <-e.poke:
			return
		case <-ctx.Done():
			return
		}
	}
}

// fingerprint returns a digest of the secret, and whether there is one to ask.
func (e *Engine) fingerprint(ctx context.Context) (digest [sha256.Size]byte, ok bool) {
	if e.o.Secret == nil {
		return digest, false
	}
	ctx, cancel := context.WithTimeout(ctx, e.limits.Answer)
	defer cancel()
	secret, err := e.o.Secret(ctx)
	if err != nil || secret == "" {
		return digest, false
	}
	return sha256.Sum256([]byte(secret)), true
}

// backoff doubles a pause with every failure, up to most, and spreads it by a
// fifth either way so that accounts of one server do not return together. Less
// than no failure is progress: then the pause is short.
func backoff(least, most time.Duration, failures int) time.Duration {
	wait := least
	if failures < 0 {
		return least / 4
	}
	for range failures {
		if wait >= most {
			break
		}
		wait *= 2
	}
	wait = min(wait, most)
	spread := int64(wait) / 5
	if spread <= 0 {
		return wait
	}
	return wait - time.Duration(spread) + time.Duration(rand.Int64N(2*spread))
}

// wordsOf says for people what ended a connection.
func wordsOf(err error) string {
	var trouble *imap.Trouble
	var fault *desk.Error
	switch {
	case errors.As(err, &trouble):
		return trouble.Words
	case errors.As(err, &fault):
		return fault.Msg
	case errors.Is(err, context.DeadlineExceeded):
		return "the mail server does not answer"
	}
	return "the mail could not be synchronised"
}

// guarded runs one actor's work and turns a panic into an error, so that a
// fault in one account stays there.
func (e *Engine) guarded(work func() error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			e.log.Error("a fault while synchronising mail", "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
			err = desk.Errorf(desk.Internal, "a fault of this program stopped the synchronisation; the log names it")
		}
	}()
	return work()
}
