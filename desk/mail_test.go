package desk_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

// post is a desk with the mail account help@shop.test.
type post struct {
	*desktest.Env
	t    *testing.T
	room *desktest.Mailroom
	n    byte
}

func newPost(t *testing.T) *post {
	t.Helper()
	env := desktest.New(t)
	shop := desk.MailAccount{Name: "shop", Address: desk.Address{Name: "Shop", Mail: "help@shop.test"}}
	return &post{Env: env, t: t, room: desktest.NewMailroom(env, shop)}
}

func address(mail string) desk.Address { return desk.Address{Mail: mail} }

// letter returns a mail from an address to the shop, that came now.
func letter(from, subject string) desk.Letter {
	return desk.Letter{
		Account: "shop", MessageID: subject + "@" + from, Subject: subject, From: address(from),
		To: []desk.Address{address("help@shop.test")}, Received: time.Now().UTC(),
	}
}

// comes lets a mail in; the zero conversation opens one.
func (p *post) comes(conversation desk.ID, text string, l desk.Letter) desk.ID {
	p.t.Helper()
	p.n++
	id, err := p.Receive(p.t.Context(), desk.Incoming{ID: desk.DeriveID([]byte{p.n}), Conversation: conversation, Text: text, Letter: l})
	must(p.t, err)
	return id
}

func (p *post) row(id desk.ID) *desk.Conversation { return p.State.Conversation(id) }

func TestMailOpensAConversation(t *testing.T) {
	p := newPost(t)
	l := letter("ana@ex.test", "Lamp")
	l.From.Name = "Ana\x1b[31m Björk"
	id := p.comes(desk.ID{}, "Where is it?", l)
	c := p.row(id)
	if c.Status != desk.StatusNew || c.Subject != "Lamp" || c.Account != "shop" || !c.Unread() || c.LastChannel() != desk.Email {
		t.Errorf("the row is %+v", c)
	}
	if c.Name != "Ana [31m Björk" {
		t.Errorf("the sender is called %q", c.Name)
	}
	if !slices.Equal(c.Parties, []string{"ana@ex.test"}) {
		t.Errorf("%v take part; the desk's own address is none of them", c.Parties)
	}
	second := letter("ana@ex.test", "Re: Lamp")
	second.Cc = []desk.Address{address("bo@ex.test")}
	p.comes(id, "Hello?", second)
	if c := p.row(id); c.Unanswered != 2 || !slices.Equal(c.Parties, []string{"ana@ex.test", "bo@ex.test"}) {
		t.Errorf("the row is %+v", c)
	}
	if items, err := p.PublicItems(t.Context(), id, 0, 10); err != nil || len(items) != 0 {
		t.Errorf("a chat would show %+v, %v", items, err)
	}
}

func TestMailIsKeptOnce(t *testing.T) {
	p := newPost(t)
	in := desk.Incoming{ID: desk.NewID(), Text: "hello", Letter: letter("ana@ex.test", "Lamp")}
	first, err := p.Receive(t.Context(), in)
	must(t, err)
	again, err := p.Receive(t.Context(), in)
	must(t, err)
	if first != again || p.row(first).Mails != 1 {
		t.Errorf("%s and %s, with %d mails", first, again, p.row(first).Mails)
	}
	bo := p.As("bo")
	other := p.comes(desk.ID{}, "another", letter("ana@ex.test", "Chair"))
	if _, err := bo.Merge(t.Context(), first, other); err != nil {
		t.Fatal(err)
	}
	if after := p.comes(first, "more", letter("ana@ex.test", "Re: Lamp")); after != other {
		t.Error("a mail did not follow the merge")
	}
	if _, err := p.Receive(t.Context(), desk.Incoming{Text: "nobody's"}); desk.CodeOf(err) != desk.Invalid {
		t.Errorf("a mail without an identifier: %v", err)
	}
}

