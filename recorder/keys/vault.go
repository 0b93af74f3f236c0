package keys

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
	"hark/recorder/disk"
)

// Files in the data folder.
const vaultFile = "keys.db"

// vaultFormat is the version of the tables.
const vaultFormat = 1

const vaultSchema = `
	CREATE TABLE dek (
		stream BLOB NOT NULL,
		class INTEGER NOT NULL,
		epoch INTEGER NOT NULL,
		key BLOB NOT NULL,
		PRIMARY KEY (stream, class)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE secret (
		name TEXT NOT NULL PRIMARY KEY,
		epoch INTEGER NOT NULL,
		value BLOB NOT NULL
	) STRICT, WITHOUT ROWID;`

// Use says what a stream's key is used for. Each use has a subkey of its own,
// and all are gone with the key.
type Use string

// The uses.
const (
	UseEvent Use = "event" // events of the journal
	UseDraft Use = "draft" // unsent drafts of staff
	UseFile  Use = "file"  // what is attached to messages
	UseMail  Use = "mail"  // bytes of mails and letters
)

// uses are all of them.
func uses() []Use { return []Use{UseEvent, UseDraft, UseFile, UseMail} }

// cacheSize is how many ciphers are kept at hand, about 1 KB each. A desk may
// have millions of streams; only those in work are in memory.
const cacheSize = 4096

// Vault holds the keys of streams. It is safe for concurrent use.
type Vault struct {
	dir   string
	about remembered
	store KeyStore
	key   deskKey
	wrap  cipher.AEAD
	cache *cache

	mu     sync.Mutex // guards the connection, one user at a time
	db     *sqlite3.Conn
	get    *sqlite3.Stmt
	put    *sqlite3.Stmt
	broken error // the disk failed to keep something: nothing is written any more

	batches batches
}

// errClosed is what a closed Vault answers.
var errClosed = errors.New("the keys are closed")

// database says how keys.db is opened. Its pages carry check sums: a row that
// damage made disappear would read as a key that was destroyed.
func database(dir string, layer disk.Layer) disk.SQLite {
	return disk.SQLite{
		Path: filepath.Join(dir, vaultFile), Sync: disk.Full, Layer: layer,
		Format: vaultFormat, Schema: vaultSchema, Sums: true,
	}
}

// openVault opens keys.db under the desk's key and proves that they belong
// together before anything is written. fresh makes the file.
func openVault(dir string, r remembered, store KeyStore, k deskKey, layer disk.Layer, fresh bool) (*Vault, error) {
	wrap, err := k.wrapper()
	if err != nil {
		return nil, err
	}
	v := &Vault{dir: dir, about: r, store: store, key: k, wrap: wrap, cache: newCache(cacheSize)}
	file := database(dir, layer)
	logged := disk.Exists(file.Path + "-wal")
	if v.db, err = file.Open(); err != nil {
		return nil, err
	}
	if err = v.begin(fresh); err != nil {
		return nil, errors.Join(err, v.abandon(logged))
	}
	return v, nil
}

// abandon closes a file that is not ours to touch: a log that was there stays
// as it is.
func (v *Vault) abandon(logged bool) error {
	_, err := v.db.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, logged)
	return errors.Join(err, v.get.Close(), v.put.Close(), v.db.Close())
}

// begin prepares the statements and checks the key.
func (v *Vault) begin(fresh bool) (err error) {
	if v.get, _, err = v.db.Prepare(`SELECT epoch, key FROM dek WHERE stream = ? AND class = ?`); err != nil {
		return err
	}
	if v.put, _, err = v.db.Prepare(`INSERT INTO dek (stream, class, epoch, key) VALUES (?, ?, ?, ?)`); err != nil {
		return err
	}
	if fresh {
		return v.write(func() error { return v.putSecret(checkName, []byte(checkText)) })
	}
	return v.checkKey()
}

// AEAD returns the cipher for the events of a stream and class, or ErrNoKey.
// Its Seal draws a nonce by itself (NonceSize is 0). It stays valid when the
// key is destroyed: whoever keeps one, keeps the key.
func (v *Vault) AEAD(stream desk.ID, class desk.Class) (cipher.AEAD, error) {
	return v.Cipher(Pair{stream, class}, UseEvent)
}

// Cipher returns the cipher for one use of a pair's key, or ErrNoKey.
func (v *Vault) Cipher(p Pair, use Use) (cipher.AEAD, error) {
	if c := v.cache.get(p, use); c != nil {
		return c, nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	key, err := v.load(p)
	if err != nil {
		return nil, err
	}
	c, err := subkey(key, use)
	if err != nil {
		return nil, err
	}
	v.cache.put(p, use, c) // under mu, so that Destroy cannot be overtaken
	return c, nil
}

// load reads and unwraps a key. The caller holds mu.
func (v *Vault) load(p Pair) (_ []byte, err error) {
	if v.db == nil {
		return nil, errClosed
	}
	defer func() {
		if rerr := v.get.Reset(); err == nil {
			err = rerr
		}
	}()
	if err := errors.Join(v.get.BindBlob(1, p.Stream[:]), v.get.BindInt64(2, int64(p.Class))); err != nil {
		return nil, err
	}
	if !v.get.Step() {
		if err := v.get.Err(); err != nil {
			return nil, fmt.Errorf("read key: %w", err)
		}
		return nil, ErrNoKey
	}
	epoch, sealed := v.get.ColumnInt64(0), v.get.ColumnRawBlob(1)
	return v.unwrap(p, epoch, sealed)
}

func (v *Vault) unwrap(p Pair, epoch int64, sealed []byte) ([]byte, error) {
	if epoch != int64(v.key.epoch) || len(sealed) != wrappedSize {
		return nil, fmt.Errorf("the key of a stream is of epoch %d and %d bytes: keys.db is damaged", epoch, len(sealed))
	}
	key, err := v.wrap.Open(nil, nil, sealed, aboutKey(p, v.key.epoch))
	if err != nil || len(key) != keySize {
		return nil, errors.New("the key of a stream was changed: keys.db is damaged")
	}
	return key, nil
}

// Derive returns a key that belongs to the desk as a whole, for a purpose. It
// changes with the epoch, so it is for what can be made again.
func (v *Vault) Derive(purpose string) ([]byte, error) { return v.key.derive(purpose) }

// Backend returns how the desk's key is kept.
func (v *Vault) Backend() string { return v.about.Backend }

// Close waits for what is being written and forgets the keys.
func (v *Vault) Close() error {
	v.batches.wait()
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.db == nil {
		return nil
	}
	v.cache.clear()
	err := errors.Join(v.get.Close(), v.put.Close(), v.db.Close())
	v.db = nil
	clear(v.key.raw)
	return err
}

// Destroy destroys the keys of pairs: what was sealed under them cannot be
// read again. Those that have none are passed over. The file's bytes are
// overwritten and the write-ahead log is emptied before it returns; copies of
// keys.db made earlier, and blocks that the medium keeps aside, still hold
// them until the desk's key changes.
func (v *Vault) Destroy(ctx context.Context, pairs ...Pair) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	err := v.write(func() error {
		for _, p := range pairs {
			if err := v.exec(`DELETE FROM dek WHERE stream = ? AND class = ?`, p.Stream[:], int64(p.Class)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range pairs {
		v.cache.drop(p)
	}
	_, _, err = v.db.WALCheckpoint("main", sqlite3.CHECKPOINT_TRUNCATE)
	return err
}
