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

// readFrame says how far staff have read what the visitor wrote.
type readFrame struct {
	T   string `json:"t"`
	Ord uint64 `json:"ord"`
}

// placeFrame says where in the line the visitor stands; 0 is not in line.
type placeFrame struct {
	T        string `json:"t"`
	Position int    `json:"position"`
	WaitS    *int64 `json:"wait_s,omitempty"` // nil: nobody can tell
}

func encodePlace(p desk.Place) []byte {
	f := placeFrame{T: "place", Position: p.Position}
	if p.Known && p.Position > 0 {
		s := int64(p.Wait.Round(time.Second).Seconds())
		f.WaitS = &s
	}
	return encode(f)
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
	Files  []fileJSON      `json:"files,omitempty"`
}

// fileJSON is what a visitor is told of a file.
type fileJSON struct {
	ID   desk.ID `json:"id"`
	Name string  `json:"name"`
	Type string  `json:"type"`
	Size int64   `json:"size"`
}

func filesJSON(files []desk.File) []fileJSON {
	var all []fileJSON
	for _, f := range files {
		all = append(all, fileJSON{f.ID, f.Name, f.Type, f.Size})
	}
	return all
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
		Text: i.Text, Mine: i.Mine, Client: i.Client, Author: i.Author, Files: filesJSON(i.Files),
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