// History and automatic answers make nobody wait.
func TestNobodyWaitsForHistory(t *testing.T) {
	p := newPost(t)
	old := letter("ana@ex.test", "Chair")
	old.Received, old.Past = time.Now().Add(-500*24*time.Hour).UTC().Truncate(time.Second), true
	id := p.comes(desk.ID{}, "an old one", old)
	c := p.row(id)
	if c.Status != desk.StatusResolved || c.NeedsUs() || c.Unread() || !c.At.Equal(old.Received) || !c.Opened.Equal(old.Received) {
		t.Errorf("history came as %+v", c)
	}
	older := old
	older.Received = old.Received.Add(-time.Hour)
	p.comes(id, "the first one", older)
	if c := p.row(id); c.Last != "an old one" || !c.Opened.Equal(older.Received) || !c.At.Equal(old.Received) {
		t.Errorf("what came late stands in front: %+v", c)
	}
	p.comes(id, "and now?", letter("ana@ex.test", "Re: Chair"))
	if c := p.row(id); c.Status != desk.StatusOpen || !c.Unread() {
		t.Errorf("a new mail left it %s", c.Status)
	}
	muted := letter("ana@ex.test", "Out of office")
	muted.Muted, muted.Automatic = true, "auto-submitted"
	bo := p.As("bo")
	must(t, bo.End(t.Context(), id))
	p.comes(id, "I am away", muted)
	if c := p.row(id); c.Status != desk.StatusResolved || c.Mails != 1 {
		t.Errorf("an automatic answer left it %s with %d to read", c.Status, c.Mails)
	}
	if c := p.row(p.comes(desk.ID{}, "I am away", muted)); c.Status != desk.StatusResolved {
		t.Errorf("an automatic answer to nothing is %s", c.Status)
	}
}

func TestReadingMail(t *testing.T) {
	p := newPost(t)
	bo, id := p.As("bo"), p.comes(desk.ID{}, "hello", letter("ana@ex.test", "Lamp"))
	bo.MarkRead(id)
	p.Close()
	if p.row(id).Unread() {
		t.Error("it is unread after somebody read it")
	}
	if m := <-p.MailMarks(); m != (desk.MailMark{Conversation: id, Read: 1}) {
		t.Errorf("marked is %+v", m)
	}
	must(t, bo.MarkUnread(t.Context(), id))
	if !p.row(id).Unread() {
		t.Error("it cannot be made unread")
	}
}

// A visitor who left an address and answers there to our signed mail is one
// person; who only has the address is another.
func TestOnePersonNeedsProof(t *testing.T) {
	p := newPost(t)
	chat, err := p.Say(t.Context(), desk.Words{Token: desktest.Token("ana"), Client: "1", Text: "hi", Name: "Ana", Mail: "Ana@ex.test"})
	must(t, err)
	bo := p.As("bo")
	stranger := p.comes(desk.ID{}, "I never proved a thing", letter("ana@ex.test", "Lamp"))
	if p.row(stranger).Contact == p.row(chat).Contact {
		t.Error("a bare From line made two people one")
	}

	o, err := bo.ReplyDraft(t.Context(), chat, false)
	must(t, err)
	if desk.JoinAddresses(o.To) != "Ana <ana@ex.test>" {
		t.Errorf("an answer by mail goes to %q", desk.JoinAddresses(o.To))
	}
	other, err := p.Say(t.Context(), desk.Words{Token: desktest.Token("cy"), Client: "1", Text: "hi", Mail: "cy@ex.test"})
	must(t, err)
	l := letter("cy@ex.test", "Re: your chat")
	l.Evidence = []desk.Evidence{{Rule: desk.RuleToken, Words: "our Message-ID"}}
	spoof := l
	spoof.Auth = "fail"
	spoofed := p.comes(desk.NewID(), "x", spoof)
	if p.row(spoofed).Contact == p.row(other).Contact {
		t.Error("a forged sender became the visitor")
	}
	q := newPost(t)
	cy, err := q.Say(t.Context(), desk.Words{Token: desktest.Token("cy"), Client: "1", Text: "hi", Mail: "cy@ex.test"})
	must(t, err)
	q.comes(cy, "thanks", l)
	contact := q.State.Contact(q.row(cy).Contact)
	if by := q.State.ContactBy(desk.Identity{Type: desk.MailAddress, Value: "cy@ex.test"}); by == nil || by.ID != contact.ID {
		t.Errorf("the address belongs to %+v", by)
	}
}

