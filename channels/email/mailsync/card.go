package mailsync

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"slices"
	"strings"

	"hark/channels/email/imap"
	"hark/desk"
	"hark/desk/mailbox"
)

// card is what a mail is recognised by without its body.
type card struct {
	uid   uint32
	meta  imap.Meta
	key   key
	print print
}

// key recognises most mails without a look into what is kept of them.
type key struct {
	messageID string
	size      int64
	received  int64 // seconds since 1970
}

// certain reports whether nothing of the key is missing.
func (k key) certain() bool { return k.messageID != "" && k.size > 0 && k.received > 0 }

// quick returns the key of a row.
func quick(h mailbox.Head) key {
	k := key{messageID: h.MessageID, size: h.Size}
	if !h.Received.IsZero() {
		k.received = h.Received.Unix()
	}
	return k
}

// print is a digest of what the sender wrote into the header. Servers and
// relays change other fields.
type print [sha256.Size]byte

// cards returns a card of every mail in the selected mailbox, but of those
// whose headers break the connection: they count as unknown.
func (s *session) cards(ctx context.Context, f *follow) (map[uint32]card, error) {
	var uids []uint32
	err := s.list(ctx, func(ctx context.Context) (err error) {
		uids, err = s.box.UIDs(ctx, 1)
		return err
	})
	if err != nil {
		return nil, err
	}
	uids = slices.DeleteFunc(uids, func(uid uint32) bool { return f.faceless[uid] })
	all := make(map[uint32]card, len(uids))
	for len(uids) > 0 {
		some := uids[:min(len(uids), s.e.limits.Window>>f.shrunk)]
		if err := s.addCards(ctx, some, all); err != nil {
			s.advanced = f.shrinkCards(some) && ctx.Err() == nil && lost(err) || s.advanced
			return nil, err
		}
		uids = uids[len(some):]
	}
	return all, nil
}

// shrinkCards asks for fewer headers at a time after some broke a connection;
// one that breaks it alone is not asked for again.
func (f *follow) shrinkCards(failed []uint32) bool {
	if len(failed) > 1 {
		f.shrunk++
		return f.shrunk <= patience
	}
	if f.faceless == nil {
		f.faceless = map[uint32]bool{}
	}
	const many = 100
	f.faceless[failed[0]], f.shrunk = true, 0
	return len(f.faceless) <= many
}

// addCards adds the cards of some mails.
func (s *session) addCards(ctx context.Context, uids []uint32, to map[uint32]card) error {
	return s.list(ctx, func(ctx context.Context) error {
		heads, err := s.box.Heads(ctx, uids)
		for _, h := range heads {
			to[h.UID] = cardOf(h)
		}
		return err
	})
}

func cardOf(h imap.Head) card {
	c := card{uid: h.UID, meta: h.Meta}
	c.key.messageID, c.print = printed(h.Header)
	c.key.size = h.Size
	if !h.Received.IsZero() {
		c.key.received = h.Received.Unix()
	}
	return c
}

// printOf returns the print of a row, and whether any of its bytes are kept.
func (s *session) printOf(ctx context.Context, h mailbox.Head) (print, bool, error) {
	raw, _, err := s.e.o.Store.Open(ctx, h.ID)
	if desk.CodeOf(err) == desk.NotFound {
		return print{}, false, nil
	}
	if err != nil {
		return print{}, false, &keepError{err}
	}
	defer func() { _ = raw.Close() }()
	header, err := headerOf(raw)
	if err != nil {
		return print{}, false, &keepError{err}
	}
	_, p := printed(header)
	return p, true, nil
}

// headerOf reads up to the empty line that ends a header.
func headerOf(r io.Reader) ([]byte, error) {
	var header []byte
	block := make([]byte, 8<<10)
	for len(header) < imap.HeaderLimit {
		n, err := r.Read(block)
		header = append(header, block[:n]...)
		if end := headerEnd(header); end >= 0 {
			return header[:end], nil
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return header[:min(len(header), imap.HeaderLimit)], nil
}

// headerEnd returns where a header ends, or -1.
func headerEnd(b []byte) int {
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(b, []byte(end)); i >= 0 {
			return i + len(end)
		}
	}
	return -1
}

// printed returns the Message-ID and the print of a header. It reads what is no
// header too: then the print is of all of it.
func printed(header []byte) (messageID string, p print) {
	names := [...]string{"message-id", "from", "date", "subject"}
	var values [len(names)]string
	found := false
	for name, value := range fields(header) {
		if i := slices.Index(names[:], strings.ToLower(name)); i >= 0 && values[i] == "" {
			values[i], found = strings.Join(strings.Fields(value), " "), true
		}
	}
	if !found {
		return "", sha256.Sum256(bytes.TrimSpace(header))
	}
	h := sha256.New()
	for _, v := range values {
		h.Write([]byte(v))
		h.Write([]byte{0})
	}
	return strings.Trim(values[0], "<> "), print(h.Sum(nil))
}

// fields yields the fields of a header (RFC 5322, section 2.2) in their order,
// with folded lines joined. Lines that are no field are passed over.
func fields(header []byte) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		var name string
		var value strings.Builder
		for line := range strings.Lines(string(header)) {
			text := strings.TrimRight(line, "\r\n")
			if text == "" {
				break
			}
			if text[0] == ' ' || text[0] == '\t' {
				value.WriteString(text)
				continue
			}
			if name != "" && !yield(name, value.String()) {
				return
			}
			value.Reset()
			before, after, _ := strings.Cut(text, ":")
			name = strings.TrimSpace(before)
			value.WriteString(after)
		}
		if name != "" {
			yield(name, value.String())
		}
	}
}
