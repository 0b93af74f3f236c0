package mail

import (
	"crypto/cipher"
	"errors"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
)

// chunkSize is how many bytes of a mail or letter lie in one row, but for the
// last. It bounds what is in memory of a mail that is read.
const chunkSize = 256 << 10

// overhead is how much longer a sealed chunk is: nonce and tag.
const overhead = 12 + 16

// chunkBits is how many bits of a chunk's number are its index.
const chunkBits = 20

// heap is a table of chunks.
type heap struct {
	insert, get, drop string
	word              string // begins the associated data
	table             string // whose rows the chunks belong to
}

func mailHeap() heap {
	return heap{
		`INSERT INTO mail_chunk (n, value) VALUES (?, ?)`, `SELECT value FROM mail_chunk WHERE n = ?`,
		`DELETE FROM mail_chunk WHERE n BETWEEN ? AND ?`, "mail chunk 1|", "mail",
	}
}

func letterHeap() heap {
	return heap{
		`INSERT INTO letter_chunk (n, value) VALUES (?, ?)`, `SELECT value FROM letter_chunk WHERE n = ?`,
		`DELETE FROM letter_chunk WHERE n BETWEEN ? AND ?`, "letter chunk 1|", "letter",
	}
}

// content names the bytes of a mail or letter.
type content struct {
	heap
	id   desk.ID
	n    int64 // of the row
	size int64 // bytes
	aead cipher.AEAD
}

// chunks returns in how many chunks the bytes lie: one at least, so that an
// empty mail cannot be made out of another.
func (c *content) chunks() int64 { return max(1, (c.size+chunkSize-1)/chunkSize) }

func (c *content) about(index int64) []byte {
	return aboutChunk(c.word, c.id, index, index == c.chunks()-1)
}

var errTooLarge = desk.Errorf(desk.Invalid, "a mail is larger than any can be")

// putContent writes the chunks of b. The caller holds a transaction.
func (s *Store) putContent(c content, b []byte) error {
	c.size = int64(len(b))
	if c.chunks() >= 1<<chunkBits {
		return errTooLarge
	}
	for i := range c.chunks() {
		n := min(chunkSize, len(b))
		s.sealed = c.aead.Seal(s.sealed[:0], nil, b[:n], c.about(i))
		if err := s.run(c.insert, c.n<<chunkBits|i, s.sealed); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// dropContent removes the chunks of a row.
func (s *Store) dropContent(h heap, n int64) error {
	return s.run(h.drop, n<<chunkBits, (n+1)<<chunkBits-1)
}

var errMissing = errors.New("it is missing")

// chunk opens one chunk into buf.
func (s *Store) chunk(c *content, index int64, buf []byte) (plain []byte, err error) {
	found, err := s.one(c.get, func(st *sqlite3.Stmt) (err error) {
		plain, err = c.aead.Open(buf[:0], nil, st.ColumnRawBlob(0), c.about(index))
		if err == nil && int64(len(plain)) != min(chunkSize, c.size-index*chunkSize) {
			err = errShort
		}
		if err != nil {
			return damaged(c.table, c.id.Hex(), index, err)
		}
		return nil
	}, c.n<<chunkBits|index)
	if err == nil && !found {
		err = damaged(c.table, c.id.Hex(), index, errMissing)
	}
	return plain, err
}
