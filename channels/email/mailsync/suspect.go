package mailsync

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"hark/channels/email/imap"
	"hark/desk/mailbox"
)

// attemptStage is the step that is counted in the ledger for mails that do not
// arrive.
const attemptStage = "fetch"

// patience is how many connections may be lost without a mail between them
// before the pauses grow: enough to find one mail among a window's.
const patience = 12

// way is how a mail is asked for that did not arrive otherwise.
type way int

const (
	plain     way = iota // as all mails
	bare                 // nothing but UID and body
	beginning            // header and the first bytes
)

// suspect is a mail that is fetched alone.
type suspect struct {
	uid       uint32
	way       way
	meta      imap.Meta // as far as it is known
	condemned bool      // it is quarantined unless the server gives no other mail either
	why       string
	attempts  int
}

// audit decides what becomes of mails that were asked for and did not arrive.
// While the connection holds, those that the server still shows are asked for
// again in smaller windows; when it broke, one of them may have broken it.
func (s *session) audit(ctx context.Context, f *follow, missing []uint32, err error) error {
	if ctx.Err() != nil || ours(err) {
		return err
	}
	if lost(err) {
		f.barren++
		s.advanced = f.suspicious(missing) && f.barren <= patience || s.advanced
		return err
	}
	missing, err = s.existing(ctx, missing)
	if err != nil {
		return err
	}
	f.suspicious(missing)
	return nil
}

// ours reports whether an error says nothing about the mails that were asked
// for: the ledger's, and those of a connection that ended for another reason.
func ours(err error) bool {
	var keep *keepError
	kind := imap.KindOf(err)
	return errors.As(err, &keep) || kind == imap.Throttled || kind == imap.Closed
}

// suspicious halves a group of mails one of which may be bad, and reports
// whether that narrows it down.
func (f *follow) suspicious(uids []uint32) bool {
	const few = 4
	switch {
	case len(uids) == 0:
		return false
	case len(uids) <= few:
		for _, uid := range uids {
			f.groups = append(f.groups, []uint32{uid})
		}
	default:
		half := len(uids) / 2
		f.groups = append(f.groups, slices.Clone(uids[:half]), slices.Clone(uids[half:]))
	}
	return true
}

// existing returns which of some UIDs the server still shows. The others were
// deleted since.
func (s *session) existing(ctx context.Context, uids []uint32) (there []uint32, err error) {
	if len(uids) == 0 {
		return nil, nil
	}
	var shown []uint32
	err = s.list(ctx, func(ctx context.Context) (err error) {
		shown, err = s.box.UIDs(ctx, slices.Min(uids))
		return err
	})
	for _, uid := range uids {
		if _, ok := slices.BinarySearch(shown, uid); ok {
			there = append(there, uid)
		}
	}
	return there, err
}

// fetchGroup fetches a group of suspects. A single one that fails is put last.
func (s *session) fetchGroup(ctx context.Context, f *follow) error {
	uids := f.groups[0]
	f.groups = f.groups[1:]
	missing, err := s.fetch(ctx, f, window{uids: uids})
	switch {
	case err == nil && len(missing) == 0, ctx.Err() != nil, ours(err):
		return err
	case len(uids) > 1:
		return s.audit(ctx, f, missing, err)
	}
	bad := &suspect{uid: uids[0], way: bare}
	f.alone = append(f.alone, bad)
	return s.failed(ctx, f, bad, err)
}

// fetchAlone fetches the next mail that failed before, or quarantines it.
func (s *session) fetchAlone(ctx context.Context, f *follow) error {
	bad := f.alone[0]
	hopeless := false
	if f.barren > 0 && bad.attempts > 0 {
		gives, err := s.control(ctx, f)
		switch {
		case err != nil:
			return err
		case gives:
			f.barren = 0
		default:
			hopeless = f.left() > many
		}
	}
	if bad.condemned && !hopeless {
		return s.sentence(ctx, f, bad)
	}
	missing, err := s.fetchSuspect(ctx, f, bad)
	if err == nil && len(missing) == 0 {
		f.alone = f.alone[1:]
		return nil
	}
	if ctx.Err() != nil || ours(err) {
		return err
	}
	f.alone = append(f.alone[1:], bad) // the next time it is another's turn
	if hopeless {
		return cmp.Or(err, errGivesNone())
	}
	return s.failed(ctx, f, bad, err)
}

