package staff

import (
	"strconv"
	"strings"
	"time"

	"hark/desk"
	"hark/desk/when"
)

// work says in words what staff and the hub did beside writing; "" for what is
// not worth a line.
func (p *printer) work(body desk.Body) string {
	k := p.k
	switch b := body.(type) {
	case desk.Tagged:
		return tagWork(b)
	case desk.Prioritised:
		return "priority " + string(b.Priority.Or())
	case desk.Snoozed:
		if b.Until.IsZero() {
			return "snoozed until a reply"
		}
		return "snoozed until " + when.Say(b.Until.In(k.zone), time.Now().In(k.zone))
	case desk.Woken:
		return "woken"
	case desk.Queued:
		return "put into the queue " + printable(b.Queue)
	case desk.Offered:
		return "offered to " + k.AccountName(b.To)
	case desk.OfferEnded:
		return "the offer to " + k.AccountName(b.To) + " ended: " + string(b.Why)
	case desk.Breached:
		return "waited longer than promised"
	case desk.DraftHanded:
		return "handed a draft to " + k.AccountName(b.To)
	}
	if words := p.post(body); words != "" {
		return words
	}
	return p.sorting(body)
}

// sorting says in words what was merged, split and moved.
func (p *printer) sorting(body desk.Body) string {
	k := p.k
	switch b := body.(type) {
	case desk.Merged:
		return "goes on in " + k.Short(b.Into)
	case desk.Unmerged:
		return "stands by itself again"
	case desk.Joined:
		return k.Short(b.From) + " goes on here"
	case desk.Parted:
		return k.Short(b.From) + " stands by itself again"
	case desk.MovedOut:
		return "moved " + counted(len(b.Items)) + " to " + k.Short(b.To)
	case desk.MovedBack:
		return "moved " + strconv.Itoa(len(b.Items)) + " back"
	}
	return ""
}

func tagWork(b desk.Tagged) string {
	var words []string
	for _, t := range b.Add {
		words = append(words, "+"+printable(t))
	}
	for _, t := range b.Remove {
		words = append(words, "-"+printable(t))
	}
	return "tags " + strings.Join(words, " ")
}

// moved returns what a copy in a new place says.
func moved(b desk.MovedIn) desk.Body {
	if b.Message != nil {
		return *b.Message
	}
	if b.Note != nil {
		return *b.Note
	}
	return desk.Note{}
}

// hide finds out what was moved away and is not shown any more.
func (p *printer) hide(a desk.Applied) error {
	if p.hidden == nil {
		p.hidden = map[desk.ID]bool{}
	}
	switch b := a.Body.(type) {
	case desk.MovedOut:
		for _, id := range b.Items {
			p.hidden[id] = true
		}
	case desk.MovedBack:
		for _, id := range b.Items {
			p.hidden[id] = !p.hidden[id] // here it returns, there its copy goes
		}
	}
	return nil
}

// gone reports whether an event was moved away, or is a copy that was.
func (p *printer) gone(a desk.Applied) bool {
	if b, ok := a.Body.(desk.MovedIn); ok {
		return p.hidden[b.Item]
	}
	return p.hidden[a.ID]
}
