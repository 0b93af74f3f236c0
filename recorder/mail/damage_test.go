package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"hark/desk"
	"hark/desk/mailbox"
	"hark/recorder/disk"
	"hark/recorder/powercut"
)

// What stands in the mails of these tests.
const (
	secretWord    = "watchword-of-the-body"
	secretID      = "unguessable-id@customer.example"
	secretAddress = "ana.unguessable@customer.example"
	secretAccount = "account-of-support"
	secretBox     = "Archive/Unguessable"
	secretWhy     = "unguessable reason"
)

func secretPlace(uid uint32) mailbox.Place {
	return mailbox.Place{Account: secretAccount, Box: secretBox, Validity: 7, UID: uid}
}

// fill puts one of everything into a store and returns the first mail and the
// letter.
func fill(t testing.TB, s *Store) (mail, letter desk.ID) {
	t.Helper()
	ctx, item := t.Context(), desk.NewID()
	body := []byte("From: " + secretAddress + "\r\n\r\n" + secretWord)
	long := bytes.Repeat([]byte(secretWord+"\n"), 40000)
	_, attempted := s.Attempt(ctx, secretPlace(9), "fetch", secretWhy)
	_, ticked := s.Tick(ctx, secretAddress, at(0), 1e9)
	id := secretPlace(1).ID()
	err := errors.Join(attempted, ticked,
		s.Put(ctx, mailbox.Arrival{Place: secretPlace(1), Bytes: body}, mailbox.Arrival{Place: secretPlace(2), Bytes: long}, mailbox.Arrival{Place: secretPlace(3), Bytes: body}),
		s.Thread(ctx, mailbox.Threading{ID: id, Conversation: desk.NewID(), MessageID: secretID, Refs: []string{"ref-" + secretID}, Identity: [32]byte{1}}),
		s.Quarantine(ctx, mailbox.Problem{Place: secretPlace(3), Stage: "read", Why: secretWhy, At: at(1)}),
		s.SetCursor(ctx, mailbox.Cursor{Account: secretAccount, Box: secretBox, Validity: 7, Next: 4}),
		s.Bury(ctx, [32]byte{2}),
		s.Alias(ctx, "alias-"+secretID, desk.NewID(), item),
		s.Prepare(ctx, mailbox.Letter{
			Item: item, Account: secretAccount, MessageID: secretID, From: secretAddress, To: []string{secretAddress}, Bytes: long, At: at(0),
		}),
		s.Mark(ctx, item, mailbox.Retry, mailbox.Outcome{Why: secretWhy, Done: []string{secretAddress}}))
	if err != nil {
		t.Fatal(err)
	}
	return id, item
}

// TestFileTellsNothing looks for the words in the bytes of every file.
func TestFileTellsNothing(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	fill(t, s)
	tellsNothing(t, p.dir) // with the log
	closed(t, s)
	tellsNothing(t, p.dir)
}

func tellsNothing(t *testing.T, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	looked := false
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		looked = looked || f.Name() == File && len(content) > 0
		for _, w := range []string{secretWord, secretID, secretAddress, secretAccount, secretBox, secretWhy, "customer.example"} {
			if bytes.Contains(content, []byte(w)) {
				t.Errorf("%q stands in %s in the clear", w, f.Name())
			}
		}
	}
	if !looked {
		t.Error("there is nothing to look at")
	}
}

