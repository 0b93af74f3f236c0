package disk

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/ncruces/go-sqlite3"
)

func example(dir string) SQLite {
	return SQLite{Path: filepath.Join(dir, "a?b#c%20.db"), Sync: Full, Format: 3, Schema: `CREATE TABLE a (b BLOB);`, Sums: true}
}

func exec(t *testing.T, c *sqlite3.Conn, query string) {
	t.Helper()
	if err := c.Exec(query); err != nil {
		t.Fatal(err)
	}
}

func opened(t *testing.T, s SQLite) *sqlite3.Conn {
	t.Helper()
	c, err := s.Open()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFileIsItsOwnersAlone(t *testing.T) {
	s := example(t.TempDir())
	c := opened(t, s)
	info, err := os.Stat(s.Path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestSettings asks SQLite what it was told, in a new file and an old one.
func TestSettings(t *testing.T) {
	s := example(t.TempDir())
	for range 2 {
		c := opened(t, s)
		for query, want := range map[string]int{
			`PRAGMA synchronous`: 2, `PRAGMA secure_delete`: 1, `PRAGMA user_version`: 3,
			`SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'`:       1,
			`SELECT count(*) FROM pragma_locking_mode WHERE locking_mode = 'exclusive'`: 1,
		} {
			if n, err := number(c, query); err != nil || n != want {
				t.Errorf("%s: %d, %v; want %d", query, n, err, want)
			}
		}
		if Exists(s.Path + "-shm") {
			t.Error("it shares memory")
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSecondOpenerIsRefused(t *testing.T) {
	s := example(t.TempDir())
	c := opened(t, s)
	exec(t, c, `INSERT INTO a VALUES (x'00')`)
	if other, err := s.Open(); err == nil {
		_ = other.Close()
		t.Error("two have the file open")
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestForeignFilesAreLeftAlone(t *testing.T) {
	for name, change := range map[string]string{
		"later layout":    `PRAGMA user_version = 4`,
		"another program": `PRAGMA application_id = 7`,
		"unmarked":        `PRAGMA application_id = 0; PRAGMA user_version = 0`,
	} {
		t.Run(name, func(t *testing.T) {
			s := example(t.TempDir())
			c := opened(t, s)
			exec(t, c, change)
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(s.Path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Open(); !errors.Is(err, ErrFormat) || FaultOf(err) != Damaged {
				t.Error(err)
			}
			if after, err := os.ReadFile(s.Path); err != nil || !bytes.Equal(before, after) {
				t.Error("it was written", err)
			}
		})
	}
}

// TestFlippedPageIsDamage flips a bit of a value, which no structure holds.
func TestFlippedPageIsDamage(t *testing.T) {
	s := example(t.TempDir())
	c := opened(t, s)
	exec(t, c, `INSERT INTO a VALUES (CAST('the value that is looked for' AS BLOB))`)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(s.Path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(content, []byte("looked for"))
	content[at] ^= 1
	if err := os.WriteFile(s.Path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	c = opened(t, s)
	defer func() { _ = c.Close() }()
	if _, err := number(c, `SELECT length(b) FROM a WHERE b IS NOT x'00'`); FaultOf(err) != Damaged {
		t.Errorf("a flipped bit reads as %v", err)
	}
}

func TestFaults(t *testing.T) {
	for err, want := range map[error]Fault{
		nil: NoFault, sqlite3.FULL: FullDisk, sqlite3.READONLY: ReadOnly, sqlite3.CORRUPT: Damaged, sqlite3.NOTADB: Damaged,
		errors.Join(sqlite3.IOERR_FSYNC, syscall.ENOSPC): Forgotten, errors.Join(sqlite3.IOERR_WRITE, syscall.ENOSPC): FullDisk,
		sqlite3.IOERR_DATA: Damaged, sqlite3.IOERR_FSYNC: Forgotten, sqlite3.IOERR_WRITE: Forgotten, os.ErrClosed: Forgotten,
	} {
		if got := FaultOf(err); got != want {
			t.Errorf("%v: %d, want %d", err, got, want)
		}
	}
}

func TestWriteFileReplacesWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, text := range []string{"one", "another"} {
		if err := WriteFile(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		got, err := ReadFile(path, 100)
		if err != nil || string(got) != text {
			t.Errorf("%q, %v", got, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if _, err := ReadFile(path, 3); err == nil {
		t.Error("it reads more than the limit")
	}
	if _, err := ReadFile(filepath.Dir(path), 1<<20); err == nil {
		t.Error("it reads a folder")
	}
	if names, err := os.ReadDir(filepath.Dir(path)); err != nil || len(names) != 1 {
		t.Error("something is left beside it", names, err)
	}
}
