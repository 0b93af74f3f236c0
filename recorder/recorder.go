package recorder

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"

	"hark/desk"
	"hark/desk/mailbox"
	"hark/recorder/disk"
	"hark/recorder/drafts"
	"hark/recorder/files"
	"hark/recorder/journal"
	"hark/recorder/keys"
	"hark/recorder/mail"
	"hark/recorder/state"
)

// journalFile is the journal's record, without which keys open nothing.
const journalFile = "journal.db"

// Options say which desk is opened and who is told about it.
type Options struct {
	// Dir is the data folder. It must lie on a disk of this machine.
	Dir string
	// Key says where the desk's key comes from.
	Key keys.Source
	// Progress is told, while the desk opens, how many of the events that the
	// stored state lacks are folded; nil for nobody.
	Progress func(done, total uint64)
	// Lamp is told how the journal is; nil for nobody. It must not block.
	Lamp func(desk.Lamp)
	// Log gets what is worth knowing, without words, names and addresses; nil
	// for none.
	Log *slog.Logger

	layer disk.Layer // for tests of crashes
}

// Recorder is everything that an open desk keeps.
type Recorder struct {
	dir     string
	lock    *lock
	vault   *keys.Vault
	journal *journal.Journal
	state   *state.Projector
	drafts  *drafts.Store
	files   *files.Store
	mail    *mail.Store
	mailKey []byte // of tokens in our own Message-IDs
}

// Exists reports whether the folder holds a desk.
func Exists(dir string) bool { return keys.Exists(dir) }

// Create makes the folder, where it is missing, and a desk's keys and empty
// journal in it, and opens them. A folder that holds a desk, or what is left of
// one, is refused. Every error is a *desk.Error.
func Create(ctx context.Context, o Options) (*Recorder, error) {
	return open(ctx, o, keys.Create, makeFolder)
}

// Open opens the desk in the folder. Nothing is written before its key is
// proved to be the right one. Every error is a *desk.Error that says what to
// do; when the desk's own hub has the folder, it names the process.
func Open(ctx context.Context, o Options) (*Recorder, error) {
	return open(ctx, o, keys.Open, checkFolder)
}

// open opens the parts in order and closes them again when one fails.
func open(ctx context.Context, o Options, vault vaultFunc, folder func(dir string) error) (*Recorder, error) {
	var err error
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return nil, desk.Errorf(desk.Invalid, "the data folder %s cannot be found: %w", o.Dir, err)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := folder(o.Dir); err != nil {
		return nil, err
	}
	o.Key.Layer = o.layer
	r := &Recorder{dir: o.Dir}
	if err := r.openAll(ctx, o, vault); err != nil {
		return nil, asSentence(errors.Join(err, r.Close()))
	}
	return r, nil
}

// vaultFunc makes or opens the keys.
type vaultFunc func(ctx context.Context, dir string, src keys.Source) (*keys.Vault, error)

func (r *Recorder) openAll(ctx context.Context, o Options, vault vaultFunc) (err error) {
	if r.lock, err = takeLock(r.dir); err != nil {
		return err
	}
	if r.vault, err = vault(ctx, r.dir, o.Key); err != nil {
		return err
	}
	if err = r.missingJournal(); err != nil {
		return err
	}
	if r.journal, err = openJournal(ctx, o, r.vault); err != nil {
		return err
	}
	key, err := r.vault.Derive("state 1")
	if err != nil {
		return fmt.Errorf("derive the state's key: %w", err)
	}
	r.state, err = state.Open(ctx, state.Options{Dir: r.dir, Key: key, Journal: r.journal, Progress: o.Progress, Log: o.Log, Layer: o.layer})
	if err != nil {
		return err
	}
	if r.drafts, err = drafts.Open(drafts.Options{Dir: r.dir, Keys: r.vault, Log: o.Log, Layer: o.layer}); err != nil {
		return desk.Errorf(desk.Unavailable, "drafts.db cannot be opened: %w; look at the data folder's disk and permissions", err)
	}
	if r.files, err = files.Open(files.Options{Dir: r.dir, Keys: r.vault, Log: o.Log}); err != nil {
		return desk.Errorf(desk.Unavailable, "the folder of files cannot be opened: %w; look at the data folder's disk and permissions", err)
	}
	return r.openMail(ctx, o)
}

