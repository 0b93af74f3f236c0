package thread

import (
	"context"
	"slices"

	"hark/desk"
)

// wordsOf says what a hit rests on.
func wordsOf(h hit) string {
	switch {
	case h.rule == desk.RuleToken:
		return "it answers a mail of ours: the signed Message-ID came back"
	case h.rule == desk.RulePlus:
		return "it was written to the signed address of this conversation"
	case h.rule == desk.RuleSubject:
		return "our mark stands in its subject, and the sender takes part"
	case h.direct:
		return "it answers a mail of this conversation"
	}
	return "it refers to a mail of this conversation"
}

// join puts the mail into a conversation.
func (d *deciding) join(id desk.ID, rule desk.Rule, words string) {
	d.out.Evidence = append(d.out.Evidence, desk.Evidence{Rule: rule, Words: words, Conversation: id})
	switch {
	case d.out.Conversation.IsZero():
		d.out.Conversation = id
	case d.out.Conversation != id && !slices.Contains(d.out.Joins, id):
		d.out.Joins = append(d.out.Joins, id)
	}
}

// refuse keeps why the mail does not join a conversation.
func (d *deciding) refuse(h hit, rule desk.Rule, words string) {
	d.refused = append(d.refused, h.topic.ID)
	d.out.Evidence = append(d.out.Evidence, desk.Evidence{Rule: rule, Words: words, Conversation: h.topic.ID, Refused: true})
}

// propose leaves it to a person whether the mail belongs there.
func (d *deciding) propose(h hit, rule desk.Rule, words string) {
	d.refuse(h, rule, words)
	if d.out.Proposed.IsZero() {
		d.out.Proposed = h.topic.ID
	}
}

// follow makes the mail's conversation a new one that comes after the other.
func (d *deciding) follow(h hit, rule desk.Rule, words string) {
	d.refuse(h, rule, words)
	if d.out.Previous.IsZero() {
		d.out.Previous = h.topic.ID
	}
}

// finish gives a mail that joins nothing what it may follow, and says so.
func (d *deciding) finish(ctx context.Context) error {
	if !d.out.Conversation.IsZero() {
		d.out.Previous, d.out.Proposed = desk.ID{}, desk.ID{}
		return nil
	}
	if err := d.suggest(ctx); err != nil {
		return err
	}
	if len(d.out.Evidence) == 0 {
		words := "nothing in it points to a conversation"
		if len(d.refs) > 0 {
			words = "what it answers is not here"
		}
		d.out.Evidence = []desk.Evidence{{Rule: desk.RuleNew, Words: words}}
	}
	return nil
}

// suggest looks for a conversation of the same sender about the same subject,
// when nothing else points anywhere. A person decides.
func (d *deciding) suggest(ctx context.Context) error {
	if d.m.Past || len(d.out.Evidence) > 0 || d.out.Forward || d.m.Auth == "fail" || d.own(d.m.From.Mail) || d.m.From.Mail == "" {
		return nil
	}
	rule, words := desk.RuleSubject, "the same sender wrote there under the same subject; nothing else points to it"
	topic := d.subject.words
	if d.m.ThreadIndex != "" && d.m.ThreadTopic != "" {
		rule, words = desk.RuleThread, "Exchange says that it belongs to a mail of the same sender there; nothing else points to it"
		topic = About(d.m.ThreadTopic)
	}
	if topic == "" {
		return nil
	}
	id, ok, err := d.idx.Alike(ctx, d.m.From.Mail, topic)
	if ok {
		d.out.Proposed = id
		d.out.Evidence = append(d.out.Evidence, desk.Evidence{Rule: rule, Words: words, Conversation: id, Refused: true})
	}
	return err
}
