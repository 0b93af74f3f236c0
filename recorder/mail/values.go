package mail

import (
	"encoding/binary"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

// What follows is what is sealed of the rows. Numbers are big-endian; a text
// is preceded by its length in 4 bytes.

// head is what is sealed of a mail under the store's key:
//
//	received 8 | size 8 | kept 8 | flags 1 (1 partial, 2 past) | conversation 16
type head struct {
	received      time.Time
	size          int64 // by the server's word
	kept          int64 // bytes in chunks; nothing for none
	partial, past bool
	conversation  desk.ID
}

// nothing is how many bytes are kept when none are, not even none of a mail.
const nothing = -1

func (h head) encode() []byte {
	b := addI64(make([]byte, 0, 48), millis(h.received))
	b = addI64(addI64(b, h.size), h.kept)
	b = append(b, bit(h.partial)|bit(h.past)<<1)
	return append(b, h.conversation[:]...)
}

func decodeHead(b []byte) (head, error) {
	d := decoder{b: b}
	h := head{received: d.time(), size: d.i64(), kept: d.i64()}
	flags := d.u8()
	h.partial, h.past, h.conversation = flags&1 != 0, flags&2 != 0, d.id()
	if h.kept < nothing || flags > 3 {
		return head{}, errShort
	}
	return h, d.end()
}

// note is what is sealed of a mail under its own key:
//
//	identity 32 | Message-ID | why | step | at 8 | attempts 4
type note struct {
	identity  [32]byte
	messageID string
	why, step string // of a quarantine, like the rest
	at        time.Time
	attempts  uint32
}

func (n note) encode() []byte {
	b := append(make([]byte, 0, 128), n.identity[:]...)
	b = addText(addText(addText(b, n.messageID), n.why), n.step)
	return binary.BigEndian.AppendUint32(addI64(b, millis(n.at)), n.attempts)
}

func decodeNote(b []byte) (n note, err error) {
	d := decoder{b: b}
	copy(n.identity[:], d.take(len(n.identity)))
	n.messageID, n.why, n.step = d.text(), d.text(), d.text()
	n.at, n.attempts = d.time(), d.u32()
	return n, d.end()
}

// encodeNames writes the names of a mailbox: account | box.
func encodeNames(account, box string) []byte { return addText(addText(nil, account), box) }

func decodeNames(b []byte) (account, box string, err error) {
	d := decoder{b: b}
	account, box = d.text(), d.text()
	return account, box, d.end()
}

// encodeCursor writes how far a mailbox was followed:
//
//	validity 4 | next 4 | modseq 8 | first sync 8 | done 1
func encodeCursor(c mailbox.Cursor) []byte {
	b := binary.BigEndian.AppendUint32(make([]byte, 0, 32), c.Validity)
	b = binary.BigEndian.AppendUint32(b, c.Next)
	b = binary.BigEndian.AppendUint64(b, c.ModSeq)
	return append(addI64(b, millis(c.FirstSync)), bit(c.Done))
}

func decodeCursor(b []byte) (mailbox.Cursor, error) {
	d := decoder{b: b}
	c := mailbox.Cursor{Validity: d.u32(), Next: d.u32(), ModSeq: uint64(d.i64()), FirstSync: d.time()}
	done := d.u8()
	c.Done = done == 1
	if done > 1 {
		return mailbox.Cursor{}, errShort
	}
	return c, d.end()
}

// encodeLetter writes what never changes of a letter:
//
//	conversation 16 | at 8 | size 8 | account | Message-ID | from | count of recipients 4, each
func encodeLetter(l mailbox.Letter, size int64) []byte {
	b := append(make([]byte, 0, 256), l.Conversation[:]...)
	b = addI64(addI64(b, millis(l.At)), size)
	return addTexts(addText(addText(addText(b, l.Account), l.MessageID), l.From), l.To)
}

func decodeLetter(b []byte) (l mailbox.Letter, size int64, err error) {
	d := decoder{b: b}
	l.Conversation, l.At, size = d.id(), d.time(), d.i64()
	l.Account, l.MessageID, l.From, l.To = d.text(), d.text(), d.text(), d.texts()
	if size < 0 {
		return l, 0, errShort
	}
	return l, size, d.end()
}

// encodeOutcome writes what is known of the attempts to send a letter:
//
//	tries 4 | next 8 | why | count of accepted recipients 4, each
func encodeOutcome(o mailbox.Outcome) []byte {
	b := binary.BigEndian.AppendUint32(make([]byte, 0, 64), uint32(o.Tries))
	return addTexts(addText(addI64(b, millis(o.Next)), o.Why), o.Done)
}

func decodeOutcome(b []byte) (mailbox.Outcome, error) {
	d := decoder{b: b}
	o := mailbox.Outcome{Tries: int(d.u32()), Next: d.time(), Why: d.text(), Done: d.texts()}
	return o, d.end()
}

// stages and states are numbered in the file; a number never changes its
// meaning.

func stageNumber(s mailbox.Stage) byte {
	switch s {
	case mailbox.Raw:
		return 1
	case mailbox.Threaded:
		return 2
	case mailbox.Copy:
		return 3
	case mailbox.Quarantined:
		return 4
	case mailbox.Dropped:
		return 5
	}
	return 0
}

func stageOf(n int64) (mailbox.Stage, bool) {
	for _, s := range []mailbox.Stage{mailbox.Raw, mailbox.Threaded, mailbox.Copy, mailbox.Quarantined, mailbox.Dropped} {
		if int64(stageNumber(s)) == n {
			return s, true
		}
	}
	return "", false
}

// stateNumber numbers the states; those that are over come last.
func stateNumber(s mailbox.OutState) byte {
	switch s {
	case mailbox.Ready:
		return 1
	case mailbox.Sending:
		return 2
	case mailbox.Committing:
		return 3
	case mailbox.Sent:
		return 4
	case mailbox.Filing:
		return 5
	case mailbox.Retry:
		return 6
	case mailbox.Parked:
		return 7
	case mailbox.Filed:
		return 8
	case mailbox.Failed:
		return 9
	}
	return 0
}

func stateOf(n int64) (mailbox.OutState, bool) {
	for _, s := range []mailbox.OutState{
		mailbox.Ready, mailbox.Sending, mailbox.Committing, mailbox.Sent, mailbox.Filing, mailbox.Retry,
		mailbox.Parked, mailbox.Filed, mailbox.Failed,
	} {
		if int64(stateNumber(s)) == n {
			return s, true
		}
	}
	return "", false
}
