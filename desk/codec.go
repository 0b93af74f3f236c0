package desk

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Format is the first byte of an event on disk. A program that meets another
// format says so instead of guessing.
const Format = 1

// HeaderSize is the length of an encoded Header in bytes.
const HeaderSize = 1 + 16 + 16 + 1 + 8 + 8

// Header is the part of an event that is stored in the clear and authenticated
// as associated data: random identifiers, the class, the count and the time.
//
//	format 1 | event id 16 | stream id 16 | class 1 | n 8 | at 8 (Unix ms), big-endian
type Header struct {
	ID     ID
	Stream ID
	Class  Class
	N      uint64
	At     time.Time
}

// Append appends the encoded header to b.
func (h Header) Append(b []byte) []byte {
	b = append(b, Format)
	b = append(b, h.ID[:]...)
	b = append(b, h.Stream[:]...)
	b = append(b, byte(h.Class))
	b = binary.BigEndian.AppendUint64(b, h.N)
	return binary.BigEndian.AppendUint64(b, uint64(h.At.UnixMilli()))
}

// errShort is what a decoder says of bytes that end too early.
var errShort = errors.New("event is cut short")

// ParseHeader reads a header from the start of b.
func ParseHeader(b []byte) (Header, error) {
	var h Header
	if len(b) < 1 {
		return h, errShort
	}
	if b[0] != Format {
		return h, fmt.Errorf("event has format %d; this program knows format %d", b[0], Format)
	}
	if len(b) < HeaderSize {
		return h, errShort
	}
	copy(h.ID[:], b[1:])
	copy(h.Stream[:], b[17:])
	h.Class = Class(b[33])
	h.N = binary.BigEndian.Uint64(b[34:])
	h.At = time.UnixMilli(int64(binary.BigEndian.Uint64(b[42:]))).UTC()
	return h, nil
}

// AppendSecret appends what is sealed of an event: stream type, actor, kind,
// version and body.
//
//	stream type 1 | actor kind 1 | flags 1 (bit 0: owner) | actor id 16 |
//	version uvarint | kind length uvarint | kind | body (JSON) to the end
func AppendSecret(b []byte, t StreamType, a Actor, body Body) ([]byte, error) {
	b = append(b, byte(t), byte(a.Kind), ownerFlag(a))
	b = append(b, a.ID[:]...)
	b = binary.AppendUvarint(b, uint64(body.Version()))
	kind := body.Kind()
	b = binary.AppendUvarint(b, uint64(len(kind)))
	b = append(b, kind...)
	raw, err := marshalBody(body)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", kind, err)
	}
	return append(b, raw...), nil
}

func ownerFlag(a Actor) byte {
	if a.Owner {
		return 1
	}
	return 0
}

func marshalBody(body Body) ([]byte, error) {
	if u, ok := body.(Unknown); ok {
		return u.Raw, nil
	}
	return json.Marshal(body)
}

// ParseEvent joins a header with the opened secret. A kind or version that is
// not known becomes an Unknown body; only damage is an error. The result keeps
// no reference to secret.
func ParseEvent(h Header, secret []byte) (Event, error) {
	e := Event{ID: h.ID, Class: h.Class, N: h.N, At: h.At}
	if len(secret) < 19 {
		return e, errShort
	}
	e.Stream = Stream{Type: StreamType(secret[0]), ID: h.Stream}
	e.Actor = Actor{Kind: ActorKind(secret[1]), Owner: secret[2]&1 != 0}
	copy(e.Actor.ID[:], secret[3:])
	rest := secret[19:]
	version, n := binary.Uvarint(rest)
	if n <= 0 || version > 1<<30 {
		return e, errShort
	}
	rest = rest[n:]
	length, n := binary.Uvarint(rest)
	if n <= 0 || length > uint64(len(rest)-n) {
		return e, errShort
	}
	kind := string(rest[n : n+int(length)])
	body, err := parseBody(kind, int(version), rest[n+int(length):])
	if err != nil {
		return e, fmt.Errorf("decode %s: %w", kind, err)
	}
	e.Body = body
	return e, nil
}

