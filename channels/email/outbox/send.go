package outbox

import (
	"context"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

// sendAll sends what is due, one mail after the other, over one connection as
// long as that works.
func (p *post) sendAll(ctx context.Context) {
	var s *session
	defer func() { closeIdle(s) }()
	for ctx.Err() == nil {
		e, ok := p.next(sendable)
		until := later(e.due, p.heldUntil())
		if !ok || until.After(time.Now()) {
			closeIdle(s)
			s = nil
			if !ok {
				until = time.Time{}
			}
			wait(ctx, p.send, until)
			continue
		}
		s = p.sendOne(ctx, s, e.Letter)
	}
}

// heldUntil returns until when the account is left alone.
func (p *post) heldUntil() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hold
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func closeIdle(s *session) {
	if s != nil {
		s.quit()
	}
}

// sendOne makes one attempt and returns the connection when it is still good.
func (p *post) sendOne(ctx context.Context, s *session, l mailbox.Letter) *session {
	b, err := p.out.o.Store.LetterBytes(ctx, l.Item)
	if err != nil {
		p.out.log.Error("a letter's bytes cannot be read", "item", l.Item.Hex(), "err", cause(err))
		p.put(l, time.Now().Add(again))
		return s
	}
	fresh := s == nil
	if fresh {
		var t *trouble
		if s, t = p.open(ctx); t != nil {
			p.down(ctx, t)
			return nil
		}
	}
	l.Outcome.Tries++
	if err := p.out.mark(ctx, &l, mailbox.Sending, l.Outcome); err != nil {
		return p.unmarked(ctx, l, s, err)
	}
	r, t := s.offer(&l, b, p.acct.Address)
	if t != nil && t.account && !fresh {
		s.drop() // a server may end a connection between two mails
		l.Outcome.Tries--
		p.put(l, time.Time{})
		return nil
	}
	if t != nil {
		s = s.keep(t)
		p.failed(ctx, l, t)
		return s
	}
	if len(r.accepted) == 0 {
		s = s.reset()
		p.refusedAll(ctx, l, r)
		return s
	}
	return p.commit(ctx, s, l, r)
}

// unmarked drops an attempt whose state could not be made durable, or was and
// nobody said so. No end of the mail went out, so it may be sent again.
func (p *post) unmarked(ctx context.Context, l mailbox.Letter, s *session, err error) *session {
	p.out.log.Error("a letter's state cannot be kept", "item", l.Item.Hex(), "err", cause(err))
	s.drop()
	soon := time.Now().Add(again)
	l.Outcome.Next = soon.UTC().Truncate(time.Millisecond)
	if err := p.out.mark(ctx, &l, mailbox.Retry, l.Outcome); err != nil {
		p.out.log.Error("a letter's next try cannot be kept", "item", l.Item.Hex(), "err", cause(err))
	}
	p.put(l, soon)
	return nil
}

// commit is the second phase: from here on the mail may have arrived.
func (p *post) commit(ctx context.Context, s *session, l mailbox.Letter, r result) *session {
	if err := p.out.mark(ctx, &l, mailbox.Committing, l.Outcome); err != nil {
		return p.unmarked(ctx, l, s, err)
	}
	p.put(l, time.Time{})
	s.linger(ctx, p.out.o.Limits.Grace)
	verdict, t := r.end(s)
	switch verdict {
	case took:
		p.delivered(ctx, l, r)
		if s.used++; s.used >= usedMax {
			s.quit()
			return nil
		}
		return s.watch(ctx)
	case refused:
		s = s.keep(t)
		p.failed(ctx, l, t)
		return s
	default:
		s.drop()
		p.park(ctx, l, t)
		return nil
	}
}

// delivered notes that the server took the mail, and who is still without it.
func (p *post) delivered(ctx context.Context, l mailbox.Letter, r result) {
	l.Outcome.Done = append(l.Outcome.Done, r.accepted...)
	l.Outcome.Why = ""
	if len(r.refused) > 0 {
		l.Outcome.Why = "the others have it; the mail server refused " + r.words()
	}
	if len(r.temporary()) > 0 {
		p.retry(ctx, l, r.trouble())
		return
	}
	if err := p.surely(ctx, &l, mailbox.Sent); err != nil {
		p.out.log.Error("a sent letter cannot be marked; after the next start it counts as parked", "item", l.Item.Hex(), "err", cause(err))
		p.remove(l.Item)
		return
	}
	p.out.tellState(ctx, l)
	p.put(l, p.firstLook())
}

// surely marks what happened outside, and tries harder than usual.
func (p *post) surely(ctx context.Context, l *mailbox.Letter, state mailbox.OutState) (err error) {
	for range 3 {
		if err = p.out.mark(ctx, l, state, l.Outcome); err == nil {
			return nil
		}
		_ = pause(context.WithoutCancel(ctx), time.Second) // nothing ends it
	}
	return err
}

// parkedWords say what parked means.
const parkedWords = "the line broke when the server was to confirm: the mail may have arrived; ask, or send it again"

// park leaves the mail to a person.
func (p *post) park(ctx context.Context, l mailbox.Letter, t *trouble) {
	l.Outcome.Why = parkedWords
	if ctx.Err() != nil { // the next start parks it
		return
	}
	if err := p.surely(ctx, &l, mailbox.Parked); err != nil {
		p.out.log.Error("a letter cannot be parked", "item", l.Item.Hex(), "err", cause(err))
	}
	p.out.log.Warn("a letter is parked", "account", p.acct.Name, "item", l.Item.Hex(), "err", cause(t.err))
	p.out.tellState(ctx, l)
	p.put(l, time.Now().Add(parkedLook))
}

// failed decides what follows from trouble with one mail, or with all of the
// account's.
func (p *post) failed(ctx context.Context, l mailbox.Letter, t *trouble) {
	switch {
	case ctx.Err() != nil: // it is sent again after the next start
	case t.final:
		p.giveUp(ctx, l, t.words)
	case t.account:
		p.retry(ctx, l, t)
		p.rest()
	default:
		p.retry(ctx, l, t)
	}
}

// refusedAll deals with a mail of which the server took no recipient.
func (p *post) refusedAll(ctx context.Context, l mailbox.Letter, r result) {
	if len(r.temporary()) > 0 {
		p.retry(ctx, l, r.trouble())
		return
	}
	p.giveUp(ctx, l, "the mail server refused "+r.words())
}

// down puts off everything that is due: the server cannot be used.
func (p *post) down(ctx context.Context, t *trouble) {
	if ctx.Err() != nil {
		return
	}
	p.out.log.Warn("mail cannot be sent", "account", p.acct.Name, "err", cause(t.err))
	for _, l := range p.due() {
		l.Outcome.Tries++
		p.retry(ctx, l, t)
	}
	p.rest()
}

// restTime is how long an account is left alone after its server could not be
// used, whatever else is to go out.
const restTime = time.Minute

// rest leaves the account alone for a while.
func (p *post) rest() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold = time.Now().Add(restTime)
}

