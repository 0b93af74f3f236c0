package mailboxtest

import (
	"context"
	"time"

	"hark/desk/mailbox"
)

// Tick implements mailbox.Counts.
func (m *Memory) Tick(ctx context.Context, key string, at time.Time, window time.Duration) (n int, err error) {
	err = m.in(ctx, func() error {
		m.ticks[key] = append(m.ticks[key], at)
		n = m.within(key, at, window)
		return nil
	})
	return n, err
}

// Ticks implements mailbox.Counts.
func (m *Memory) Ticks(ctx context.Context, key string, at time.Time, window time.Duration) (n int, err error) {
	err = m.in(ctx, func() error {
		n = m.within(key, at, window)
		return nil
	})
	return n, err
}

func (m *Memory) within(key string, at time.Time, window time.Duration) (n int) {
	for _, t := range m.ticks[key] {
		if t.After(at.Add(-window)) {
			n++
		}
	}
	return n
}

// Counters implements mailbox.Counts.
func (m *Memory) Counters(ctx context.Context, account string) (c mailbox.Counters, err error) {
	err = m.in(ctx, func() error {
		for _, r := range m.rows {
			if r.Account == account {
				count(&c, r.Stage)
			}
		}
		return nil
	})
	return c, err
}

func count(c *mailbox.Counters, s mailbox.Stage) {
	c.Fetched++
	switch s {
	case mailbox.Threaded:
		c.Threaded++
	case mailbox.Copy:
		c.Copies++
	case mailbox.Raw:
		c.Waiting++
	case mailbox.Quarantined:
		c.Quarantined++
	case mailbox.Dropped:
		c.Dropped++
	}
}
