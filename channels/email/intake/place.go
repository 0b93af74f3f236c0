package intake

import (
	"context"
	"crypto/sha256"
	"slices"

	"hark/channels/email/thread"
	"hark/desk"
	"hark/desk/mailbox"
)

// ImportAccount is the account of mail that was brought in from files. What it
// shares with another account is the same mail.
const ImportAccount = "import"

// outcome is what is to be done with a mail, and then what was.
type outcome struct {
	parsed
	message      bool    // it becomes a message; else a copy, or it is quarantined
	conversation desk.ID // where it was decided to go
	opens        bool    // a new one
	group        *pending
	joins        []desk.ID
	incoming     desk.Incoming
	bounce       *Bounce
	threading    mailbox.Threading
	quarantine   string // why, in words
	failed       error  // it is tried again
}

// place decides about a mail and remembers the decision.
func (in *Intake) place(ctx context.Context, p parsed) (*outcome, error) {
	in.index.account = p.row.Account
	o := &outcome{parsed: p}
	o.threading = mailbox.Threading{ID: p.row.ID, Identity: p.mail.Identity, MessageID: p.mail.MessageID}
	for _, known := range []func(context.Context, *outcome) (bool, error){in.ours, in.copied} {
		if !p.journaled.IsZero() {
			break // it is a message, whatever came since
		}
		if done, err := known(ctx, o); done || err != nil {
			return o, err
		}
	}
	return o, in.thread(ctx, o)
}

// copied looks whether the same mail is here already, or was deleted.
func (in *Intake) copied(ctx context.Context, o *outcome) (bool, error) {
	if o.mail.Identity == ([32]byte{}) {
		return false, nil
	}
	buried, err := in.o.Store.Buried(ctx, o.mail.Identity)
	if buried || err != nil {
		o.threading.CopyOf = o.row.ID
		return true, err
	}
	same, ok, err := in.same(ctx, o.mail.Identity, o.row.ID)
	if !ok || err != nil {
		return false, err
	}
	if same.Account != o.row.Account && same.Account != ImportAccount && o.row.Account != ImportAccount {
		// Another inbox of the desk has it: this one has it as well, once.
		o.threading.Identity = scoped(o.mail.Identity, o.row.Account)
		other := same.Conversation
		if same, ok, err = in.same(ctx, o.threading.Identity, o.row.ID); !ok || err != nil {
			o.incoming.Previous = in.index.now(other)
			return false, err
		}
	}
	o.threading.CopyOf, o.threading.Conversation = same.ID, same.Conversation
	return true, nil
}

// same returns the mail that has an identity and is another than id.
func (in *Intake) same(ctx context.Context, identity [32]byte, id desk.ID) (mailbox.Row, bool, error) {
	row, ok := in.index.same[identity]
	if !ok {
		var err error
		if row, ok, err = in.o.Store.Same(ctx, identity); err != nil {
			return row, false, err
		}
	}
	return row, ok && row.ID != id, nil
}

// scoped is a mail's identity within one account.
func scoped(identity [32]byte, account string) [32]byte {
	return sha256.Sum256(append(append([]byte("inbox\x00"), identity[:]...), account...))
}

// thread finds the conversation of a mail that becomes a message.
func (in *Intake) thread(ctx context.Context, o *outcome) error {
	m := thread.Mail{Mail: o.mail, Received: o.row.Received, Past: o.row.Past, Machine: o.class.Muted}
	letter := letterOf(o.parsed)
	elsewhere := o.incoming.Previous
	d, err := in.decide(ctx, o, m)
	if err != nil {
		return err
	}
	if !elsewhere.IsZero() {
		d.Evidence = append(d.Evidence, desk.Evidence{
			Rule: desk.RuleReferences, Words: "the same mail came to another inbox of this desk as well", Conversation: elsewhere, Refused: true,
		})
	} else if d.Reused {
		letter.Mended = append(slices.Clone(letter.Mended), "another mail bears the same Message-ID; it is kept as a mail of its own")
	}
	letter.Evidence, letter.Forward = d.Evidence, d.Forward
	o.opens, o.joins, o.conversation = d.New(), d.Joins, d.Conversation
	if o.opens {
		o.conversation = desk.DeriveID([]byte("mail conversation"), o.row.ID[:])
	}
	o.threading.Refs = ghosts(m, o.parsed)
	o.incoming = desk.Incoming{
		ID: o.row.ID, Conversation: o.conversation, Previous: d.Previous, Proposed: d.Proposed,
		Queue: in.o.accountOf(o.row.Account).Queue, Text: o.mail.Text, Letter: letter,
	}
	if d.Previous.IsZero() {
		o.incoming.Previous = elsewhere
	}
	f, err := in.index.factsOf(ctx, o.conversation)
	if err != nil {
		return err
	}
	o.message = true
	o.group = in.index.group(o.conversation, o.incoming.Previous, o.incoming.Proposed)
	o.group.opened = o.group.opened || o.opens
	in.index.take(o.conversation, o.group, o.parsed, m, f)
	if o.threading.Identity != ([32]byte{}) {
		row := o.row
		row.Conversation = o.conversation
		in.index.same[o.threading.Identity] = row
	}
	return nil
}

// decide returns where a mail belongs: where it was journaled before, a report
// where the mail stands that it is about, everything else by its evidence.
func (in *Intake) decide(ctx context.Context, o *outcome, m thread.Mail) (d thread.Decision, err error) {
	found := false
	if o.class.Bounce {
		if d, found, err = in.bounced(ctx, o); err != nil {
			return d, err
		}
	}
	if !found {
		if d, err = in.rules.Decide(ctx, m, in.index); err != nil {
			return d, err
		}
	}
	if !o.journaled.IsZero() {
		d = stay(d, in.index.now(o.journaled))
	}
	return d, nil
}

// stay makes a decision one about a mail that is in a conversation already:
// where else it belongs goes on there.
func stay(d thread.Decision, conversation desk.ID) thread.Decision {
	joins := append([]desk.ID{d.Conversation}, d.Joins...)
	d.Joins = slices.DeleteFunc(joins, func(id desk.ID) bool { return id.IsZero() || id == conversation })
	d.Conversation = conversation
	return d
}
