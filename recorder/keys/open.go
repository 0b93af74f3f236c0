package keys

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"

	"hark/desk"
	"hark/recorder/disk"
)

// Exists reports whether a data folder has keys, or what is left of them.
func Exists(dir string) bool { return disk.Exists(filepath.Join(dir, backendFile)) }

// Create makes the key of a new desk, keeps it by the backend that src names,
// and makes keys.db. The folder must be there and hold no desk. Every error is
// a *desk.Error; nothing is left behind after one.
func Create(ctx context.Context, dir string, src Source) (*Vault, error) {
	store, err := src.store(src.Backend, dir)
	if err != nil {
		return nil, err
	}
	return create(ctx, dir, src.Backend, store, src.Layer)
}

// Open opens the keys of a desk by the remembered backend. Another one in src
// is an error, and so is every other doubt: a desk is opened with its own key
// or not at all, and nothing is written before that is proved. Every error is
// a *desk.Error that names the backend, what is wrong and what to do.
func Open(ctx context.Context, dir string, src Source) (*Vault, error) {
	r, err := recall(dir)
	if err != nil {
		return nil, unreadable(dir, err)
	}
	if src.Backend != "" && src.Backend != r.Backend {
		return nil, otherBackend(r.Backend, src.Backend)
	}
	store, err := src.store(r.Backend, dir)
	if err != nil {
		return nil, err
	}
	return open(ctx, dir, r, store, src.Layer)
}

// Probe tries whether a backend can keep a key here and now, without keeping
// one: the OS keyring is given an entry to keep, asked for it and told to
// forget it; the others are asked for the key. The error is a *desk.Error.
func Probe(ctx context.Context, src Source) error {
	store, err := src.store(src.Backend, "")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, limit(src.Backend))
	defer cancel()
	switch src.Backend {
	case BackendKeyring:
		err = canary(ctx, store)
	case BackendSystemd, BackendCommand:
		_, err = store.Get(ctx, "")
	}
	if err != nil {
		return cannotKeep(src.Backend, err)
	}
	return nil
}

// canary has the store keep a worthless secret for a moment.
func canary(ctx context.Context, store KeyStore) error {
	name, secret := "probe-"+hex.EncodeToString(newKey()[:8]), newKey()
	if err := store.Put(ctx, name, secret); err != nil {
		return err
	}
	got, err := store.Get(ctx, name)
	if err == nil && !bytes.Equal(got, secret) {
		err = errLies
	}
	return errors.Join(err, store.Delete(ctx, name))
}

// errLies says that a backend does not give back what it was given.
var errLies = fmt.Errorf("%w: it does not give back what it was given", ErrNoBackend)

func create(ctx context.Context, dir, backend string, store KeyStore, layer disk.Layer) (*Vault, error) {
	if Exists(dir) {
		return nil, desk.Errorf(desk.Conflict, "the folder holds a desk already; open it, or choose another folder")
	}
	if err := clearRemains(dir, layer); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, limit(backend))
	defer cancel()
	defer forget(store)
	r := remembered{Format: 1, Desk: randomName(), Backend: backend, Epoch: 1}
	secret, err := settle(ctx, store, r.entry(1))
	if err != nil {
		return nil, cannotKeep(backend, err)
	}
	v, err := found(dir, &r, store, secret, layer)
	if err != nil {
		undo(ctx, dir, store, r.entry(1))
		return nil, &desk.Error{Code: desk.Unavailable, Msg: "the desk's keys cannot be written to the data folder; look at its permissions and free space", Err: err}
	}
	return v, nil
}

// settle has the store keep a new key, or fetches the one that its owner made,
// and returns it as the store gives it back.
func settle(ctx context.Context, store KeyStore, name string) ([]byte, error) {
	secret := newKey()
	err := store.Put(ctx, name, secret)
	if errors.Is(err, errReadOnly) {
		return store.Get(ctx, name)
	}
	if err != nil {
		return nil, err
	}
	got, err := store.Get(ctx, name)
	if err == nil && !bytes.Equal(got, secret) {
		err = errLies
	}
	if err != nil {
		return nil, errors.Join(err, store.Delete(ctx, name))
	}
	return got, nil
}

