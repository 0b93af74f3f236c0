package recorder

import (
	"bytes"
	"encoding/base64"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hark/desk"
	"hark/desk/desktest"
	"hark/recorder/keys"
)

// place is a data folder and what opens it.
type place struct{ o Options }

func newPlace(t testing.TB) *place {
	t.Helper()
	return &place{Options{
		Dir: filepath.Join(t.TempDir(), "made", "desk"),
		Key: keys.Source{Backend: keys.BackendMemory, Memory: keys.NewMemory()},
	}}
}

// office is an open desk.
type office struct {
	*desk.Desk
	t   testing.TB
	rec *Recorder
}

func (p *place) create(t testing.TB) *office {
	t.Helper()
	r, err := Create(t.Context(), p.o)
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, r)
	owner := desk.AccountCreated{Name: "ana", Display: "Ana Ek", Roles: []desk.Role{desk.RoleAdmin, desk.RoleAgent}}
	if err := o.Create(t.Context(), "Lamp shop", owner); err != nil {
		t.Fatal(err)
	}
	return o
}

func (p *place) open(t testing.TB) *office {
	t.Helper()
	r, err := Open(t.Context(), p.o)
	if err != nil {
		t.Fatal(err)
	}
	return newOffice(t, r)
}

func newOffice(t testing.TB, r *Recorder) *office {
	return &office{desk.New(desk.Options{Journal: r.Journal(), State: r.State(), Drafts: r.Drafts(), Files: r.Files()}), t, r}
}

func (o *office) close() {
	o.t.Helper()
	o.Close()
	if err := o.rec.Close(); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) says(name, client, text string) desk.ID {
	o.t.Helper()
	id, err := o.Say(o.t.Context(), desk.Words{Token: desktest.Token(name), Client: client, Text: text, Name: name})
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *office) ana() *desk.Session {
	o.t.Helper()
	s, err := o.SignIn(o.t.Context(), desk.SignIn{Account: o.rec.State().AccountNamed("ana").ID, Via: "test"})
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

// texts returns what was said in a conversation.
func (o *office) texts(id desk.ID) (texts []string) {
	o.t.Helper()
	th, err := o.ana().Open(o.t.Context(), id, desk.Serve, "open", 10)
	if err != nil {
		o.t.Fatal(err)
	}
	defer th.Close()
	_, err = th.Each(o.t.Context(), func(a desk.Applied) error {
		switch b := a.Body.(type) {
		case desk.Message:
			texts = append(texts, b.Text)
		case desk.Note:
			texts = append(texts, b.Text)
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return texts
}

func TestDeskSurvivesARestart(t *testing.T) {
	p := newPlace(t)
	o := p.create(t)
	id := o.says("mia", "c1", "where is my lamp?")
	ana := o.ana()
	if err := ana.Reply(t.Context(), id, "on its way"); err != nil {
		t.Fatal(err)
	}
	if err := ana.Note(t.Context(), id, "she is a friend of the boss"); err != nil {
		t.Fatal(err)
	}
	ana.SaveDraft(id, false, "and by the way")
	host, err := o.rec.HostKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o.close()

	folded := uint64(0)
	p.o.Progress = func(done, _ uint64) { folded = done }
	o = p.open(t)
	defer o.close()
	if folded != 0 {
		t.Errorf("%d events were folded again after a proper end", folded)
	}
	want := []string{"where is my lamp?", "on its way", "she is a friend of the boss"}
	if got := o.texts(id); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if d, err := o.ana().Draft(t.Context(), id); err != nil || d.Text != "and by the way" {
		t.Errorf("the draft reads %q, %v", d.Text, err)
	}
	if again, err := o.rec.HostKey(t.Context()); err != nil || !again.Equal(host) {
		t.Error("the host key is another", err)
	}
	if row := o.rec.State().Conversation(id); row == nil || row.Status != desk.StatusWaiting {
		t.Errorf("%+v", row)
	}
}

// TestNothingIsReadableOnTheDisk looks for everything that people wrote, and
// their names, in every file of the folder.
func TestNothingIsReadableOnTheDisk(t *testing.T) {
	p := newPlace(t)
	o := p.create(t)
	id := o.says("Wilhelmina", "c1", "a question about chandeliers")
	ana := o.ana()
	if err := ana.Note(t.Context(), id, "a remark between colleagues"); err != nil {
		t.Fatal(err)
	}
	ana.SaveDraft(id, false, "something unfinished")
	secrets := []string{"Wilhelmina", "chandeliers", "colleagues", "unfinished", "Ana Ek", "Lamp shop"}
	look := func(when string) {
		for name, content := range contents(t, p.o.Dir) {
			for _, s := range secrets {
				if bytes.Contains(content, []byte(s)) {
					t.Errorf("%s: %q stands in %s", when, s, name)
				}
			}
		}
	}
	look("while it is open")
	o.close()
	look("after it is closed")
	for name, mode := range modes(t, p.o.Dir) {
		if mode.Perm()&0o077 != 0 {
			t.Errorf("others can reach %s: %v", name, mode)
		}
	}
}

func contents(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for name := range modes(t, dir) {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			all[name] = b
		}
	}
	return all
}

func modes(t testing.TB, dir string) map[string]fs.FileMode {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]fs.FileMode{}
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			all[e.Name()] = info.Mode()
		}
	}
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	all["."] = info.Mode()
	return all
}

