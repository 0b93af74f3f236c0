package mailgen

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"time"
)

// Address is whose mailbox it is.
const Address = "help@shop.example"

// LargeSize is the size of a very large mail, in bytes of the mail.
const LargeSize = 35 << 20

// Box is a mailbox. Its mails are numbered from 0 and are made when they are
// asked for.
type Box struct {
	Count int   // mails
	Large []int // which of them are very large
	// Size of a very large mail in bytes; 0 for LargeSize.
	Size int
}

// New returns the mailbox of n mails, two of which are very large. With 30,002
// mails it has about 767 MB.
func New(n int) Box { return Box{Count: n, Large: []int{n / 3, n / 2}} }

// start is when the first mail arrived. They come every ten minutes.
func start() time.Time { return time.Date(2025, time.March, 3, 8, 0, 0, 0, time.UTC) }

// Received returns when a mail arrived at the server.
func (b Box) Received(i int) time.Time { return start().Add(time.Duration(i) * 10 * time.Minute) }

// MessageID returns a mail's Message-ID without < and >.
func (b Box) MessageID(i int) string { return fmt.Sprintf("%d.%x@customer.example", i, i*7919) }

// rng returns what is random in a mail.
func rng(i int) *rand.Rand { return rand.New(rand.NewPCG(0x6d61696c, uint64(i))) }

// parent returns the mail that a mail answers, -1 for none: one of the forty
// before it.
func (b Box) parent(i int) int {
	r := rng(i)
	if i < 40 || r.IntN(10) >= 4 {
		return -1
	}
	return i - 1 - r.IntN(39)
}

// thread returns the mails that a mail follows, the oldest first.
func (b Box) thread(i int) (ids []int) {
	for p := b.parent(i); p >= 0; p = b.parent(p) {
		ids = append([]int{p}, ids...)
	}
	return ids
}

// Mail returns the bytes of a mail, as IMAP wants them: lines end in CR LF.
func (b Box) Mail(i int) []byte {
	m := &writer{Box: b, i: i, rng: rng(i), thread: b.thread(i)}
	m.rng.IntN(10) // what parent has drawn
	root := i
	if len(m.thread) > 0 {
		root = m.thread[0]
	}
	m.from, m.subject = person(root), subject(root)
	m.out.Grow(8 << 10)
	m.write()
	return bytes.ReplaceAll(m.out.Bytes(), []byte("\n"), []byte("\r\n"))
}

// writer writes one mail.
type writer struct {
	Box
	i       int
	rng     *rand.Rand
	thread  []int
	from    sender
	subject string
	out     bytes.Buffer
}

func (m *writer) printf(format string, args ...any) { fmt.Fprintf(&m.out, format, args...) }

// write writes the mail of its kind.
func (m *writer) write() {
	for _, large := range m.Large {
		if m.i == large {
			m.large()
			return
		}
	}
	switch n := m.rng.IntN(100); {
	case n < 44:
		m.plain()
	case n < 70:
		m.alternative()
	case n < 79:
		m.pdf()
	case n < 89:
		m.outlook()
	case n < 92:
		m.japanese()
	case n < 95:
		m.russian()
	case n < 97:
		m.report()
	default:
		m.automatic()
	}
}
