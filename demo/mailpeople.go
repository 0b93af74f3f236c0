package demo

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"hark/channels/email/read"
	"hark/desk"
)

// How long people take over mail, before Pace.
const (
	nextMail = 45 * time.Second // until somebody else writes
	answers  = 20 * time.Second // until somebody answers an answer
)

// begin lays the first mails into the mailbox and lets people write.
func (m *Mail) begin(ctx context.Context) {
	if !m.o.Customers {
		return
	}
	now := time.Now()
	for _, s := range mailHistory() {
		m.write(m.open(s, now.Add(-s.ago)))
	}
	for i, s := range append(mailWaiting(), mailComing()...) {
		rng := rand.New(rand.NewPCG(m.o.Seed, uint64(i))) //nolint:gosec // customers, not secrets
		p := &writer{mail: m, story: s, customer: customer{rng: rng, pace: m.o.Pace}}
		if s.cc.Mail != "" {
			p.other = m.expect(s.cc.Mail)
		}
		p.heard = m.expect(s.from.Mail)
		if s.ago > 0 { // it waits already
			p.last = m.open(s, now.Add(-s.ago))
			m.write(p.last)
		}
		m.wg.Go(func() { p.live(ctx, time.Duration(i)*nextMail/2) })
	}
}

// open returns the first mail of a story.
func (m *Mail) open(s mailStory, at time.Time) written {
	w := written{
		from: s.from, to: desk.Address{Name: "Lykta", Mail: MailAddress}, subject: s.subject, id: messageID(s.from), at: at, auth: "pass",
		extra: s.extra, text: s.text, html: s.html, attachments: s.attachments, alternatives: s.alternatives,
	}
	if s.forged {
		w.auth = "fail"
	}
	if s.cc.Mail != "" {
		w.cc = []desk.Address{s.cc}
	}
	return w
}

// write lays a mail into the mailbox.
func (m *Mail) write(w written) {
	if err := m.put(w.bytes(), w.at); err != nil {
		m.o.Log.Warn("a sample mail did not arrive", "error", err)
	}
}

func messageID(from desk.Address) string {
	return desk.NewID().String() + "@" + from.Domain()
}

// writer lives through one story by mail.
type writer struct {
	customer
	mail  *Mail
	story mailStory
	last  written
	heard <-chan []byte // what the desk writes to the customer
	other <-chan []byte // and to whom the customer has copied in
}

// live returns when the story is over or ctx ends. A customer writes again only
// when answered, so an unattended desk falls silent by itself.
func (p *writer) live(ctx context.Context, after time.Duration) {
	if p.last.id == "" {
		if !p.pause(ctx, after) {
			return
		}
		p.last = p.mail.open(p.story, time.Now())
		p.mail.write(p.last)
	}
	for i := 0; i < len(p.story.turns); {
		var raw []byte
		from := p.story.from
		select {
		case <-ctx.Done():
			return
		case raw = <-p.heard:
		case raw = <-p.other:
			from = p.story.cc
		}
		got := read.Read(bytes.NewReader(raw), int64(len(raw)), read.Options{})
		if got.Marks.AutoSubmitted != "" && got.Marks.AutoSubmitted != "no" {
			continue // nobody answers a machine
		}
		if from != p.answerer(i) {
			continue // they read it, and leave the answer to the other
		}
		if p.story.away != "" {
			p.mail.write(p.absence(got))
			p.story.away = ""
		}
		if !p.pause(ctx, answers) {
			return
		}
		p.mail.write(p.reply(got, from, p.story.turns[i]))
		i++
	}
}

// answerer returns who writes the i-th answer.
func (p *writer) answerer(i int) desk.Address {
	if p.story.ccAnswers && i == 0 {
		return p.story.cc
	}
	return p.story.from
}

// absence is the note that a program sends while its owner is away (RFC 3834).
func (p *writer) absence(got *read.Mail) written {
	w := p.reply(got, p.story.from, "")
	w.subject, w.text = "Automatic reply: "+strings.TrimPrefix(got.Subject, "Re: "), p.story.away
	w.extra = []string{"Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All"}
	return w
}

// reply answers a mail of the desk as mail programs do.
func (p *writer) reply(got *read.Mail, from desk.Address, text string) written {
	subject := got.Subject
	if !strings.HasPrefix(strings.ToLower(subject), "re:") {
		subject = "Re: " + subject
	}
	return written{
		from: from, to: desk.Address{Name: "Lykta", Mail: MailAddress}, subject: subject, id: messageID(from), at: time.Now(), auth: "pass",
		refs: append(append([]string(nil), got.References...), got.MessageID),
		text: text + "\n\n" + quote(got),
	}
}

// quote returns what a mail program puts below an answer.
func quote(got *read.Mail) string {
	var b strings.Builder
	fmt.Fprintf(&b, "On %s, %s wrote:\n", got.Date.Format("Mon, 2 Jan 2006 at 15:04"), got.From.Called())
	for line := range strings.Lines(strings.TrimRight(got.Text, "\n")) {
		b.WriteString("> " + strings.TrimRight(line, "\n") + "\n")
	}
	return b.String()
}
