package imap

import (
	"context"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// UIDs returns the UIDs that exist.
func (b *box) UIDs(ctx context.Context, from uint32) ([]uint32, error) {
	from = max(from, 1)
	return b.search(ctx, from, &imap.SearchCriteria{UID: []imap.UIDSet{{{Start: imap.UID(from)}}}})
}

// FindHeader looks for mails by a header field.
func (b *box) FindHeader(ctx context.Context, name, value string, last uint32) ([]uint32, error) {
	if name == "" || strings.ContainsAny(name, `:" {`) || !plainASCII(name) || !plainASCII(value) || len(value) > 998 {
		return nil, &Trouble{Kind: Refused, Words: "a header field with other than printable ASCII characters cannot be looked for"}
	}
	from := uint32(1)
	if last > 0 && b.next > last {
		from = b.next - last
	}
	return b.search(ctx, from, &imap.SearchCriteria{
		UID:    []imap.UIDSet{{{Start: imap.UID(from)}}},
		Header: []imap.SearchCriteriaHeaderField{{Key: name, Value: value}},
	})
}

// search returns the UIDs that fit, sorted and each once. The wire has read
// them: the library would insert one after the other.
func (b *box) search(ctx context.Context, from uint32, criteria *imap.SearchCriteria) ([]uint32, error) {
	var found []uint32
	err := b.run(ctx, command{what: "search", shown: "UID SEARCH …"}, func() error {
		_, err := b.lib.UIDSearch(criteria, nil).Wait()
		found = b.w.answer.found()
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(found)
	found = slices.Compact(found)
	first, _ := slices.BinarySearch(found, from)
	return found[first:], nil
}
