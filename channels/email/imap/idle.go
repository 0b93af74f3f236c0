package imap

import (
	"context"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Idle waits for news. The library would renew an IDLE by itself after 28
// minutes; ours ends before, so that a connection that died in between is
// noticed by its silence.
func (b *box) Idle(ctx context.Context, limit time.Duration) (bool, error) {
	if !b.caps.Idle {
		return false, &Trouble{Kind: Refused, Words: b.w.host + " cannot be waited on (no IDLE)"}
	}
	limits := b.w.limits
	limit = min(limit, limits.Idle)
	if q := b.caps.Quirks.IdleLimit; q > 0 {
		limit = min(limit, q)
	}
	changed := false
	c := command{what: "be waited on", shown: "IDLE", asks: asks{goesOn: true}, limit: limit + 3*limits.Silence}
	err := b.run(ctx, c, func() (err error) {
		changed, err = b.idle(limit)
		return err
	})
	return changed && err == nil, err
}

// idle waits; it does not even begin when there is news already.
func (b *box) idle(limit time.Duration) (changed bool, err error) {
	if b.w.takeNews() {
		return true, nil
	}
	select {
	case <-b.w.idled: // of an earlier command
	default:
	}
	cmd, err := b.lib.Idle()
	if err != nil {
		return false, err
	}
	b.w.pace.begin(limit + b.w.limits.Silence)
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-b.w.news:
		changed = true
	case <-timer.C:
	case <-b.w.gone:
	case <-b.w.idled:
		changed = b.poll(limit)
	}
	b.w.pace.begin(b.w.limits.Silence)
	b.w.note("DONE")
	if err := cmd.Close(); err != nil {
		return false, err
	}
	err = ignoreRefusal(cmd.Wait())
	if t := b.w.lost(); t != nil && err == nil {
		return false, t // the library may take the end of the line for the end of the IDLE
	}
	return changed, err
}

// pollPause is how long an IDLE that the server ended by itself counts on.
const pollPause = time.Minute

// poll stands in for an IDLE that the server ended by itself: it waits a while
// and then says that there may be news, which nobody would have told.
func (b *box) poll(limit time.Duration) (changed bool) {
	timer := time.NewTimer(min(limit, pollPause))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-b.w.gone:
	}
	return true
}

// ignoreRefusal lets a NO or BAD to the end of an IDLE pass: it has ended.
func ignoreRefusal(err error) error {
	if _, ok := err.(*imap.Error); ok { //nolint:errorlint // the library returns it as it is
		return nil
	}
	return err
}
