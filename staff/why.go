package staff

import (
	"slices"

	"hark/desk"
	"hark/tui/safe"
)

type whyCommand struct {
	on
	JSON bool `name:"json" help:"A JSON object."`
}

// Run says who is asked to take a conversation, or why nobody is, and for each
// of its mails why it is there.
func (c *whyCommand) Run(k *call) error {
	row, err := c.find(k)
	if err != nil {
		return err
	}
	w, err := k.Explain(row.ID)
	if err != nil {
		return err
	}
	var mails []desk.MailEvidence
	if slices.Contains(row.Channels, desk.Email) {
		if mails, err = k.WhyJoined(k.ctx, row.ID); err != nil {
			return err
		}
	}
	if c.JSON {
		return k.json(struct {
			desk.Waiting
			Offer string              `json:"offer"` // who is asked, by name
			Mails []desk.MailEvidence `json:"mails,omitempty"`
		}{w, k.AccountName(w.Offer.To), mails})
	}
	if err := k.tell(k.Short(row.ID) + ": " + safe.Line(w.Reason).String()); err != nil {
		return err
	}
	for _, m := range mails {
		if err := k.evidence(m); err != nil {
			return err
		}
	}
	if !row.Proposed.IsZero() {
		return k.tell("it may belong to " + k.Short(row.Proposed) + "; hark mail join " + k.Short(row.ID) + " joins them, with --decline it stays by itself")
	}
	return nil
}

// evidence says why a mail is where it is: what was followed, and what pointed
// elsewhere and was not.
func (k *call) evidence(m desk.MailEvidence) error {
	head := m.At.In(k.zone).Format("2006-01-02 15:04") + "  " + addresses([]desk.Address{m.From}) + ": " + noSubject(safe.Line(m.Subject).String())
	if err := k.tell(head); err != nil {
		return err
	}
	for _, e := range m.Evidence {
		words := "  here, because " // what follows is a sentence of hark's
		if e.Refused {
			words = "  not followed: "
		}
		words += safe.Line(e.Words).String()
		if !e.Conversation.IsZero() && e.Refused {
			words += " (" + k.Short(e.Conversation) + ")"
		}
		if err := k.tell(words + " [" + printable(string(e.Rule)) + "]"); err != nil {
			return err
		}
	}
	return nil
}
