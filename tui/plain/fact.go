package plain

import (
	"strconv"
	"strings"
	"time"

	"hark/desk"
	"hark/desk/when"
)

func (s *sitting) now() time.Time { return time.Now().In(s.o.Zone) }

// clock returns a time as short as it is understood: today's without the day.
func (s *sitting) clock(t time.Time) string {
	t, now := t.In(s.o.Zone), s.now()
	switch {
	case t.YearDay() == now.YearDay() && t.Year() == now.Year():
		return t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("2 January 15:04")
	}
	return t.Format("2 January 2006 15:04")
}

// count writes a number of things; an empty noun is the number alone.
func count(n int, noun string) string {
	switch {
	case noun == "":
		return strconv.Itoa(n)
	case n == 0:
		return "no " + noun + "s"
	case n == 1:
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// fact returns an event of the open conversation as a line, "" for what need
// not be told.
func (s *sitting) fact(a desk.Applied) string {
	at := ", " + s.clock(saidAt(a))
	switch b := a.Body.(type) {
	case desk.Message:
		return s.message(a.Event, b) + at
	case desk.Note:
		return "Note by " + strings.ToLower(s.subject(a.Actor)) + ": " + oneLine(b.Text) + at
	case desk.MovedIn:
		return s.movedIn(b)
	case desk.Unknown:
		return "Something that this hark does not know (" + name(b.Name) + ")" + at
	}
	if words := s.deedWords(a.Event); words != "" {
		return words + at
	}
	if words := s.matterWords(a.Event); words != "" {
		return words + at
	}
	if words := s.postWords(a.Event); words != "" {
		return words + at
	}
	return ""
}

// who names an actor; customers go by their name.
func (s *sitting) who(a desk.Actor) string { return name(s.desk.ActorName(a)) }

// customer returns what the customer of the open conversation is called.
func (s *sitting) roomName() string {
	if s.room != nil {
		if row := s.desk.Row(s.room.id); row != nil {
			return name(row.Name)
		}
	}
	return "nobody"
}

func (s *sitting) message(e desk.Event, m desk.Message) string {
	if m.Mail != nil {
		return s.mailFact(e, m)
	}
	from := s.who(e.Actor)
	if m.Direction == desk.Out && m.Author != "" {
		from = name(m.Author)
	}
	words := from + ": " + oneLine(m.Text)
	if len(m.Files) == 0 {
		return words
	}
	if m.Text == "" {
		words = from + " sent " + fileList(m.Files)
		return words
	}
	return words + " (with " + fileList(m.Files) + ")"
}

func fileList(files []desk.File) string {
	all := make([]string, len(files))
	for i, f := range files {
		all[i] = fileWords(f)
	}
	return series(all, "and")
}

// fileWords says what a file is: "the image photo.jpg of 30 KB".
func fileWords(f desk.File) string {
	return "the file " + name(f.Name) + ", " + name(f.Type) + ", " + sizeWords(f.Size)
}

func sizeWords(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " bytes"
	case n < 1_000_000:
		return strconv.FormatInt((n+999)/1000, 10) + " KB"
	}
	return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
}

func (s *sitting) movedIn(b desk.MovedIn) string {
	e := desk.Event{ID: b.Item, At: b.At, Actor: desk.Actor{Kind: b.Who, ID: b.WhoID}}
	at := ", " + s.clock(b.At)
	switch {
	case b.Message != nil:
		return s.message(e, *b.Message) + ", moved here from " + s.desk.Short(b.From) + at
	case b.Note != nil:
		return "Note by " + s.who(e.Actor) + ": " + oneLine(b.Note.Text) + ", moved here from " + s.desk.Short(b.From) + at
	}
	return ""
}

// subject names an actor at the beginning of a sentence: the person is "You".
func (s *sitting) subject(a desk.Actor) string {
	if a == s.desk.Actor() {
		return "You"
	}
	return s.who(a)
}

// deedWords says what staff or the hub did with the conversation.
func (s *sitting) deedWords(e desk.Event) string {
	who := s.subject(e.Actor)
	switch b := e.Body.(type) {
	case desk.Assigned:
		return s.assignedWords(who, b)
	case desk.Resolved:
		if e.Actor.Kind == desk.ActorContact {
			return who + " ended the chat"
		}
		return who + " resolved it"
	case desk.Reopened:
		return who + " reopened it"
	case desk.Tagged:
		return who + tagWords(b)
	case desk.Prioritised:
		return who + " set the priority to " + string(b.Priority)
	case desk.Snoozed:
		return who + " put it away " + s.until(b.Until)
	case desk.Woken:
		return who + " brought it back"
	case desk.Queued:
		return who + " put it into the queue " + name(b.Queue)
	case desk.Offered:
		return "It is offered to " + s.accountWords(b.To) + " until " + s.clock(b.Until)
	case desk.OfferEnded:
		return "The offer to " + s.accountWords(b.To) + " is over: " + string(b.Why)
	case desk.Breached:
		return "The promise of a " + string(b.Target) + " was missed"
	}
	return ""
}

func (s *sitting) until(t time.Time) string {
	if t.IsZero() {
		return when.Say(t, s.now())
	}
	return "until " + when.Say(t, s.now())
}

func (s *sitting) accountWords(id desk.ID) string {
	if id == s.desk.Actor().ID {
		return "you"
	}
	return name(s.desk.AccountName(id))
}

func (s *sitting) assignedWords(who string, b desk.Assigned) string {
	switch {
	case b.To.IsZero() && b.Why != "":
		return "Nobody has it now (" + name(b.Why) + ")"
	case b.To.IsZero():
		return who + " let go of it"
	case b.Claim:
		return who + " took it"
	}
	return who + " gave it to " + s.accountWords(b.To)
}

func tagWords(b desk.Tagged) string {
	var parts []string
	if len(b.Add) > 0 {
		parts = append(parts, " added "+tagList(b.Add))
	}
	if len(b.Remove) > 0 {
		parts = append(parts, " removed "+tagList(b.Remove))
	}
	return strings.Join(parts, " and")
}

// tagList writes tags as "the tag refund" or "the tags lamp and refund".
func tagList(tags []string) string {
	if len(tags) == 1 {
		return "the tag " + name(tags[0])
	}
	return "the tags " + series(cleaned(tags), "and")
}

// cleaned makes names of strangers fit to be read out.
func cleaned(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = name(w)
	}
	return out
}

