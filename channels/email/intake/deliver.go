package intake

import (
	"context"
	"slices"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

// deliver journals what was decided about a mail.
func (in *Intake) deliver(ctx context.Context, o *outcome) error {
	if !o.message || o.quarantine != "" {
		return nil
	}
	conversation, err := in.o.Desk.Receive(ctx, o.incoming)
	if err != nil {
		return err
	}
	o.threading.Conversation = conversation
	if in.o.Referred != nil && o.mail != nil {
		in.o.Referred(ctx, append(slices.Clone(o.mail.References), o.mail.InReplyTo)...)
	}
	if o.bounce != nil && in.o.Bounced != nil {
		if err := in.o.Bounced(ctx, *o.bounce); err != nil {
			return err
		}
	}
	if o.row.Past || o.class.Bounce {
		return nil
	}
	return in.acknowledge(ctx, o, conversation)
}

// stale is how old a mail may be that is still acknowledged.
const stale = 24 * time.Hour

// acknowledge counts a mail that came just now and answers it automatically
// where that is wished and safe.
func (in *Intake) acknowledge(ctx context.Context, o *outcome, conversation desk.ID) error {
	now := time.Now()
	v, err := in.guard.Came(ctx, o.incoming.Letter.From.Mail, now)
	if err != nil {
		return err
	}
	in.warn(v)
	text := in.o.accountOf(o.row.Account).AutoReply
	to := answerTo(o.mail)
	if text == "" || !o.opens || o.mail.Auth == "fail" || to.Mail == "" || age(o.row) > stale {
		return nil
	}
	v, err = in.guard.Answer(ctx, o.class, o.incoming.Letter.From.Mail, conversation, now)
	if err != nil || !v.May {
		in.warn(v)
		return err
	}
	_, err = in.o.Desk.AutoReply(ctx, conversation, to, answerSubject(o.mail.Subject), text, o.row.ID)
	return err
}

// answerSubject is the subject of an automatic answer (RFC 3834, section 3.1.5).
func answerSubject(subject string) string {
	if subject == "" {
		return "Auto: your mail"
	}
	return "Auto: " + subject
}

// write is one of the goroutines that journal: each conversation has one, so
// that its mails stay in order.
func (in *Intake) write(ctx context.Context, jobs <-chan *outcome) {
	for o := range jobs {
		if ctx.Err() != nil {
			o.failed = ctx.Err()
		} else if o.failed == nil {
			o.failed = in.deliver(ctx, o)
		}
		in.written <- o
	}
}

// commits is how many mails the ledger notes at once.
const commits = 256

// commit notes in the ledger where mails are, as many at once as there are.
func (in *Intake) commit(ctx context.Context) {
	for o := range in.written {
		batch := []*outcome{o}
	more:
		for len(batch) < commits {
			select {
			case o, ok := <-in.written:
				if !ok {
					break more
				}
				batch = append(batch, o)
			default:
				break more
			}
		}
		in.note(ctx, batch)
		in.settled <- batch
	}
}

// note brings a batch into the ledger: in one step, or one by one when one of
// them cannot go in.
func (in *Intake) note(ctx context.Context, batch []*outcome) {
	var all []mailbox.Threading
	for _, o := range batch {
		switch {
		case o.failed != nil:
			o.failed = in.blame(ctx, o)
		case o.quarantine != "":
			o.failed = in.o.Store.Quarantine(ctx, mailbox.Problem{Place: o.row.Place, ID: o.row.ID, Stage: "read", Why: o.quarantine, At: time.Now().UTC(), Attempts: 1})
		default:
			all = append(all, o.threading)
		}
	}
	if len(all) == 0 || in.o.Store.Thread(ctx, all...) == nil {
		return
	}
	for _, o := range batch {
		if o.failed == nil && o.quarantine == "" {
			if err := in.o.Store.Thread(ctx, o.threading); err != nil && !gone(err) {
				o.failed = err
			}
		}
	}
}

// gone reports whether somebody has dropped the mail meanwhile.
func gone(err error) bool {
	return desk.CodeOf(err) == desk.NotFound || desk.CodeOf(err) == desk.Conflict
}

// attempts is how often a mail may fail by itself before people are asked.
const attempts = 3

// blame counts a failure that is the mail's own, and quarantines the mail when
// it goes on. What the disk refuses is not the mail's fault.
func (in *Intake) blame(ctx context.Context, o *outcome) error {
	code := desk.CodeOf(o.failed)
	if ctx.Err() != nil || code == desk.Unavailable || code == desk.Conflict {
		return o.failed
	}
	if code == desk.NotFound && gone(o.failed) && o.mail == nil {
		return in.quarantined(ctx, o, 1)
	}
	n, err := in.o.Store.Attempt(ctx, o.row.Place, "thread", desk.Sentence(o.failed))
	if err != nil || n < attempts {
		return o.failed
	}
	return in.quarantined(ctx, o, n)
}

func (in *Intake) quarantined(ctx context.Context, o *outcome, n int) error {
	why := "it could not be taken in: " + desk.Sentence(o.failed)
	if o.mail == nil {
		why = "its bytes cannot be read: " + desk.Sentence(o.failed)
	}
	in.log.Warn("mail quarantined", "mail", o.row.ID.Hex(), "attempts", n, "code", string(desk.CodeOf(o.failed)))
	return in.o.Store.Quarantine(ctx, mailbox.Problem{Place: o.row.Place, ID: o.row.ID, Stage: "thread", Why: why, At: time.Now().UTC(), Attempts: n})
}