// TestHashesNeedTheKey: the same names look otherwise in another desk.
func TestHashesNeedTheKey(t *testing.T) {
	a, err := newSealer(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	b, err := newSealer(bytes.Repeat([]byte{2}, 32))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(a.hashMessageID(secretID), b.hashMessageID(secretID)) {
		t.Error("the hash of a Message-ID is the same under another key")
	}
	if bytes.Equal(a.hash("box", []byte("ab"), []byte("c")), a.hash("box", []byte("a"), []byte("bc"))) {
		t.Error("a hash does not know where a part ends")
	}
}

// TestErasureReachesCopies puts an older copy of the file back.
func TestErasureReachesCopies(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	id, _ := fill(t, s)
	closed(t, s)
	copied, err := os.ReadFile(filepath.Join(p.dir, File))
	if err != nil {
		t.Fatal(err)
	}
	s = p.open(t)
	if err := s.Erase(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	if err := os.WriteFile(filepath.Join(p.dir, File), copied, 0o600); err != nil {
		t.Fatal(err)
	}
	s = p.open(t)
	if _, _, err := s.Open(t.Context(), id); desk.CodeOf(err) != desk.NotFound {
		t.Errorf("an older copy gives the bytes: %v", err)
	}
	heads, err := s.Heads(t.Context(), secretAccount, secretBox)
	if err != nil || len(heads) != 3 || heads[0].MessageID != "" || heads[0].Identity != [32]byte{} {
		t.Errorf("an older copy tells what was read: %+v, %v", heads, err)
	}
	if _, _, err := s.Open(t.Context(), secretPlace(2).ID()); err != nil {
		t.Errorf("the mail beside it is gone: %v", err)
	}
}

// TestDamageIsLocated changes rows behind the store's back: whoever reads one
// is told which, nobody else is disturbed, and nothing panics.
func TestDamageIsLocated(t *testing.T) {
	id := secretPlace(1).ID()
	second := secretPlace(2).ID()
	for query, names := range map[string]string{
		`UPDATE mail SET head = zeroblob(70) WHERE n = 1`:                                                           id.Hex(),
		`UPDATE mail SET head = (SELECT head FROM mail WHERE n = 2) WHERE n = 1`:                                    id.Hex(),
		`UPDATE mail SET stage = 1 WHERE n = 1`:                                                                     id.Hex(),
		`UPDATE mail SET stage = 77 WHERE n = 1`:                                                                    id.Hex(),
		`UPDATE mail SET uid = 50 WHERE n = 1`:                                                                      id.Hex(),
		`UPDATE mail SET box = 99 WHERE n = 1`:                                                                      "row 99 of table box",
		`UPDATE mail_chunk SET value = zeroblob(length(value)) WHERE n = 1<<20`:                                     "chunk 0 of mail " + id.Hex(),
		`UPDATE mail_chunk SET value = x'' WHERE n = 1<<20`:                                                         "chunk 0 of mail " + id.Hex(),
		`DELETE FROM mail_chunk WHERE n = 1<<20`:                                                                    "chunk 0 of mail " + id.Hex(),
		`UPDATE mail_chunk SET value = (SELECT value FROM mail_chunk WHERE n = 2<<20) WHERE n = (2<<20)+1`:          "chunk 1 of mail " + second.Hex(),
		`DELETE FROM mail_chunk WHERE n = (2<<20)+3`:                                                                "chunk 3 of mail " + second.Hex(),
		`UPDATE mail SET head = x'00', note = x'00', id = x'` + second.Hex() + `00' WHERE n = 2`:                    "",
		`UPDATE mail SET note = zeroblob(99) WHERE n = 3`:                                                           secretPlace(3).ID().Hex(),
		`UPDATE letter SET outcome = zeroblob(50)`:                                                                  "table letter",
		`UPDATE letter SET state = 1`:                                                                               "table letter",
		`UPDATE letter SET value = x''`:                                                                             "table letter",
		`UPDATE letter_chunk SET value = zeroblob(length(value)) WHERE n = (SELECT max(n) FROM letter_chunk)`:       "of letter",
		`UPDATE box SET cursor = zeroblob(40)`:                                                                      "row 1 of table box",
		`UPDATE ref SET value = zeroblob(44)`:                                                                       "",
		`UPDATE mail SET same = NULL; UPDATE ref SET item = x'00'; UPDATE buried SET hash = x''; DELETE FROM tally`: "",
	} {
		t.Run(query, func(t *testing.T) {
			s := newPlace(t).open(t)
			_, letter := fill(t, s)
			if err := s.db.Exec(query); err != nil {
				t.Fatal(err)
			}
			err := readEverything(t, s, letter)
			var d *DamageError
			if names == "" {
				return // it must not panic
			}
			if !errors.As(err, &d) || !strings.Contains(err.Error(), names) {
				t.Errorf("it is not told that %s is damaged: %v", names, err)
			}
			if desk.CodeOf(err) != desk.Unavailable {
				t.Errorf("the code is %s", desk.CodeOf(err))
			}
		})
	}
}

// readEverything calls whatever reads, and returns the errors. Lists must come
// through whole.
func readEverything(t *testing.T, s *Store, item desk.ID) error {
	t.Helper()
	ctx := t.Context()
	var errs []error
	for uid := range uint32(3) {
		id := secretPlace(uid + 1).ID()
		_, err := s.Row(ctx, id)
		errs = append(errs, err)
		r, _, err := s.Open(ctx, id)
		if errs = append(errs, err); err == nil {
			_, err = io.Copy(io.Discard, r)
			errs = append(errs, err, r.Close())
		}
	}
	_, lists := s.Waiting(ctx, 10)
	_, problems := s.Problems(ctx)
	_, heads := s.Heads(ctx, secretAccount, secretBox)
	_, found := s.Find(ctx, secretID, "alias-"+secretID)
	if err := errors.Join(lists, problems, heads, found); err != nil {
		t.Errorf("a damaged row spoils a list: %v", err)
	}
	_, cursor := s.Cursor(ctx, secretAccount, secretBox)
	_, _, same := s.Same(ctx, [32]byte{1})
	_, outbox := s.Outbox(ctx)
	_, bytes := s.LetterBytes(ctx, item)
	return errors.Join(append(errs, cursor, same, outbox, bytes)...)
}

// read reads the kept bytes of a mail.
func read(t *testing.T, s *Store, id desk.ID) ([]byte, error) {
	t.Helper()
	r, _, err := s.Open(t.Context(), id)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	return b, errors.Join(err, r.Close())
}

// TestDamagedMailIsQuarantined: a damaged row does not stop those behind it.
func TestDamagedMailIsQuarantined(t *testing.T) {
	s := newPlace(t).open(t)
	for uid := range uint32(2) {
		if err := s.Put(t.Context(), mailbox.Arrival{Place: inbox(uid + 1), Received: at(int(uid)), Bytes: []byte("mail")}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.db.Exec(`UPDATE mail SET head = zeroblob(70) WHERE n = 2`); err != nil {
		t.Fatal(err)
	}
	rows, err := s.Waiting(t.Context(), 10)
	if err != nil || len(rows) != 2 || rows[0].Place != inbox(2) {
		t.Fatalf("waiting are %+v, %v", rows, err)
	}
	if _, _, err := s.Open(t.Context(), rows[0].ID); err == nil {
		t.Fatal("a damaged row opens")
	}
	if err := s.Quarantine(t.Context(), mailbox.Problem{Place: rows[0].Place, Stage: "read", Why: "damaged", At: at(9)}); err != nil {
		t.Fatal(err)
	}
	if rows, err = s.Waiting(t.Context(), 10); err != nil || len(rows) != 1 || rows[0].Place != inbox(1) {
		t.Errorf("waiting are %+v, %v", rows, err)
	}
	if b, err := read(t, s, inbox(2).ID()); err != nil || string(b) != "mail" {
		t.Errorf("its bytes read %q, %v", b, err)
	}
	if err := s.Drop(t.Context(), inbox(2).ID()); err != nil {
		t.Error(err)
	}
}

// TestFlippedBytes flips one byte at a time all over the file: opening or
// reading it says so, or gives what was written.
func TestFlippedBytes(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	_, letter := fill(t, s)
	closed(t, s)
	path := filepath.Join(p.dir, File)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	noticed := 0
	for at := 100; at < len(whole); at += len(whole) / 50 {
		b := bytes.Clone(whole)
		b[at] ^= 0x10
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(Options{Dir: p.dir, Key: p.key, Keys: p.vault})
		if err == nil {
			err = errors.Join(everything(t, s, letter), s.Close())
		}
		if err != nil {
			noticed++
		}
	}
	if noticed < 20 {
		t.Errorf("%d flipped bytes were noticed", noticed)
	}
}

// everything reads all there is; what comes must be what was written.
func everything(t *testing.T, s *Store, letter desk.ID) error {
	t.Helper()
	var errs []error
	for uid := range uint32(3) {
		r, size, err := s.Open(t.Context(), secretPlace(uid+1).ID())
		if errs = append(errs, err); err != nil {
			continue
		}
		b, err := io.ReadAll(r)
		if err == nil && (int64(len(b)) != size || !bytes.Contains(b, []byte(secretWord))) {
			t.Errorf("mail %d reads otherwise", uid+1)
		}
		errs = append(errs, err, r.Close())
	}
	_, heads := s.Heads(t.Context(), secretAccount, secretBox)
	_, refs := s.Find(t.Context(), secretID)
	_, bytes := s.LetterBytes(t.Context(), letter)
	return errors.Join(append(errs, heads, refs, bytes)...)
}

// TestDiskFull fills the disk: the error says so, nothing of the call stays,
// and the next is taken when there is room again.
func TestDiskFull(t *testing.T) {
	p := newPlace(t)
	d := powercut.New(t, p.dir)
	s, err := Open(Options{Dir: p.dir, Key: p.key, Keys: p.vault, Layer: disk.Layer{VFS: d.VFS()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, s) })
	arrival := mailbox.Arrival{Place: secretPlace(1), Bytes: make([]byte, 4*chunkSize)}
	n := 0
	d.Fault(func(op powercut.Op) error {
		if n++; op.Kind == powercut.Write && n > 10 {
			return syscall.ENOSPC
		}
		return nil
	})
	if err := s.Put(t.Context(), arrival); desk.CodeOf(err) != desk.Unavailable || !strings.Contains(desk.Sentence(err), "full") {
		t.Fatalf("a full disk gives %v", err)
	}
	d.Fault(nil)
	if uids, err := s.Known(t.Context(), secretAccount, secretBox, 7); err != nil || len(uids) != 0 {
		t.Errorf("a mail that was refused is known: %v, %v", uids, err)
	}
	if err := s.Put(t.Context(), arrival); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// TestDiskThatForgets: after a sync that failed, nothing is acknowledged any
// more, whatever the disk says.
func TestDiskThatForgets(t *testing.T) {
	p := newPlace(t)
	d := powercut.New(t, p.dir)
	s, err := Open(Options{Dir: p.dir, Key: p.key, Keys: p.vault, Layer: disk.Layer{VFS: d.VFS()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	d.Fault(func(op powercut.Op) error {
		if op.Kind == powercut.Sync {
			return sqlite3.IOERR_FSYNC
		}
		return nil
	})
	for try := range 3 {
		if err := s.Put(t.Context(), mailbox.Arrival{Place: secretPlace(uint32(try + 1))}); desk.CodeOf(err) != desk.Unavailable {
			t.Errorf("try %d gives %v", try, err)
		}
		d.Fault(nil)
	}
	if _, _, err := s.Count(t.Context()); err == nil {
		t.Error("a check finds nothing wrong")
	}
}

// TestTicksArePruned counts for many keys, long ago.
func TestTicksArePruned(t *testing.T) {
	s := newPlace(t).open(t)
	for i := range 200 {
		if _, err := s.Tick(t.Context(), fmt.Sprint("key ", i), at(i), 60e9); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	if _, err := s.one(`SELECT count(*) FROM tick`, func(st *sqlite3.Stmt) error {
		n = st.ColumnInt(0)
		return nil
	}); err != nil || n > 2 {
		t.Errorf("%d counts are kept of 200 that are over, %v", n, err)
	}
}