// openMail opens mail.db. Its key and that of the tokens are secrets of their
// own: what is derived from the desk's key changes with it, and letters from
// years ago are answered.
func (r *Recorder) openMail(ctx context.Context, o Options) error {
	key, err := r.vault.Secret(ctx, "mail.db", freshKey)
	if err != nil {
		return err
	}
	if r.mailKey, err = r.vault.Secret(ctx, "mail tokens", freshKey); err != nil {
		return err
	}
	if r.mail, err = mail.Open(mail.Options{Dir: r.dir, Key: key, Keys: r.vault, Layer: o.layer}); err != nil {
		return desk.Errorf(desk.Unavailable, "mail.db cannot be opened: %w; look at the data folder's disk and permissions, or restore it from a backup", err)
	}
	return nil
}

func freshKey() ([]byte, error) {
	key := make([]byte, 32)
	_, err := rand.Read(key)
	return key, err
}

func openJournal(ctx context.Context, o Options, v *keys.Vault) (*journal.Journal, error) {
	return journal.Open(ctx, journal.Options{
		Dir: o.Dir, Keys: v, Log: o.Log, Lamp: o.Lamp, VFS: o.layer.VFS, Sync: o.layer.Sync,
	})
}

// missingJournal refuses keys without the journal that they open: an empty one
// in its place would look like a desk that has lost everything.
func (r *Recorder) missingJournal() error {
	if disk.Exists(filepath.Join(r.dir, journalFile)) {
		return nil
	}
	n, err := r.vault.Count()
	if err == nil && n > 0 {
		return desk.Errorf(desk.Unavailable, "journal.db is missing from the data folder, where %d keys wait for it; restore it from a backup", n)
	}
	return err
}

// asSentence keeps the sentence of an error that has one and gives the others
// a general one.
func asSentence(err error) error {
	var e *desk.Error
	if err == nil || errors.As(err, &e) {
		return err
	}
	return &desk.Error{Code: desk.Unavailable, Msg: "the desk cannot be opened (" + err.Error() + "); look at the data folder's disk", Err: err}
}

// Journal returns the record of everything.
func (r *Recorder) Journal() desk.Journal { return r.journal }

// State returns what the journal adds up to; it follows the journal.
func (r *Recorder) State() *desk.State { return r.state.State() }

// Drafts returns the unsent drafts of staff.
func (r *Recorder) Drafts() desk.Drafts { return r.drafts }

// Files returns what is attached to messages.
func (r *Recorder) Files() desk.Files { return r.files }

// Mail returns the fetched mails and the outbox.
func (r *Recorder) Mail() mailbox.Store { return r.mail }

// MailKey returns the secret of 32 bytes that signs the tokens in the desk's own
// Message-IDs. It stays the same as long as keys.db lives.
func (r *Recorder) MailKey() []byte { return slices.Clone(r.mailKey) }

// HostKey returns the key by which staff's SSH clients know this desk. It is
// made the first time and kept in keys.db.
func (r *Recorder) HostKey(ctx context.Context) (ed25519.PrivateKey, error) {
	seed, err := r.vault.Secret(ctx, "ssh host ed25519", func() ([]byte, error) {
		seed := make([]byte, ed25519.SeedSize)
		_, err := rand.Read(seed)
		return seed, err
	})
	if err != nil {
		return nil, err
	}
	if len(seed) != ed25519.SeedSize {
		return nil, desk.Errorf(desk.Unavailable, "the SSH host key in keys.db is damaged; restore keys.db from a backup")
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// Close stores what is not stored yet and closes everything, the folder's lock
// last. Nothing may be appended or saved meanwhile.
func (r *Recorder) Close() error {
	var errs []error
	if r.mail != nil {
		errs = append(errs, r.mail.Close())
	}
	if r.files != nil {
		errs = append(errs, r.files.Close())
	}
	if r.drafts != nil {
		errs = append(errs, r.drafts.Close())
	}
	if r.state != nil {
		errs = append(errs, r.state.Close())
	}
	if r.journal != nil {
		errs = append(errs, r.journal.Close())
	}
	if r.vault != nil {
		errs = append(errs, r.vault.Close())
	}
	if r.lock != nil {
		errs = append(errs, r.lock.release())
	}
	return errors.Join(errs...)
}
