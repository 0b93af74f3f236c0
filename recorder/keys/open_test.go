package keys

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/recorder/disk"
)

// desks are the ways to make a desk's key in a test.
func desks(t *testing.T) map[string]Source {
	t.Helper()
	key := base64.StdEncoding.EncodeToString(newKey())
	file := filepath.Join(t.TempDir(), "key")
	writeFile(t, file, key+"\n")
	return map[string]Source{
		BackendMemory:     {Backend: BackendMemory, Memory: NewMemory()},
		BackendKeyring:    {Backend: BackendKeyring, Keyring: fakeKeyring(&fakeLibrary{})},
		BackendPassphrase: {Backend: BackendPassphrase, Passphrase: says("correct horse")},
		BackendSystemd:    {Backend: BackendSystemd, CredentialName: "key"},
		BackendCommand:    {Backend: BackendCommand, Command: []string{"cat", file}},
	}
}

func says(words string) func(context.Context) ([]byte, error) {
	return func(context.Context) ([]byte, error) { return []byte(words), nil }
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// credentials puts a credential where systemd would.
func credentials(t *testing.T, name, text string) {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, name), text)
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
}

// newDesk makes a desk with one sealed text, leaves it as a killed hub would,
// and returns the folder.
func newDesk(t *testing.T, src Source) (dir string, p Pair, sealed []byte) {
	t.Helper()
	dir, p = t.TempDir(), pair(desk.ClassTranscript)
	v, err := Create(t.Context(), dir, src)
	if err != nil {
		t.Fatal(desk.Sentence(err), err)
	}
	if err := v.Ensure(t.Context(), []Pair{p}); err != nil {
		t.Fatal(err)
	}
	sealed = seal(t, v, p, "hello")
	killed := t.TempDir()
	for name, content := range contents(t, dir) {
		writeFile(t, filepath.Join(killed, name), string(content))
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	if !disk.Exists(filepath.Join(killed, vaultFile+"-wal")) {
		t.Fatal("a killed hub leaves a log behind; this one has none")
	}
	return killed, p, sealed
}

func TestEveryBackendOpensWhatItMade(t *testing.T) {
	credentials(t, "key", base64.StdEncoding.EncodeToString(newKey()))
	for name, src := range desks(t) {
		t.Run(name, func(t *testing.T) {
			dir, p, sealed := newDesk(t, src)
			for _, backend := range []string{name, ""} {
				src.Backend = backend
				v, err := Open(t.Context(), dir, src)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := unseal(v, p, sealed); err != nil || got != "hello" {
					t.Errorf("%q, %v", got, err)
				}
				if words, err := v.Answer(t.Context()); err != nil || words == "" {
					t.Errorf("asked again it answers %q, %v", words, err)
				}
				if err := v.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestNoBackendLeavesItsKeyInTheFolder(t *testing.T) {
	credentials(t, "key", base64.StdEncoding.EncodeToString(newKey()))
	for name, src := range desks(t) {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			v, err := Create(t.Context(), dir, src)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = v.Close() }()
			k := v.key.raw
			for _, form := range [][]byte{k, []byte(hex.EncodeToString(k)), []byte(base64.StdEncoding.EncodeToString(k))} {
				if onDisk(t, dir, form) {
					t.Errorf("the key is in the folder: %q…", form[:4])
				}
			}
		})
	}
}

// TestRefusalsChangeNothing starts every kind of desk with everything that can
// be wrong about its key, and compares the folder byte by byte.
func TestRefusalsChangeNothing(t *testing.T) {
	right := base64.StdEncoding.EncodeToString(newKey())
	wrong := base64.StdEncoding.EncodeToString(newKey())
	ring := func(l *fakeLibrary) Source { return Source{Backend: BackendKeyring, Keyring: fakeKeyring(l)} }
	keep := &fakeLibrary{}
	key := filepath.Join(t.TempDir(), "key")
	writeFile(t, key, right)
	cases := []struct {
		name       string
		made, open Source
		code       desk.Code
		is         error
		says       string
	}{
		{"keyring with another key", ring(keep), ring(&fakeLibrary{lies: wrong}), desk.Denied, ErrWrongKey, "the OS keyring, but it is another key"},
		{"keyring with nonsense", ring(keep), ring(&fakeLibrary{lies: "a word"}), desk.Denied, ErrWrongKey, "not one of hark's"},
		{"keyring with half a key", ring(keep), ring(&fakeLibrary{lies: "c2hvcnQ="}), desk.Denied, ErrWrongKey, "5 bytes"},
		{"keyring without the key", ring(keep), ring(&fakeLibrary{}), desk.Unavailable, ErrNotFound, "backup of the keyring"},
		{"keyring locked", ring(keep), ring(&fakeLibrary{err: errors.New("failed to unlock correct collection '/x'")}), desk.Unavailable, ErrLocked, "unlock it"},
		{"keyring gone", ring(keep), Source{Keyring: &Keyring{lib: keep, bus: noBus}}, desk.Unavailable, ErrNoBackend, "no desktop session"},
		{"keyring panics", ring(keep), ring(&fakeLibrary{panics: true}), desk.Unavailable, ErrNoBackend, "not one of a keyring"},
		{"other choice", ring(keep), Source{Backend: BackendPassphrase, Passphrase: says("correct horse")}, desk.Conflict, nil, "for a new desk only"},
		{"passphrase wrong", Source{Backend: BackendPassphrase, Passphrase: says("correct horse")}, Source{Passphrase: says("battery staple")}, desk.Denied, ErrWrongKey, "does not open"},
		{"passphrase empty", Source{Backend: BackendPassphrase, Passphrase: says("correct horse")}, Source{Passphrase: says("")}, desk.Denied, ErrWrongKey, "try again"},
		{"passphrase nobody asks", Source{Backend: BackendPassphrase, Passphrase: says("correct horse")}, Source{}, desk.Unavailable, ErrNoBackend, "nobody"},
		{"command prints another key", Source{Backend: BackendCommand, Command: []string{"cat", key}}, Source{Command: []string{"echo", wrong}}, desk.Denied, ErrWrongKey, "this desk's own key"},
		{"command prints a password", Source{Backend: BackendCommand, Command: []string{"cat", key}}, Source{Command: []string{"echo", "0123456789abcdef0123456789abcdef"}}, desk.Denied, ErrWrongKey, "32 bytes in base 64"},
		{"command fails", Source{Backend: BackendCommand, Command: []string{"cat", key}}, Source{Command: []string{"false"}}, desk.Unavailable, ErrNoBackend, "run it by hand"},
		{"command is not there", Source{Backend: BackendCommand, Command: []string{"cat", key}}, Source{Command: []string{"no-such-program-of-hark"}}, desk.Unavailable, ErrNoBackend, "run it by hand"},
		{"no command", Source{Backend: BackendCommand, Command: []string{"cat", key}}, Source{}, desk.Unavailable, ErrNoBackend, "no command"},
		{"memory gone", Source{Backend: BackendMemory}, Source{}, desk.Unavailable, ErrNotFound, "choose another folder"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir, _, _ := newDesk(t, c.made)
			before := contents(t, dir)
			v, err := Open(t.Context(), dir, c.open)
			if err == nil {
				_ = v.Close()
				t.Fatal("it opens")
			}
			refused(t, err, c.code, c.is, c.says)
			same(t, before, contents(t, dir))
		})
	}
}

// refused checks an error's code, cause and sentence.
func refused(t *testing.T, err error, code desk.Code, is error, says string) {
	t.Helper()
	if desk.CodeOf(err) != code || is != nil && !errors.Is(err, is) {
		t.Errorf("%v: code %q, want %q and %v", err, desk.CodeOf(err), code, is)
	}
	sentence := desk.Sentence(err)
	if !strings.Contains(sentence, says) || strings.Contains(sentence, "\n") {
		t.Errorf("it says %q, without %q or on several lines", sentence, says)
	}
}

func same(t *testing.T, before, after map[string][]byte) {
	t.Helper()
	if !slices.Equal(slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after))) {
		t.Errorf("files were %v and are %v", slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)))
	}
	for name := range before {
		if !bytes.Equal(before[name], after[name]) {
			t.Errorf("%s was written", name)
		}
	}
}

