package thread

import (
	"strconv"
	"strings"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// words says what happened, on one line.
func (p *Pane) words(it *item) string {
	who := p.who(it)
	switch b := it.Body.(type) {
	case desk.ConversationOpened:
		return p.opened(b)
	case desk.Assigned:
		return p.assigned(who, b)
	case desk.Resolved:
		return p.resolvedWords(it, who)
	case desk.Reopened:
		return who + " reopened this"
	case desk.DraftDiscarded:
		return who + " threw a draft away"
	case desk.DraftHanded:
		return who + " handed a draft to " + p.account(b.To)
	case desk.NoticeShown:
		return "notice version " + safe.Name(b.NoticeRef.Version).String() + " (" + safe.Name(b.NoticeRef.Lang).String() + ") was shown"
	case desk.Unknown:
		return "something this version does not know: " + safe.Line(b.Name).String()
	}
	if text := p.mailWords(it, who); text != "" {
		return text
	}
	if text := p.workWords(it, who); text != "" {
		return text
	}
	if text := p.sortWords(it, who); text != "" {
		return text
	}
	return safe.Line(it.Body.Kind()).String()
}

// mailWords says what was decided about mails.
func (p *Pane) mailWords(it *item, who string) string {
	switch b := it.Body.(type) {
	case desk.MailResent:
		return who + " sent an undelivered mail again"
	case desk.MailSettled:
		if b.Words == "" {
			return who + " dealt with an undelivered mail"
		}
		return who + " dealt with an undelivered mail: " + safe.Line(b.Words).String()
	case desk.MailProposed:
		return "this may belong to #" + p.short(b.Conversation)
	case desk.MailDeclined:
		return who + " said that this does not belong to #" + p.short(b.Conversation)
	}
	return ""
}

// workWords says what was done with the conversation.
func (p *Pane) workWords(it *item, who string) string {
	switch b := it.Body.(type) {
	case desk.Tagged:
		return tagWords(who, b)
	case desk.Prioritised:
		return who + " set the priority to " + safe.Line(string(b.Priority.Or())).String()
	case desk.Snoozed:
		if b.Until.IsZero() {
			return who + " snoozed this until a reply"
		}
		return who + " snoozed this till " + p.look.When(b.Until, it.At)
	case desk.Woken:
		if it.Actor.Kind == desk.ActorHub {
			return "back from its snooze"
		}
		return who + " woke this"
	case desk.Queued:
		if b.Queue == "" {
			return who + " put this into the queue for everybody"
		}
		return who + " put this into the queue " + safe.Name(b.Queue).String()
	case desk.Offered:
		return "offered to " + p.account(b.To)
	case desk.OfferEnded:
		return p.offerEnded(b)
	case desk.Breached:
		return "the " + safe.Line(string(b.Target)).String() + " is late"
	}
	return ""
}

// sortWords says what was merged, split and moved.
func (p *Pane) sortWords(it *item, who string) string {
	switch b := it.Body.(type) {
	case desk.Merged:
		return who + " merged this into #" + p.short(b.Into)
	case desk.Unmerged:
		return who + " took the merge back"
	case desk.Joined:
		return who + " merged #" + p.short(b.From) + " into this"
	case desk.Parted:
		return who + " took #" + p.short(b.From) + " out of this again"
	case desk.MovedOut:
		return who + " moved " + items(len(b.Items)) + " to #" + p.short(b.To)
	case desk.MovedBack:
		return who + " moved " + items(len(b.Items)) + " back"
	}
	return ""
}

func items(n int) string {
	if n == 1 {
		return "1 message"
	}
	return strconv.Itoa(n) + " messages"
}

func tagWords(who string, b desk.Tagged) string {
	var parts []string
	if len(b.Add) > 0 {
		parts = append(parts, "tagged this "+safe.Line(strings.Join(b.Add, ", ")).String())
	}
	if len(b.Remove) > 0 {
		parts = append(parts, "took off "+safe.Line(strings.Join(b.Remove, ", ")).String())
	}
	return who + " " + strings.Join(parts, " and ")
}

func (p *Pane) offerEnded(b desk.OfferEnded) string {
	switch to := p.account(b.To); b.Why {
	case desk.Declined:
		return to + " declined"
	case desk.Expired:
		return to + " did not answer the offer"
	case desk.Gone:
		return to + " left, the offer ended"
	case desk.Withdrawn:
		return "the offer to " + to + " was withdrawn"
	default:
		return "the offer to " + to + " ended"
	}
}

func (p *Pane) resolvedWords(it *item, who string) string {
	if it.Actor.Kind == desk.ActorContact {
		return who + " ended the chat"
	}
	return who + " resolved this"
}

func (p *Pane) opened(b desk.ConversationOpened) string {
	text := safe.Line(string(b.Channel)).String() + " began"
	if !b.From.IsZero() {
		text = "split from #" + p.short(b.From)
	}
	if !b.Previous.IsZero() && b.Channel == desk.Email {
		text += ", after #" + p.short(b.Previous)
	}
	if b.Page != "" {
		text += " on " + ui.PagePath(b.Page)
	}
	return text
}

func (p *Pane) assigned(who string, b desk.Assigned) string {
	switch {
	case b.To.IsZero() && b.Why != "":
		return "back in the queue: " + safe.Line(b.Why).String()
	case b.To.IsZero():
		return who + " let go of this"
	case b.Claim:
		return who + " took this"
	case b.To == p.me.ID:
		return who + " gave this to you"
	}
	return who + " gave this to " + p.account(b.To)
}

// account names a member of staff.
func (p *Pane) account(id desk.ID) string {
	if id == p.me.ID {
		return "you"
	}
	return safe.Name(p.names(desk.Actor{Kind: desk.ActorAccount, ID: id})).String()
}

// short returns a conversation's short number.
func (p *Pane) short(id desk.ID) string {
	if p.Short == nil {
		return id.String()[:4]
	}
	return p.Short(id)
}
