package outbox

import (
	"context"
	"time"

	"hark/channels/email/compose"
	"hark/desk"
	"hark/desk/mailbox"
)

const (
	// fileLimit bounds one look into a Sent mailbox, or one append.
	fileLimit = 3 * time.Minute
	// fileLooks is how often a copy is looked for where the server puts one
	// there by itself, before that is done for it.
	fileLooks = 3
	// parkedLook is when a parked mail is first looked for in Sent.
	parkedLook = 30 * time.Second
	// parkedLooks is how often: then only a person, a report or an answer can
	// tell.
	parkedLooks = 12
)

// firstLook returns when a copy is looked for.
func (p *post) firstLook() time.Time {
	if p.acct.Sent != nil && p.acct.Sent.FilesSent() {
		return time.Now().Add(p.out.o.Limits.Filed)
	}
	return time.Now()
}

// fileAll looks after copies until ctx ends.
func (p *post) fileAll(ctx context.Context) {
	for ctx.Err() == nil {
		e, ok := p.next(fileable)
		if !ok {
			wait(ctx, p.file, time.Time{})
			continue
		}
		if e.due.After(time.Now()) {
			wait(ctx, p.file, e.due)
			continue
		}
		if e.State == mailbox.Parked {
			p.lookForParked(ctx, e)
		} else {
			p.fileOne(ctx, e)
		}
	}
}

// fileOne makes sure that one copy lies in Sent.
func (p *post) fileOne(ctx context.Context, e entry) {
	if p.acct.Sent == nil {
		p.filed(ctx, e.Letter, false)
		return
	}
	if e.State == mailbox.Sent {
		if err := p.out.mark(ctx, &e.Letter, mailbox.Filing, e.Outcome); err != nil {
			p.fileLater(e, err)
			return
		}
	}
	there, err := p.find(ctx, e.Letter)
	switch {
	case err != nil:
		p.fileLater(e, err)
	case there:
		p.filed(ctx, e.Letter, true)
	case p.acct.Sent.FilesSent() && e.looks+1 < fileLooks:
		p.lookAgain(e, p.out.o.Limits.Filed<<(e.looks+1))
	default:
		if err := p.appendCopy(ctx, e.Letter); err != nil {
			p.fileLater(e, err)
			return
		}
		p.filed(ctx, e.Letter, true)
	}
}

// find looks for a copy. One that bears another Message-ID gets it as an alias,
// for answers will refer to it.
func (p *post) find(ctx context.Context, l mailbox.Letter) (bool, error) {
	if p.acct.Sent == nil {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, fileLimit)
	defer cancel()
	id, err := p.acct.Sent.FindSent(ctx, l.MessageID, compose.Token(l.MessageID))
	if err != nil || id == "" {
		return false, err
	}
	if id != l.MessageID {
		err = p.out.o.Store.Alias(ctx, id, l.Conversation, l.Item)
	}
	return err == nil, err
}

func (p *post) appendCopy(ctx context.Context, l mailbox.Letter) error {
	b, err := p.out.o.Store.LetterBytes(ctx, l.Item)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, fileLimit)
	defer cancel()
	return p.acct.Sent.AppendSent(ctx, l.At, b)
}

// filed ends the work on a letter.
func (p *post) filed(ctx context.Context, l mailbox.Letter, told bool) {
	if err := p.out.mark(ctx, &l, mailbox.Filed, l.Outcome); err != nil {
		p.out.log.Error("a filed letter cannot be marked", "item", l.Item.Hex(), "err", cause(err))
		p.put(l, time.Now().Add(again))
		return
	}
	p.remove(l.Item)
	if told && len(left(l)) == 0 {
		p.out.tell(ctx, l, desk.MailPosted{State: desk.PostFiled, Tries: l.Outcome.Tries})
	}
}

// lookAgain plans the next look.
func (p *post) lookAgain(e entry, in time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if held := p.letters[e.Item]; held != nil && fileable(held.State) { // else somebody has sent it again
		held.Letter, held.looks, held.due = e.Letter, e.looks+1, time.Now().Add(in)
	}
}

// fileLater tries again, first soon and then less often. It does not end: the
// copy is all that other people see of the mail.
func (p *post) fileLater(e entry, err error) {
	p.out.log.Warn("a copy cannot be filed now", "account", p.acct.Name, "item", e.Item.Hex(), "err", cause(err))
	d, more := delay(e.looks + 1)
	if !more {
		d = 12 * time.Hour
	}
	p.lookAgain(e, d)
}

// fileSoon files a copy of a letter that is over, as well as it goes.
func (p *post) fileSoon(ctx context.Context, l mailbox.Letter) {
	if there, err := p.find(ctx, l); err != nil || there {
		return
	}
	if err := p.appendCopy(ctx, l); err != nil {
		p.out.log.Warn("a copy cannot be filed", "account", p.acct.Name, "item", l.Item.Hex(), "err", cause(err))
	}
}

// lookForParked looks whether a parked mail lies in Sent: then it has left.
func (p *post) lookForParked(ctx context.Context, e entry) {
	there, err := p.find(ctx, e.Letter)
	if err == nil && there {
		p.proven(ctx, e.Letter, "a copy lies in the Sent mailbox, so it has left")
		return
	}
	d, _ := delay(e.looks + 1)
	if e.looks+1 >= parkedLooks || p.acct.Sent == nil {
		d = 365 * 24 * time.Hour
	}
	p.lookAgain(e, d)
}

// proven resolves a parked mail that has left.
func (p *post) proven(ctx context.Context, l mailbox.Letter, words string) {
	l.Outcome.Done, l.Outcome.Why = l.To, ""
	if err := p.out.mark(ctx, &l, mailbox.Sent, l.Outcome); err != nil {
		p.out.log.Error("a parked letter cannot be resolved", "item", l.Item.Hex(), "err", cause(err))
		return
	}
	p.out.tell(ctx, l, desk.MailPosted{State: desk.PostSent, Words: words, Tries: l.Outcome.Tries})
	p.put(l, p.firstLook())
}