type kindVersion struct {
	kind    string
	version int
}

// decoders knows every kind and version that this program can read.
var decoders = map[kindVersion]func([]byte) (Body, error){
	{"conversation.opened", 1}: decode[ConversationOpened],
	{"conversation.opened", 2}: decode[ConversationOpened],
	{"message", 1}:             decode[Message],
	{"message", 2}:             decode[Message],
	{"message", 3}:             decode[Message],
	{"note", 1}:                decode[Note],
	{"assigned", 1}:            decode[Assigned],
	{"assigned", 2}:            decode[Assigned],
	{"resolved", 1}:            decode[Resolved],
	{"reopened", 1}:            decode[Reopened],
	{"delivered", 1}:           decode[Delivered],
	{"draft.discarded", 1}:     decode[DraftDiscarded],
	{"contact.created", 1}:     decode[ContactCreated],
	{"contact.named", 1}:       decode[ContactNamed],
	{"contact.returned", 1}:    decode[ContactReturned],
	{"account.created", 1}:     decode[AccountCreated],
	{"desk.created", 1}:        decode[DeskCreated],
	{"hub.started", 1}:         decode[HubStarted],
	{"hub.stopped", 1}:         decode[HubStopped],
	{"session.started", 1}:     decode[SessionStarted],
	{"session.ended", 1}:       decode[SessionEnded],
	{"viewed", 1}:              decode[Viewed],
	{"refused", 1}:             decode[Refused],
	{"tagged", 1}:              decode[Tagged],
	{"prioritised", 1}:         decode[Prioritised],
	{"snoozed", 1}:             decode[Snoozed],
	{"woken", 1}:               decode[Woken],
	{"merged", 1}:              decode[Merged],
	{"unmerged", 1}:            decode[Unmerged],
	{"joined", 1}:              decode[Joined],
	{"joined", 2}:              decode[Joined],
	{"parted", 1}:              decode[Parted],
	{"moved.out", 1}:           decode[MovedOut],
	{"moved.in", 1}:            decode[MovedIn],
	{"moved.in", 2}:            decode[MovedIn],
	{"moved.back", 1}:          decode[MovedBack],
	{"draft.handed", 1}:        decode[DraftHanded],
	{"read", 1}:                decode[Read],
	{"read", 2}:                decode[Read],
	{"notice.shown", 1}:        decode[NoticeShown],
	{"queued", 1}:              decode[Queued],
	{"offered", 1}:             decode[Offered],
	{"offer.ended", 1}:         decode[OfferEnded],
	{"breached", 1}:            decode[Breached],
	{"contact.field", 1}:       decode[ContactField],
	{"link.issued", 1}:         decode[LinkIssued],
	{"presence", 1}:            decode[PresenceChosen],
	{"view.saved", 1}:          decode[ViewSaved],
	{"view.removed", 1}:        decode[ViewRemoved],
	{"preferred", 1}:           decode[Preferred],
	{"notice.published", 1}:    decode[NoticePublished],
	{"mail.withdrawn", 1}:      decode[MailWithdrawn],
	{"mail.posted", 1}:         decode[MailPosted],
	{"mail.resent", 1}:         decode[MailResent],
	{"mail.settled", 1}:        decode[MailSettled],
	{"mail.proposed", 1}:       decode[MailProposed],
	{"contact.identified", 1}:  decode[ContactIdentified],
	{"mail.dropped", 1}:        decode[MailDropped],
	{"mail.declined", 1}:       decode[MailDeclined],
}

func decode[T Body](raw []byte) (Body, error) {
	var v T
	err := json.Unmarshal(raw, &v)
	return v, err
}

func parseBody(kind string, version int, raw []byte) (Body, error) {
	if f := decoders[kindVersion{kind, version}]; f != nil {
		return f(raw)
	}
	return Unknown{Name: kind, Ver: version, Raw: append([]byte(nil), raw...)}, nil
}