// found makes keys.db and then backend.json, with which the folder becomes a
// desk's.
func found(dir string, r *remembered, store KeyStore, secret []byte, layer disk.Layer) (*Vault, error) {
	k := deskKey{raw: secret, desk: r.Desk, epoch: r.Epoch}
	var err error
	if r.Fingerprint, err = k.fingerprint(); err != nil {
		return nil, err
	}
	v, err := openVault(dir, *r, store, k, layer, true)
	if err != nil {
		return nil, err
	}
	if err := remember(dir, *r); err != nil {
		return nil, errors.Join(err, v.Close())
	}
	return v, nil
}

// undo takes back what Create began. It is done as well as it can be: an entry
// left in a keyring opens nothing.
func undo(ctx context.Context, dir string, store KeyStore, name string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Limit)
	defer cancel()
	_ = store.Delete(ctx, name)
	for _, end := range []string{"", "-wal"} {
		_ = disk.Remove(filepath.Join(dir, vaultFile+end))
	}
}

// clearRemains removes the keys.db of a creation that was cut short: it holds
// no stream's key, and the folder has no backend.json.
func clearRemains(dir string, layer disk.Layer) error {
	path := filepath.Join(dir, vaultFile)
	if !disk.Exists(path) {
		return nil
	}
	n, err := countKeys(dir, layer)
	if err != nil || n > 0 {
		return &desk.Error{
			Code: desk.Conflict, Err: err,
			Msg: "the folder holds keys (keys.db), but backend.json, which says how they are opened, is missing; restore it from a backup, or choose another folder",
		}
	}
	return errors.Join(disk.Remove(path), disk.Remove(path+"-wal"))
}

func countKeys(dir string, layer disk.Layer) (int64, error) {
	db, err := database(dir, layer).Open()
	if err != nil {
		return 0, err
	}
	v := &Vault{db: db}
	n, err := v.Count()
	return n, errors.Join(err, db.Close())
}

func open(ctx context.Context, dir string, r remembered, store KeyStore, layer disk.Layer) (*Vault, error) {
	if !disk.Exists(filepath.Join(dir, vaultFile)) {
		return nil, desk.Errorf(desk.Unavailable, "keys.db is missing from the data folder; nothing can be read without it, so restore it from a backup")
	}
	ctx, cancel := context.WithTimeout(ctx, limit(r.Backend))
	defer cancel()
	defer forget(store)
	secret, err := store.Get(ctx, r.entry(r.Epoch))
	if err != nil {
		return nil, cannotOpen(r, err)
	}
	k, err := r.check(secret)
	if err != nil {
		return nil, cannotOpen(r, err)
	}
	v, err := openVault(dir, r, store, k, layer, false)
	if err != nil {
		return nil, cannotRead(err)
	}
	return v, nil
}

// forget lets a backend wipe what it was told for one opening.
func forget(store KeyStore) {
	if f, ok := store.(interface{ forget() }); ok {
		f.forget()
	}
}

// Answer asks the backend for the desk's key once more, for a check-up, and
// says how it answered. A passphrase is not asked for again.
func (v *Vault) Answer(ctx context.Context) (string, error) {
	if v.about.Backend == BackendPassphrase {
		return "a passphrase opened it at the start; it is not asked for again", nil
	}
	ctx, cancel := context.WithTimeout(ctx, limit(v.about.Backend))
	defer cancel()
	secret, err := v.store.Get(ctx, v.about.entry(v.about.Epoch))
	if err == nil {
		_, err = v.about.check(secret)
		clear(secret)
	}
	if err != nil {
		return "", cannotOpen(v.about, err)
	}
	return "it answers and holds the desk's key", nil
}

func randomName() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails, by its contract
	return hex.EncodeToString(b)
}
