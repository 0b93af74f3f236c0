package files

import (
	"context"
	"crypto/cipher"
	"encoding/hex"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"hark/desk"
	"hark/recorder/keys"
)

// Folder is the name of the folder within the data folder.
const Folder = "files"

// pendingEnd ends the name of a file that no message has yet.
const pendingEnd = ".new"

// Defaults of Options.
const (
	// PendingFor is how long a file waits for its message.
	PendingFor = 24 * time.Hour
	// PendingMost is how many bytes may wait in all.
	PendingMost = 1 << 30
)

// Keys makes, gives out and destroys the keys of files. *keys.Vault does.
type Keys interface {
	Ensure(ctx context.Context, pairs []keys.Pair) error
	Cipher(p keys.Pair, use keys.Use) (cipher.AEAD, error)
	Destroy(ctx context.Context, pairs ...keys.Pair) error
}

// Options say where files are kept.
type Options struct {
	Dir  string // the data folder
	Keys Keys
	Log  *slog.Logger // nil for none; never sees a name
	Most int64        // bytes that may wait for a message; 0 for PendingMost

	folder folder // for tests of crashes
}

// Store keeps files. It is safe for concurrent use.
type Store struct {
	dir  folder
	keys Keys
	log  *slog.Logger
	most int64
	stop chan struct{}
	done chan struct{}

	mu      sync.Mutex
	pending map[desk.ID]*waiting
	waits   int64 // bytes of pending
	broken  error // a name could not be made durable: nothing is kept any more
}

// waiting is a file that no message has yet.
type waiting struct {
	size int64 // sealed bytes
	at   time.Time
	busy bool // somebody writes, keeps or removes it
}

var _ desk.Files = (*Store)(nil)

// Open opens the folder, making it where it is missing, and begins to remove
// what waits too long.
func Open(o Options) (*Store, error) {
	s := &Store{
		dir: o.folder, keys: o.Keys, log: o.Log, most: o.Most, pending: map[desk.ID]*waiting{},
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.most == 0 {
		s.most = PendingMost
	}
	if s.dir == nil {
		dir, err := makeFolder(filepath.Join(o.Dir, Folder))
		if err != nil {
			return nil, err
		}
		s.dir = dir
	}
	if err := s.load(); err != nil {
		return nil, err
	}
	go s.run()
	return s, nil
}

// load notes which files wait.
func (s *Store) load() error {
	found, err := s.dir.list()
	if err != nil {
		return err
	}
	for _, e := range found {
		name, isPending := strings.CutSuffix(e.name, pendingEnd)
		if id, ok := parseName(name); ok && isPending {
			s.pending[id] = &waiting{size: e.size, at: e.at}
			s.waits += e.size
		}
	}
	return nil
}

func parseName(name string) (id desk.ID, ok bool) {
	b, err := hex.DecodeString(name)
	if err != nil || len(b) != len(id) {
		return id, false
	}
	copy(id[:], b)
	return id, true
}

func pair(id desk.ID) keys.Pair { return keys.Pair{Stream: id, Class: desk.ClassTranscript} }

// Keep makes pending files ones that stay. They are durable, with their names,
// when it returns. Files that were kept before are passed over. When one of
// them is not there, none is kept that was not kept yet, and the error's code
// is desk.NotFound.
func (s *Store) Keep(ctx context.Context, ids ...desk.ID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	claimed, err := s.claim(ids)
	if err != nil || len(claimed) == 0 {
		return err
	}
	return s.keep(claimed)
}

// keep gives claimed files their lasting names.
func (s *Store) keep(ids []desk.ID) error {
	done := 0
	var err error
	for done < len(ids) && err == nil {
		if err = s.dir.rename(ids[done].Hex()+pendingEnd, ids[done].Hex()); err == nil {
			done++
		}
	}
	var sync error
	if done > 0 {
		sync = s.dir.sync()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, id := range ids {
		w := s.pending[id]
		if w.busy = false; i < done {
			s.waits -= w.size
			delete(s.pending, id)
		}
	}
	switch {
	case sync != nil: // which names are durable is not known, so nothing may count on one
		s.broken = writeError("keep", sync)
		return s.broken
	case err != nil:
		return writeError("keep", err)
	}
	return nil
}

// claim takes those of the files that wait, so that nobody removes them.
func (s *Store) claim(ids []desk.ID) (claimed []desk.ID, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return nil, s.broken
	}
	for _, id := range ids {
		w := s.pending[id]
		switch {
		case w == nil && s.isKept(id):
		case w == nil:
			err = desk.Errorf(desk.NotFound, "a file is no longer there, because no message had it for a day; attach it again")
		case w.busy:
			err = desk.Errorf(desk.Conflict, "a file is still being written; try again when it is there")
		default:
			w.busy = true
			claimed = append(claimed, id)
		}
	}
	if err != nil {
		for _, id := range claimed {
			s.pending[id].busy = false
		}
		return nil, err
	}
	return claimed, nil
}

func (s *Store) isKept(id desk.ID) bool {
	f, err := s.dir.open(id.Hex())
	if err != nil {
		return false
	}
	return f.Close() == nil
}

// Tally is what there is on the disk.
type Tally struct {
	Kept, Pending int
	Bytes         int64 // sealed, of all
}

// Count looks at the folder, and fails when files cannot be kept any more.
func (s *Store) Count() (n Tally, err error) {
	found, err := s.dir.list()
	for _, e := range found {
		name, isPending := strings.CutSuffix(e.name, pendingEnd)
		if _, ok := parseName(name); !ok {
			continue
		}
		if n.Bytes += e.size; isPending {
			n.Pending++
			continue
		}
		n.Kept++
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return n, errors.Join(err, s.broken)
}

// Close ends the removing. Nothing may be written meanwhile.
func (s *Store) Close() error {
	close(s.stop)
	<-s.done
	return nil
}