func TestFolderThatIsNotWhole(t *testing.T) {
	src := Source{Backend: BackendMemory, Memory: NewMemory()}
	stranger := t.TempDir()
	v, err := Create(t.Context(), stranger, src)
	if err != nil || v.Close() != nil {
		t.Fatal(err)
	}
	foreign, err := os.ReadFile(filepath.Join(stranger, vaultFile))
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name string
		edit func(dir string)
		code desk.Code
		says string
	}{
		{"no backend.json", func(dir string) { remove(t, dir, backendFile) }, desk.NotFound, "there is no desk"},
		{"backend.json torn", func(dir string) { writeFile(t, filepath.Join(dir, backendFile), `{"format":1`) }, desk.Unavailable, "restore it"},
		{"backend.json of a later version", func(dir string) { writeFile(t, filepath.Join(dir, backendFile), `{"format":2}`) }, desk.Unavailable, "format 2"},
		{"no keys.db", func(dir string) { remove(t, dir, vaultFile) }, desk.Unavailable, "keys.db is missing"},
		{"keys.db of another desk", func(dir string) {
			remove(t, dir, vaultFile+"-wal")
			writeFile(t, filepath.Join(dir, vaultFile), string(foreign))
		}, desk.Denied, "do not belong together"},
		{"keys.db and its log of another desk", func(dir string) {
			other, _, _ := newDesk(t, src)
			for _, name := range []string{vaultFile, vaultFile + "-wal"} {
				writeFile(t, filepath.Join(dir, name), string(contents(t, other)[name]))
			}
		}, desk.Denied, "do not belong together"},
		{"keys.db is not a database", func(dir string) {
			remove(t, dir, vaultFile+"-wal")
			writeFile(t, filepath.Join(dir, vaultFile), strings.Repeat("keys ", 4000))
		}, desk.Unavailable, "damaged"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir, _, _ := newDesk(t, src)
			c.edit(dir)
			before := contents(t, dir)
			v, err := Open(t.Context(), dir, src)
			if err == nil {
				_ = v.Close()
				t.Fatal("it opens")
			}
			refused(t, err, c.code, nil, c.says)
			same(t, before, contents(t, dir))
		})
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

