package outbox

import (
	"context"
	"strings"

	"hark/channels/email/read"
	"hark/desk"
	"hark/desk/mailbox"
)

// Answered is told by which Message-IDs a mail that came in refers to others.
// A parked mail among those has arrived.
func (out *Outbox) Answered(ctx context.Context, messageIDs ...string) {
	for _, p := range out.posts {
		for _, l := range p.parked() {
			for _, id := range messageIDs {
				if id == l.MessageID {
					p.proven(ctx, l, "it was answered, so it has arrived")
					break
				}
			}
		}
	}
}

// parked returns the letters that wait for evidence.
func (p *post) parked() (all []mailbox.Letter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.letters {
		if e.State == mailbox.Parked {
			all = append(all, e.Letter)
		}
	}
	return all
}

// Bounced takes a delivery report (RFC 3464) and marks our mail whose delivery
// failed. It returns the mail that the report is about, false when that is none
// of ours. A report of a delay or of success changes nothing that is shown. The
// mail named brought the report: told twice, it is journaled once.
func (out *Outbox) Bounced(ctx context.Context, mail desk.ID, r read.Report) (item desk.ID, ours bool, err error) {
	var ids []string
	for _, id := range []string{r.OriginalID, r.OriginalHarkID} {
		if id != "" {
			ids = append(ids, strings.Trim(id, "<> "))
		}
	}
	refs, err := out.o.Store.Find(ctx, ids...)
	if err != nil {
		return desk.ID{}, false, err
	}
	for _, ref := range refs {
		l, err := out.o.Store.Letter(ctx, ref.Mail)
		if missing(err) || ref.Ghost {
			continue // a mail of somebody else's
		}
		if err != nil {
			return desk.ID{}, false, err
		}
		out.Answered(ctx, l.MessageID) // whatever a report says, the mail has left
		return l.Item, true, out.bounce(ctx, l, mail, r)
	}
	return desk.ID{}, false, nil
}

// bounce marks a mail by the failures of a report.
func (out *Outbox) bounce(ctx context.Context, l mailbox.Letter, mail desk.ID, r read.Report) error {
	var failed []desk.Address
	words := ""
	for _, to := range r.Recipients {
		if r.Disposition || to.Action != "failed" {
			continue
		}
		failed = append(failed, desk.Address{Mail: unicodeAddress(to.Address)})
		if words == "" {
			words = bounceWords(to)
		}
	}
	if len(failed) == 0 {
		return nil
	}
	at, err := out.o.Desk.Whereabouts(ctx, l.Conversation, l.Item)
	if err != nil {
		return err
	}
	return out.o.Desk.Posted(ctx, at, desk.MailPosted{
		Item: l.Item, State: desk.PostBounced, Words: words, Tries: l.Outcome.Tries, Failed: failed, Report: mail,
	})
}

// bounceWords say what the common status codes of RFC 3463 mean, and what the
// server said.
func bounceWords(to read.Recipient) string {
	why := "it could not be delivered"
	switch {
	case strings.HasPrefix(to.Status, "5.1."):
		why = "there is no such address"
	case to.Status == "5.2.2":
		why = "the mailbox is full"
	case to.Status == "5.3.4", to.Status == "5.2.3":
		why = "the mail is too large for the mailbox"
	case strings.HasPrefix(to.Status, "5.7."):
		why = "the other server does not let it in"
	case strings.HasPrefix(to.Status, "4.") || strings.HasPrefix(to.Status, "5.4."):
		why = "the other server could not be reached for days"
	}
	if to.Diagnostic == "" {
		return why
	}
	return why + ": " + plainWords(to.Diagnostic)
}