// refused checks an error's code and sentence.
func refused(t *testing.T, err error, code desk.Code, says string) {
	t.Helper()
	if desk.CodeOf(err) != code || !strings.Contains(desk.Sentence(err), says) {
		t.Errorf("%s: %q; want %s and %q", desk.CodeOf(err), desk.Sentence(err), code, says)
	}
}

func TestCreateAndOpenDoNotDoEachOthersWork(t *testing.T) {
	p := newPlace(t)
	_, err := Open(t.Context(), p.o)
	refused(t, err, desk.NotFound, "there is no desk in")
	if err := os.MkdirAll(p.o.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), p.o)
	refused(t, err, desk.NotFound, "start hark to make one")
	if names := contents(t, p.o.Dir); len(names) != 0 {
		t.Errorf("opening no desk left %v", slices.Collect(maps.Keys(names)))
	}
	if Exists(p.o.Dir) {
		t.Error("a desk is said to be there")
	}
	p.create(t).close()
	if !Exists(p.o.Dir) {
		t.Error("the desk is said not to be there")
	}
	before := contents(t, p.o.Dir)
	_, err = Create(t.Context(), p.o)
	refused(t, err, desk.Conflict, "holds a desk already")
	same(t, before, contents(t, p.o.Dir))
}

func same(t *testing.T, before, after map[string][]byte) {
	t.Helper()
	for name := range before {
		if !bytes.Equal(before[name], after[name]) {
			t.Errorf("%s was written", name)
		}
	}
	for name := range after {
		if _, ok := before[name]; !ok {
			t.Errorf("%s was made", name)
		}
	}
}

func TestSecondHubIsToldWhoWasFirst(t *testing.T) {
	p := newPlace(t)
	o := p.create(t)
	_, err := Open(t.Context(), p.o)
	refused(t, err, desk.Conflict, "a hub (process ")
	o.says("mia", "c1", "still there?")
	o.close()
	p.open(t).close()
}

// TestFailedStartsWriteNothing has each part of the folder wrong in turn.
func TestFailedStartsWriteNothing(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{1}, 32))), 0o600); err != nil {
		t.Fatal(err)
	}
	wrong := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{2}, 32))
	remove := func(name string) func(dir string) error {
		return func(dir string) error { return os.Remove(filepath.Join(dir, name)) }
	}
	cases := []struct {
		name   string
		change func(dir string) error
		argv   []string
		code   desk.Code
		says   string
	}{
		{"wrong key", nil, []string{"echo", wrong}, desk.Denied, "it is another key"},
		{"no key", nil, []string{"false"}, desk.Unavailable, "run it by hand"},
		{"no journal", remove("journal.db"), []string{"cat", key}, desk.Unavailable, "journal.db is missing"},
		{"no keys", remove("keys.db"), []string{"cat", key}, desk.Unavailable, "keys.db is missing"},
		{"journal is something else", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "journal.db"), bytes.Repeat([]byte("x"), 9000), 0o600)
		}, []string{"cat", key}, desk.Unavailable, "journal.db"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := newPlace(t)
			p.o.Key = keys.Source{Backend: keys.BackendCommand, Command: []string{"cat", key}}
			o := p.create(t)
			o.says("mia", "c1", "hello")
			o.close()
			if c.change != nil {
				if err := c.change(p.o.Dir); err != nil {
					t.Fatal(err)
				}
			}
			before := contents(t, p.o.Dir)
			p.o.Key.Command = c.argv
			r, err := Open(t.Context(), p.o)
			if err == nil {
				_ = r.Close()
				t.Fatal("it opens")
			}
			refused(t, err, c.code, c.says)
			same(t, before, contents(t, p.o.Dir))
		})
	}
}

func TestFoldersThatCannotHoldADesk(t *testing.T) {
	p := newPlace(t)
	p.o.Dir = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(p.o.Dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Create(t.Context(), p.o)
	refused(t, err, desk.Unavailable, "--data DIR")
	p.o.Dir = "/proc/self"
	_, err = Create(t.Context(), p.o)
	if err == nil {
		t.Error("a desk is in /proc")
	}
}

func TestChecksSayWhatIsWrong(t *testing.T) {
	p := newPlace(t)
	o := p.create(t)
	defer o.close()
	o.says("mia", "c1", "hello")
	parts := map[string]Check{}
	for _, c := range o.rec.Checks(t.Context()) {
		parts[c.Part] = c
		if !c.OK || c.Words == "" {
			t.Errorf("%s: %s", c.Part, c.Words)
		}
	}
	for _, part := range []string{"hub.lock", "backend.json", "keys.db", "journal.db", "state.db", "drafts.db", "key backend"} {
		if _, ok := parts[part]; !ok {
			t.Errorf("nothing is said about %s", part)
		}
	}
	if c := parts["keys.db"]; c.Size == 0 || !strings.Contains(c.Words, "keys, whole") {
		t.Errorf("%+v", c)
	}
	if err := os.Remove(filepath.Join(p.o.Dir, "state.db")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.o.Dir, "backend.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.o.Key.Memory.Forget()
	for _, c := range o.rec.Checks(t.Context()) {
		broken := slices.Contains([]string{"state.db", "backend.json", "key backend"}, c.Part)
		if c.OK == broken {
			t.Errorf("%s: %t, %s", c.Part, c.OK, c.Words)
		}
	}
}