// matterWords says what became of the matter as a whole. What need not be told
// has none: what is read and delivered is said where it is asked for.
func (s *sitting) matterWords(e desk.Event) string {
	who := s.subject(e.Actor)
	switch b := e.Body.(type) {
	case desk.ConversationOpened:
		return s.openedWords(b)
	case desk.Merged:
		return who + " merged it into " + s.desk.Short(b.Into)
	case desk.Unmerged:
		return who + " took the merge back"
	case desk.Joined:
		return who + " merged " + s.desk.Short(b.From) + " into it"
	case desk.Parted:
		return who + " took " + s.desk.Short(b.From) + " out of it again"
	case desk.MovedOut:
		return who + " moved " + count(len(b.Items), "message") + " to " + s.desk.Short(b.To)
	case desk.MovedBack:
		return who + " took a move of " + count(len(b.Items), "message") + " back"
	case desk.DraftHanded:
		return who + " handed a draft to " + s.accountWords(b.To)
	case desk.NoticeShown:
		return "The customer was shown the notice " + name(b.NoticeRef.Version)
	}
	return ""
}

func (s *sitting) openedWords(b desk.ConversationOpened) string {
	words := "It began by " + string(b.Channel)
	if b.Page != "" {
		words += " on " + name(b.Page)
	}
	if !b.From.IsZero() {
		words += ", split from " + s.desk.Short(b.From)
	}
	if !b.Previous.IsZero() {
		words += ", after " + s.desk.Short(b.Previous)
	}
	return words
}
