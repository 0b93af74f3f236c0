package imap

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// windowSize is how many UIDs one command names: its line stays below the
// 8,192 bytes that servers must take.
const windowSize = 500

// windows cuts UIDs into sets that one command can name. Zero is no UID.
func windows(uids []uint32) iter.Seq[imap.UIDSet] {
	return func(yield func(imap.UIDSet) bool) {
		for chunk := range slices.Chunk(uids, windowSize) {
			var set imap.UIDSet
			for _, uid := range chunk {
				if uid != 0 {
					set.AddNum(imap.UID(uid))
				}
			}
			if len(set) > 0 && !yield(set) {
				return
			}
		}
	}
}

// short writes a set for people: its ends.
func short(set imap.UIDSet) string {
	if s := set.String(); len(s) <= 30 {
		return s
	}
	return fmt.Sprintf("%d…%d", set[0].Start, set[len(set)-1].Stop)
}

// fetchEach sends a FETCH and gives every mail of the answer to each.
func (b *box) fetchEach(ctx context.Context, set imap.UIDSet, o *imap.FetchOptions, each func(*imapclient.FetchMessageData)) error {
	bodies := len(o.BodySection) > 0
	c := command{what: "show mails", shown: "UID FETCH " + short(set), asks: asks{fetches: true, bodies: bodies}}
	return b.run(ctx, c, func() error {
		cmd := b.lib.Fetch(set, o)
		for mail := cmd.Next(); mail != nil; mail = cmd.Next() {
			each(mail)
		}
		return cmd.Close()
	})
}

// Sizes returns sizes and dates.
func (b *box) Sizes(ctx context.Context, uids []uint32) ([]Meta, error) {
	heads, err := b.heads(ctx, uids, &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true})
	metas := make([]Meta, len(heads))
	for i, h := range heads {
		metas[i] = h.Meta
	}
	return metas, err
}

// Heads returns what identifies mails.
func (b *box) Heads(ctx context.Context, uids []uint32) ([]Head, error) {
	return b.heads(ctx, uids, &imap.FetchOptions{
		UID: true, Flags: true, RFC822Size: true, InternalDate: true,
		BodySection: []*imap.FetchItemBodySection{{Specifier: imap.PartSpecifierHeader, Peek: true}},
	})
}

func (b *box) heads(ctx context.Context, uids []uint32, o *imap.FetchOptions) ([]Head, error) {
	heads := make([]Head, 0, len(uids))
	for set := range windows(uids) {
		err := b.fetchEach(ctx, set, o, func(mail *imapclient.FetchMessageData) {
			if h, whole := readHead(mail); whole && h.UID != 0 {
				heads = append(heads, h)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return heads, nil
}

// readHead reads the items of a mail; whole is false when a literal was cut.
func readHead(mail *imapclient.FetchMessageData) (h Head, whole bool) {
	whole = true
	for item := mail.Next(); item != nil; item = mail.Next() {
		h.take(item)
		switch item := item.(type) {
		case imapclient.FetchItemDataFlags:
			h.Flags = flagNames(item.Flags)
		case imapclient.FetchItemDataBodySection:
			var ok bool
			h.Header, ok = readPart(item, HeaderLimit)
			whole = whole && ok
		}
	}
	return h, whole
}

// take notes an item that says something of the mail as a whole.
func (m *Meta) take(item imapclient.FetchItemData) {
	switch item := item.(type) {
	case imapclient.FetchItemDataUID:
		m.UID = uint32(item.UID)
	case imapclient.FetchItemDataRFC822Size:
		m.Size = item.Size
	case imapclient.FetchItemDataInternalDate:
		m.Received = item.Time
	}
}

// readPart reads the first limit bytes of a body and passes over the rest; ok
// is false when there is none or its end did not come.
func readPart(item imapclient.FetchItemDataBodySection, limit int64) (part []byte, ok bool) {
	if item.Literal == nil {
		return nil, false
	}
	part, err := io.ReadAll(io.LimitReader(item.Literal, limit))
	if err != nil {
		return part, false
	}
	rest, err := io.Copy(io.Discard, item.Literal)
	return part, err == nil && int64(len(part))+rest == item.Literal.Size()
}

// Start fetches the beginning of a mail.
func (b *box) Start(ctx context.Context, uid uint32, n int64) (header, text []byte, err error) {
	head := &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, Peek: true}
	body := &imap.FetchItemBodySection{
		Specifier: imap.PartSpecifierText, Peek: true, Partial: &imap.SectionPartial{Offset: 0, Size: max(n, 1)},
	}
	o := &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{head, body}}
	for set := range windows([]uint32{uid}) {
		err = b.fetchEach(ctx, set, o, func(mail *imapclient.FetchMessageData) {
			for item := mail.Next(); item != nil; item = mail.Next() {
				section, ok := item.(imapclient.FetchItemDataBodySection)
				switch {
				case !ok:
				case section.MatchCommand(head):
					header, _ = readPart(section, HeaderLimit) // what breaks off ends the command with its error
				default:
					text, _ = readPart(section, n) // likewise
				}
			}
		})
	}
	if err != nil {
		return nil, nil, err
	}
	return header, text, nil
}

// Changes returns flags that changed.
func (b *box) Changes(ctx context.Context, modseq uint64) ([]Flags, error) {
	all := imap.UIDSet{{Start: 1}} // 1:*
	o := &imap.FetchOptions{UID: true, Flags: true}
	if b.caps.CondStore {
		o.ModSeq, o.ChangedSince = true, modseq
	}
	var changes []Flags
	err := b.fetchEach(ctx, all, o, func(mail *imapclient.FetchMessageData) {
		var f Flags
		known := false
		for item := mail.Next(); item != nil; item = mail.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				f.UID = uint32(item.UID)
			case imapclient.FetchItemDataFlags:
				f.Flags, known = flagNames(item.Flags), true
			case imapclient.FetchItemDataModSeq:
				f.ModSeq = item.ModSeq
			}
		}
		if known && f.UID != 0 {
			changes = append(changes, f)
		}
	})
	if err != nil {
		return nil, err
	}
	return changes, nil
}

// flagNames returns flags as strings, without the one that tells nothing.
func flagNames(flags []imap.Flag) []string {
	names := make([]string, 0, len(flags))
	for _, f := range flags {
		if f != `\Recent` {
			names = append(names, string(f))
		}
	}
	return names
}
