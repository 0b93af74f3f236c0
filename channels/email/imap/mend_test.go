package imap

import (
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// tape is a connection on which a server says everything at once, as soon as
// it was asked for the first time.
type tape struct {
	r     io.Reader
	asked chan struct{}
	once  *sync.Once
}

func (t tape) Read(p []byte) (int, error) {
	<-t.asked
	return t.r.Read(p)
}

func (t tape) Write(p []byte) (int, error) {
	t.once.Do(func() { close(t.asked) })
	return len(p), nil
}

func (tape) Close() error                     { return nil }
func (tape) LocalAddr() net.Addr              { return nil }
func (tape) RemoteAddr() net.Addr             { return nil }
func (tape) SetDeadline(time.Time) error      { return nil }
func (tape) SetReadDeadline(time.Time) error  { return nil }
func (tape) SetWriteDeadline(time.Time) error { return nil }

// played returns a wire on which a server answers with text.
func played(text string, asks asks) *wire {
	limits := Limits{Line: 64 << 10, Literal: 1 << 20}.withDefaults()
	conn := tape{r: strings.NewReader(text), asked: make(chan struct{}), once: new(sync.Once)}
	w := newWire(conn, "mail.example.com", limits)
	w.answer.begin(asks)
	return w
}

// heard returns what the library is given of an answer.
func heard(t *testing.T, w *wire) string {
	t.Helper()
	if _, err := w.Write([]byte("T1 FETCH\r\n")); err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(w)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestFetchIsMended(t *testing.T) {
	for in, want := range map[string]string{
		"* 1 FETCH (UID 5)\r\n":                                           "* 1 FETCH (UID 5)\r\n",
		"* 1 fetch ( uid 5  flags (\\Seen) )\n":                           "* 1 FETCH (UID 5 FLAGS (\\Seen))\r\n",
		"* 1 FETCH (UID 5 FLAGS(\\Seen [x)) junk\r\n":                     "* 1 FETCH (UID 5 FLAGS (\\Seen))\r\n",
		"* 1 FETCH (RFC822.SIZE 007 UID 5)\r\n":                           "* 1 FETCH (RFC822.SIZE 7 UID 5)\r\n",
		"* 1 FETCH (UID 5 X (a (b \")\" c)) MODSEQ (9))\r\n":              "* 1 FETCH (UID 5 MODSEQ (9))\r\n",
		"* 1 FETCH (UID 5 BODY[] {3}\r\nabc FLAGS ())\r\n":                "* 1 FETCH (UID 5 BODY[] {3}\r\nabc FLAGS ())\r\n",
		"* 1 FETCH (UID 5 BODY[] ~{3+}\r\nabc)\r\n":                       "* 1 FETCH (UID 5 BODY[] {3}\r\nabc)\r\n",
		"* 1 FETCH (UID 5 BODY[1.2] {3}\r\nabc BODY[TEXT]<0> {1}\r\nx)\n": "* 1 FETCH (UID 5 BODY[TEXT]<0> {1}\r\nx)\r\n",
		"* 1 FETCH (UID 5 RFC822 NIL RFC822.HEADER \"a\\\"\")\r\n":        "* 1 FETCH (UID 5 BODY[] NIL BODY[HEADER] \"a\\\"\")\r\n",
		"* 1 FETCH (UID 5 INTERNALDATE \" 2-Nov-2026 10:00:00 +0100\")\n": "* 1 FETCH (UID 5 INTERNALDATE \" 2-Nov-2026 10:00:00 +0100\")\r\n",
		"* 1 FETCH (UID 5 BODY[] {3}\r\nabc":                              "* 1 FETCH (UID 5 BODY[] {3}\r\nabc",
		"* 0 FETCH (UID 5)\r\n* 1 FETCH UID 5\r\n* 1 FETCH ()\r\n":        "",
		"* 1 FETCH (UID 5 BODY[HEADER.FIELDS (\"A]\" B)] {3}\r\nabc)\r\n": "* 1 FETCH (UID 5)\r\n",
		"* 1 FETCH (UID 5 X \"open\r\n* 2 FETCH (UID 6)\r\n":              "* 1 FETCH (UID 5)\r\n* 2 FETCH (UID 6)\r\n",
		"T1 OK [CAPABILITY X Y] done\r\n":                                 "T1 OK done\r\n",
		"T1 NO [NONEXISTENT] no such\tthing\r\n":                          "T1 NO [NONEXISTENT] no suchthing\r\n",
		"T1 OK [Error=\"x\" y] {9}\r\n":                                   "T1 OK (Error=\"x\" y)\r\n",
		"T1 BAD\r\n":                                                      "T1 BAD -\r\n",
	} {
		if got := heard(t, played(in, asks{fetches: true})); got != want {
			t.Errorf("%q became\n%q, want\n%q", in, got, want)
		}
	}
}

func TestListsAreRead(t *testing.T) {
	w := played("* SEARCH 3 1\t2 4294967295 (MODSEQ 9)\r\n* SEARCH\r\n* search 7 x 8\r\n* SEARCH 0 9\r\n"+
		"* LIST (\\HasNoChildren \\Sent) \"/\" \"Gesendet &- mehr\"\r\n* LIST () NIL INBOX\r\n"+
		"* LIST () \"/\" \"Entw&APw-rfe\"\r\n* LIST () \"/\" \"&broken\"\r\n* LIST () \"/\" \"caf\xe9\"\r\n"+
		"* LIST () \"/\" {5}\r\nabcde\r\n* LIST (\r\n* LIST () \"/\r\n* LIST () \"\\\\\" a\\b (\"CHILDINFO\" (\"X\"))\r\n", asks{})
	if rest := heard(t, w); rest != "" {
		t.Errorf("the library was given %q", rest)
	}
	if got, want := w.answer.found(), []uint32{3, 1, 2, 4294967295, 7}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	var names []string
	for _, box := range w.answer.mailboxes() {
		names = append(names, box.name)
	}
	if want := []string{"Gesendet & mehr", "INBOX", "Entwürfe", `a\b`}; !slices.Equal(names, want) {
		t.Errorf("the mailboxes are %q, want %q", names, want)
	}
}

func TestNamesSurviveTheirEncoding(t *testing.T) {
	for name, want := range map[string]string{
		"INBOX": "INBOX", "A&B": "A&-B", "Entwürfe": "Entw&APw-rfe", "台北": "&U,BTFw-", "🙂x": "&2D3eQg-x", "": "",
		"~peter/mail/台北/日本語": "~peter/mail/&U,BTFw-/&ZeVnLIqe-",
	} {
		got := encodeName(name)
		back, ok := decodeName(got)
		if got != want || !ok || back != name {
			t.Errorf("%q is written %q and read back as %q %v, want %q", name, got, back, ok, want)
		}
	}
	for _, bad := range []string{"&", "&abc", "&!-", "&A-", "ü", "a\x00b", "&AGE", "&AAA-"} {
		if name, ok := decodeName(bad); ok {
			t.Errorf("%q was read as %q", bad, name)
		}
	}
}

func TestRolesByName(t *testing.T) {
	boxes := withRoles([]listed{
		{name: "INBOX"},
		{name: "INBOX.Gesendet"},
		{name: "INBOX.Papierkorb", attrs: []string{`\trash`}},
		{name: "Trash"},
		{name: "Sent", attrs: []string{`\noselect`}},
		{name: "[Gmail]/Spam"},
		{name: "[Gmail]/All Mail", attrs: []string{`\all`}},
		{name: "Second", attrs: []string{`\trash`}},
	})
	roles := map[string]Role{}
	for _, b := range boxes {
		roles[b.Name] = b.Role
		if guessed := b.Name == "INBOX.Gesendet" || b.Name == "[Gmail]/Spam"; b.Guessed != guessed {
			t.Errorf("%s counts as guessed: %v", b.Name, b.Guessed)
		}
	}
	for name, want := range map[string]Role{
		"INBOX": "", "INBOX.Gesendet": RoleSent, "INBOX.Papierkorb": RoleTrash, "Trash": "", "[Gmail]/Spam": RoleJunk,
		"[Gmail]/All Mail": RoleAll, "Second": "",
	} {
		if got, there := roles[name]; !there || got != want {
			t.Errorf("%s plays %q, want %q", name, got, want)
		}
	}
	if _, there := roles["Sent"]; there {
		t.Error("a mailbox that cannot be selected is listed")
	}
}

func TestRedacted(t *testing.T) {
	for in, want := range map[string]string{
		`H1 OK ann@example.com authenticated`:   `H1 OK …@… authenticated`,
		`* 1 FETCH (BODY[] "Dear \"you\"" X)`:   `* 1 FETCH (BODY[] "…" X)`,
		"* OK \x1b[31mred\x07 café":             `* OK ?[31mred? caf??`,
		`* LIST () "/" "Mails of Ann`:           `* LIST () "…" "…"`,
		`A1 OK [APPENDUID 38505 3955] "a\`:      `A1 OK [APPENDUID 38505 3955] "…"`,
		`* ID ("user" "ann") <ann@example.com>`: `* ID ("…" "…") …@…`,
	} {
		if got := redact(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}

// FuzzAnswer lets a server say anything to a FETCH. Whatever it is, the
// library must be able to read what becomes of it, and come to an end.
func FuzzAnswer(f *testing.F) {
	for _, fault := range slices.Concat(oddSeeds(), []string{"+\r\n", "T1 OK\r\n", "* BYE\r\n", "T1 NO [X] y\r\n"}) {
		f.Add(fault)
	}
	ends := regexp.MustCompile(`T[0-9]`)
	f.Fuzz(func(tb *testing.T, text string) {
		if ends.MatchString(text) || len(text) > 32<<10 {
			return // it may end a command itself, or is too long anyway
		}
		w := played(text+"\r\nT1 OK done\r\n", asks{fetches: true, bodies: true})
		w.out = []byte("* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n")
		lib := imapclient.New(w, nil)
		cmd := lib.Fetch(imap.UIDSet{{Start: 1}}, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}})
		d := &delivery{limit: 1 << 20, cut: w.cut.Load, fn: swallow}
		for mail := cmd.Next(); mail != nil; mail = cmd.Next() {
			d.mail(mail)
		}
		err := cmd.Close()
		if err != nil && w.lost() == nil {
			tb.Errorf("the library could not read what %q became: %v", text, err)
		}
		if t := w.lost(); t != nil && strings.Contains(t.Words, "cannot be read") {
			tb.Errorf("the library gave up on %q: %v", text, err)
		}
	})
}

func oddSeeds() []string {
	return []string{
		"* 1 FETCH (UID 1 BODY[] {5}\r\nhello FLAGS (\\Seen))\r\n",
		"* 1 FETCH (UID 1 X-NOTE ({4}\r\n)) ( \"x\" (y)) BODY[] {3}\r\nabc)\r\n",
		"* 1 FETCH (BODY[] {0}\r\n UID 1)\r\n* 2 FETCH (UID 2 BODY[] NIL)\r\n",
		"* 1 FETCH (UID 1 INTERNALDATE \"02-Nov-2026 10:00:00 +0000\" MODSEQ (12) RFC822.SIZE 5 BODY[] \"a\\\"b\")\n",
		"* SEARCH 1 2 3\r\n* LIST () \"/\" x\r\n* 3 EXISTS\r\n* 2 EXPUNGE\r\n* VANISHED 1:3\r\n* OK [UIDNEXT 3] x\r\n",
		"* 1 FETCH (UID 1 BODY[HEADER] {2}\r\n\r\n BODY[TEXT]<0> {1}\r\nx BODY[1.MIME] \"\")\r\n",
		"* 1 FETCH (UID 1 BODY[] {1099511627776}\r\nabc",
	}
}

// FuzzMailboxName reads names of mailboxes; what was read must be askable for.
func FuzzMailboxName(f *testing.F) {
	for _, s := range []string{"INBOX", "&U,BTFw-", "A&-B", "&2D3eQg-x", "&AGE-", "&2D0-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, ok := decodeName(s)
		if !ok {
			return
		}
		if back, ok := decodeName(encodeName(name)); !ok || back != name {
			t.Errorf("%q is read as %q and asked for as %q", s, name, encodeName(name))
		}
	})
}
