package main

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
	"hark/desk/mailbox/mailboxtest"
	"hark/staff"
)

// split returns what an import finds in a file.
func split(t *testing.T, file string) (mails []string, times []time.Time) {
	t.Helper()
	err := splitMails(strings.NewReader(file), func(at time.Time, raw []byte) error {
		mails, times = append(mails, string(raw)), append(times, at)
		return nil
	})
	if err != nil {
		t.Fatalf("%q: %v", file, err)
	}
	return mails, times
}

func TestMailsOfAnMboxFile(t *testing.T) {
	const mark = "From mo@mail.example Mon Jan  2 15:04:05 2023\n"
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"two":                          {mark + "A: 1\n\none\n\n" + mark + "A: 2\n\ntwo\n\n", []string{"A: 1\n\none\n", "A: 2\n\ntwo\n"}},
		"no empty line at the end":     {mark + "A: 1\n\none", []string{"A: 1\n\none"}},
		"lines of the wire":            {strings.ReplaceAll(mark+"A: 1\n\none\n\n"+mark+"A: 2\n\n", "\n", "\r\n"), []string{"A: 1\r\n\r\none\r\n", "A: 2\r\n"}},
		"quoted":                       {mark + "A: 1\n\n>From here\n>>From there\n> From\n>Fromage\n", []string{"A: 1\n\nFrom here\n>From there\n> From\n>Fromage\n"}},
		"forgotten quote":              {mark + "A: 1\n\nHello\n\nFrom here on it rained.\n", []string{"A: 1\n\nHello\n\nFrom here on it rained.\n"}},
		"mark amid a paragraph":        {mark + "A: 1\n\nHello\n" + mark + "x\n", []string{"A: 1\n\nHello\n" + mark + "x\n"}},
		"a first line without a time":  {"From nobody\nA: 1\n\none\n", []string{"A: 1\n\none\n"}},
		"Takeout":                      {"From 17@xxx Thu Feb 02 03:04:05 +0000 2023\nA: 1\n\none\n", []string{"A: 1\n\none\n"}},
		"an address with blanks":       {mark + "A: 1\n\n\n" + "From \"a b\"@x Mon Jan  2 15:04:05 2023\nA: 2\n\n", []string{"A: 1\n\n", "A: 2\n"}},
		"a long line":                  {mark + "A: " + strings.Repeat("x", 200_000) + "\n\none\n", []string{"A: " + strings.Repeat("x", 200_000) + "\n\none\n"}},
		"a very long first line":       {"From " + strings.Repeat("x", 200_000) + "\nA: 1\n\n", []string{"A: 1\n"}},
		"no mail, one mark":            {mark, []string{""}},
		"one mail that is no mailbox":  {"Received: x\nA: 1\n\nFrom me\n", []string{"Received: x\nA: 1\n\nFrom me\n"}},
		"long line that looks quoted":  {mark + "A: 1\n\n" + strings.Repeat("y", 64<<10) + ">From x\n", []string{"A: 1\n\n" + strings.Repeat("y", 64<<10) + ">From x\n"}},
		"mark at the edge of a buffer": {mark + "A: 1\n\n" + strings.Repeat("z", 64<<10-len(mark)-8) + "\n\n" + mark + "A: 2\n\n", nil},
	} {
		got, times := split(t, c.file)
		if c.want != nil && !slices.Equal(got, c.want) {
			t.Errorf("%s: %.300q, want %.300q", name, got, c.want)
		}
		if c.want == nil && (len(got) != 2 || got[1] != "A: 2\n") {
			t.Errorf("%s: %d mails", name, len(got))
		}
		if name == "two" && !times[1].Equal(time.Date(2023, 1, 2, 15, 4, 5, 0, time.UTC)) {
			t.Errorf("%v", times)
		}
	}
	for _, file := range []string{"", "%PDF-1.7 hello", "\x00\x01"} {
		if err := splitMails(strings.NewReader(file), nil); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestMailsOfAMaildir(t *testing.T) {
	dir := t.TempDir()
	at := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	for name, text := range map[string]string{
		"cur/1.a:2,S": "A: 1\n\none\n", "new/2.b": "A: 2\n\ntwo\n", "tmp/3.c": "A: 3\n\n", "dovecot-uidlist": "3 V1", "cur/.hidden": "x: y\n", ".Sub/cur/4.d": "A: 4\n\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	r, size, err := openMail(dir)
	if err != nil || size != 20 {
		t.Fatalf("%d bytes, %v", size, err)
	}
	defer r.Close()
	var got []string
	err = splitMails(r, func(when time.Time, raw []byte) error {
		if !when.Equal(at) {
			t.Errorf("%v", when)
		}
		got = append(got, string(raw))
		return nil
	})
	if want := []string{"A: 1\n\none\n", "A: 2\n\ntwo\n"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	for path, code := range map[string]desk.Code{"/no/such/file": desk.NotFound, t.TempDir(): desk.Invalid, "/dev/null": desk.Invalid} {
		if _, _, err := openMail(path); desk.CodeOf(err) != code {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// archive is a tar archive as tar c writes one of a Maildir.
func archive(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: files[i], Typeflag: tar.TypeReg, Mode: 0o600, Size: int64(len(files[i+1]))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// imports brings a file in and returns what was done.
func imports(t *testing.T, store mailbox.Store, file []byte) staff.MailImported {
	t.Helper()
	i := importer{
		ctx: t.Context(), row: store.Row, done: staff.MailImported{Account: "support"}, progress: func(staff.MailImported) {},
		put: func(ctx context.Context, all []mailbox.Arrival) error { return store.Put(ctx, all...) },
	}
	done, err := i.run(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func TestASecondImportChangesNothing(t *testing.T) {
	store := mailboxtest.New()
	var file strings.Builder
	for i := range 500 {
		fmt.Fprintf(&file, "From mo@mail.example Mon Jan  2 15:04:05 2023\nSubject: %d\n\nwords\n\n", i)
	}
	if got := imports(t, store, []byte(file.String())); got.Mails != 500 || got.New != 500 || got.Known != 0 || got.Bytes != int64(file.Len()) {
		t.Errorf("%+v", got)
	}
	if got := imports(t, store, []byte(file.String())); got.New != 0 || got.Known != 500 {
		t.Errorf("again: %+v", got)
	}
	// the same mail out of a Maildir, with the line ends of the wire or without
	mail := archive(t, "Mail/cur/1:2,S", "Subject: 7\n\nwords\n", "Mail/new/2", "Subject: 8\r\n\r\nwords\r\n", "Mail/cur/3", "Subject: other\n\n", "Mail/dovecot.index", "x", "Mail/cur/4", "")
	if got := imports(t, store, mail); got.Mails != 4 || got.New != 1 || got.Known != 2 || got.Failed != 1 {
		t.Errorf("a Maildir: %+v", got)
	}
	rows, err := store.Waiting(t.Context(), 1000)
	if err != nil || len(rows) != 501 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, r := range rows {
		if !r.Past || r.Account != "support" || r.Box != importedBox || r.UID == 0 {
			t.Fatalf("%+v", r)
		}
	}
}

// What an mbox file does not tell, the mail may.
func TestWhenAnImportedMailWasWritten(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for raw, want := range map[string]time.Time{
		"Date: Mon, 02 Jan 2023 15:04:05 +0100\r\n\r\nx": time.Date(2023, 1, 2, 14, 4, 5, 0, time.UTC),
		"Date: Mon, 02 Jan 2033 15:04:05 +0100\r\n\r\nx": now,
		"Date: soon\r\n\r\nx":                            now,
		"no mail":                                        now,
	} {
		if got := writtenAt([]byte(raw), now); !got.Equal(want) {
			t.Errorf("%q: %v", raw, got)
		}
	}
}

func FuzzSplitMails(f *testing.F) {
	for _, s := range []string{"From a Mon Jan  2 15:04:05 2023\nA: b\n\n>From x\n", "A: b\n\nc", "From \n\nFrom \n", "From x\r\n\r\nFrom y Mon Jan  2 15:04:05 2023"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		total := 0
		err := splitMails(bytes.NewReader(raw), func(_ time.Time, mail []byte) error {
			total += len(mail)
			return nil
		})
		if total > len(raw) {
			t.Errorf("%d bytes came out of %d", total, len(raw))
		}
		if err != nil && desk.CodeOf(err) == desk.Internal {
			t.Errorf("no sentence: %v", err)
		}
	})
}
