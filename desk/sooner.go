package desk

import (
	"bytes"
	"cmp"
	"time"
)

// Sooner orders conversations by who is to be answered first: those whose
// promise is near or missed, by when it ends; then the more urgent; then who
// has waited longest. It compares as slices.SortFunc wants it.
func (s *Session) Sooner(a, b *Conversation) int {
	return cmp.Or(
		s.near(a).Compare(s.near(b)),
		cmp.Compare(b.Priority.Rank(), a.Priority.Rank()),
		a.Since.Compare(b.Since),
		bytes.Compare(a.ID[:], b.ID[:]),
	)
}

// near returns when the promise to a customer ends, and a time far away while
// that is not near.
func (s *Session) near(c *Conversation) time.Time {
	if clock := s.Clock(c); clock.State != "" {
		return clock.Due
	}
	return time.Unix(1<<40, 0)
}
