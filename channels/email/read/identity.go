package read

import (
	"crypto/sha256"
	"encoding/binary"

	"hark/channels/email/read/clean"
	"hark/channels/email/read/entity"
)

// identify computes what tells this content from any other.
func (m *Mail) identify(t *entity.Tree) {
	h := t.Root.Header
	m.Identity = sum(
		[]byte(m.MessageID),
		[]byte(clean.Line(h.Get("from"))),
		[]byte(clean.Line(h.Get("date"))),
		[]byte(m.Subject),
		t.Body[:],
	)
}

// sum hashes values so that their borders matter.
func sum(values ...[]byte) [32]byte {
	hash := sha256.New()
	var n [8]byte
	for _, v := range values {
		binary.BigEndian.PutUint64(n[:], uint64(len(v)))
		hash.Write(n[:])
		hash.Write(v)
	}
	return [32]byte(hash.Sum(nil))
}
