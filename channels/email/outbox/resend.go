package outbox

import (
	"context"

	"hark/desk"
	"hark/desk/mailbox"
)

// Resend lets a mail go out once more that failed or was parked: the same
// bytes, to those who are without it. Only a person decides that. A mail that
// could not be composed has no bytes yet; it is composed anew.
func (out *Outbox) Resend(ctx context.Context, item desk.ID) error {
	l, err := out.o.Store.Letter(ctx, item)
	if missing(err) {
		return nil // the desk's bell brings it back
	}
	if err != nil {
		return err
	}
	switch l.State {
	case mailbox.Failed, mailbox.Parked:
	case mailbox.Sent, mailbox.Filing, mailbox.Filed:
		err = desk.Errorf(desk.Conflict, "the mail server has taken this mail; write anew to those who did not get it")
		out.tell(ctx, l, desk.MailPosted{State: desk.PostFailed, Words: err.Error(), Tries: l.Outcome.Tries})
		return err
	default:
		return nil // it is on its way
	}
	p := out.posts[l.Account]
	if p == nil {
		err = desk.Errorf(desk.Invalid, "the mail account %q is not in the settings any more; write the mail again from another one", l.Account)
		out.tellState(ctx, l)
		return err
	}
	if err := out.mark(ctx, &l, mailbox.Ready, mailbox.Outcome{Done: l.Outcome.Done}); err != nil {
		out.tellState(ctx, l)
		return err
	}
	out.settle(item)
	p.release()
	p.add(l)
	return nil
}
