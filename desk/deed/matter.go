package deed

import (
	"context"

	"hark/desk"
)

// Merge makes two conversations of a customer one and returns the one that
// stays, which is where the customer writes.
func Merge(ctx context.Context, s *desk.Session, from, into desk.ID) (stays desk.ID, back Step, err error) {
	stays, err = s.Merge(ctx, from, into)
	if err != nil {
		return stays, nil, err
	}
	gone := from
	if stays == from {
		gone = into
	}
	return stays, func(ctx context.Context) error { return s.Unmerge(ctx, gone) }, nil
}

// Split begins a conversation of its own with some of the messages and notes.
func Split(ctx context.Context, s *desk.Session, id desk.ID, items []desk.ID) (split desk.ID, back Step, err error) {
	split, err = s.Split(ctx, id, items)
	if err != nil {
		return split, nil, err
	}
	return split, func(ctx context.Context) error { return s.Unsplit(ctx, split) }, nil
}

// Move takes messages and notes into another conversation of the customer.
func Move(ctx context.Context, s *desk.Session, from, to desk.ID, items []desk.ID) (Step, error) {
	back := func(ctx context.Context) error { return s.MoveBack(ctx, from, to, items) }
	return done(back, s.Move(ctx, from, to, items))
}