// TestAnOlderKeyIsCalledOne gives a desk of epoch 2 the key of epoch 1.
func TestAnOlderKeyIsCalledOne(t *testing.T) {
	old, now := newKey(), newKey()
	r := remembered{Format: 1, Desk: randomName(), Backend: BackendKeyring, Epoch: 2}
	first, err := deskKey{raw: old, desk: r.Desk}.fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	r.Earlier = []string{first}
	if r.Fingerprint, err = (deskKey{raw: now, desk: r.Desk}).fingerprint(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.check(now); err != nil {
		t.Fatal(err)
	}
	_, err = r.check(old)
	refused(t, cannotOpen(r, err), desk.Denied, ErrWrongKey, "an older one of this desk, of epoch 1 where 2 is needed")
}

func TestCreateNeedsAnEmptyFolderAndAChoice(t *testing.T) {
	src := Source{Backend: BackendMemory, Memory: NewMemory()}
	dir, _, _ := newDesk(t, src)
	before := contents(t, dir)
	_, err := Create(t.Context(), dir, src)
	refused(t, err, desk.Conflict, nil, "holds a desk already")
	same(t, before, contents(t, dir))
	remove(t, dir, backendFile)
	_, err = Create(t.Context(), dir, src)
	refused(t, err, desk.Conflict, nil, "restore it from a backup")
	for _, backend := range []string{"", "plain", "\x1b[2J"} {
		empty := t.TempDir()
		_, err = Create(t.Context(), empty, Source{Backend: backend})
		refused(t, err, desk.Invalid, nil, "passphrase (asked for")
		if len(contents(t, empty)) != 0 || strings.Contains(desk.Sentence(err), "\x1b") {
			t.Errorf("%q: something was written, or the sentence holds an escape", backend)
		}
	}
}

// TestCreationCutShortIsTakenUp leaves a keys.db without backend.json.
func TestCreationCutShortIsTakenUp(t *testing.T) {
	src := Source{Backend: BackendMemory, Memory: NewMemory()}
	dir := t.TempDir()
	v, err := Create(t.Context(), dir, src)
	if err != nil || v.Close() != nil {
		t.Fatal(err)
	}
	remove(t, dir, backendFile)
	v, err = Create(t.Context(), dir, src)
	if err != nil {
		t.Fatal(err)
	}
	p := pair(desk.ClassDesk)
	if err := v.Ensure(t.Context(), []Pair{p}); err != nil {
		t.Fatal(err)
	}
	reopen(t, v, dir, src)
}

// TestFailedCreationLeavesNothing has the backend fail and the folder refuse.
func TestFailedCreationLeavesNothing(t *testing.T) {
	lib := &fakeLibrary{}
	dir := filepath.Join(t.TempDir(), "absent")
	_, err := Create(t.Context(), dir, Source{Backend: BackendKeyring, Keyring: fakeKeyring(lib)})
	refused(t, err, desk.Unavailable, nil, "data folder")
	if len(lib.all) != 0 {
		t.Error("an entry stays in the keyring")
	}
	empty := t.TempDir()
	for name, l := range map[string]*fakeLibrary{
		"locked": {err: errors.New("failed to unlock correct collection")},
		"lying":  {lies: base64.StdEncoding.EncodeToString(newKey())},
	} {
		_, err := Create(t.Context(), empty, Source{Backend: BackendKeyring, Keyring: fakeKeyring(l)})
		refused(t, err, desk.Unavailable, nil, "command (a program")
		if len(contents(t, empty)) != 0 {
			t.Errorf("%s: files are left: %v", name, contents(t, empty))
		}
	}
	_, err = Create(t.Context(), empty, Source{Backend: BackendPassphrase, Passphrase: says("short")})
	refused(t, err, desk.Invalid, nil, "too short")
}

// TestTwoDesksShareAKeyring checks that neither takes the other's key.
func TestTwoDesksShareAKeyring(t *testing.T) {
	src := Source{Backend: BackendKeyring, Keyring: fakeKeyring(&fakeLibrary{})}
	a, pa, sa := newDesk(t, src)
	b, pb, sb := newDesk(t, src)
	for _, d := range []struct {
		dir    string
		p      Pair
		sealed []byte
	}{{a, pa, sa}, {b, pb, sb}} {
		v, err := Open(t.Context(), d.dir, src)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := unseal(v, d.p, d.sealed); err != nil || got != "hello" {
			t.Errorf("%q, %v", got, err)
		}
		_ = v.Close()
	}
}

func TestProbe(t *testing.T) {
	lib := &fakeLibrary{}
	if err := Probe(t.Context(), Source{Backend: BackendKeyring, Keyring: fakeKeyring(lib)}); err != nil {
		t.Error(err)
	}
	if len(lib.all) != 0 {
		t.Error("the canary stays in the keyring")
	}
	err := Probe(t.Context(), Source{Backend: BackendKeyring, Keyring: &Keyring{lib: lib, bus: noBus}})
	refused(t, err, desk.Unavailable, ErrNoBackend, "passphrase (asked for")
	t.Setenv("CREDENTIALS_DIRECTORY", "")
	err = Probe(t.Context(), Source{Backend: BackendSystemd})
	refused(t, err, desk.Unavailable, ErrNoBackend, "LoadCredentialEncrypted")
	credentials(t, "hark", "not a key")
	err = Probe(t.Context(), Source{Backend: BackendSystemd})
	refused(t, err, desk.Unavailable, ErrWrongKey, "32 bytes")
	err = Probe(t.Context(), Source{Backend: BackendSystemd, CredentialName: "../hark"})
	refused(t, err, desk.Unavailable, ErrNoBackend, "not a credential's name")
}

// TestCommandThatNeverEnds holds the pipe open from a grandchild as well.
func TestCommandThatNeverEnds(t *testing.T) {
	for name, script := range map[string]string{
		"sleeps":     "sleep 60",
		"leaves one": "sleep 60 & echo " + base64.StdEncoding.EncodeToString(newKey()),
		"chatters":   "while :; do echo key; done",
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
			defer cancel()
			began := time.Now()
			_, err := command{argv: []string{"sh", "-c", script}}.Get(ctx, "")
			if err == nil || time.Since(began) > 5*time.Second {
				t.Errorf("%v after %v", err, time.Since(began))
			}
		})
	}
}

func TestPassphraseFromAPipe(t *testing.T) {
	for in, want := range map[string]string{
		"correct horse\n": "correct horse", "correct horse": "correct horse", "a\r\nb\n": "a", "": "",
		strings.Repeat("x", PassphraseMax) + "\n": strings.Repeat("x", PassphraseMax),
	} {
		got, err := PassphraseFrom(strings.NewReader(in))(t.Context())
		if err != nil || string(got) != want {
			t.Errorf("%.20q: %.20q, %v", in, got, err)
		}
	}
	if _, err := PassphraseFrom(strings.NewReader(strings.Repeat("x", PassphraseMax+1)))(t.Context()); err == nil {
		t.Error("an endless passphrase is taken")
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = w.Close(), r.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := PassphraseFrom(r)(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a pipe without an answer: %v", err)
	}
}

func ExampleBackends() {
	fmt.Println(Backends())
	// Output: [keyring passphrase systemd command]
}
