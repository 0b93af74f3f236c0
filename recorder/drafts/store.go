package drafts

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
	"hark/recorder/disk"
	"hark/recorder/keys"
)

// File is the name of the file in the data folder.
const File = "drafts.db"

// format is the version of the tables.
const format = 1

const schema = `
	CREATE TABLE draft (
		conversation BLOB NOT NULL,
		author BLOB NOT NULL,
		value BLOB NOT NULL,
		PRIMARY KEY (conversation, author)
	) STRICT, WITHOUT ROWID;`

// every is how long drafts are gathered before they are written.
const every = time.Second

// retryMost bounds the pause after failures to write.
const retryMost = time.Minute

// Store keeps drafts. It is safe for concurrent use.
type Store struct {
	keys Keys
	log  *slog.Logger
	kick chan struct{}
	stop chan struct{}
	done chan struct{}

	mu      sync.Mutex
	waiting map[slot]desk.Draft // not yet handed to the disk
	writing map[slot]desk.Draft // on their way to it

	disk   sync.Mutex // guards what follows, one user at a time
	db     *sqlite3.Conn
	broken error // the disk failed to keep something: drafts stay in memory
}

var _ desk.Drafts = (*Store)(nil)

// Options say what a Store needs.
type Options struct {
	Dir  string // the data folder
	Keys Keys
	Log  *slog.Logger // nil for none
	// Layer is for tests of crashes.
	Layer disk.Layer
}

// Open opens drafts.db, making it when it is not there. A damaged one is set
// aside under another name: unsent drafts must not keep a desk from opening.
func Open(o Options) (*Store, error) {
	s := &Store{
		keys: o.Keys, log: o.Log, waiting: map[slot]desk.Draft{},
		kick: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	file := disk.SQLite{Path: filepath.Join(o.Dir, File), Sync: disk.Full, Format: format, Schema: schema, Layer: o.Layer, Sums: true}
	var err error
	if s.db, err = file.Open(); disk.FaultOf(err) == disk.Damaged {
		s.log.Error("drafts.db is damaged and is set aside; unsent drafts are lost", "error", err)
		if err = setAside(file.Path); err == nil {
			s.db, err = file.Open()
		}
	}
	if err != nil {
		return nil, err
	}
	go s.run()
	return s, nil
}

// setAside renames the file and throws its log away.
func setAside(path string) error {
	err := os.Rename(path, path+".damaged-"+time.Now().UTC().Format("20060102T150405.000"))
	return errors.Join(err, disk.Remove(path+"-wal"))
}

// Save implements desk.Drafts.
func (s *Store) Save(d desk.Draft) {
	s.mu.Lock()
	s.waiting[slot{d.Conversation, d.Author}] = d
	s.mu.Unlock()
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

// Load implements desk.Drafts.
func (s *Store) Load(ctx context.Context, conversation, author desk.ID) (desk.Draft, error) {
	if err := ctx.Err(); err != nil {
		return desk.Draft{}, err
	}
	k := slot{conversation, author}
	if d, ok := s.inMemory(k); ok {
		if d.Text == "" {
			return desk.Draft{}, nil
		}
		return d, nil
	}
	s.disk.Lock()
	defer s.disk.Unlock()
	d, err := s.read(k)
	if err != nil {
		return d, &desk.Error{Code: desk.Unavailable, Msg: "your draft of this conversation cannot be read; write it anew", Err: err}
	}
	return d, nil
}

func (s *Store) inMemory(k slot) (desk.Draft, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d, ok := s.waiting[k]; ok {
		return d, true
	}
	d, ok := s.writing[k]
	return d, ok
}

// read reads a draft from the disk; one whose key is gone is none. The caller
// holds disk.
func (s *Store) read(k slot) (_ desk.Draft, err error) {
	aead, err := k.cipher(s.keys)
	if errors.Is(err, keys.ErrNoKey) {
		return desk.Draft{}, nil
	}
	if err != nil {
		return desk.Draft{}, err
	}
	st, _, err := s.db.Prepare(`SELECT value FROM draft WHERE conversation = ? AND author = ?`)
	if err != nil {
		return desk.Draft{}, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := errors.Join(st.BindBlob(1, k.conversation[:]), st.BindBlob(2, k.author[:])); err != nil {
		return desk.Draft{}, err
	}
	if !st.Step() {
		return desk.Draft{}, st.Err()
	}
	raw, err := aead.Open(nil, nil, st.ColumnRawBlob(0), k.about())
	if err != nil {
		return desk.Draft{}, fmt.Errorf("open draft: %w", err)
	}
	return decode(k, raw)
}

// Count returns how many drafts are on the disk, or why they cannot be written.
func (s *Store) Count() (n int, err error) {
	s.disk.Lock()
	defer s.disk.Unlock()
	st, _, err := s.db.Prepare(`SELECT count(value) FROM draft`)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if st.Step() {
		n = st.ColumnInt(0)
	}
	return n, errors.Join(st.Err(), s.broken)
}

// Close writes what waits and closes the file.
func (s *Store) Close() error {
	close(s.stop)
	<-s.done
	err := s.flush()
	s.disk.Lock()
	defer s.disk.Unlock()
	return errors.Join(err, s.db.Close())
}
