package plain

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/desk"
)

// mailFact tells a mail: who it is from and to, what it is about, what speaks
// against its sender, its words without what they repeat, and what hangs on it.
func (s *sitting) mailFact(e desk.Event, m desk.Message) string {
	if m.Direction == desk.Out {
		s.room.note(itemOf(e), addresses(m.Mail.To))
	}
	parts := []string{s.mailHead(e, m)}
	if m.Mail.Subject != "" {
		parts = append(parts, "subject "+name(m.Mail.Subject))
	}
	if m.Mail.Automatic != "" {
		parts = append(parts, "automatic ("+name(m.Mail.Automatic)+")")
	}
	words := strings.Join(parts, ", ") + "."
	for _, w := range m.Mail.Warnings {
		words += " Warning: " + sentence(oneLine(w))
	}
	text, folded := unfolded(m)
	words += " " + oneLine(text)
	if folded > 0 {
		words += " (" + count(folded, "line") + " left out: say whole)"
	}
	if m.Mail.Remote > 0 {
		words += " (pictures not loaded: " + strconv.Itoa(m.Mail.Remote) + ", trackers: " + strconv.Itoa(m.Mail.Trackers) + ")"
	}
	if files := append(slices.Clone(m.Files), partFiles(m.Mail)...); len(files) > 0 {
		words += " (with " + fileList(files) + ")"
	}
	return words
}

// mailHead says who a mail is from, and to whom where that says something.
func (s *sitting) mailHead(e desk.Event, m desk.Message) string {
	to := addresses(m.Mail.To)
	if len(m.Mail.Cc) > 0 {
		to += ", with copies to " + addresses(m.Mail.Cc)
	}
	if len(m.Mail.Bcc) > 0 {
		to += ", with hidden copies to " + addresses(m.Mail.Bcc)
	}
	if m.Direction == desk.Out {
		from := s.who(e.Actor)
		if m.Author != "" {
			from = name(m.Author)
		}
		return "Mail by " + from + " to " + to
	}
	words := "Mail from " + name(m.Mail.From.String())
	if len(m.Mail.To) != 1 || len(m.Mail.Cc) > 0 || !slices.Contains(m.Mail.Own, m.Mail.To[0].Mail) {
		words += " to " + to
	}
	return words
}

// addressesMost is how many addresses are told one by one.
const addressesMost = 12

func addresses(all []desk.Address) string {
	var told []string
	for _, a := range all[:min(len(all), addressesMost)] {
		told = append(told, name(a.String()))
	}
	if more := len(all) - addressesMost; more > 0 {
		told = append(told, count(more, "other"))
	}
	return series(told, "and")
}

// unfolded returns what a mail says that it does not repeat, and how many lines
// were left out.
func unfolded(m desk.Message) (text string, left int) {
	var kept strings.Builder
	at := 0
	for _, f := range m.Mail.Folds {
		if f.From < at || f.From >= f.To || f.To > len(m.Text) {
			continue
		}
		kept.WriteString(m.Text[at:f.From])
		left += strings.Count(strings.TrimSuffix(m.Text[f.From:f.To], "\n"), "\n") + 1
		at = f.To
	}
	return kept.String() + m.Text[at:], left
}

// partFiles returns what hangs on a mail as files.
func partFiles(mail *desk.Letter) []desk.File {
	if mail == nil {
		return nil
	}
	var files []desk.File
	for _, p := range mail.Parts {
		f := desk.File{ID: p.ID, Name: p.Name, Type: p.Type, Size: p.Size}
		if f.Name == "" {
			f.Name = string(p.Kind) + " " + strconv.Itoa(p.N)
		}
		files = append(files, f)
	}
	return files
}

// itemOf returns the event that was said first: a copy stands for it.
func itemOf(e desk.Event) desk.ID {
	if in, ok := e.Body.(desk.MovedIn); ok {
		return in.Item
	}
	return e.ID
}

// note remembers to whom a mail of ours went, for what is told of it later.
func (r *room) note(item desk.ID, to string) {
	if r == nil {
		return
	}
	if r.mails == nil {
		r.mails = map[desk.ID]string{}
	}
	r.mails[item] = to
}

// mailTo names a mail of ours by whom it went to.
func (s *sitting) mailTo(item desk.ID) string {
	if s.room != nil && s.room.mails[item] != "" {
		return "the mail to " + s.room.mails[item]
	}
	return "a mail of ours"
}

// postWords says what became of a mail of ours.
func (s *sitting) postWords(e desk.Event) string {
	switch b := e.Body.(type) {
	case desk.MailWithdrawn:
		return s.subject(e.Actor) + " took " + s.mailTo(b.Item) + " back before it left"
	case desk.MailPosted:
		return s.postedWords(b)
	case desk.MailResent:
		return s.subject(e.Actor) + " sent " + s.mailTo(b.Item) + " again"
	case desk.MailSettled:
		words := s.subject(e.Actor) + " dealt with " + s.mailTo(b.Item)
		if b.Words != "" {
			words += ": " + oneLine(b.Words)
		}
		return words
	case desk.MailProposed:
		return "It may belong to " + s.desk.Short(b.Conversation) + ", where the sender takes no part: say join or apart"
	case desk.MailDeclined:
		return s.subject(e.Actor) + " said that it does not belong to " + s.desk.Short(b.Conversation)
	}
	return ""
}

func (s *sitting) postedWords(b desk.MailPosted) string {
	mail := s.mailTo(b.Item)
	if len(b.Failed) > 0 && b.State.Trouble() {
		mail += " did not reach " + addresses(b.Failed)
	}
	words := ""
	switch b.State {
	case desk.PostSent:
		return firstUpper(mail) + " has left"
	case desk.PostRetry:
		words = firstUpper(mail) + " is not out yet"
		if !b.Next.IsZero() {
			words += ", it is tried again at " + s.clock(b.Next)
		}
	case desk.PostParked:
		words = "It is not known whether " + mail + " has left; look in Sent, then say settle, or again to send it once more"
	case desk.PostFailed:
		words = "Undelivered: " + mail + "; say again to send it once more, or settle"
	case desk.PostBounced:
		words = "Undelivered, it came back: " + mail + "; say settle when you have dealt with it"
	case desk.PostTaken, desk.PostFiled:
		return ""
	}
	if b.Words != "" {
		words += ". The other side said: " + oneLine(b.Words)
	}
	return words
}

func firstUpper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// saidAt returns when something was said: a mail when our server had it.
func saidAt(a desk.Applied) time.Time {
	if m, ok := a.Body.(desk.Message); ok && m.Mail != nil && !m.Mail.Received.IsZero() && m.Mail.Received.Before(a.At) {
		return m.Mail.Received
	}
	return a.At
}

// inOrder brings the past into the order in which it was said: the history of
// a mailbox comes newest first.
func inOrder(past []desk.Applied) {
	slices.SortStableFunc(past, func(a, b desk.Applied) int { return saidAt(a).Compare(saidAt(b)) })
}

// troubleWords says of a conversation what of its mails somebody must look
// after.
func (s *sitting) troubleWords(c *desk.Conversation) []string {
	var out []string
	if n := len(c.Trouble); n > 0 {
		out = append(out, count(n, "mail")+" of ours undelivered")
	}
	if !c.Proposed.IsZero() && c.Merged.IsZero() {
		out = append(out, "may belong to "+s.desk.Short(c.Proposed))
	}
	return out
}