// many is how many mails may be left, of a mailbox of which none ever arrived,
// to blame them and not the server.
const many = 20

// errGivesNone blames the server.
func errGivesNone() error {
	return &imap.Trouble{Kind: imap.Protocol, Words: "the mail server names mails but gives none of them"}
}

// fetchSuspect asks for a mail in the way that is its turn.
func (s *session) fetchSuspect(ctx context.Context, f *follow, bad *suspect) (missing []uint32, err error) {
	if bad.way == beginning {
		return s.fetchBeginning(ctx, f, bad)
	}
	w := window{uids: []uint32{bad.uid}, meta: map[uint32]imap.Meta{bad.uid: bad.meta}}
	return s.load(ctx, f, w, bad.way == bare, s.e.limits.Size)
}

// failed counts that a mail did not arrive alone, and chooses how it is asked
// for the next time. The count outlives the process, in case the mail ends it.
func (s *session) failed(ctx context.Context, f *follow, bad *suspect, err error) error {
	if !lost(err) {
		there, err := s.existing(ctx, []uint32{bad.uid})
		if err != nil {
			return err
		}
		if len(there) == 0 {
			f.alone = slices.DeleteFunc(f.alone, func(other *suspect) bool { return other == bad })
			return nil
		}
	}
	bad.why = reason(err)
	attempts, countErr := s.e.o.Store.Attempt(ctx, s.e.place(f, bad.uid), attemptStage, bad.why)
	if countErr != nil {
		return &keepError{countErr}
	}
	s.advanced = true
	bad.attempts = max(attempts, bad.attempts+1)
	if bad.attempts > 1 {
		bad.condemned = bad.way == beginning && bad.attempts >= s.e.limits.Attempts
		bad.way = beginning
	}
	s.e.log.Warn("a mail did not arrive", "uid", bad.uid, "attempts", bad.attempts, "kind", imap.KindOf(err))
	f.barren++
	if !lost(err) {
		return nil
	}
	return err
}

// reason says in words why a mail did not arrive.
func reason(err error) string {
	if err == nil {
		return "the mail server names this mail but does not give it"
	}
	return "the mail server broke off at this mail: " + wordsOf(err)
}

// sentence quarantines a mail.
func (s *session) sentence(ctx context.Context, f *follow, bad *suspect) error {
	err := s.e.o.Store.Quarantine(ctx, mailbox.Problem{
		Place: s.e.place(f, bad.uid), Stage: attemptStage, Why: bad.why, At: time.Now(), Attempts: bad.attempts,
	})
	if err != nil {
		return &keepError{err}
	}
	f.alone = f.alone[1:]
	s.advanced = true
	s.e.log.Warn("a mail was quarantined", "uid", bad.uid, "attempts", bad.attempts)
	s.e.o.Notify()
	return nil
}

// control fetches a mail that arrived before, once more: a failing line must
// not look like a bad mail. It reports whether it came; false without an error
// when there is none to try.
func (s *session) control(ctx context.Context, f *follow) (gives bool, err error) {
	there, err := s.existing(ctx, f.proofs)
	if err != nil || len(there) == 0 {
		return false, err
	}
	s.batch.reset()
	got, err := raw(ctx, s.box, there[:1], true, s.e.limits.Hard, s.e.limits.Stall, s.batch.add)
	if lost(err) {
		return false, err
	}
	if len(got) == 0 {
		return false, errGivesNone()
	}
	return true, nil
}
