package intake

import (
	"context"
	"slices"

	"hark/channels/email/thread"
	"hark/desk"
)

// ours recognises a mail that this desk sent and that came back to one of its
// boxes: it was written to ourselves too, or it is the copy among those sent.
// It is in its conversation already.
func (in *Intake) ours(ctx context.Context, o *outcome) (bool, error) {
	m := o.mail
	if m.Auth == "fail" || !slices.Contains(in.own, thread.Bare(m.From.Mail)) {
		return false, nil
	}
	conversation, item, err := in.sent(ctx, m.MessageID, m.HarkID)
	if err != nil || item.IsZero() {
		return false, err
	}
	o.threading.Conversation, o.threading.CopyOf = conversation, item
	if m.MessageID == "" {
		return true, nil
	}
	// A server may have given it another Message-ID, to which answers refer.
	return true, in.o.Store.Alias(ctx, m.MessageID, conversation, item)
}

// sent returns the mail of ours that a Message-ID or an X-Hark-Id names.
func (in *Intake) sent(ctx context.Context, messageID, harkID string) (conversation, item desk.ID, err error) {
	for _, id := range []string{harkID, messageID} {
		t, ok := in.o.Keys.Read(id)
		if !ok {
			continue
		}
		err = in.o.Desk.EachMail(ctx, in.index.now(t.Conversation), func(id desk.ID, m *desk.Message) {
			if m.Direction == desk.Out && t.Of(id) {
				conversation, item = t.Conversation, id
			}
		})
		if err != nil || !item.IsZero() {
			return conversation, item, err
		}
	}
	if messageID == "" {
		return desk.ID{}, desk.ID{}, nil
	}
	refs, err := in.o.Store.Find(ctx, messageID)
	if err != nil {
		return desk.ID{}, desk.ID{}, err
	}
	for _, r := range refs {
		if r.Ghost || r.Mail.IsZero() {
			continue
		}
		if _, err := in.o.Store.Letter(ctx, r.Mail); err == nil {
			return r.Conversation, r.Mail, nil
		} else if desk.CodeOf(err) != desk.NotFound {
			return desk.ID{}, desk.ID{}, err
		}
	}
	return desk.ID{}, desk.ID{}, nil
}

// bounced finds the conversation of a report about a mail of ours.
func (in *Intake) bounced(ctx context.Context, o *outcome) (thread.Decision, bool, error) {
	r := o.mail.Report
	conversation, item, err := in.sent(ctx, r.OriginalID, r.OriginalHarkID)
	if err != nil || item.IsZero() {
		return thread.Decision{}, false, err
	}
	topic, ok, err := in.index.Topic(ctx, conversation)
	if err != nil || !ok {
		return thread.Decision{}, false, err
	}
	o.bounce = &Bounce{Conversation: topic.ID, Item: item, Report: r, Mail: o.row.ID}
	why := desk.Evidence{Rule: desk.RuleToken, Words: "it reports what became of a mail of this conversation", Conversation: topic.ID}
	return thread.Decision{Conversation: topic.ID, Evidence: []desk.Evidence{why}}, true, nil
}