func TestSendingAndTakingBack(t *testing.T) {
	p := newPost(t)
	bo, id := p.As("bo"), p.comes(desk.ID{}, "Where is it?", letter("ana@ex.test", "Lamp"))
	before := *p.row(id)
	o, err := bo.ReplyDraft(t.Context(), id, false)
	must(t, err)
	if desk.JoinAddresses(o.To) != "ana@ex.test" || o.Subject != "Re: Lamp" || o.Account != "shop" {
		t.Errorf("the answer is drafted as %+v", o)
	}
	o.Text = "On its way."
	into, item, err := bo.SendMail(t.Context(), id, o)
	must(t, err)
	c := p.row(id)
	if into != id || c.Status != desk.StatusWaiting || c.Assignee != bo.Actor().ID || !slices.Equal(c.Outbox, []desk.ID{item}) {
		t.Errorf("after sending the row is %+v", c)
	}
	select {
	case <-p.PostBell():
	default:
		t.Error("nobody rang for the mail")
	}
	e, err := p.Item(t.Context(), id, item)
	must(t, err)
	m := e.Body.(desk.Message)
	if m.Mail.InReplyTo != "Lamp@ana@ex.test" || !slices.Equal(m.Mail.References, []string{"Lamp@ana@ex.test"}) || m.Mail.MessageID == "" {
		t.Errorf("the mail refers to %q, %q", m.Mail.InReplyTo, m.Mail.References)
	}
	if un := p.Unposted(); len(un) != 1 || un[0].Item != item || !un[0].Undo.Equal(m.Mail.Undo) {
		t.Errorf("to go out: %+v", un)
	}

	back, err := bo.Withdraw(t.Context(), id, item)
	must(t, err)
	if back.Text != o.Text || back.Parent != o.Parent || desk.JoinAddresses(back.To) != desk.JoinAddresses(o.To) {
		t.Errorf("taken back it is %+v", back)
	}
	c = p.row(id)
	if c.Status != before.Status || !c.Since.Equal(before.Since) || c.Unanswered != before.Unanswered || c.Outbox != nil {
		t.Errorf("taken back, the row is %+v", c)
	}
	refused(t, p.Posted(t.Context(), id, desk.MailPosted{Item: item, State: desk.PostTaken}), desk.Conflict, "taken back")
}

// Whoever comes first has it: a mail is taken back or it leaves, never both.
func TestTakingBackRacesLeaving(t *testing.T) {
	p := newPost(t)
	bo, id := p.As("bo"), p.comes(desk.ID{}, "Where is it?", letter("ana@ex.test", "Lamp"))
	for range 20 {
		_, item, err := bo.SendMail(t.Context(), id, desk.Outgoing{To: []desk.Address{address("ana@ex.test")}, Text: "soon"})
		must(t, err)
		taken := make(chan error, 1)
		go func() {
			taken <- p.Posted(context.WithoutCancel(t.Context()), id, desk.MailPosted{Item: item, State: desk.PostTaken})
		}()
		_, back := bo.Withdraw(t.Context(), id, item)
		if left := <-taken; (left == nil) == (back == nil) {
			t.Fatalf("it left: %v, and was taken back: %v", left, back)
		}
		if back != nil {
			for len(p.MailMarks()) > 0 {
				<-p.MailMarks()
			}
			must(t, p.Posted(t.Context(), id, desk.MailPosted{Item: item, State: desk.PostSent}))
		}
	}
}

func TestNewAddressesAreAskedFor(t *testing.T) {
	p := newPost(t)
	bo, id := p.As("bo"), p.comes(desk.ID{}, "Where is it?", letter("ana@ex.test", "Lamp"))
	o := desk.Outgoing{To: []desk.Address{address("ana@ex.test")}, Cc: []desk.Address{address("x@other.test"), address("colleague@shop.test")}, Text: "see below"}
	r, err := bo.Recipients(t.Context(), id, o)
	must(t, err)
	want := desk.Recipients{Added: o.Cc, Outside: o.Cc[:1]}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("the recipients differ by %+v; want %+v", r, want)
	}
	_, _, err = bo.SendMail(t.Context(), id, o)
	refused(t, err, desk.NeedsYes, "x@other.test")
	o.Outside = true
	if _, _, err := bo.SendMail(t.Context(), id, o); err != nil {
		t.Error(err)
	}
	r, err = bo.Recipients(t.Context(), id, desk.Outgoing{To: []desk.Address{address("x@other.test")}})
	must(t, err)
	if len(r.Dropped) != 1 || r.Dropped[0].Mail != "ana@ex.test" || len(r.Outside) != 0 {
		t.Errorf("without the customer: %+v", r)
	}
}

