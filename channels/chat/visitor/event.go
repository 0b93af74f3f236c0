package visitor

import (
	"time"
)

// Kind says what an Event is about.
type Kind int

// The kinds of event.
const (
	Connected    Kind = iota // the hub said welcome
	Disconnected             // the connection is gone; Run tries again
	Items                    // something was said or happened
	Typing                   // a colleague at the desk writes, or stopped
	Acked                    // the hub has a message
	Refused                  // the hub will not take a message, ever
	Delayed                  // the hub cannot take a message now; it is sent again
	ReadTo                   // somebody at the desk has read what the visitor wrote
	Placed                   // where in the line the visitor stands
)

// Event is something that happened to a client.
type Event struct {
	Kind   Kind
	Reset  bool   // Connected: what came before is gone, items begin at 1 again
	Items  []Item // Items: in order, without a gap
	Who    string // Typing: a name, or "" for nobody
	ID     string // Acked, Refused, Delayed: the message
	Code   string // Refused, Delayed
	Reason string // Refused, Delayed: in words
	Ord    uint64 // ReadTo: up to here
	Place  Place  // Placed
}

// Place is where in the line the visitor stands; position 0 is not in line.
type Place struct {
	Position int
	Wait     time.Duration
	Known    bool // the hub can tell how long it takes
}

// Item is one thing that the visitor sees.
type Item struct {
	Ord    uint64    `json:"ord"`
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"` // message, resolved, reopened
	Text   string    `json:"text"`
	Mine   bool      `json:"mine"`
	Client string    `json:"client"` // the identifier that Say returned
	Author string    `json:"author"`
	Files  []File    `json:"files"`
}

// File is something attached to a message.
type File struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

// hear takes a frame in.
func (c *Client) hear(f in) {
	switch f.T {
	case "welcome":
		c.tell(c.welcomed(f))
		c.mu.Lock()
		c.pump()
		c.mu.Unlock()
	case "items":
		if items := c.arrived(f.Items); len(items) > 0 {
			c.tell(Event{Kind: Items, Items: items})
		}
	case "ok":
		c.mu.Lock()
		c.settle(f.ID)
		c.mu.Unlock()
		c.tell(Event{Kind: Acked, ID: f.ID})
	case "no":
		c.tell(c.refused(f))
	case "typing":
		c.tell(Event{Kind: Typing, Who: f.Who})
	case "read":
		c.tell(Event{Kind: ReadTo, Ord: f.Ord})
	case "place":
		p := Place{Position: f.Position, Known: f.WaitS != nil}
		if p.Known {
			p.Wait = time.Duration(*f.WaitS) * time.Second
		}
		c.tell(Event{Kind: Placed, Place: p})
	}
}

func (c *Client) welcomed(f in) Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ready {
		c.stats.Connects++
	}
	c.ready = true
	if f.Reset || c.conversation == "" {
		c.ord = 0
	}
	c.conversation = f.Conversation
	return Event{Kind: Connected, Reset: f.Reset}
}

// arrived returns the items that are new, and drops the connection when one is
// missing between them: the next one resumes behind what is there.
func (c *Client) arrived(items []Item) []Item {
	c.mu.Lock()
	defer c.mu.Unlock()
	fresh := items[:0]
	for _, it := range items {
		switch {
		case it.Ord <= c.ord:
			c.stats.Duplicates++
		case it.Ord > c.ord+1:
			c.stats.Gaps++
			_ = c.socket.NetConn().Close()
			return fresh
		default:
			c.ord = it.Ord
			fresh = append(fresh, it)
		}
	}
	return fresh
}

func (c *Client) refused(f in) Event {
	e := Event{Kind: Refused, ID: f.ID, Code: f.Code, Reason: f.Text}
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.RetryMS > 0 {
		e.Kind = Delayed
		c.again(time.Duration(f.RetryMS) * time.Millisecond)
		return e
	}
	c.settle(f.ID)
	return e
}
