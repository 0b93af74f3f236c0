package journal

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"hark/recorder/disk"
)

// The files, in the data folder.
const (
	recordName  = "journal.db"
	indexName   = "journal-index.db"
	reserveName = "journal.reserve"
)

// pageSize is that of both files: the smallest commit writes one page.
const pageSize = 4096

// checkBytes end every page: SQLite's check sum of the page.
const checkBytes = 8

// busyLimit is how long to wait for another program that has a file locked.
const busyLimit = 5 * time.Second

// fileMode is that of all files: for their owner only.
const fileMode = 0o600

// file says how to open one of the two SQLite files.
type file struct {
	path        string
	vfs         string // the layer over the files
	sync        disk.Sync
	application int
	format      int
	schema      string
}

// errForeign says that a file is not what its name promises.
var errForeign = errors.New("it is not a file of this desk's journal")

// errNewer says that a later hark wrote a file.
var errNewer = errors.New("it was written by a newer hark")

func (f file) name() string { return filepath.Base(f.path) }

func (f file) uri() string {
	q := url.Values{"modeof": {f.path}, "vfs": {f.vfs}}
	query := strings.ReplaceAll(q.Encode(), "+", "%20") // SQLite takes a plus sign for one
	u := url.URL{Scheme: "file", OmitHost: true, Path: f.path, RawQuery: query}
	return u.String()
}

// open opens the file for writing, making and filling it when it is new.
// Closing such a connection leaves the write-ahead log alone: see finish.
func (f file) open() (*sqlite3.Conn, error) {
	if err := touch(f.path); err != nil {
		return nil, err
	}
	c, err := sqlite3.Open(f.uri())
	if err != nil {
		return nil, err
	}
	if err := f.prepare(c); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// touch makes an empty file that only its owner can read.
func touch(path string) error {
	h, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return h.Close()
}

func (f file) prepare(c *sqlite3.Conn) error {
	if _, err := c.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, true); err != nil {
		return err
	}
	if err := c.BusyTimeout(busyLimit); err != nil {
		return err
	}
	if err := c.Exec(`PRAGMA trusted_schema=off; PRAGMA synchronous=` + string(f.sync)); err != nil {
		return err
	}
	fresh, err := f.identify(c)
	if err != nil {
		return err
	}
	if fresh {
		if err := f.fill(c); err != nil {
			return err
		}
	}
	// SQLite's layer for Go files follows the umask for what connections share.
	if err := os.Chmod(f.path+"-shm", fileMode); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	// And it opens the log without making its name durable.
	return f.syncDir()
}

// identify reports whether the file is empty, and refuses a foreign one.
func (f file) identify(c *sqlite3.Conn) (fresh bool, err error) {
	application, err := number(c, `PRAGMA application_id`)
	if err != nil {
		return false, err
	}
	format, err := number(c, `PRAGMA user_version`)
	if err != nil {
		return false, err
	}
	tables, err := number(c, `SELECT count(*) FROM sqlite_schema`)
	if err != nil {
		return false, err
	}
	switch {
	case application == 0 && format == 0 && tables == 0:
		return true, nil
	case application != f.application:
		return false, errForeign
	case format > f.format:
		return false, fmt.Errorf("%w: its layout is %d, this one knows %d", errNewer, format, f.format)
	}
	size, err := number(c, `PRAGMA page_size`)
	if err != nil {
		return false, err
	}
	reserved, err := c.FileControl("main", sqlite3.FCNTL_RESERVE_BYTES)
	if err != nil {
		return false, err
	}
	if format != f.format || size != pageSize || reserved != checkBytes {
		return false, errForeign
	}
	return false, nil
}

// fill makes the tables and marks the file as filled, all or nothing.
func (f file) fill(c *sqlite3.Conn) error {
	if err := c.Exec(fmt.Sprintf(`PRAGMA page_size=%d`, pageSize)); err != nil {
		return err
	}
	if err := c.EnableChecksums("main"); err != nil {
		return err
	}
	mark := fmt.Sprintf(`PRAGMA application_id=%d; PRAGMA user_version=%d;`, f.application, f.format)
	return c.Exec(`PRAGMA journal_mode=wal; BEGIN IMMEDIATE;` + f.schema + mark + `COMMIT`)
}

// read opens the file for reading.
func (f file) read() (*sqlite3.Conn, error) {
	c, err := sqlite3.OpenFlags(f.uri(), sqlite3.OPEN_READONLY|sqlite3.OPEN_URI)
	if err != nil {
		return nil, err
	}
	err = c.BusyTimeout(busyLimit)
	if err == nil {
		err = c.Exec(`PRAGMA trusted_schema=off; PRAGMA cache_size=-512`)
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// finish moves the write-ahead log into the file, as nothing will be written
// for now.
func finish(c *sqlite3.Conn) error {
	_, _, err := c.WALCheckpoint("main", sqlite3.CHECKPOINT_TRUNCATE)
	return err
}

// whole refuses a file that ends in the middle of a page. While there is a
// write-ahead log this may be so for a moment: the page is in the log.
func (f file) whole() error {
	n := size(f.path)
	if n%pageSize == 0 || size(f.path+"-wal") > 0 {
		return nil
	}
	return openError(f, fmt.Errorf("%w: it ends in the middle of a page", errForeign))
}

// size returns the size of a file, 0 when it is not there.
func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// syncDir makes the names in the folder durable.
func (f file) syncDir() error {
	dir := filepath.Dir(f.path)
	if l, ok := vfs.Find(f.vfs).(layer); ok {
		return l.SyncDir(dir)
	}
	return disk.SyncDir(dir)
}

// remove removes the file and what SQLite keeps beside it.
func (f file) remove() error {
	under := vfs.Find(f.vfs)
	for _, suffix := range []string{"-wal", "-shm", ""} {
		err := under.Delete(f.path+suffix, false)
		if _, gone := os.Lstat(f.path + suffix); !errors.Is(gone, os.ErrNotExist) {
			return errors.Join(err, gone)
		}
	}
	return f.syncDir()
}

// number returns the one number that a query yields, 0 for none.
func number(c *sqlite3.Conn, query string) (n int, err error) {
	st, _, err := c.Prepare(query)
	if err != nil {
		return 0, err
	}
	if st.Step() {
		n = st.ColumnInt(0)
	}
	return n, errors.Join(st.Err(), st.Close())
}

// query is a statement that is used again and again.
type query struct {
	st  **sqlite3.Stmt
	sql string
}

// prepareAll compiles statements. Those that were compiled are closed with the
// connection, whether or not all could be.
func prepareAll(c *sqlite3.Conn, all []query) (err error) {
	for _, q := range all {
		if *q.st, _, err = c.PrepareFlags(q.sql, sqlite3.PREPARE_PERSISTENT); err != nil {
			return err
		}
	}
	return nil
}

// closeAll closes a connection with its statements.
func closeAll(c *sqlite3.Conn) error {
	var err error
	for _, st := range slices.Collect(c.Stmts()) {
		err = errors.Join(err, st.Close())
	}
	return errors.Join(err, c.Close())
}