func TestReplyToAll(t *testing.T) {
	p := newPost(t)
	l := letter("ana@ex.test", "AW[2]: Fwd: Lamp")
	l.To = append(l.To, address("bo@ex.test"), address("help+c1.x@shop.test"))
	l.Cc = []desk.Address{address("cy@ex.test"), address("ana@ex.test")}
	bo, id := p.As("bo"), p.comes(desk.ID{}, "hi", l)
	o, err := bo.ReplyDraft(t.Context(), id, true)
	must(t, err)
	if to, cc := desk.JoinAddresses(o.To), desk.JoinAddresses(o.Cc); to != "ana@ex.test" || cc != "bo@ex.test, cy@ex.test" || o.Subject != "Re: Lamp" {
		t.Errorf("to %q, cc %q, subject %q", to, cc, o.Subject)
	}
	l.ReplyTo = []desk.Address{address("home@ana.test")}
	p.comes(id, "rather there", l)
	o, err = bo.ReplyDraft(t.Context(), id, false)
	must(t, err)
	if desk.JoinAddresses(o.To) != "home@ana.test" {
		t.Errorf("Reply-To is not obeyed: %q", desk.JoinAddresses(o.To))
	}
}

// What did not arrive cannot be resolved away.
func TestTroubleStays(t *testing.T) {
	p := newPost(t)
	bo, id := p.As("bo"), p.comes(desk.ID{}, "Where is it?", letter("ana@ex.test", "Lamp"))
	_, item, err := bo.SendMail(t.Context(), id, desk.Outgoing{To: []desk.Address{address("ana@ex.test")}, Text: "soon"})
	must(t, err)
	for _, s := range []desk.PostState{desk.PostTaken, desk.PostRetry} {
		must(t, p.Posted(t.Context(), id, desk.MailPosted{Item: item, State: s}))
	}
	if len(p.Unposted()) != 1 {
		t.Error("a mail that is tried again is forgotten")
	}
	must(t, p.Posted(t.Context(), id, desk.MailPosted{Item: item, State: desk.PostFailed, Words: "550 no such user", Failed: []desk.Address{address("ana@ex.test")}}))
	if c := p.row(id); len(c.Trouble) != 1 || c.Outbox != nil {
		t.Errorf("the row is %+v", c)
	}
	refused(t, bo.End(t.Context(), id), desk.Conflict, "did not reach everybody")
	other := p.comes(desk.ID{}, "x", letter("ana@ex.test", "Chair"))
	_, err = bo.Merge(t.Context(), id, other)
	refused(t, err, desk.Conflict, "did not reach everybody")
	must(t, bo.Resend(t.Context(), id, item))
	if c := p.row(id); len(c.Trouble) != 0 || !slices.Equal(c.Outbox, []desk.ID{item}) || !slices.Equal(p.room.Resent(), []desk.ID{item}) {
		t.Errorf("sent again the row is %+v", c)
	}
	must(t, p.Posted(t.Context(), id, desk.MailPosted{Item: item, State: desk.PostParked}))
	refused(t, bo.End(t.Context(), id), desk.Conflict, "did not reach everybody")
	must(t, p.Posted(t.Context(), id, desk.MailPosted{Item: item, State: desk.PostSent})) // it was found in Sent
	must(t, p.Posted(t.Context(), id, desk.MailPosted{Item: item, State: desk.PostBounced}))
	must(t, p.Posted(t.Context(), id, desk.MailPosted{Item: item, State: desk.PostFiled}))
	if len(p.row(id).Trouble) != 1 {
		t.Error("a bounce was forgotten")
	}
	must(t, bo.Settle(t.Context(), id, item, "called her"))
	report := desk.MailPosted{Item: item, State: desk.PostBounced, Report: desk.NewID()}
	must(t, p.Posted(t.Context(), id, report))
	must(t, bo.Settle(t.Context(), id, item, "called her again"))
	must(t, p.Posted(t.Context(), id, report)) // the same report, read again after a crash
	must(t, bo.End(t.Context(), id))
	refused(t, bo.Settle(t.Context(), id, item, ""), desk.NotFound, "nothing to settle")
}

