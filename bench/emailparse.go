package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	gomessage "github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // so that go-message decodes what hark decodes

	"hark/bench/mailgen"
	"hark/channels/email/read"
)

// parsedMails is how many ordinary mails are read unless told otherwise.
const parsedMails = 3000

// emailParse measures what reading a mail costs: finding its parts, decoding,
// writing HTML as text, folding quotes, knowing it again. go-message walks the
// same mails and only decodes them. Both are measured in processor time of one
// thread, so that what else the machine does does not count.
func emailParse(ctx context.Context, p *plan) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	mails, pages := p.parseCorpus(), p.pages()
	var took parseTimes
	for round := range p.rounds {
		p.say("email-parse: round %d of %d with %s, %d MB", round+1, p.rounds, plural(len(mails), "mail"), bytesOf(mails)/1e6)
		if err := errors.Join(took.round(ctx, mails), took.htmlRound(ctx, pages)); err != nil {
			return err
		}
	}
	name := plural(len(mails), "mail")
	mb := float64(bytesOf(mails)) / 1e6
	p.say("email-parse: the worst mail is %s", took.worst)
	return errors.Join(
		p.print(figure{Bench: "email-parse", Figure: "parse", Case: name, Value: median(took.read) / mb, Unit: "ms/MB", Peer: "go-message", PeerValue: median(took.peer) / mb}),
		p.print(figure{Bench: "email-parse", Figure: "worst", Case: name, Value: median(took.slowest), Unit: "ms", Peer: "go-message", PeerValue: median(took.peerSlowest)}),
		p.print(figure{Bench: "email-parse", Figure: "memory_large", Case: fmt.Sprintf("%d MB in one mail", len(mails[0].raw)>>20), Value: median(took.memory), Unit: "MB", Peer: "go-message", PeerValue: median(took.peerMemory)}),
		took.printHTML(p, pages),
	)
}

// namedMail is a mail of the corpus, and what it is like.
type namedMail struct {
	name string
	raw  []byte
}

func bytesOf(mails []namedMail) int {
	n := 0
	for _, m := range mails {
		n += len(m.raw)
	}
	return n
}

// parseCorpus returns the mails: a very large one first, then those that are
// hard to read, then a mailbox as support teams have it.
func (p *plan) parseCorpus() []namedMail {
	n, box := parsedMails, mailgen.Box{}
	if p.quick {
		n, box.Size = 40, 2<<20
	}
	if p.count > 0 {
		n = p.count
	}
	box.Count, box.Large = n+1, []int{n}
	mails := []namedMail{{"very large", box.Mail(n)}}
	for name, page := range hardPages(box.Size > 0) {
		mails = append(mails, namedMail{name, asMail(page)})
	}
	for i := range n {
		mails = append(mails, namedMail{fmt.Sprintf("number %d of the mailbox", i), box.Mail(i)})
	}
	return mails
}

// hardPages are HTML that people do send and that is hard to read.
func hardPages(small bool) map[string]string {
	n := 4000
	if small {
		n = 40
	}
	row := "<tr style='mso-yfti-irow:1'><td width=64 style='width:48.0pt;padding:0cm 5.4pt'><p class=MsoNormal><span lang=EN-GB>Lamp</span></p></td><td>%d</td></tr>\r\n"
	var table strings.Builder
	for i := range n {
		fmt.Fprintf(&table, row, i)
	}
	return map[string]string{
		"huge table":        "<html><body><table>" + table.String() + "</table></body></html>",
		"a long discussion": strings.Repeat("<div>I see.</div><blockquote type=cite>", n/4) + strings.Repeat("</blockquote>", n/4),
		"newsletter":        strings.Repeat("<table width=600><tr><td bgcolor=#fff><a href='https://news.example/c?u=1&amp;x=2'><img src='https://news.example/i.png' alt='Offer'></a><p>All lamps &mdash; 20&nbsp;% off</p></td></tr></table>\r\n", n/4),
	}
}

func asMail(page string) []byte {
	return []byte("From: Ana <ana@customer.example>\r\nTo: " + mailgen.Address + "\r\nSubject: Re: lamps\r\nIn-Reply-To: <1@shop.example>\r\n" +
		"Message-ID: <hard@customer.example>\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + page)
}

// parseTimes are the times of each round, in milliseconds of one thread, and
// the memory asked for, in MB.
type parseTimes struct {
	read, peer, slowest, peerSlowest, memory, peerMemory []float64
	worst                                                string

	html, bare, slowPage, slowBare []float64
	worstPage                      string
}

// round reads all mails, in turns with the peer.
func (t *parseTimes) round(ctx context.Context, mails []namedMail) error {
	var read, peer, slowest, peerSlowest time.Duration
	failed := 0
	for i, m := range mails {
		if err := ctx.Err(); err != nil {
			return err
		}
		ours, memory := measured(func() { readMail(m.raw) })
		theirs, peerMemory := measured(func() {
			if walkMail(m.raw) != nil {
				failed++
			}
		})
		if ours > slowest {
			slowest, t.worst = ours, m.name
		}
		peerSlowest = max(peerSlowest, theirs)
		read, peer = read+ours, peer+theirs
		if i == 0 {
			t.memory, t.peerMemory = append(t.memory, memory), append(t.peerMemory, peerMemory)
		}
	}
	if failed > len(mails)/10 {
		return fmt.Errorf("go-message failed at %d of %d mails: they are not fit to compare", failed, len(mails))
	}
	t.read, t.peer = append(t.read, milliseconds(read)), append(t.peer, milliseconds(peer))
	t.slowest, t.peerSlowest = append(t.slowest, milliseconds(slowest)), append(t.peerSlowest, milliseconds(peerSlowest))
	return nil
}

// measured runs f and returns the processor time and the memory it asked for.
func measured(f func()) (time.Duration, float64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := threadTime()
	f()
	took := threadTime() - start
	runtime.ReadMemStats(&after)
	return took, float64(after.TotalAlloc-before.TotalAlloc) / 1e6
}

func readMail(raw []byte) *read.Mail {
	return read.Read(bytes.NewReader(raw), int64(len(raw)), read.Options{AuthServ: []string{"mx.shop.example"}, Own: []string{mailgen.Address}})
}

// walkMail has go-message decode every part.
func walkMail(raw []byte) error {
	e, err := gomessage.Read(bytes.NewReader(raw))
	if err != nil && !gomessage.IsUnknownCharset(err) {
		return err
	}
	return e.Walk(func(_ []int, part *gomessage.Entity, err error) error {
		if err != nil && !gomessage.IsUnknownCharset(err) {
			return err
		}
		if part.MultipartReader() != nil {
			return nil
		}
		_, err = io.Copy(io.Discard, part.Body)
		return err
	})
}
