package desk

import "context"

// TakeForAway sets an account away that lets offers expire: customers are not
// to wait for somebody who is not at the screen. Choosing a presence is how
// they come back.
func (d *Desk) TakeForAway(ctx context.Context, account ID) error {
	acc := d.state.Account(account)
	if acc == nil {
		return nil
	}
	err := d.append(ctx, Entry{
		ID: NewID(), Stream: Stream{AccountStream, account}, Class: ClassDesk,
		Expect: acc.N, Actor: Hub(), Body: PresenceChosen{Presence: Away},
	})
	d.tellPresence(account)
	return err
}

// TellDue tells staff that the answer in a conversation begins to be urgent.
func (d *Desk) TellDue(conversation ID) {
	d.feed.signal(Signal{Kind: SignalDue, Conversation: conversation})
}