func TestForwardIsAConversationOfItsOwn(t *testing.T) {
	p := newPost(t)
	l := letter("ana@ex.test", "Lamp")
	id := desk.DeriveID([]byte{p.n + 1})
	l.Parts = []desk.Part{{N: 2, ID: desk.PartID(id, 2), Name: "photo.jpg", Type: "image/jpeg", Size: 3, Kind: desk.PartFile}}
	bo, conversation := p.As("bo"), p.comes(desk.ID{}, "It is broken", l)
	p.room.SetRaw(id, []byte("raw"), map[int][]byte{2: []byte("jpg")})
	o, err := bo.ForwardDraft(t.Context(), conversation, id)
	must(t, err)
	if o.Subject != "Fwd: Lamp" || !slices.Equal(o.Carry, []desk.ID{l.Parts[0].ID}) || !o.Quote {
		t.Errorf("the forward is drafted as %+v", o)
	}
	o.To = []desk.Address{address("maker@lamps.test")}
	_, _, err = bo.SendMail(t.Context(), conversation, o)
	refused(t, err, desk.NeedsYes, "maker@lamps.test")
	o.Outside = true
	side, item, err := bo.SendMail(t.Context(), conversation, o)
	must(t, err)
	if side == conversation || p.row(side).Previous != conversation || p.row(side).Name != "maker@lamps.test" {
		t.Errorf("the forward went to %+v", p.row(side))
	}
	if slices.Contains(p.row(conversation).Parties, "maker@lamps.test") || p.row(conversation).Status != desk.StatusNew {
		t.Error("the supplier takes part in the customer's conversation")
	}
	e, err := p.Item(t.Context(), side, item)
	must(t, err)
	if in := e.Body.(desk.Message).Mail; in.InReplyTo != "" {
		t.Errorf("a forward answers %q", in.InReplyTo)
	}
	if _, err := p.Item(t.Context(), side, id); err != nil {
		t.Errorf("what is forwarded cannot be found from there: %v", err)
	}
	f, r, err := bo.OpenFile(t.Context(), conversation, l.Parts[0].ID)
	if err != nil || f.Name != "photo.jpg" {
		t.Fatalf("the part opens as %+v, %v", f, err)
	}
	must(t, r.Close())
}

// A proposed join across customers is a person's decision, and can be undone.
func TestProposedJoin(t *testing.T) {
	p := newPost(t)
	bo, ana := p.As("bo"), p.comes(desk.ID{}, "Where is it?", letter("ana@ex.test", "Lamp"))
	p.n++
	why := []desk.Evidence{{Rule: desk.RuleParticipant, Words: "mo@ex.test takes no part there", Conversation: ana, Refused: true}}
	l := letter("mo@ex.test", "Re: Lamp")
	l.Evidence = why
	mo, err := p.Receive(t.Context(), desk.Incoming{ID: desk.DeriveID([]byte{p.n}), Proposed: ana, Text: "I am her brother", Letter: l})
	must(t, err)
	if p.row(mo).Proposed != ana {
		t.Fatalf("the row is %+v", p.row(mo))
	}
	into, err := bo.AcceptJoin(t.Context(), mo)
	must(t, err)
	if into != ana || !slices.Contains(p.row(ana).Parties, "mo@ex.test") || p.row(ana).Unanswered != 2 {
		t.Errorf("joined, the row is %+v", p.row(ana))
	}
	must(t, bo.Unmerge(t.Context(), mo))
	must(t, bo.DeclineJoin(t.Context(), mo))
	if !p.row(mo).Proposed.IsZero() || !p.row(mo).Merged.IsZero() {
		t.Errorf("declined, the row is %+v", p.row(mo))
	}
	if _, err := bo.AcceptJoin(t.Context(), mo); desk.CodeOf(err) != desk.NotFound {
		t.Errorf("joined after all: %v", err)
	}
	chat := p.Says("Cy", "hi")
	if _, err := bo.Merge(t.Context(), chat, ana); desk.CodeOf(err) != desk.Invalid {
		t.Errorf("a chat went to another customer: %v", err)
	}
	reasons, err := bo.WhyJoined(t.Context(), mo)
	must(t, err)
	if len(reasons) != 1 || !reflect.DeepEqual(reasons[0].Evidence, why) {
		t.Errorf("the reasons are %+v", reasons)
	}
}

