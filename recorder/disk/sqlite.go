package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// Sync says when SQLite waits for the disk.
type Sync string

// The ways of waiting.
const (
	// Full waits at every commit: what is acknowledged stays.
	Full Sync = "full"
	// Normal waits at checkpoints only: a power cut takes the newest commits
	// back, whole. It is for what can be made again.
	Normal Sync = "normal"
	// Off never waits. It is for tests that prove that waiting matters.
	Off Sync = "off"
)

// Layer is for tests that cut the power or make the disk fail: the name of a
// registered layer over the files, and when to wait for the disk instead of as
// the file's owner says. Empty is right for everything else.
type Layer struct {
	VFS  string
	Sync Sync
}

// application marks SQLite files as hark's ("hark" in ASCII).
const application = 0x6861726b

// ErrFormat says that a file was written by a version of hark with another
// layout, or not by hark.
var ErrFormat = errors.New("file has another layout")

// SQLite says which file to open and how.
type SQLite struct {
	Path   string
	Sync   Sync
	Format int    // version of the layout, from 1
	Schema string // what an empty file is filled with
	Layer  Layer
	// Sums has every page end in a check sum of it. It is for files in which a
	// row that a flipped bit made disappear would be missed by nothing else.
	Sums bool
	// Page is the size of a page in bytes, a power of two; 0 for SQLite's own,
	// 4096. Larger ones suit files of large values. It counts when the file is
	// made.
	Page int
}

// Open opens the file, making it when it is not there.
func (s SQLite) Open() (*sqlite3.Conn, error) {
	if err := touch(s.Path); err != nil {
		return nil, err
	}
	c, err := sqlite3.Open(s.uri())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", s.name(), err)
	}
	if err := s.prepare(c); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("open %s: %w", s.name(), err)
	}
	return c, nil
}

// sync returns when to wait for the disk.
func (s SQLite) sync() Sync {
	if s.Layer.Sync != "" {
		return s.Layer.Sync
	}
	return s.Sync
}

func (s SQLite) name() string { return filepath.Base(s.Path) }

// touch makes an empty file that only its owner can read: SQLite would follow
// the umask.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func (s SQLite) uri() string {
	u := url.URL{Scheme: "file", OmitHost: true, Path: s.Path}
	if s.Layer.VFS != "" {
		u.RawQuery = "vfs=" + url.QueryEscape(s.Layer.VFS)
	}
	return u.String()
}

// prepare sets the connection up and fills an empty file. Nothing is written
// into a file that is filled already.
func (s SQLite) prepare(c *sqlite3.Conn) error {
	err := c.Exec(`PRAGMA locking_mode=exclusive; PRAGMA trusted_schema=off; PRAGMA secure_delete=on; PRAGMA synchronous=` + string(s.sync()))
	if err != nil {
		return err
	}
	if readOnly, _ := c.ReadOnly("main"); readOnly {
		return sqlite3.READONLY
	}
	app, err := number(c, `PRAGMA application_id`)
	if err != nil {
		return err
	}
	format, err := number(c, `PRAGMA user_version`)
	if err != nil {
		return err
	}
	switch {
	case app == 0 && format == 0:
		return s.fill(c)
	case app != application || format != s.Format:
		return fmt.Errorf("%w: %d, where this program knows %d", ErrFormat, format, s.Format)
	}
	if err := s.checkSums(c); err != nil {
		return err
	}
	// The system layer opens the write-ahead log without making its name
	// durable, so that is done here.
	return s.syncDir()
}

// sumSize is the length of a page's check sum.
const sumSize = 8

// checkSums refuses a file whose pages should end in sums and do not say so.
func (s SQLite) checkSums(c *sqlite3.Conn) error {
	reserved, err := c.FileControl("main", sqlite3.FCNTL_RESERVE_BYTES)
	if err == nil && s.Sums && reserved != sumSize {
		err = fmt.Errorf("%w: its pages have no check sums", ErrFormat)
	}
	return err
}

// syncDir makes the names in the file's folder durable, through the layer over
// the files where that wants to know.
func (s SQLite) syncDir() error {
	dir := filepath.Dir(s.Path)
	if layer, ok := vfs.Find(s.Layer.VFS).(interface{ SyncDir(dir string) error }); ok {
		return layer.SyncDir(dir)
	}
	return SyncDir(dir)
}

// fill makes the tables and marks the file as filled, all or nothing.
func (s SQLite) fill(c *sqlite3.Conn) error {
	n, err := number(c, `SELECT count(*) FROM sqlite_schema`)
	if err != nil {
		return err
	}
	if n != 0 {
		return fmt.Errorf("%w: it is not a file of hark's", ErrFormat)
	}
	if s.Page > 0 {
		if err := c.Exec(fmt.Sprintf(`PRAGMA page_size=%d`, s.Page)); err != nil {
			return err
		}
	}
	if s.Sums {
		if err := c.EnableChecksums("main"); err != nil {
			return err
		}
	}
	mark := fmt.Sprintf(`PRAGMA application_id=%d; PRAGMA user_version=%d;`, application, s.Format)
	if err := c.Exec(`PRAGMA journal_mode=wal; BEGIN IMMEDIATE;` + s.Schema + mark + `COMMIT`); err != nil {
		return err
	}
	return s.syncDir()
}

// number returns the one number that a query yields.
func number(c *sqlite3.Conn, query string) (n int, err error) {
	st, _, err := c.Prepare(query)
	if err != nil {
		return 0, err
	}
	defer func() {
		if cerr := st.Close(); err == nil {
			err = cerr
		}
	}()
	if st.Step() {
		n = st.ColumnInt(0)
	}
	return n, st.Err()
}
