package staff_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
	"hark/staff"
)

const postEvil = "\x1b]0;owned\x07\u202eevil"

// post is a desk with a mail account.
type post struct {
	*world
	room *desktest.Mailroom
	n    uint32
}

func openPost(t *testing.T, change ...func(*staff.Options)) *post {
	t.Helper()
	w := open(t, change...)
	w.As("bo")
	return &post{world: w, room: desktest.NewMailroom(w.Env, desk.MailAccount{
		Name: "support", Address: desk.Address{Name: "Lamp shop", Mail: "help@shop.example"}, Signature: "The lamp shop",
		Fresh: time.Now().Add(-3 * time.Second), Counters: desk.MailCount{Fetched: 7, Threaded: 4, Copies: 1, Waiting: 1, Quarantined: 1},
	})}
}

// comes receives a mail and returns where it is.
func (p *post) comes(conversation desk.ID, from, subject, text string, change ...func(*desk.Incoming)) (row, item desk.ID) {
	p.t.Helper()
	p.n++
	in := desk.Incoming{
		ID: desk.DeriveID([]byte{byte(p.n)}), Conversation: conversation, Text: text,
		Letter: desk.Letter{
			Account: "support", MessageID: fmt.Sprintf("m%d@mail.example", p.n), Subject: subject, From: desk.Address{Name: "Mo Ek", Mail: from},
			To: []desk.Address{{Mail: "help@shop.example"}, {Mail: "ida@mail.example"}}, Received: time.Now(), Date: time.Now(),
			Evidence: []desk.Evidence{{Rule: desk.RuleNew, Words: "nothing points to a conversation"}},
		},
	}
	for _, f := range change {
		f(&in)
	}
	id, err := p.Receive(p.t.Context(), in)
	if err != nil {
		p.t.Fatal(err)
	}
	return id, in.ID
}

// outgoing returns the mails of a conversation that go out.
func (p *post) outgoing(id desk.ID) []desk.Message {
	p.t.Helper()
	var all []desk.Message
	for line := range strings.Lines(p.do("bo", "cat", "--json", id.String())) {
		var e struct {
			Kind string
			desk.Message
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			p.t.Fatalf("%s: %v", line, err)
		}
		if e.Kind == "message" && e.Direction == desk.Out {
			all = append(all, e.Message)
		}
	}
	return all
}

// replies answers a mail; who is left out is told on standard error.
func (p *post) replies(argv ...string) string {
	p.t.Helper()
	r := p.run("bo", "", append([]string{"reply"}, argv...)...)
	if r.status != 0 {
		p.t.Fatalf("reply %v: %+v", argv, r)
	}
	return r.out
}

func mails(all []desk.Address) string {
	var s []string
	for _, a := range all {
		s = append(s, a.Mail)
	}
	return strings.Join(s, " ")
}

