package desk

import "context"

// meet returns who the visitor is and what is to be kept of them. The contact's
// own return, if there is one, comes behind it with a fixed count: what is
// learned of a known contact goes without one.
func (d *Desk) meet(contact *Contact, who Identity, w Words) ([]Entry, Actor) {
	actor := Actor{Kind: ActorContact}
	if contact != nil {
		actor.ID = contact.ID
		return nil, actor
	}
	actor.ID = DeriveID([]byte("visitor contact"), []byte(who.Value))
	created := ContactCreated{Name: visitorName(w.Name, actor.ID)}
	var more []Body
	if w.Form {
		more = append(more, d.link(who))
	} else {
		created.Identities = []Identity{who}
	}
	if w.Mail != "" {
		more = append(more, w.mailField())
	}
	var entries []Entry
	for n, b := range append([]Body{created}, more...) {
		entries = append(entries, contactEntry(actor.ID, uint64(n), actor, b))
	}
	return entries, actor
}

func (w Words) mailField() ContactField {
	source := "chat"
	if w.Form {
		source = "form"
	}
	return ContactField{Field{Name: "mail", Value: w.Mail, Class: Direct, Source: source}}
}

// learn keeps what a known visitor tells of themselves with a later message.
// It is not part of the message: words never fail for it.
func (d *Desk) learn(ctx context.Context, who Identity, w Words) {
	contact := d.state.ContactBy(who)
	if contact == nil {
		return
	}
	actor := Actor{Kind: ActorContact, ID: contact.ID}
	var entries []Entry
	if w.Name != "" && contact.Name == visitorName("", contact.ID) {
		entries = append(entries, contactEntry(contact.ID, AnyN, actor, ContactNamed{Name: w.Name}))
	}
	if f, _ := contact.Field("mail"); w.Mail != "" && f.Value != w.Mail {
		entries = append(entries, contactEntry(contact.ID, AnyN, actor, w.mailField()))
	}
	if w.Form {
		entries = append(entries, d.renewal(contact, who)...)
	}
	if len(entries) == 0 {
		return
	}
	if err := d.append(ctx, entries...); err != nil {
		d.log.Warn("what a visitor said of themselves was not kept", "error", err)
	}
}