func TestWhereabouts(t *testing.T) {
	p := newPost(t)
	bo := p.As("bo")
	id := p.comes(desk.ID{}, "one", letter("ana@ex.test", "Lamp"))
	item := desk.DeriveID([]byte{p.n})
	at := func() desk.ID {
		t.Helper()
		where, err := p.Whereabouts(t.Context(), id, item)
		must(t, err)
		return where
	}
	p.comes(id, "two", letter("ana@ex.test", "Lamp"))
	split, err := bo.Split(t.Context(), id, []desk.ID{item})
	must(t, err)
	if at() != split {
		t.Error("a split is not followed")
	}
	other := p.comes(desk.ID{}, "x", letter("ana@ex.test", "Chair"))
	if _, err := bo.Merge(t.Context(), split, other); err != nil {
		t.Fatal(err)
	}
	if at() != other {
		t.Error("a merge is not followed")
	}
	must(t, bo.Unmerge(t.Context(), split))
	must(t, bo.Unsplit(t.Context(), split))
	if at() != id {
		t.Error("the undo is not followed")
	}
}

// Masking changes the length of a text, and folds stay where they were.
func TestFoldsSurviveMasking(t *testing.T) {
	p := newPost(t)
	text := "my card is 4242 4242 4242 4242\n> quoted 5555 5555 5555 4444\nbye"
	l := letter("ana@ex.test", "Card")
	from := strings.Index(text, ">")
	l.Folds = []desk.Fold{{From: from, To: strings.Index(text, "bye"), Kind: desk.FoldQuote}}
	id := p.comes(desk.ID{}, text, l)
	e, err := p.Item(t.Context(), id, desk.DeriveID([]byte{p.n}))
	must(t, err)
	m := e.Body.(desk.Message)
	f := m.Mail.Folds[0]
	if strings.Contains(m.Text, "4242 4242 4242") || !strings.HasPrefix(m.Text[f.From:f.To], "> quoted") || m.Text[f.To:] != "bye" {
		t.Errorf("%q is folded at %+v", m.Text, f)
	}
	if lines := m.LineFolds(); !reflect.DeepEqual(lines, []desk.Fold{{From: 1, To: 2, Kind: desk.FoldQuote}}) {
		t.Errorf("by lines it is folded at %+v", lines)
	}
	if last := p.row(id).Last; strings.Contains(last, "quoted") || !strings.HasSuffix(last, "bye") {
		t.Errorf("the list shows %q", last)
	}
	long := letter("ana@ex.test", "Long")
	id = p.comes(desk.ID{}, strings.Repeat("å", desk.TextLimit), long)
	e, err = p.Item(t.Context(), id, desk.DeriveID([]byte{p.n}))
	must(t, err)
	if m := e.Body.(desk.Message); len(m.Text) > desk.TextLimit || len(m.Mail.Mended) != 1 {
		t.Errorf("a long text came with %d bytes, mended %q", len(m.Text), m.Mail.Mended)
	}
}

func TestAutomaticAnswerIsNobodys(t *testing.T) {
	p := newPost(t)
	id := p.comes(desk.ID{}, "Where is it?", letter("ana@ex.test", "Lamp"))
	parent := desk.DeriveID([]byte{p.n})
	var items []desk.ID
	for range 2 {
		item, err := p.AutoReply(t.Context(), id, address("ana@ex.test"), "Re: Lamp", "We have it.", parent)
		must(t, err)
		items = append(items, item)
	}
	c := p.row(id)
	if items[0] != items[1] || len(c.Outbox) != 1 || c.Status != desk.StatusNew || c.Unanswered != 1 || !c.NeedsUs() {
		t.Errorf("after an automatic answer the row is %+v", c)
	}
}