// retry plans the next attempt, or gives up when there were enough.
func (p *post) retry(ctx context.Context, l mailbox.Letter, t *trouble) {
	d, more := delay(l.Outcome.Tries)
	if !more {
		p.giveUp(ctx, l, t.words+"; it was tried for two days")
		return
	}
	l.Outcome.Next, l.Outcome.Why = time.Now().Add(d).UTC().Truncate(time.Millisecond), t.words
	if err := p.surely(ctx, &l, mailbox.Retry); err != nil {
		p.out.log.Error("a letter's next try cannot be kept", "item", l.Item.Hex(), "err", cause(err))
		p.put(l, time.Now().Add(again))
		return
	}
	p.put(l, l.Outcome.Next)
	p.out.tell(ctx, l, desk.MailPosted{
		State: desk.PostRetry, Words: t.words, Tries: l.Outcome.Tries, Next: l.Outcome.Next, Failed: addresses(left(l)),
	})
}

// giveUp ends the attempts.
func (p *post) giveUp(ctx context.Context, l mailbox.Letter, words string) {
	l.Outcome.Why, l.Outcome.Next = words, time.Time{}
	if err := p.surely(ctx, &l, mailbox.Failed); err != nil {
		p.out.log.Error("a letter's failure cannot be kept", "item", l.Item.Hex(), "err", cause(err))
		p.put(l, time.Now().Add(again))
		return
	}
	p.remove(l.Item)
	p.out.tellState(ctx, l)
	if len(l.Outcome.Done) > 0 { // some have it, so a copy belongs into Sent
		p.fileSoon(ctx, l)
	}
}