func TestMailStatus(t *testing.T) {
	p := openPost(t)
	out := p.do("bo", "mail", "status")
	if !regexp.MustCompile(`(?m)^support +idle +\ds ago +7 +4 +1 +1 +1 +0 +help@shop.example$`).MatchString(out) {
		t.Errorf("%s", out)
	}
	p.room.SetAccount(desk.MailAccount{
		Name: "support", State: desk.MailSyncing, Words: "fetching" + postEvil, Done: 1200, Total: 30000, Rate: 800, Posting: 2,
		Counters: desk.MailCount{Fetched: 1200, Threaded: 1199},
	})
	out = p.do("bo", "mail", "status")
	for _, want := range []string{"never", "THE SUM IS WRONG", "fetching", "36 seconds to go", "2 to go out"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	if strings.ContainsAny(out, "\x1b\x07\u202e") {
		t.Errorf("%q", out)
	}
	var a desk.MailAccount
	if err := json.Unmarshal([]byte(p.do("bo", "mail", "status", "--json")), &a); err != nil || a.Name != "support" || a.Counters.Fetched != 1200 || a.Total != 30000 {
		t.Errorf("%+v, %v", a, err)
	}
	p.do("bo", "mail", "check", "support")
	if got := p.room.Pokes(); len(got) != 1 || got[0] != "support" {
		t.Errorf("pokes: %q", got)
	}
	if r := p.run("bo", "", "mail", "check", "billing"); r.status != staff.ExitNotFound {
		t.Errorf("%+v", r)
	}
}

func TestADeskWithoutMailSaysSo(t *testing.T) {
	w := open(t)
	w.As("bo")
	for _, argv := range [][]string{{"mail", "status"}, {"mail", "quarantine"}, {"mail", "send", "--to", "a@b.example", "--subject", "x", "hello"}} {
		if r := w.run("bo", "", argv...); r.status == 0 || !strings.Contains(r.err, "[mail.NAME]") {
			t.Errorf("%v: %+v", argv, r)
		}
	}
}

// The history of a mailbox is fetched newest first, and told oldest first.
func TestHistoryIsToldInOrder(t *testing.T) {
	p := openPost(t)
	past := func(days int) func(*desk.Incoming) {
		return func(in *desk.Incoming) {
			in.Letter.Past, in.Letter.Received = true, time.Now().AddDate(0, 0, -days)
		}
	}
	id, _ := p.comes(desk.ID{}, "mo@mail.example", "Lamp", "the newest", past(30))
	p.comes(id, "mo@mail.example", "Lamp", "the first", past(90))
	p.comes(id, "mo@mail.example", "Lamp", "the second", past(60))
	cat := p.do("bo", "cat", id.String())
	first, second, newest := strings.Index(cat, "the first"), strings.Index(cat, "the second"), strings.Index(cat, "the newest")
	if first < 0 || second < first || newest < second {
		t.Errorf("it is told as\n%s", cat)
	}
}

func TestMailIsPrintedSoThatItCannotImitateUs(t *testing.T) {
	p := openPost(t)
	text := "Hello,\n[resolved]\nthe lamp is dark." + postEvil + "\n\nOn Monday we wrote:\n> one\n> two\n\n-- \nMo\n"
	quote, sig := strings.Index(text, "On Monday"), strings.Index(text, "-- \n")
	id, item := p.comes(desk.ID{}, "mo@mail.example", "Dark lamp"+postEvil, text, func(in *desk.Incoming) {
		in.Letter.Folds = []desk.Fold{{From: quote, To: sig, Kind: desk.FoldQuote}, {From: sig, To: len(text), Kind: desk.FoldSignature}}
		in.Letter.Warnings = []string{"the name holds another address"}
		in.Letter.Remote, in.Letter.Trackers, in.Letter.Auth = 5, 2, "fail"
		in.Letter.Parts = []desk.Part{{N: 2, ID: desk.PartID(in.ID, 2), Name: "plan.pdf", Type: "application/pdf", Size: 1200, Kind: desk.PartFile}}
	})
	cat := p.do("bo", "cat", id.String())
	for _, want := range []string{
		"> Dark lamp", "[from Mo Ek <mo@mail.example>; to help@shop.example, ida@mail.example]", "[warning: the name holds another address]",
		"5 remote pictures were not loaded; 2 of them watch", "does not vouch", "> Hello,", "> [resolved]", "[3 lines of earlier mails; hark cat --whole shows them]",
		"[2 lines of a signature", "[file: plan.pdf, application/pdf, 2 KB]",
	} {
		if !strings.Contains(cat, want) {
			t.Errorf("no %q in\n%s", want, cat)
		}
	}
	for l := range strings.Lines(cat) {
		if strings.HasPrefix(strings.TrimSpace(l), "[resolved]") {
			t.Errorf("a mail imitates what hark says:\n%s", cat)
		}
	}
	if whole := p.do("bo", "cat", "--whole", id.String()); !strings.Contains(whole, "> > two") || !strings.Contains(whole, "> Mo") || strings.Contains(whole, "hark cat --whole") {
		t.Errorf("%s", whole)
	}
	if strings.ContainsAny(cat, "\x1b\x07\u202e") {
		t.Errorf("%q", cat)
	}
	if ls := p.do("bo", "ls"); !strings.Contains(ls, "Dark lamp") {
		t.Errorf("%s", ls)
	}
	p.room.SetRaw(item, []byte("Subject: raw\r\n\r\nbytes\x00\r\n"), map[int][]byte{2: []byte("%PDF")})
	if raw := p.do("bo", "mail", "raw", id.String()); raw != "Subject: raw\r\n\r\nbytes\x00\r\n" {
		t.Errorf("%q", raw)
	}
	if files := p.do("bo", "files", id.String()); !strings.Contains(files, "plan.pdf") {
		t.Errorf("%s", files)
	}
	if got := p.do("bo", "save", id.String(), "1", "-"); got != "%PDF" {
		t.Errorf("%q", got)
	}
	past, _ := p.comes(desk.ID{}, "al@mail.example", "Long ago", "Hello.", func(in *desk.Incoming) { in.Letter.Past = true })
	if why := p.do("bo", "why", past.String()); !strings.Contains(why, "Long ago") || !strings.Contains(why, "[new]") {
		t.Errorf("%s", why)
	}
	why := p.do("bo", "why", id.String())
	if !strings.Contains(why, "Mo Ek <mo@mail.example>: Dark lamp") || !strings.Contains(why, "nothing points to a conversation [new]") {
		t.Errorf("%s", why)
	}
}

func TestReplyAndWhoGetsIt(t *testing.T) {
	p := openPost(t)
	id, _ := p.comes(desk.ID{}, "mo@mail.example", "Dark lamp", "It is dark.")
	short := id.String()[:6]
	out := p.replies(short, "Which", "lamp?")
	if !strings.Contains(out, "mail to Mo Ek <mo@mail.example>; hark mail undo") {
		t.Errorf("%q", out)
	}
	m := p.outgoing(id)[0]
	if m.Text != "Which lamp?\n\n-- \nThe lamp shop" || m.Mail.Subject != "Re: Dark lamp" || !m.Mail.Quote || mails(m.Mail.To) != "mo@mail.example" || m.Mail.InReplyTo != "m1@mail.example" {
		t.Errorf("%+v %+v", m, m.Mail)
	}
	p.do("bo", "mail", "undo", short)
	if row := p.row(id); len(row.Outbox) != 0 {
		t.Errorf("it still goes out: %+v", row.Outbox)
	}
	r := p.run("bo", "Two\nlines\n", "reply", short, "--all", "--cc", "Al <al@new.example>", "--bcc", "boss@shop.example", "--subject", "Lamps", "-")
	if r.status != staff.ExitUsage || !strings.Contains(r.err, "al@new.example") || !strings.Contains(r.err, "? --outside says yes") {
		t.Fatalf("an outside address: %+v", r)
	}
	r = p.run("bo", "Two\nlines\n", "reply", short, "--all", "--outside", "--cc", "Al <al@new.example>", "--bcc", "boss@shop.example", "--subject", "Lamps", "-")
	if r.status != 0 || !strings.Contains(r.err, "new among the recipients: Al <al@new.example>, boss@shop.example") {
		t.Fatalf("%+v", r)
	}
	m = p.outgoing(id)[1]
	if mails(m.Mail.Cc) != "ida@mail.example al@new.example" || mails(m.Mail.Bcc) != "boss@shop.example" || m.Mail.Subject != "Lamps" || !strings.HasPrefix(m.Text, "Two\nlines\n\n-- ") {
		t.Errorf("%+v %+v", m, m.Mail)
	}
	if p.replies(short, "--no-quote", "short"); p.outgoing(id)[2].Mail.Quote {
		t.Error("it is quoted although nobody wants that")
	}
	if r := p.run("bo", "", "reply", short, "--to", "ida@mail.example", "hello"); r.status != 0 || !strings.Contains(r.err, "do not get this one: Mo Ek <mo@mail.example>") {
		t.Errorf("%+v", r)
	}
	if r := p.run("bo", "", "reply", short, "--cc", "x@y.example\nBcc: z@y.example", "hello"); r.status != staff.ExitUsage {
		t.Errorf("a line break in an address: %+v", r)
	}
}

func TestNewMailAndForward(t *testing.T) {
	p := openPost(t)
	out := p.do("bo", "mail", "send", "--to", "mo@mail.example", "--subject", "Your lamp", "--json", "It", "is", "ready.")
	var sent struct {
		Conversation, Item string
		To                 []string
	}
	if err := json.Unmarshal([]byte(out), &sent); err != nil || len(sent.To) != 1 {
		t.Fatalf("%s: %v", out, err)
	}
	id, err := desk.ParseID(sent.Conversation)
	if err != nil {
		t.Fatal(err)
	}
	if m := p.outgoing(id)[0]; m.Mail.Subject != "Your lamp" || m.Mail.Account != "support" || m.Text != "It is ready.\n\n-- \nThe lamp shop" {
		t.Errorf("%+v", m)
	}
	from, item := p.comes(desk.ID{}, "mo@mail.example", "Dark lamp", "It is dark.", func(in *desk.Incoming) {
		in.Letter.Parts = []desk.Part{{N: 2, ID: desk.PartID(in.ID, 2), Name: "plan.pdf", Type: "application/pdf", Size: 4, Kind: desk.PartFile}}
	})
	if r := p.run("bo", "", "forward", from.String(), "See below."); r.status != staff.ExitUsage || !strings.Contains(r.err, "--to") {
		t.Errorf("%+v", r)
	}
	p.room.SetRaw(item, []byte("x"), map[int][]byte{2: []byte("%PDF")})
	out = p.do("bo", "forward", from.String(), "--to", "works@maker.example", "--outside", "--json", "See below.")
	if err := json.Unmarshal([]byte(out), &sent); err != nil || sent.Conversation == from.String() {
		t.Fatalf("the maker is in the customer's conversation: %s %v", out, err)
	}
	id, err = desk.ParseID(sent.Conversation)
	if err != nil {
		t.Fatal(err)
	}
	if m := p.outgoing(id)[0]; m.Mail.Subject != "Fwd: Dark lamp" || !m.Mail.Forward || len(m.Mail.Carry) != 1 || m.Mail.Parent != item {
		t.Errorf("%+v", m.Mail)
	}
}

func TestMailInTrouble(t *testing.T) {
	p := openPost(t)
	id, _ := p.comes(desk.ID{}, "mo@mail.example", "Dark lamp", "It is dark.")
	short := id.String()[:6]
	p.replies(short, "Hello.")
	item := p.row(id).Outbox[0]
	fail := func(state desk.PostState) {
		t.Helper()
		err := p.Posted(t.Context(), id, desk.MailPosted{Item: item, State: state, Words: "550 no such user" + postEvil, Failed: []desk.Address{{Mail: "mo@mail.example"}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	fail(desk.PostFailed)
	cat := p.do("bo", "cat", "-n", short)
	if !regexp.MustCompile(`\[mail \d+ was refused: 550 no such user.* \(mo@mail\.example\)\]`).MatchString(cat) || strings.Contains(cat, "\x1b") {
		t.Errorf("%s", cat)
	}
	if ls := p.do("bo", "ls"); !strings.Contains(ls, "(mail failed)") {
		t.Errorf("%s", ls)
	}
	if r := p.run("bo", "", "resolve", short); r.status == 0 {
		t.Errorf("a mail that failed is resolved away: %+v", r)
	}
	p.do("bo", "mail", "resend", short)
	if got := p.room.Resent(); len(got) != 1 || got[0] != item {
		t.Errorf("%v", got)
	}
	fail(desk.PostParked)
	p.do("bo", "mail", "settle", short, "called", "them")
	if row := p.row(id); len(row.Trouble) != 0 {
		t.Errorf("%+v", row.Trouble)
	}
	if cat := p.do("bo", "cat", short); !strings.Contains(cat, ": called them]") {
		t.Errorf("%s", cat)
	}
	if r := p.run("bo", "", "mail", "resend", short); r.status != staff.ExitNotFound {
		t.Errorf("nothing is the matter: %+v", r)
	}
}

func TestProposedJoins(t *testing.T) {
	p := openPost(t)
	old, _ := p.comes(desk.ID{}, "mo@mail.example", "Dark lamp", "It is dark.")
	propose := func() desk.ID {
		id, _ := p.comes(desk.ID{}, "al@mail.example", "Re: Dark lamp", "Mine too.", func(in *desk.Incoming) {
			in.Proposed = old
			in.Letter.Evidence = []desk.Evidence{{Rule: desk.RuleParticipant, Words: "al@mail.example takes no part there", Conversation: old, Refused: true}}
		})
		return id
	}
	a, b := propose(), propose()
	if why := p.do("bo", "why", a.String()); !strings.Contains(why, "not followed: al@mail.example takes no part there ("+p.State.Short(old)+") [participant]") || !strings.Contains(why, "hark mail join") {
		t.Errorf("%s", why)
	}
	if out := p.do("bo", "mail", "join", a.String(), "--decline"); !strings.Contains(out, "stands by itself") || !p.row(a).Proposed.IsZero() {
		t.Errorf("%s", out)
	}
	if out := p.do("bo", "mail", "join", b.String()); !strings.Contains(out, "goes on in") || p.row(b).Merged.IsZero() && p.row(old).Merged.IsZero() {
		t.Errorf("%s", out)
	}
}

func TestQuarantineFromTheCommandLine(t *testing.T) {
	p := openPost(t)
	a, b := desk.NewID(), desk.NewID()
	p.room.SetQuarantine(desk.Quarantined{ID: a, Account: "support", Box: "INBOX", UID: 7, Stage: "fetch", Why: "the server sends nothing" + postEvil, At: time.Now(), Attempts: 3}, []byte("From: x\r\n\x1b[2J"))
	p.room.SetQuarantine(desk.Quarantined{ID: b, Account: "support", Box: "INBOX", UID: 8, Stage: "read", Why: "too deep", At: time.Now()}, nil)
	out := p.do("bo", "mail", "quarantine")
	if !strings.Contains(out, "the server sends nothing") || strings.ContainsAny(out, "\x1b\x07") || strings.Count(out, "\n") != 3 {
		t.Errorf("%q", out)
	}
	if raw := p.do("bo", "mail", "quarantine", a.String()[:8], "--raw"); raw != "From: x\r\n\x1b[2J" {
		t.Errorf("%q", raw)
	}
	p.do("bo", "mail", "quarantine", a.String(), "--retry")
	p.do("bo", "mail", "quarantine", b.String(), "--drop", "an attack")
	if r := p.run("bo", "", "mail", "quarantine", "zzzz", "--raw"); r.status != staff.ExitNotFound {
		t.Errorf("%+v", r)
	}
	if r := p.run("bo", "", "mail", "quarantine", "--drop", "x"); r.status != staff.ExitUsage {
		t.Errorf("%+v", r)
	}
}

func TestImportGoesThroughTheWire(t *testing.T) {
	var got staff.MailImport
	var raw string
	p := openPost(t, func(o *staff.Options) {
		o.ImportMail = func(_ context.Context, in staff.MailImport) (staff.MailImported, error) {
			b, err := io.ReadAll(in.From)
			got, raw = in, string(b)
			return staff.MailImported{Account: "support", Mails: 3, New: 1, Known: 2, Bytes: int64(len(b))}, err
		}
	})
	p.As("sue", desk.RoleSupervisor)
	if r := p.run("bo", "x", "mail", "import", "-"); r.status != staff.ExitDenied {
		t.Errorf("an agent imports: %+v", r)
	}
	r := p.run("sue", "From x\n", "mail", "import", "-", "--account", "support")
	if r.status != 0 || r.out != "3 mails: 1 new, 2 here already; hark mail status shows them being read\n" || raw != "From x\n" || got.Account != "support" {
		t.Errorf("%+v %+v %q", r, got, raw)
	}
	if r := p.run("sue", "", "mail", "import", "/etc/passwd"); r.status != staff.ExitUsage || !strings.Contains(r.err, "standard input") {
		t.Errorf("%+v", r)
	}
	if r := p.run("sue", "", "mail", "password", "support"); r.status != staff.ExitUsage {
		t.Errorf("the hub asks for a password: %+v", r)
	}
	c, _, ok := staff.Parse([]string{"mail", "import", "/mail/x.mbox", "--account", "support", "--json"}, io.Discard, io.Discard)
	if !ok || c.Here == nil || c.Here.Path != "/mail/x.mbox" || strings.Join(c.Here.Args, " ") != "mail import - --account=support --json" || !c.Input {
		t.Errorf("%+v", c)
	}
}
