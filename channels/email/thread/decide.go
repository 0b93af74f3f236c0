package thread

import (
	"context"
	"slices"

	"hark/desk"
	"hark/desk/mailbox"
)

// Decide says where a mail belongs. It fails only when the index does.
func (r *Rules) Decide(ctx context.Context, m Mail, idx Index) (Decision, error) {
	d := &deciding{Rules: r, m: m, idx: idx, subject: parseSubject(m.Subject), refs: Refs(m.Mail), known: map[string][]mailbox.Reference{}}
	d.out.Forward = forward(m)
	if err := d.look(ctx); err != nil {
		return Decision{}, err
	}
	for _, step := range []func(context.Context) error{d.up, d.down, d.beside} {
		if err := step(ctx); err != nil {
			return Decision{}, err
		}
	}
	return d.out, d.finish(ctx)
}

// deciding is one decision on its way.
type deciding struct {
	*Rules
	m       Mail
	idx     Index
	subject subject
	refs    []string                       // the nearest first
	known   map[string][]mailbox.Reference // of refs and of the mail's own Message-ID
	refused []desk.ID                      // conversations that were pointed to and are not joined
	out     Decision
}

// look asks the index once for every Message-ID in play.
func (d *deciding) look(ctx context.Context) error {
	ids := d.refs
	if d.m.MessageID != "" {
		ids = append(slices.Clone(ids), d.m.MessageID)
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := d.idx.Find(ctx, ids...)
	if err != nil {
		return err
	}
	for _, f := range found {
		d.known[f.MessageID] = append(d.known[f.MessageID], f)
	}
	d.out.Reused = slices.ContainsFunc(d.known[d.m.MessageID], func(f mailbox.Reference) bool { return !f.Ghost })
	return nil
}

// up follows what the mail points to. The first hit decides.
func (d *deciding) up(ctx context.Context) error {
	h, found, err := d.first(ctx)
	switch {
	case !found || err != nil:
		return err
	case d.out.Forward:
		d.handedOn(h)
		return nil
	}
	return d.judge(ctx, h)
}

// hit is a conversation that something in the mail points to.
type hit struct {
	rule   desk.Rule
	topic  Topic
	id     string // the Message-ID that points there; empty for other rules
	direct bool   // it is the nearest reference
}

// signed reports whether the hit is proved by a signature of ours.
func (h hit) signed() bool { return h.rule == desk.RuleToken || h.rule == desk.RulePlus }

// first returns the first hit in the order of strength.
func (d *deciding) first(ctx context.Context) (hit, bool, error) {
	for _, step := range []func(context.Context) (hit, bool, error){d.byToken, d.byPlus, d.byReference, d.byTag} {
		if h, found, err := step(ctx); found || err != nil {
			return h, found, err
		}
	}
	return hit{}, false, nil
}

// byToken looks for our signed Message-ID among the references.
func (d *deciding) byToken(ctx context.Context) (hit, bool, error) {
	for i, id := range d.refs {
		t, ok := d.Keys.Read(id)
		if !ok {
			continue
		}
		topic, ok, err := d.idx.Topic(ctx, t.Conversation)
		if ok || err != nil {
			return hit{desk.RuleToken, topic, id, i == 0}, ok, err
		}
	}
	return hit{}, false, nil
}

// byPlus looks for our signed plus address among the recipients.
func (d *deciding) byPlus(ctx context.Context) (hit, bool, error) {
	for _, a := range people(d.m.Mail) {
		if !d.own(a) {
			continue
		}
		id, ok := d.Keys.ReadPlus(a)
		if !ok {
			continue
		}
		topic, ok, err := d.idx.Topic(ctx, id)
		if ok || err != nil {
			return hit{rule: desk.RulePlus, topic: topic}, ok, err
		}
	}
	return hit{}, false, nil
}

// byReference looks for the nearest mail that is here.
func (d *deciding) byReference(ctx context.Context) (hit, bool, error) {
	for i, id := range d.refs {
		for _, f := range d.known[id] {
			if f.Ghost {
				continue
			}
			topic, ok, err := d.idx.Topic(ctx, f.Conversation)
			if ok || err != nil {
				return hit{desk.RuleReferences, topic, id, i == 0}, ok, err
			}
		}
	}
	return hit{}, false, nil
}

// byTag looks for our tag in the subject.
func (d *deciding) byTag(ctx context.Context) (hit, bool, error) {
	for _, t := range Tags(d.m.Subject) {
		ids, err := d.idx.Prefixed(ctx, t.Letters)
		if err != nil {
			return hit{}, false, err
		}
		ids = slices.DeleteFunc(ids, func(id desk.ID) bool { return !d.Keys.Tagged(t, id) })
		if len(ids) != 1 {
			continue // none, or nobody knows which
		}
		topic, ok, err := d.idx.Topic(ctx, ids[0])
		if ok || err != nil {
			return hit{rule: desk.RuleSubject, topic: topic}, ok, err
		}
	}
	return hit{}, false, nil
}

// judge applies the rules to a hit and joins its conversation, or says why not.
func (d *deciding) judge(ctx context.Context, h hit) error {
	takesPart, err := d.admitted(ctx, h)
	switch {
	case err != nil:
		return err
	case d.m.Auth == "fail":
		d.propose(h, desk.RuleParticipant, "the sender's own domain says that this mail is forged")
	case !takesPart:
		d.propose(h, desk.RuleParticipant, "the sender takes no part in that conversation")
	case d.changed(h):
		d.follow(h, desk.RuleTopic, "the subject is another one, and nothing of ours is quoted")
	case d.over(h.topic, d.m):
		d.follow(h, desk.RuleAge, "that matter was over long before this mail came")
	default:
		d.join(h.topic.ID, h.rule, wordsOf(h))
	}
	return nil
}

// admitted is rule S for a hit: the sender takes part, or proves with our
// signature to be a colleague of one who does, or is on the list that the mail
// went to which is answered.
func (d *deciding) admitted(ctx context.Context, h hit) (bool, error) {
	from := d.m.From.Mail
	switch {
	case d.takesPart(from, h.topic.Parties):
		return true, nil
	case h.signed():
		return colleague(from, h.topic.Parties), nil
	case h.rule != desk.RuleReferences || d.m.Marks.ListID == "":
		return false, nil
	}
	f, ok, err := d.idx.Fact(ctx, h.topic.ID, h.id)
	return ok && listed(d.m.Mail, f), err
}

// changed is rule N.
func (d *deciding) changed(h hit) bool {
	if d.m.Machine || h.rule != desk.RuleToken && h.rule != desk.RuleReferences {
		return false
	}
	return !d.subject.same(parseSubject(h.topic.Subject), !h.direct) && !d.quotes(d.m, h.topic.ID, h.id)
}

// handedOn links a mail that was handed on with what it was taken from.
func (d *deciding) handedOn(h hit) {
	const words = "it hands on a mail of that conversation, and an answer to it is not for everybody there"
	if d.m.Auth != "fail" && d.takesPart(d.m.From.Mail, h.topic.Parties) {
		d.follow(h, desk.RuleForward, words)
		return
	}
	d.propose(h, desk.RuleForward, words)
}