func TestAddressesAsPeopleTypeThem(t *testing.T) {
	for in, want := range map[string]string{
		"":                                 "",
		"Ana@Ex.test":                      "ana@ex.test",
		"ana@ex.test; bo@ex.test":          "ana@ex.test, bo@ex.test",
		`"Ek, Ana" <ana@ex.test>, b@x.se`:  `"Ek, Ana" <ana@ex.test>, b@x.se`,
		"Dr. Ek <ek@ex.test>":              `"Dr. Ek" <ek@ex.test>`,
		"Åsa <åsa@ex.test>":                "Åsa <åsa@ex.test>",
		" , ana@ex.test,, ":                "ana@ex.test",
		"=?utf-8?q?=C3=85sa?= <a@ex.test>": "Åsa <a@ex.test>",
	} {
		all, err := desk.ParseAddresses(in)
		if got := desk.JoinAddresses(all); err != nil || got != want {
			t.Errorf("%q is read as %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"ana", "ana@", "@ex.test", "ana@ex.test\nBcc: x@y.test", "a b@ex.test", "ana@ex.test\x00", strings.Repeat("a", 300) + "@ex.test"} {
		if all, err := desk.ParseAddresses(in); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("%q is read as %v, %v", in, all, err)
		}
	}
}

func FuzzParseAddresses(f *testing.F) {
	for _, s := range []string{"ana@ex.test", `"Ek, \"A\"" <ana@ex.test>; b@x`, "a <b@c> <d@e>", "=?utf-8?q?a=0Ab?= <a@b.c>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		all, err := desk.ParseAddresses(s)
		if err != nil {
			return
		}
		text := desk.JoinAddresses(all)
		if strings.ContainsAny(text, "\r\n\x00") {
			t.Errorf("%q became %q", s, text)
		}
		again, err := desk.ParseAddresses(text)
		if err != nil || len(again) != len(all) {
			t.Fatalf("%q became %q, and that %v, %v", s, text, again, err)
		}
		for i := range all {
			if again[i].Mail != all[i].Mail {
				t.Errorf("%q became %q, and that %q", s, all[i], again[i])
			}
		}
	})
}

func TestDraftsOfMailComeBack(t *testing.T) {
	full := desk.Outgoing{
		Account: "shop", To: []desk.Address{{Name: "Ek, Ana", Mail: "ana@ex.test"}}, Cc: []desk.Address{address("b@ex.test")}, Bcc: []desk.Address{address("c@ex.test")},
		Subject: "Re: Lamp: a question", Text: "Hello\n\nTo: be read\n", Parent: desk.NewID(), Quote: true, Forward: true, Carry: []desk.ID{desk.NewID(), desk.NewID()},
	}
	for _, o := range []desk.Outgoing{{}, {Text: "\n\n"}, {Parent: desk.NewID()}, {Parent: desk.NewID(), Quote: true}, full} {
		text := o.Format()
		got, err := desk.ParseOutgoing(text)
		if err != nil || !reflect.DeepEqual(got, o) || !desk.IsOutgoing(text) {
			t.Errorf("%q came back as %+v, %v", text, got, err)
		}
	}
	for _, s := range []string{"hello\n\nthere", "Reply-All: yes\n\n", "To: nobody\n\nhi", "Answers: x\n\nhi", "Subject: a\x07b\n\nhi"} {
		if _, err := desk.ParseOutgoing(s); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("%q is read: %v", s, err)
		}
	}
}

func FuzzParseOutgoing(f *testing.F) {
	f.Add("To: ana@ex.test\nCc:\nSubject: Lamp\n\nHello")
	f.Add("From: shop\r\nTo: x\r\n\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		o, err := desk.ParseOutgoing(s)
		if err != nil {
			return
		}
		if again, err := desk.ParseOutgoing(o.Format()); err != nil || again.Subject != o.Subject || len(again.Everyone()) != len(o.Everyone()) {
			t.Errorf("%q came back as %+v, %v", s, again, err)
		}
	})
}

