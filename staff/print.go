package staff

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"hark/desk"
	"hark/tui/safe"
)

// textMin is the narrowest column that words are wrapped in, in cells.
const textMin = 20

// actorMin is how much room an actor's name has at least, in cells, so that
// most words begin in one column.
const actorMin = 12

// printer writes events for a person or, as JSON, for a program.
type printer struct {
	k    *call
	json bool
	day  string // the day of the last line

	numbers bool // every item has its number in front
	hidden  map[desk.ID]bool

	whole    bool               // mails with all that they repeat
	room     int                // cells for the words of a mail; 0 for as many as there are
	numbered map[desk.ID]uint64 // the numbers of mails
}

func newPrinter(k *call, json bool) *printer { return &printer{k: k, json: json} }

// head says which conversation follows.
func (p *printer) head(c *desk.Conversation) error {
	if p.json {
		return nil
	}
	who := p.k.AccountName(c.Assignee)
	if who == "" {
		who = "nobody"
	}
	return p.k.tell(p.k.Short(c.ID) + "  " + safe.Name(c.Name).String() + ", " + string(c.Status) + ", for " + who)
}

// event writes what happened. row is the conversation at that time or later.
func (p *printer) event(row *desk.Conversation, a desk.Applied) error {
	if p.json {
		b, err := eventJSON(p.k.Session, row, a)
		if err != nil {
			return err
		}
		_, err = p.k.out.Write(b)
		return err
	}
	actor := pad(ansi.Truncate(safe.Name(p.k.ActorName(a.Actor)).String(), columnMax, "…"), actorMin)
	prefix := a.At.In(p.k.zone).Format("15:04:05") + "  " + p.k.Short(row.ID) + "  " + actor + "  "
	if p.numbers {
		prefix += fmt.Sprintf("%4d  ", a.N)
	}
	if p.k.width > 0 {
		p.room = max(p.k.width-ansi.StringWidth(prefix), textMin)
	}
	p.remember(a)
	text := p.describe(a)
	if text == "" || p.gone(a) {
		return nil
	}
	if err := p.newDay(a.At.In(p.k.zone)); err != nil {
		return err
	}
	return p.k.tell(prefix + hang(text, ansi.StringWidth(prefix), p.k.width))
}

// remember notes the number of a mail, by which later events name it.
func (p *printer) remember(a desk.Applied) {
	if mailOf(a.Body) == nil {
		return
	}
	if p.numbered == nil {
		p.numbered = map[desk.ID]uint64{}
	}
	p.numbered[itemID(a)] = a.N
}

// newDay writes the date once a day.
func (p *printer) newDay(at time.Time) error {
	day := at.Format("Monday, 2 January 2006")
	if day == p.day {
		return nil
	}
	p.day = day
	return p.k.tell(day)
}

// describe says in words what happened; "" for what is not worth a line. What
// is not a message stands in brackets, which no customer can imitate: their
// words are marked as words.
func (p *printer) describe(a desk.Applied) string {
	switch b := a.Body.(type) {
	case desk.Message:
		if b.Mail != nil {
			return p.mail(b)
		}
		arrow := "> "
		if b.Direction == desk.Out {
			arrow = "< "
		}
		return arrow + safe.New(b.Text).String() + describeFiles(b.Files)
	case desk.Note:
		return "# " + safe.New(b.Text).String()
	case desk.ConversationOpened:
		return "[opened a conversation by " + string(b.Channel) + from(b.Page) + "]"
	case desk.Assigned:
		return "[" + p.assigned(a, b) + "]"
	case desk.Resolved:
		return "[resolved]"
	case desk.Reopened:
		return "[reopened]"
	case desk.MovedIn:
		return p.describe(desk.Applied{Event: desk.Event{Actor: desk.Actor{Kind: b.Who, ID: b.WhoID}, Body: moved(b)}}) +
			" [moved here from " + p.k.Short(b.From) + "]"
	case desk.Unknown:
		return "[" + safe.Line(b.Name).String() + ", which this release does not know]"
	}
	if words := p.work(a.Body); words != "" {
		return "[" + words + "]"
	}
	return ""
}

func from(page string) string {
	if page == "" {
		return ""
	}
	return " on " + safe.Line(page).String()
}

func (p *printer) assigned(a desk.Applied, b desk.Assigned) string {
	switch {
	case b.To.IsZero():
		return "let go of it"
	case b.To == a.Actor.ID:
		return "took it"
	}
	return "gave it to " + p.k.AccountName(b.To)
}

// hang wraps text to the width and indents all lines but the first, so that a
// customer's line break never begins a line of ours.
func hang(text string, indent, width int) string {
	if width > 0 {
		text = ansi.Wrap(text, max(width-indent, textMin), "")
	}
	return strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", indent))
}

// following tells a person that the tail has begun.
func (p *printer) following(what string) {
	if !p.json && p.k.width > 0 {
		_, _ = io.WriteString(p.k.err, "following "+what+"; ctrl+c ends\n")
	}
}

// gap says that events behind seq may be missing, because the reader was too
// slow for them.
func (p *printer) gap(seq uint64) error {
	if !p.json {
		return p.k.tell("[events are missing here: this reader was too slow; hark cat ID shows them]")
	}
	b, err := line(struct {
		Seq  uint64 `json:"seq"`
		At   string `json:"at"`
		Kind string `json:"kind"`
	}{seq, stamp(time.Now()), "resync"})
	if err != nil {
		return err
	}
	_, err = p.k.out.Write(b)
	return err
}
