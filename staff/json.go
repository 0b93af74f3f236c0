package staff

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"hark/desk"
)

// timeFormat is RFC 3339 with milliseconds.
const timeFormat = "2006-01-02T15:04:05.000Z07:00"

// jsonRow is a conversation of `ls --json`. Scripts rely on its fields.
type jsonRow struct {
	ID          string         `json:"id"`
	State       desk.Status    `json:"state"`
	Channels    []desk.Channel `json:"channels"`
	LastChannel desk.Channel   `json:"last_channel"`
	Contact     string         `json:"contact"`  // what the customer is called
	Assignee    string         `json:"assignee"` // account name, "" for nobody
	Last        string         `json:"last"`     // the beginning of the last words
	At          string         `json:"at"`
	Queue       string         `json:"queue"`
	Priority    desk.Priority  `json:"priority"`
	Tags        []string       `json:"tags"`
	Until       string         `json:"until,omitempty"` // snoozed: when it comes back
	Since       string         `json:"since,omitempty"` // when the customer began to wait for us
	Offer       string         `json:"offer,omitempty"` // account name of who is asked to take it
	Breached    bool           `json:"breached"`

	Subject  string         `json:"subject,omitempty"`  // of the newest mail
	Account  string         `json:"account,omitempty"`  // the mail account that it came by
	Outbox   []desk.ID      `json:"outbox,omitempty"`   // mails that have not gone out yet
	Trouble  []desk.Trouble `json:"trouble,omitempty"`  // mails that somebody has to look after
	Proposed string         `json:"proposed,omitempty"` // the conversation that this one may belong to
}

func rowJSON(s *desk.Session, c *desk.Conversation) jsonRow {
	return jsonRow{
		ID: c.ID.String(), State: c.Status, Channels: c.Channels, LastChannel: c.LastChannel(),
		Contact: c.Name, Assignee: s.AccountName(c.Assignee), Last: c.Last, At: stamp(c.At),
		Queue: c.Queue, Priority: c.Priority.Or(), Tags: append([]string{}, c.Tags...), Until: stampOf(c.Until), Since: stampOf(c.Since),
		Offer: s.AccountName(c.Offer.To), Breached: c.Breached,
		Subject: c.Subject, Account: c.Account, Outbox: c.Outbox, Trouble: c.Trouble, Proposed: idOf(c.Proposed),
	}
}

// idOf writes an identifier, nothing for none.
func idOf(id desk.ID) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}

// jsonEvent begins an event of `cat --json` and `tail --json`; the fields of
// its kind follow. Scripts rely on them.
type jsonEvent struct {
	Seq          uint64 `json:"seq"`
	ID           string `json:"id"`
	Conversation string `json:"conversation"`
	N            uint64 `json:"n"`
	At           string `json:"at"`
	Actor        string `json:"actor"` // account name, "owner as NAME", the customer's name, or "hark"
	Kind         string `json:"kind"`
}

// eventJSON writes an event of the conversation row as one line.
func eventJSON(s *desk.Session, row *desk.Conversation, a desk.Applied) ([]byte, error) {
	return line(jsonEvent{
		Seq: a.Seq, ID: a.ID.String(), Conversation: a.Stream.ID.String(), N: a.N, At: stamp(a.At),
		Actor: s.ActorName(a.Actor), Kind: a.Body.Kind(),
	}, fieldsOf(s, row, a))
}

// fieldsOf returns the fields of the event's kind. Accounts and contacts are
// named as people know them, as everywhere in the output.
func fieldsOf(s *desk.Session, row *desk.Conversation, a desk.Applied) any {
	switch b := a.Body.(type) {
	case desk.Message:
		return struct {
			desk.Message
			Delivery desk.Delivery `json:"delivery"`
		}{b, row.DeliveryOf(a)}
	case desk.Assigned:
		return struct {
			To    string `json:"to"`
			Claim bool   `json:"claim"`
		}{s.AccountName(b.To), b.Claim}
	case desk.Offered:
		return struct {
			To    string `json:"to"`
			Until string `json:"until"`
		}{s.AccountName(b.To), stamp(b.Until)}
	case desk.OfferEnded:
		return struct {
			To  string        `json:"to"`
			Why desk.OfferEnd `json:"why"`
		}{s.AccountName(b.To), b.Why}
	case desk.DraftHanded:
		return struct {
			To string `json:"to"`
		}{s.AccountName(b.To)}
	case desk.ConversationOpened:
		return struct {
			Contact string `json:"contact"`
			desk.ConversationOpened
		}{row.Name, b}
	case desk.Unknown:
		return struct {
			Version int             `json:"version"`
			Body    json.RawMessage `json:"body,omitempty"`
		}{b.Ver, validJSON(b.Raw)}
	}
	return a.Body
}

func validJSON(raw []byte) json.RawMessage {
	if !json.Valid(raw) {
		return nil
	}
	return raw
}

func stamp(t time.Time) string { return t.UTC().Format(timeFormat) }

// line writes the fields of all parts as one JSON object on one line.
func line(parts ...any) ([]byte, error) {
	out := []byte{'{'}
	for _, p := range parts {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(p); err != nil {
			return nil, fmt.Errorf("write as JSON: %w", err)
		}
		fields := bytes.TrimSpace(b.Bytes())
		fields = fields[1 : len(fields)-1]
		if len(fields) > 0 && len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, fields...)
	}
	return append(escape(out), '}', '\n'), nil
}

// escape writes every control and format character as a \u escape, so that the
// line can be shown on a terminal and still holds the raw text. In JSON such
// characters stand inside strings only.
func escape(b []byte) []byte {
	if bytes.IndexFunc(b, hidden) < 0 {
		return b
	}
	out := make([]byte, 0, len(b)+32)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case !hidden(r):
			out = append(out, b[:n]...)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		b = b[n:]
	}
	return out
}

func hidden(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }
