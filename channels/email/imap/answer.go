package imap

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
)

const (
	// maxUIDs are how many UIDs one answer may hold: more mails than any
	// mailbox.
	maxUIDs = 4 << 20
	// maxBoxes are how many mailboxes one answer may list.
	maxBoxes = 20_000
)

// answer collects what a server says to the command in flight beside its end.
// The reading goroutine fills it, the commanding one empties it.
type answer struct {
	mu       sync.Mutex
	asks     asks
	selected Selected
	uids     []uint32
	boxes    []listed
}

// asks says what the command in flight waits for.
type asks struct {
	selects bool // EXISTS is the answer, not news
	fetches bool // FETCH is
	bodies  bool // only a FETCH with a body is
	own     bool // the library does not know of this command
	goesOn  bool // the server is to say that it may go on
}

// listed is a line of LIST (RFC 3501, section 7.2.2).
type listed struct {
	name  string
	attrs []string // in lower case
}

// begin empties the answer for a new command.
func (a *answer) begin(asks asks) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asks, a.selected, a.uids, a.boxes = asks, Selected{}, nil, nil
}

func (a *answer) fetching() (asked, bodies bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.asks.fetches, a.asks.bodies
}

// continues tells who waits to go on, and that nobody does from here on.
func (a *answer) continues() (own, library bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	goesOn := a.asks.goesOn
	a.asks.goesOn = false
	return goesOn && a.asks.own, goesOn && !a.asks.own
}

// exists takes the number of mails; false when nobody asked.
func (a *answer) exists(n uint32) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.selected.Count = n
	return a.asks.selects
}

// code takes what a response code says about the mailbox being selected.
func (a *answer) code(code, args string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.asks.selects {
		return
	}
	switch code {
	case "UIDVALIDITY":
		a.selected.Validity = number32(args)
	case "UIDNEXT":
		a.selected.Next = number32(args)
	case "HIGHESTMODSEQ":
		a.selected.ModSeq, _ = strconv.ParseUint(args, 10, 63) // none when it is no number
	case "PERMANENTFLAGS":
		a.selected.Keywords = strings.Contains(args, `\*`)
	case "READ-ONLY":
		a.selected.ReadOnly = true
	}
}

// number32 reads a number of a mailbox; what is none counts as not said.
func number32(s string) uint32 {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}

// search takes a list of UIDs. It ends at the first word that is none, as the
// modification sequence that some servers add.
func (a *answer) search(list []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for word := range bytes.FieldsSeq(list) {
		uid := number32(string(word))
		if uid == 0 || len(a.uids) == maxUIDs {
			return
		}
		a.uids = append(a.uids, uid)
	}
}

// list takes a mailbox. Names that are not written as they must be are left
// out: nobody could select them.
func (a *answer) list(line []byte) {
	attrs, rest, ok := bytes.Cut(line, []byte(")"))
	if !ok || !bytes.HasPrefix(attrs, []byte("(")) {
		return
	}
	_, rest, ok = token(bytes.TrimLeft(rest, " ")) // what separates levels
	if !ok {
		return
	}
	raw, _, ok := token(bytes.TrimLeft(rest, " "))
	name, good := decodeName(string(raw))
	if !ok || !good || name == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.boxes) < maxBoxes {
		a.boxes = append(a.boxes, listed{name: name, attrs: strings.Fields(strings.ToLower(string(attrs[1:])))})
	}
}

// token reads a quoted string or an atom.
func token(s []byte) (value, rest []byte, ok bool) {
	if !bytes.HasPrefix(s, []byte(`"`)) {
		value, rest = cutWord(s)
		return value, rest, len(value) > 0
	}
	n, ok := quotedEnd(s)
	if !ok {
		return nil, nil, false
	}
	return unquote(s[:n]), s[n:], true
}

// quotedEnd returns the length of the quoted string that s begins with.
func quotedEnd(s []byte) (n int, ok bool) {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1, true
		}
	}
	return 0, false
}

// unquote returns what a quoted string says.
func unquote(s []byte) []byte {
	var out []byte
	for i := 1; i < len(s)-1; i++ {
		if s[i] == '\\' && i+1 < len(s)-1 {
			i++
		}
		out = append(out, s[i])
	}
	return out
}

// rest says that no command is in flight.
func (a *answer) rest() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asks = asks{}
}

// state, found and mailboxes return what came.

func (a *answer) state() Selected {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.selected
}

func (a *answer) found() []uint32 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.uids
}

func (a *answer) mailboxes() []listed {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.boxes
}
