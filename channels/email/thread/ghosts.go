package thread

import (
	"context"
	"slices"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

// beside looks, for a mail that joins nothing yet, for mails that refer to what
// it refers to: answers to one mail that is not here, or of which all were
// refused its conversation. They belong together when each of the two senders
// had the other's mail.
func (d *deciding) beside(ctx context.Context) error {
	if !d.out.Conversation.IsZero() || d.out.Forward {
		return nil
	}
	for _, id := range d.refs {
		for _, f := range d.known[id] {
			if !f.Ghost {
				continue
			}
			topic, ok, err := d.idx.Topic(ctx, f.Conversation)
			if err != nil {
				return err
			}
			if !ok || slices.Contains(d.refused, topic.ID) {
				continue
			}
			answers, err := d.answers(ctx, f.Conversation, id)
			if err != nil {
				return err
			}
			with, err := d.sibling(ctx, answers, id)
			if err != nil {
				return err
			}
			if with && !d.over(topic, d.m) {
				d.join(topic.ID, desk.RuleReferences, "it refers to the same mail as one of this conversation")
				return nil
			}
		}
	}
	return nil
}

// answers returns the mails of a conversation that refer to a Message-ID, those
// that answer it directly first.
func (d *deciding) answers(ctx context.Context, conversation desk.ID, messageID string) ([]Fact, error) {
	all, err := d.idx.Answers(ctx, conversation, messageID)
	slices.SortStableFunc(all, func(a, b Fact) int {
		return slices.Index(a.Refs, messageID) - slices.Index(b.Refs, messageID)
	})
	return all, err
}

// sibling reports whether one of the answers to a mail stands beside this one.
func (d *deciding) sibling(ctx context.Context, answers []Fact, id string) (bool, error) {
	for _, f := range answers {
		if f.Forged || f.Forward || d.m.Auth == "fail" || !d.subject.same(parseSubject(f.Subject), true) ||
			!d.mutual(f) {
			continue
		}
		if elsewhere, err := d.elsewhere(ctx, f, id); err != nil || !elsewhere {
			return err == nil, err
		}
	}
	return false, nil
}

// mutual reports whether two senders had each other's mail.
func (d *deciding) mutual(f Fact) bool {
	return listed(d.m.Mail, f) || d.takesPart(d.m.From.Mail, f.People) && d.takesPart(f.From, people(d.m.Mail))
}

// elsewhere reports whether a mail answers another one that is here, nearer to
// it than the one with the Message-ID.
func (d *deciding) elsewhere(ctx context.Context, f Fact, messageID string) (bool, error) {
	at := slices.Index(f.Refs, messageID)
	if at <= 0 {
		return false, nil
	}
	nearer, err := d.idx.Find(ctx, f.Refs[:at]...)
	return slices.ContainsFunc(nearer, func(r mailbox.Reference) bool { return !r.Ghost }), err
}

// down looks for answers to this mail that came before it.
func (d *deciding) down(ctx context.Context) error {
	if d.m.MessageID == "" || d.out.Reused {
		return nil
	}
	for _, f := range d.known[d.m.MessageID] {
		topic, ok, err := d.idx.Topic(ctx, f.Conversation)
		if err != nil {
			return err
		}
		if !ok || slices.Contains(d.refused, topic.ID) || topic.ID == d.out.Conversation {
			continue
		}
		answers, err := d.answers(ctx, f.Conversation, d.m.MessageID)
		if err != nil {
			return err
		}
		for _, a := range answers {
			mine, err := d.answered(ctx, a)
			if err != nil {
				return err
			}
			if mine {
				d.join(topic.ID, desk.RuleReferences, "an answer to it was in this conversation before it came")
				break
			}
		}
	}
	return nil
}

// answered reports whether the answer f, which came first, joins this mail by
// the rules that would have held had it come second.
func (d *deciding) answered(ctx context.Context, f Fact) (bool, error) {
	at := slices.Index(f.Refs, d.m.MessageID)
	if at < 0 || f.Forged || f.Forward || d.m.Auth == "fail" || !d.earlier(f) {
		return false, nil
	}
	if !d.takesPart(f.From, people(d.m.Mail)) && !listed(d.m.Mail, f) || !d.subject.same(parseSubject(f.Subject), at > 0) {
		return false, nil
	}
	elsewhere, err := d.elsewhere(ctx, f, d.m.MessageID)
	return err == nil && !elsewhere, err
}

// overtaking is by how much an answer may overtake the mail that it answers.
const overtaking = 15 * time.Minute

// earlier reports whether this mail can be what f answers: our server had it
// first, or f was written to its sender. Who only knows a Message-ID that an
// answer refers to cannot put a mail of his own in its place.
func (d *deciding) earlier(f Fact) bool {
	if d.takesPart(d.m.From.Mail, f.People) {
		return true
	}
	return !d.m.Received.IsZero() && !f.Received.IsZero() && d.m.Received.Before(f.Received.Add(overtaking))
}
