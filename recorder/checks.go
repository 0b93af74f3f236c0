package recorder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"hark/desk"
	"hark/recorder/drafts"
	"hark/recorder/files"
	"hark/recorder/mail"
	"hark/recorder/state"
)

// Check says how one part of what is kept is, in words for a person.
type Check struct {
	Part  string // a file's name, or "key backend"
	Path  string // of the file; empty for other parts
	Size  int64  // of the file and its log, in bytes
	OK    bool
	Words string
}

// Checks looks at every file and asks the key backend once more. It reads
// all of keys.db and drafts.db, and of the journal the newest event; it writes
// nothing. The backend may take keys.Limit to answer.
func (r *Recorder) Checks(ctx context.Context) []Check {
	checks := []Check{
		r.check("hub.lock", func() (string, error) { return fmt.Sprintf("held by this hub, process %d", os.Getpid()), nil }),
		r.check("backend.json", func() (string, error) { return "the desk's key is kept by: " + r.vault.Backend(), r.vault.Remembered() }),
		r.check("keys.db", r.checkKeys),
		r.check(journalFile, func() (string, error) { return r.checkJournal(ctx) }),
		r.check("journal-index.db", func() (string, error) { return "it finds events; it is made again when it is lost", nil }),
		r.check(state.File, r.checkState),
		r.check(drafts.File, r.checkDrafts),
		r.check(mail.File, func() (string, error) { return r.checkMail(ctx) }),
		r.checkFiles(),
	}
	checks = append(checks, r.setAside()...)
	words, err := r.vault.Answer(ctx)
	return append(checks, conclude(Check{Part: "key backend"}, r.vault.Backend()+": "+words, err))
}

// check looks at a file and concludes from what look says of it.
func (r *Recorder) check(name string, look func() (string, error)) Check {
	c := Check{Part: name, Path: filepath.Join(r.dir, name)}
	info, err := os.Stat(c.Path)
	if err != nil {
		return conclude(c, "", err)
	}
	c.Size = info.Size()
	if log, err := os.Stat(c.Path + "-wal"); err == nil {
		c.Size += log.Size()
	}
	words, err := look()
	return conclude(c, words, err)
}

// conclude turns an error into the words of the check.
func conclude(c Check, words string, err error) Check {
	c.OK, c.Words = err == nil, words
	var e *desk.Error
	switch {
	case errors.As(err, &e):
		c.Words = e.Msg
	case errors.Is(err, fs.ErrNotExist):
		c.Words = "it is missing; end the hub only after saving what can be saved, and restore it from a backup"
	case err != nil:
		c.Words = strings.ReplaceAll(err.Error(), "\n", "; ")
	}
	return c
}

func (r *Recorder) checkKeys() (string, error) {
	if err := r.vault.Check(); err != nil {
		return "", err
	}
	n, err := r.vault.Count()
	return fmt.Sprintf("%d keys, whole and under the desk's key", n), err
}

// checkJournal reads the newest event, which takes its key too.
func (r *Recorder) checkJournal(ctx context.Context) (string, error) {
	head := r.journal.Head()
	if head == 0 {
		return "no events yet", nil
	}
	_, err := r.journal.Read(ctx, head, 1)
	return fmt.Sprintf("%d events, the newest can be read", head), err
}

func (r *Recorder) checkState() (string, error) {
	seq, err := r.state.Stored()
	if err != nil {
		return "", fmt.Errorf("it cannot be stored, so the next start takes longer: %w", err)
	}
	return fmt.Sprintf("stands for %d of %d events; it is made again when it is lost", seq, r.journal.Head()), nil
}

func (r *Recorder) checkDrafts() (string, error) {
	n, err := r.drafts.Count()
	return fmt.Sprintf("%d unsent drafts", n), err
}

// checkMail counts mails and letters. It does not read them: that may take
// hours.
func (r *Recorder) checkMail(ctx context.Context) (string, error) {
	mails, letters, err := r.mail.Count(ctx)
	return fmt.Sprintf("%d mails, %d letters", mails, letters), err
}

// checkFiles counts what is attached to messages. It does not read it: that
// may take hours.
func (r *Recorder) checkFiles() Check {
	c := Check{Part: files.Folder, Path: filepath.Join(r.dir, files.Folder)}
	n, err := r.files.Count()
	c.Size = n.Bytes
	return conclude(c, fmt.Sprintf("%d attached, %d more that no message has yet", n.Kept, n.Pending), err)
}

// setAside lists the drafts files that were damaged.
func (r *Recorder) setAside() (checks []Check) {
	paths, err := filepath.Glob(filepath.Join(r.dir, drafts.File+".damaged-*"))
	if err != nil {
		return nil // a folder with brackets in its name: nothing is listed
	}
	for _, p := range paths {
		checks = append(checks, Check{
			Part: filepath.Base(p), Path: p,
			Words: "unsent drafts were in it when it was found damaged and set aside; remove it when nobody misses any",
		})
	}
	return checks
}
