package mailsync

import (
	"context"
	"time"

	"hark/channels/email/imap"
	"hark/desk/mailbox"
)

// fetchHeavy fetches one large mail. It leaves the queue when it has arrived,
// is gone, or is beyond hope; an error says that the connection is.
func (e *Engine) fetchHeavy(ctx context.Context, box imap.Box, h heavy, mail *batch) error {
	mail.reset()
	got, err := raw(ctx, box, []uint32{h.UID}, h.attempts > 0, e.limits.Hard, e.limits.Stall, mail.add)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if ours(err) {
		return err // it stays in the queue
	}
	p, read := mail.mails[h.UID]
	if len(got) == 1 && got[0] == h.UID && read && p.to > p.from {
		if keepErr := e.keepHeavy(ctx, h, mail.bytes(p)); keepErr != nil {
			return keepErr // it stays in the queue
		}
		e.large.remove(h, false)
		return err
	}
	return e.heavyFailed(ctx, box, h, err)
}

// keepHeavy puts a large mail into the ledger. A part of it that is there is
// replaced.
func (e *Engine) keepHeavy(ctx context.Context, h heavy, raw []byte) error {
	a := mailbox.Arrival{Place: h.Place, Received: h.meta.Received, Size: h.meta.Size, Past: h.past, Bytes: raw}
	if a.Received.IsZero() {
		a.Received = dated(raw)
	}
	if err := e.o.Store.Put(ctx, a); err != nil {
		return &keepError{err}
	}
	e.o.Notify()
	return nil
}

// heavyFailed counts that a large mail did not arrive. After some attempts it
// is quarantined, unless its beginning is kept: then that is what there is.
func (e *Engine) heavyFailed(ctx context.Context, box imap.Box, h heavy, err error) error {
	if !lost(err) {
		var shown []uint32
		listErr := within(ctx, e.limits.List, func(ctx context.Context) (err error) {
			shown, err = box.UIDs(ctx, h.UID)
			return err
		})
		if listErr != nil {
			return listErr
		}
		if len(shown) == 0 || shown[0] != h.UID {
			e.large.remove(h, false)
			return nil
		}
	}
	why := reason(err)
	attempts, countErr := e.o.Store.Attempt(ctx, h.Place, attemptStage, why)
	if countErr != nil {
		return &keepError{countErr}
	}
	e.log.Warn("a large mail did not arrive", "uid", h.UID, "attempts", attempts, "kind", imap.KindOf(err))
	h.attempts++
	again := h.attempts < e.limits.Attempts
	if !again && !h.partial {
		if err := e.quarantineHeavy(ctx, h, why, attempts); err != nil {
			return err
		}
	}
	e.large.remove(h, again)
	if !lost(err) {
		return nil
	}
	return err
}

func (e *Engine) quarantineHeavy(ctx context.Context, h heavy, why string, attempts int) error {
	err := e.o.Store.Quarantine(ctx, mailbox.Problem{
		Place: h.Place, Stage: attemptStage, Why: why, At: time.Now(), Attempts: attempts,
	})
	if err != nil {
		return &keepError{err}
	}
	e.o.Notify()
	return nil
}
