package journal

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"hark/desk"
)

// The layout of SQLite's write-ahead log, https://sqlite.org/fileformat2.html.
const (
	walHeader      = 32
	walFrameHeader = 24
	walMagic       = 0x377f0682 // its lowest bit: check sums are big-endian
)

// checkLog refuses a write-ahead log that has rotted. SQLite takes the first
// page that does not match its check sum for the end of the log and forgets
// what follows, which is right after a power cut and wrong for rot: commits
// that were acknowledged would be gone without a word. What tells the two
// apart: a commit is written only once the one before is safe, so behind the
// place where the power was cut nothing of a later commit can stand.
func checkLog(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	err = scanLog(bufio.NewReaderSize(f, 1<<20))
	return errors.Join(err, f.Close())
}

// errLog says that the log has rotted.
func errLog(at int64) error {
	return &desk.Error{
		Code: desk.Unavailable,
		Msg:  fmt.Sprintf("%s-wal is damaged at byte %d; nothing was changed: restore %s and %s-wal from a backup", recordName, at, recordName, recordName),
	}
}

func scanLog(r io.Reader) error {
	var head [walHeader]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return shortLog(err)
	}
	if head == [walHeader]byte{} {
		return nil // made, and not written before the power was cut
	}
	l := logScan{order: binary.LittleEndian}
	magic := binary.BigEndian.Uint32(head[:])
	if magic&1 != 0 {
		l.order = binary.BigEndian
	}
	l.add(head[:24])
	if magic&^1 != walMagic || !l.matches(head[24:]) || binary.BigEndian.Uint32(head[8:]) != pageSize {
		return errLog(0)
	}
	copy(l.salt[:], head[16:24])
	return l.frames(r)
}

// logScan walks over the frames of a log.
type logScan struct {
	order   binary.ByteOrder
	s1, s2  uint32 // the check sum so far
	salt    [8]byte
	badAt   int64 // where the first frame that does not match begins; 0: none yet
	settled bool  // a commit ended at or behind badAt
}

func (l *logScan) frames(r io.Reader) error {
	var b [walFrameHeader + pageSize]byte
	for at := int64(walHeader); ; at += int64(len(b)) {
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return shortLog(err)
		}
		if err := l.frame(at, b[:]); err != nil {
			return err
		}
	}
}

// frame looks at one frame. Behind one that does not match, those of a later
// commit of the same log prove rot.
func (l *logScan) frame(at int64, b []byte) error {
	ours := [8]byte(b[8:16]) == l.salt
	if l.badAt == 0 {
		l.add(b[:8])
		l.add(b[walFrameHeader:])
		if ours && l.matches(b[16:]) {
			return nil
		}
		l.badAt = at
	}
	if ours && l.settled {
		return errLog(l.badAt)
	}
	if ours && binary.BigEndian.Uint32(b[4:]) != 0 {
		l.settled = true
	}
	return nil
}

// add extends the check sum.
func (l *logScan) add(b []byte) {
	for ; len(b) >= 8; b = b[8:] {
		l.s1 += l.order.Uint32(b) + l.s2
		l.s2 += l.order.Uint32(b[4:]) + l.s1
	}
}

func (l *logScan) matches(b []byte) bool {
	return binary.BigEndian.Uint32(b) == l.s1 && binary.BigEndian.Uint32(b[4:]) == l.s2
}

// shortLog forgives a log that ends anywhere.
func shortLog(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}
