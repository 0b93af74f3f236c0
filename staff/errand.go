package staff

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"hark/desk"
)

// An errand is what the hub asks the client to do where the person sits: open a
// link, save or read a file, show a text in the person's editor. The hub itself
// runs nothing and knows no file of theirs.
//
// A client that can run errands says so with the request seatRequest before its
// console starts. For each errand the hub opens a channel of its own: what to
// do is in the channel's first message, bytes follow in one direction, and the
// client answers with one request. The hub says when its bytes are complete. A
// channel that stands still is closed.
const (
	seatRequest     = "seat@hark"
	errandChannel   = "errand@hark"
	completeRequest = "complete@hark"
	answerRequest   = "answer@hark"
)

// The errands.
const (
	errandOpen = "open" // argument: a link
	errandSave = "save" // argument: a name; the hub sends the bytes
	errandEdit = "edit" // the hub sends a text, the client sends it back
	errandRead = "read" // argument: a path; the client sends the bytes
	errandRest = "rest" // the client goes into the background of its shell
)

// Limits of errands, which both ends hold.
const (
	maxErrands   = 4                // at once, of one connection
	editTextMax  = 1 << 20          // bytes that come out of an editor; a message holds less
	linkMax      = 2048             // bytes of a link
	fileMax      = 256 << 20        // bytes of a file, whatever the hub says
	stallTimeout = 30 * time.Second // without a byte or a word
	editTimeout  = 12 * time.Hour   // an editor, or a rest in the background
	askTimeout   = 2 * time.Minute  // a person who is asked for leave
)

// order is the first message of an errand's channel.
type order struct {
	Kind     string
	Argument string
	Limit    uint64 // the largest file that is taken, in bytes
}

// answer is how an errand came out. Code is empty when it was done.
type answer struct {
	Code string
	Text string // the path or name; with a code what went wrong
	Size uint64 // of the file that is read
}

func failed(err error) answer {
	return answer{Code: string(desk.CodeOf(err)), Text: desk.Sentence(err)}
}

// err returns what went wrong, nil when it was done. The words come from the
// other end, so they are cut and shown as text.
func (a answer) err() error {
	if a.Code == "" {
		return nil
	}
	code := desk.Code(a.Code)
	switch code {
	case desk.Invalid, desk.Denied, desk.NotFound, desk.Conflict, desk.Unavailable, desk.NeedsYes:
	default:
		code = desk.Unavailable
	}
	return &desk.Error{Code: code, Msg: printable(a.Text)}
}

// printable makes words of the other end fit for one line.
func printable(s string) string {
	const longest = 1000
	s = strings.ToValidUTF8(s[:min(len(s), longest)], "\uFFFD")
	return strings.Map(func(r rune) rune {
		if hidden(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// link checks a link and returns it as it is handed to a browser.
func link(s string) (string, error) {
	refuse := func(why string) (string, error) {
		return "", desk.Errorf(desk.Invalid, "the link is not opened: %s", why)
	}
	if len(s) > linkMax || strings.ContainsFunc(s, func(r rune) bool { return hidden(r) || r == ' ' }) {
		return refuse("it is too long or holds characters that links do not hold")
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return refuse("it is no address")
	case u.Scheme != "http" && u.Scheme != "https":
		return refuse("only http and https links are")
	case u.Hostname() == "":
		return refuse("it names no site")
	case u.User != nil:
		return refuse("it carries a name or password in front of its site, which is how sites are imitated")
	}
	return u.String(), nil
}

// marshal writes an order for the opening of a channel.
func (o order) marshal() []byte { return ssh.Marshal(o) }

func readOrder(raw []byte) (order, error) {
	var o order
	if err := ssh.Unmarshal(raw, &o); err != nil {
		return o, fmt.Errorf("read an errand: %w", err)
	}
	return o, nil
}

// tooLarge refuses a file.
func tooLarge(name string, size, limit int64) error {
	return desk.Errorf(desk.Invalid, "%s has %s; a file has %s at most here", name, sizeWords(size), sizeWords(limit))
}

// sizeWords writes a number of bytes for people.
func sizeWords(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf("%d KB", (n+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