// Nothing that a person types can begin another header.
func TestHeadersCannotBeInjected(t *testing.T) {
	p := newPost(t)
	bo := p.As("bo")
	for _, bad := range []string{"\r\nBcc: x@y.test", "\nX: y", "\x00", "\x1b[2J", "\u0085"} {
		for i, o := range []desk.Outgoing{
			{Subject: "Lamp" + bad}, {To: []desk.Address{{Mail: "a@ex.test" + bad}}}, {Cc: []desk.Address{{Name: "Ana" + bad, Mail: "a@ex.test"}}},
		} {
			if o.Text = "x"; o.To == nil {
				o.To = []desk.Address{address("ana@ex.test")}
			}
			if _, _, err := bo.SendMail(t.Context(), desk.ID{}, o); desk.CodeOf(err) != desk.Invalid {
				t.Errorf("case %d with %q: %v", i, bad, err)
			}
		}
	}
	_, _, err := bo.SendMail(t.Context(), desk.ID{}, desk.Outgoing{To: []desk.Address{address("ana@ex.test")}, Text: "a\x00b"})
	refused(t, err, desk.Invalid, "NUL")
	_, _, err = bo.SendMail(t.Context(), desk.ID{}, desk.Outgoing{To: []desk.Address{address("unknown@sender.invalid")}, Text: "a"})
	refused(t, err, desk.Invalid, "nobody knows the address")
	_, _, err = bo.SendMail(t.Context(), desk.ID{}, desk.Outgoing{Text: "a"})
	refused(t, err, desk.Invalid, "no recipient")
}

func TestNoMailroomSaysSo(t *testing.T) {
	env := desktest.New(t)
	bo := env.As("bo")
	_, _, err := bo.SendMail(t.Context(), desk.ID{}, desk.Outgoing{To: []desk.Address{address("ana@ex.test")}, Text: "a"})
	refused(t, err, desk.Unavailable, "no mail account")
	if all := bo.MailAccounts(); len(all) != 0 {
		t.Errorf("there are accounts: %v", all)
	}
}

// Many mails of one thread at once end in one conversation, each once.
func TestMailsAtOnce(t *testing.T) {
	p := newPost(t)
	id := desk.NewID()
	errs := make(chan error, 16)
	for i := range 16 {
		go func() {
			_, err := p.Receive(context.WithoutCancel(t.Context()), desk.Incoming{
				ID: desk.DeriveID([]byte{byte(i)}), Conversation: id, Text: fmt.Sprint(i), Letter: letter("ana@ex.test", "Lamp"),
			})
			errs <- err
		}()
	}
	var err error
	for range 16 {
		err = errors.Join(err, <-errs)
	}
	if err != nil || p.row(id).Mails != 16 {
		t.Errorf("%d mails, %v", p.row(id).Mails, err)
	}
}

func TestBothChannelsCanBeAnswered(t *testing.T) {
	p := newPost(t)
	ana := p.As("ana")
	id := p.Says("Mo", "are you there?")
	p.comes(id, "and by mail", letter("mo@ex.test", "Lamp"))
	must(t, ana.ReplyInChat(t.Context(), id, "yes, here", nil))
	if c := p.row(id); c.LastChannel() != desk.Chat || len(c.Outbox) != 0 {
		t.Errorf("the row is %+v", c)
	}
	items, err := p.PublicItems(t.Context(), id, 0, 10)
	if err != nil || len(items) != 2 || items[1].Text != "yes, here" {
		t.Errorf("the chat shows %+v, %v", items, err)
	}
	p.comes(id, "by mail again", letter("mo@ex.test", "Re: Lamp"))
	must(t, ana.Reply(t.Context(), id, "this goes by mail"))
	if c := p.row(id); len(c.Outbox) != 1 {
		t.Errorf("the row is %+v", c)
	}
	only := p.comes(desk.ID{}, "hello", letter("bo@ex.test", "Other"))
	if err := ana.ReplyInChat(t.Context(), only, "hello", nil); desk.CodeOf(err) != desk.Invalid {
		t.Errorf("a chat without a visitor: %v", err)
	}
}

func TestAnOutOfOfficeIsNotWhatItIsAbout(t *testing.T) {
	p := newPost(t)
	id := p.comes(desk.ID{}, "wrong", letter("ana@ex.test", "Invoice"))
	away := letter("ana@ex.test", "Out of office")
	away.Muted, away.Automatic = true, "auto-replied"
	p.comes(id, "back on Monday", away)
	_, err := p.AutoReply(t.Context(), id, address("ana@ex.test"), "Auto: Invoice", "A person reads it soon.", desk.DeriveID([]byte{p.n}))
	must(t, err)
	if c := p.row(id); c.Subject != "Invoice" {
		t.Errorf("the row is about %q", c.Subject)
	}
}
