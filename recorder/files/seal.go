package files

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"

	"hark/desk"
)

// The layout of a file: see docs/file-format.md.
const (
	formatByte = 1
	headSize   = 1 + 16   // format, identifier
	chunkSize  = 64 << 10 // bytes of a file in one chunk, but for the last
	overhead   = 12 + 16  // nonce and tag
	sealedSize = chunkSize + overhead
)

// head returns what a file begins with.
func head(id desk.ID) []byte { return append([]byte{formatByte}, id[:]...) }

// about is the associated data of a chunk: it cannot be put into another file
// or another place, and the last one cannot be taken away.
//
//	"file 1|" id 16 | index 8 | last 1
func about(id desk.ID, index int64, last bool) []byte {
	b := append(make([]byte, 0, 32), "file 1|"...)
	b = append(b, id[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(index))
	if last {
		return append(b, 1)
	}
	return append(b, 0)
}

// seal appends the sealed chunk to out.
func seal(out []byte, aead cipher.AEAD, id desk.ID, index int64, last bool, plain []byte) []byte {
	return aead.Seal(out, nil, plain, about(id, index, last))
}

// sizeOf returns how many bytes a file of so many sealed bytes has, and in how
// many chunks.
func sizeOf(sealed int64) (size, chunks int64, err error) {
	body := sealed - headSize
	chunks = (body + sealedSize - 1) / sealedSize
	size = body - chunks*overhead
	if body < overhead || size < (chunks-1)*chunkSize {
		return 0, 0, errShort
	}
	return size, chunks, nil
}

var errShort = errors.New("it ends within a chunk")

// DamageError says that a file on the disk is not what was written, and where.
type DamageError struct {
	File   desk.ID
	Chunk  int64 // from 0; -1 for the head
	Offset int64 // of the chunk in the sealed file, in bytes
	Cut    bool  // what is there is right, and the end is missing
}

func (e *DamageError) Error() string {
	switch {
	case e.Chunk < 0:
		return fmt.Sprintf("file %s is damaged at its beginning", e.File.Hex())
	case e.Cut:
		return fmt.Sprintf("file %s is cut off behind chunk %d, byte %d", e.File.Hex(), e.Chunk, e.Offset)
	}
	return fmt.Sprintf("file %s is damaged in chunk %d, at byte %d", e.File.Hex(), e.Chunk, e.Offset)
}

// damaged gives a damage its sentence.
func damaged(e *DamageError) error {
	return &desk.Error{
		Code: desk.Unavailable, Err: e,
		Msg: "the file is damaged on the desk's disk and cannot be given out; restore files/" + e.File.Hex() + " from a backup",
	}
}
