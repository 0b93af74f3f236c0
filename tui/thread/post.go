package thread

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// post is how far a mail of ours has come, as the events say that are here. A
// value is never changed: its address can stand for it in a key.
type post struct {
	state     desk.PostState
	words     string
	next      time.Time
	failed    []desk.Address
	withdrawn bool
	settled   bool
}

// trouble reports whether a person has to look after the mail.
func (p post) trouble() bool { return p.state.Trouble() && !p.settled }

// mailKey is what the drawing of a mail depends on beside everything else.
type mailKey struct {
	subject bool // it is another one than above
	open    bool // what is folded is shown
	muted   bool // nobody waits for it
	post    *post
	left    int // seconds in which it can be taken back, 0 for over
}

// posted returns how far the mail has come, as far as that is known.
func (k mailKey) state() post {
	if k.post == nil {
		return post{}
	}
	return *k.post
}

// mailKey returns what a mail is drawn with; nothing for what is no mail.
func (p *Pane) mailKey(it *item) mailKey {
	mail := it.letter()
	if mail == nil {
		return mailKey{}
	}
	return mailKey{
		subject: it.subject, open: p.shown[it.ID], muted: mail.Muted, post: p.posts[it.origin()], left: p.left(it, mail),
	}
}

// left returns the seconds in which a mail can still be taken back.
func (p *Pane) left(it *item, mail *desk.Letter) int {
	if mail.Undo.IsZero() || it.sending {
		return 0
	}
	if posted := p.posts[it.origin()]; posted != nil {
		return 0
	}
	return max(int(mail.Undo.Sub(p.tick)+time.Second-1)/int(time.Second), 0)
}

// Tick says what time it is while a mail can be taken back.
func (p *Pane) Tick(now time.Time) {
	p.tick = now
	p.gen++
}

// follow takes what an event says about a mail of ours. Pages come newest
// first, so what happened is put together anew, in its order.
func (p *Pane) follow(a desk.Applied) {
	if a.At.After(p.tick) {
		p.tick = a.At
	}
	if m, ok := a.Body.(desk.Message); ok && m.Mail != nil && m.Mail.Undo.After(p.undo) {
		p.undo = m.Mail.Undo
	}
	item := postedItem(a.Body)
	if item.IsZero() {
		return
	}
	if p.posted == nil {
		p.posted, p.posts = map[desk.ID][]desk.Applied{}, map[desk.ID]*post{}
	}
	all := p.posted[item]
	at, found := slices.BinarySearchFunc(all, a.N, func(b desk.Applied, n uint64) int { return cmp.Compare(b.N, n) })
	if found {
		return
	}
	p.posted[item] = slices.Insert(all, at, a)
	next := postOf(p.posted[item])
	p.posts[item] = &next
}

// postedItem returns the mail of ours that an event tells of, or nothing.
func postedItem(b desk.Body) desk.ID {
	switch b := b.(type) {
	case desk.MailWithdrawn:
		return b.Item
	case desk.MailPosted:
		return b.Item
	case desk.MailResent:
		return b.Item
	case desk.MailSettled:
		return b.Item
	}
	return desk.ID{}
}

// postOf returns how far a mail has come after what happened to it.
func postOf(all []desk.Applied) post {
	var is post
	for _, a := range all {
		switch b := a.Body.(type) {
		case desk.MailWithdrawn:
			is.withdrawn = true
		case desk.MailPosted:
			if is.state != desk.PostBounced || b.State.Trouble() { // filed or not, it did not arrive
				is = post{state: b.State, words: b.Words, next: b.Next, failed: b.Failed}
			}
		case desk.MailResent:
			is = post{}
		case desk.MailSettled:
			is.settled = true
		}
	}
	return is
}

// postMark says in a word or two how far a mail of ours has come.
func (p *Pane) postMark(it *item, k key) string {
	g, posted := p.look.Glyphs, k.mail.state()
	switch {
	case it.sending:
		return "sending" + g.Sending
	case k.mail.left > 0 && p.look.Still:
		return "not out yet"
	case k.mail.left > 0:
		return "sending in " + strconv.Itoa(k.mail.left) + " s"
	case posted.settled:
		return StateWords(posted.state) + ", dealt with"
	case posted.state == "":
		return "on its way" + g.Sending
	case posted.state == desk.PostSent || posted.state == desk.PostFiled:
		return g.Sent + " sent"
	}
	return StateWords(posted.state)
}

// StateWords says how far a mail of ours has come.
func StateWords(s desk.PostState) string {
	switch s {
	case desk.PostTaken:
		return "going out"
	case desk.PostSent, desk.PostFiled:
		return "sent"
	case desk.PostRetry:
		return "not out yet"
	case desk.PostParked:
		return "unclear"
	case desk.PostFailed:
		return "undelivered"
	case desk.PostBounced:
		return "undelivered, came back"
	}
	return safe.Line(string(s)).String()
}

// postLines says below a mail of ours what keeps it, and what can be done.
func (p *Pane) postLines(it *item, k key) []string {
	l, posted := p.look, k.mail.state()
	say := func(st ui.Style, text string) (out []string) {
		for _, line := range l.Wrap(text, p.width-2) {
			out = append(out, " "+st.Render(l.Fit(line, p.width-1)))
		}
		return out
	}
	switch {
	case k.mail.left > 0:
		return say(l.Warn, l.Hint("undo", "takes it back")+" until "+it.letter().Undo.In(l.Zone).Format("15:04:05"))
	case posted.settled:
		return nil
	case posted.state == desk.PostRetry:
		return say(l.Warn, p.retryWords(posted))
	case posted.trouble():
		out := say(l.Bad, l.Glyphs.Trouble+" "+p.troubleWords(it, posted))
		return append(out, say(l.Key, l.Hint("mail.again", "sends it again")+" "+l.Glyphs.Dot+" "+l.Hint("mail.settle", "says that it is dealt with"))...)
	}
	return nil
}

func (p *Pane) retryWords(posted post) string {
	text := "not out yet"
	if !posted.next.IsZero() {
		text += ", retrying at " + p.look.When(posted.next, p.now)
	}
	if posted.words != "" {
		text += ": " + safe.Line(posted.words).String()
	}
	return text
}

// troubleWords says what became of a mail that a person must look after, with
// who did not get it.
func (p *Pane) troubleWords(it *item, posted post) string {
	who := posted.failed
	if mail := it.letter(); len(who) == 0 && mail != nil {
		who = mail.To
	}
	text := StateWords(posted.state) + ": " + Addresses(who)
	if posted.state == desk.PostParked {
		text = "it is not known whether this left; look in Sent, or ask " + Addresses(who)
	}
	if posted.words != "" {
		text += ": " + safe.Line(posted.words).String()
	}
	return text
}

// Subject names a mail of ours that is here, fit for a terminal.
func (p *Pane) Subject(id desk.ID) string {
	for _, it := range slices.Backward(p.items) {
		if mail := it.letter(); mail != nil && it.origin() == id {
			return safe.Line(mail.Subject).String() + ", to " + Addresses(mail.To)
		}
	}
	return "a mail that is not loaded here"
}
