package staff

import (
	"slices"
	"strings"

	"hark/desk"
)

// aMail is a conversation and one mail in it.
type aMail struct {
	on
	Item string `arg:"" optional:"" help:"The mail: its number as hark cat -n shows it, or its identifier; the obvious one without it."`
}

// one returns the conversation and the mail that was named; without a name that
// which pick chooses, the newest last in all.
func (m aMail) one(k *call, pick func(row *desk.Conversation, all []desk.Applied) desk.ID) (*desk.Conversation, desk.ID, error) {
	if m.Item != "" {
		row, ids, err := items{Items: []string{m.Item}}.locate(k, m.ID)
		if err == nil && len(ids) != 1 {
			err = desk.Errorf(desk.Invalid, "name one mail, not %d", len(ids))
		}
		if err != nil {
			return nil, desk.ID{}, err
		}
		return row, ids[0], nil
	}
	row, all, err := k.mailsOf(m.ID)
	if err != nil {
		return nil, desk.ID{}, err
	}
	if len(all) == 0 {
		return nil, desk.ID{}, desk.Errorf(desk.NotFound, "there is no mail in %s", k.Short(row.ID))
	}
	id := pick(row, all)
	if id.IsZero() {
		return nil, desk.ID{}, desk.Errorf(desk.NotFound, "no mail of %s is meant by that; hark cat -n %s shows their numbers", k.Short(row.ID), k.Short(row.ID))
	}
	return row, id, nil
}

// mailsOf reads the mails of a conversation, oldest first.
func (k *call) mailsOf(id string) (*desk.Conversation, []desk.Applied, error) {
	t, err := openThread(k, on{id}, why{Purpose: string(desk.Serve)}, "open")
	if err != nil {
		return nil, nil, err
	}
	defer t.Close()
	var all []desk.Applied
	_, err = t.Each(k.ctx, func(a desk.Applied) error {
		if mailOf(a.Body) != nil {
			all = append(all, a)
		}
		return nil
	})
	return t.Row(), all, err
}

// mailOf returns the mail that an event is, nil when it is none.
func mailOf(b desk.Body) *desk.Message {
	switch b := b.(type) {
	case desk.Message:
		if b.Mail != nil {
			return &b
		}
	case desk.MovedIn:
		if b.Message != nil && b.Message.Mail != nil {
			return b.Message
		}
	}
	return nil
}

// newest is the last mail of a conversation.
func newest(_ *desk.Conversation, all []desk.Applied) desk.ID { return itemID(all[len(all)-1]) }

// newestIn is the last mail that came, the last of all where none did.
func newestIn(row *desk.Conversation, all []desk.Applied) desk.ID {
	for _, a := range slices.Backward(all) {
		if mailOf(a.Body).Direction == desk.In {
			return itemID(a)
		}
	}
	return newest(row, all)
}

// itemID returns the identifier under which a mail is known: that of its first
// place when it was moved.
func itemID(a desk.Applied) desk.ID {
	if b, ok := a.Body.(desk.MovedIn); ok {
		return b.Item
	}
	return a.ID
}

// troubled is the one mail of a conversation that somebody has to look after.
func troubled(row *desk.Conversation, _ []desk.Applied) desk.ID {
	if len(row.Trouble) != 1 {
		return desk.ID{}
	}
	return row.Trouble[0].Item
}

// waiting is the last mail that has not gone out yet.
func waiting(row *desk.Conversation, _ []desk.Applied) desk.ID {
	if len(row.Outbox) == 0 {
		return desk.ID{}
	}
	return row.Outbox[len(row.Outbox)-1]
}

type mailRawCommand struct{ aMail }

// Run writes a mail's bytes.
func (c *mailRawCommand) Run(k *call) error {
	row, item, err := c.one(k, newestIn)
	if err != nil {
		return err
	}
	r, err := k.RawMail(k.ctx, row.ID, item)
	if err != nil {
		return err
	}
	return k.pour(r)
}

type mailUndoCommand struct{ aMail }

// Run takes a mail back.
func (c *mailUndoCommand) Run(k *call) error {
	row, item, err := c.one(k, waiting)
	if err != nil {
		return err
	}
	if _, err := k.Withdraw(k.ctx, row.ID, item); err != nil {
		return err
	}
	return k.tell("the mail in " + k.Short(row.ID) + " does not go out")
}

type mailResendCommand struct{ aMail }

// Run sends a mail again.
func (c *mailResendCommand) Run(k *call) error {
	row, item, err := c.one(k, troubled)
	if err != nil {
		return err
	}
	if err := k.Resend(k.ctx, row.ID, item); err != nil {
		return err
	}
	return k.tell("the mail in " + k.Short(row.ID) + " goes out again; hark cat " + k.Short(row.ID) + " shows what comes of it")
}

type mailSettleCommand struct {
	on
	Words []string `arg:"" help:"What was done about it."`
	Item  string   `help:"Which mail, by its number or identifier, where several wait."`
}

// Run says that a mail is dealt with.
func (c *mailSettleCommand) Run(k *call) error {
	row, item, err := aMail{c.on, c.Item}.one(k, troubled)
	if err != nil {
		return err
	}
	if err := k.Settle(k.ctx, row.ID, item, strings.Join(c.Words, " ")); err != nil {
		return err
	}
	return k.tell("the mail in " + k.Short(row.ID) + " is dealt with")
}

type mailJoinCommand struct {
	on
	Decline bool `help:"Say that it does not belong there."`
}

// Run joins a conversation with the one that it may belong to, or not.
func (c *mailJoinCommand) Run(k *call) error {
	row, err := c.find(k)
	if err != nil {
		return err
	}
	if row.Proposed.IsZero() {
		return desk.Errorf(desk.Invalid, "%s is not proposed to belong to another conversation; hark merge joins two by hand", k.Short(row.ID))
	}
	other := k.Short(row.Proposed)
	if c.Decline {
		if err := k.DeclineJoin(k.ctx, row.ID); err != nil {
			return err
		}
		return k.tell(k.Short(row.ID) + " stands by itself, not with " + other)
	}
	stays, err := k.AcceptJoin(k.ctx, row.ID)
	if err != nil {
		return err
	}
	gone := row.ID
	if stays == row.ID {
		gone, other = row.Proposed, k.Short(row.ID)
	}
	return k.tell(k.Short(gone) + " goes on in " + other + "; hark unmerge " + k.Short(gone) + " takes it back")
}
