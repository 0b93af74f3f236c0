package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
)

// errNoticeChanged is what Publish says of other words under an old version.
var errNoticeChanged = errors.New("notice has other words under the same version")

// Publish keeps a notice word for word, once. The words of a version never
// change: other words need another version.
func (d *Desk) Publish(ctx context.Context, ref NoticeRef, text string) error {
	sum := sha256.Sum256([]byte(text))
	n := Notice{NoticeRef: ref, Text: text, Hash: hex.EncodeToString(sum[:])}
	if old, ok := d.Notice(ref); ok {
		if old.Hash == n.Hash {
			return nil
		}
		return &Error{
			Code: Invalid, Err: errNoticeChanged,
			Msg: "the notice of version " + ref.Version + " (" + ref.Lang + ") has other words than customers were shown under it; give it a new version",
		}
	}
	return d.append(ctx, d.deskEntry(Hub(), NoticePublished{n}))
}

// Notice returns a published notice.
func (d *Desk) Notice(ref NoticeRef) (Notice, bool) {
	all := d.state.Info().Notices
	i := slices.IndexFunc(all, func(n Notice) bool { return n.NoticeRef == ref })
	if i < 0 {
		return Notice{}, false
	}
	return all[i], true
}

// Notice returns the words of a notice that customers were shown.
func (s *Session) Notice(ref NoticeRef) (Notice, bool) { return s.d.Notice(ref) }
