package chat

import (
	"encoding/json"
	"time"

	"hark/desk"
)

// What the hub sends. Each is one frame.

type welcomeFrame struct {
	T            string      `json:"t"`
	Conversation string      `json:"conversation"` // "" before the first message
	Ord          uint64      `json:"ord"`          // of the newest item
	Status       desk.Status `json:"status"`
	Reset        bool        `json:"reset"` // forget every item: they come again, from 1
}

type okFrame struct {
	T  string `json:"t"`
	ID string `json:"id"`
}

// noFrame says that a message was not taken. With RetryMS it is to be sent
// again after that time; without, never.
type noFrame struct {
	T       string `json:"t"`
	ID      string `json:"id"`
	Code    string `json:"code"`
	Text    string `json:"text"`
	RetryMS int64  `json:"retry_ms,omitempty"`
}

type typingFrame struct {
	T   string `json:"t"`
	Who string `json:"who"` // "" for nobody
}

type beatFrame struct {
	T string `json:"t"`
}

type itemJSON struct {
	Ord    uint64          `json:"ord"`
	At     string          `json:"at"`
	Kind   desk.PublicKind `json:"kind"`
	Text   string          `json:"text,omitempty"`
	Mine   bool            `json:"mine,omitempty"`
	Client string          `json:"client,omitempty"`
	Author string          `json:"author,omitempty"`
}

// item is a public item as it goes over the wire.
type item struct {
	ord uint64
	raw []byte
}

// timeFormat is RFC 3339 in UTC with milliseconds, as browsers print it.
const timeFormat = "2006-01-02T15:04:05.000Z"

func encodeItem(i desk.PublicItem) item {
	return item{i.Ord, encode(itemJSON{
		Ord: i.Ord, At: i.At.UTC().Format(timeFormat), Kind: i.Kind,
		Text: i.Text, Mine: i.Mine, Client: i.Client, Author: i.Author,
	})}
}

// encodeItems joins items to one frame.
func encodeItems(items []item) []byte {
	size := 32
	for _, i := range items {
		size += len(i.raw) + 1
	}
	b := append(make([]byte, 0, size), `{"t":"items","items":[`...)
	for n, i := range items {
		if n > 0 {
			b = append(b, ',')
		}
		b = append(b, i.raw...)
	}
	return append(b, `]}`...)
}

// encode writes a frame. The types above cannot fail to encode.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// millis is a wait for people's machines: rounded up, a tenth of a second at least.
func millis(d time.Duration) int64 { return max(d.Milliseconds()+1, 100) }
