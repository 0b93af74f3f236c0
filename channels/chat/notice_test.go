package chat_test

import (
	"context"
	"encoding/json"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/channels/chat"
	"hark/channels/chat/visitor"
	"hark/desk"
	"hark/desk/desktest"
)

// noticed is a hub that shows a notice of version 2, and has shown one of 1.
func noticed(t *testing.T, change ...func(*chat.Options)) *hub {
	t.Helper()
	return startHub(t, append(change, func(o *chat.Options) {
		o.Notice = "2"
		for _, n := range [][3]string{{"1", "en", "old words"}, {"2", "en", "we keep what you write"}, {"2", "de", "wir speichern"}} {
			if err := o.Desk.Publish(t.Context(), desk.NoticeRef{Version: n[0], Lang: n[1]}, n[2]); err != nil {
				t.Fatal(err)
			}
		}
	})...)
}

func TestConfig(t *testing.T) {
	h := noticed(t, takingFiles, func(o *chat.Options) { o.ReadMarks, o.Preview = true, true })
	mo := h.visit(visitor.Options{})
	c, err := mo.Config(t.Context(), "/billing?secret=1", "de-AT")
	if err != nil {
		t.Fatal(err)
	}
	if !c.Open || c.Staffed || c.Lang != "de" || c.Languages[0] != "en" || len(c.Languages) != 4 || !c.Preview || !c.ReadMarks {
		t.Errorf("the config is %+v", c)
	}
	if c.Notice == nil || *c.Notice != (visitor.Notice{Version: "2", Lang: "de", Text: "wir speichern"}) {
		t.Errorf("the notice is %+v", c.Notice)
	}
	if c.Files == nil || c.Files.Limit != fileLimit || c.Files.Count != chat.FilesMost {
		t.Errorf("files are %+v", c.Files)
	}
	c, err = mo.Config(t.Context(), "", "ar")
	if err != nil || c.Lang != "ar" || c.Notice.Lang != "en" {
		t.Errorf("in Arabic it is %+v, %v", c, err)
	}
	acc := h.env.State.AccountNamed("ana")
	s, err := h.env.SignIn(t.Context(), desk.SignIn{Account: acc.ID, Via: "test", Works: true})
	if err != nil {
		t.Fatal(err)
	}
	if c, err = mo.Config(t.Context(), "", ""); err != nil || !c.Staffed {
		t.Errorf("with somebody at work it is %+v, %v", c, err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	plain := startHub(t)
	if c, err = plain.visit(visitor.Options{}).Config(t.Context(), "", ""); err != nil || c.Notice != nil || c.Files != nil || c.Preview || c.ReadMarks {
		t.Errorf("a hub that has none of it says %+v, %v", c, err)
	}
	a := plain.ask("GET", "/config", "", "Origin", site)
	if a.Get("Cache-Control") != "no-store" || strings.Contains(a.body, "opens_at") {
		t.Errorf("the answer is %v %s", a.Header, a.body)
	}
}

func TestConfigOutsideTheHours(t *testing.T) {
	hours, err := desk.ParseHours(time.UTC, map[string]string{strings.ToLower(time.Now().UTC().Add(48 * time.Hour).Weekday().String()[:3]): "09:00-17:00"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	env := desktest.New(t, func(o *desk.Options) {
		r := desk.DefaultRouting()
		r.Queues = []desk.Queue{{Name: "all", Hours: hours}}
		o.Routing = &r
	})
	h := startHub(t, func(o *chat.Options) { o.Desk = env.Desk })
	c, err := h.visit(visitor.Options{}).Config(t.Context(), "/", "")
	if err != nil || c.Open || c.OpensAt.IsZero() || c.OpensAt.Hour() != 9 || time.Until(c.OpensAt) > 72*time.Hour {
		t.Errorf("outside the hours it is %+v, %v", c, err)
	}
	a := h.ask("GET", "/form?lang=de", "")
	if !strings.Contains(a.body, "Wir haben gerade geschlossen. Wir öffnen wieder am "+c.OpensAt.Format("2006-01-02")) {
		t.Error("the form does not say when it opens")
	}
}

// TestNoWordsBeforeTheNotice: a first message needs the notice, a later one
// does not, and what was shown is journaled with the first.
func TestNoWordsBeforeTheNotice(t *testing.T) {
	h := noticed(t)
	for name, o := range map[string]visitor.Options{
		"none":              {},
		"an unknown one":    {Notice: "3", Lang: "en"},
		"another language":  {Notice: "2", Lang: "fr"},
		"no language":       {Notice: "2"},
		"one without words": {Notice: "", Lang: "en"},
	} {
		p := h.visit(o)
		p.say("hello")
		p.until("the refusal of "+name, func(p *person) bool {
			return slices.ContainsFunc(p.events, func(e visitor.Event) bool {
				return e.Kind == visitor.Refused && e.Code == "notice" && e.Reason != ""
			})
		})
		if !h.env.Visitor(p.Token()).Conversation.IsZero() {
			t.Errorf("%s began a conversation", name)
		}
	}
	for _, ref := range []desk.NoticeRef{{Version: "2", Lang: "de"}, {Version: "1", Lang: "en"}} { // 1: the page was open for long
		p := h.visit(visitor.Options{Notice: ref.Version, Lang: ref.Lang})
		p.say("hello")
		p.sees("hello")
		if got := h.env.State.Conversation(h.conversation(p)).Notice; got != ref {
			t.Errorf("shown was %v, journaled %v", ref, got)
		}
		later := h.visit(visitor.Options{Token: p.Token()})
		later.say("more")
		later.sees("hello", "more")
	}
}

// TestPreviewNeedsANotice: such a hub does not start.
func TestPreviewNeedsANotice(t *testing.T) {
	env := desktest.New(t)
	for name, o := range map[string]chat.Options{
		"no notice at all":           {Preview: true},
		"one that was not published": {Preview: true, Notice: "9"},
		"without preview":            {Notice: "9"},
	} {
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		o.Desk = env.Desk
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		if err := chat.New(o).Serve(ctx, l); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("%s: it serves until %v", name, err)
		}
		cancel()
		if c, err := new(net.Dialer).DialContext(t.Context(), "tcp", l.Addr().String()); err == nil {
			_ = c.Close()
			t.Errorf("%s: it still listens", name)
		}
	}
}

// previews returns what staff who have opened a conversation are shown of the
// visitor's unsent text while fn runs.
func previews(t *testing.T, h *hub, id desk.ID, fn func()) (seen []string) {
	t.Helper()
	th, err := h.env.As("bo").Open(t.Context(), id, desk.Serve, "open", 64)
	if err != nil {
		t.Fatal(err)
	}
	defer th.Close()
	fn()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	for {
		batch, err := th.Live().Next(ctx)
		if err != nil {
			return seen
		}
		for _, f := range batch.Items {
			if f.Signal != nil && f.Signal.Kind == desk.SignalUnsent {
				seen = append(seen, f.Signal.Text)
			}
		}
	}
}

func TestUnsentTextOnlyWhereTheNoticeSaysSo(t *testing.T) {
	on := noticed(t, func(o *chat.Options) { o.Preview = true })
	off := noticed(t)
	for name, c := range map[string]struct {
		h       *hub
		version string
		want    int
	}{
		"told":                 {on, "2", 1},
		"told something older": {on, "1", 0},
		"off":                  {off, "2", 0},
	} {
		p := c.h.visit(visitor.Options{Notice: c.version, Lang: "en"})
		p.say("hello")
		p.sees("hello")
		var head uint64
		seen := previews(t, c.h, c.h.conversation(p), func() {
			head = c.h.env.Journal.Head()
			p.Unsent("my card is 4111 1111 1111 1111, and")
		})
		if len(seen) != c.want {
			t.Errorf("%s: staff see %q", name, seen)
		}
		for _, s := range seen {
			if strings.Contains(s, "1111") || !strings.Contains(s, "my card is") {
				t.Errorf("%s: staff see %q", name, s)
			}
		}
		if n := c.h.env.Journal.Head() - head; n > 0 {
			t.Errorf("%s: %d events are journaled", name, n)
		}
	}
}

func TestWhatIsReadIsToldBothWays(t *testing.T) {
	h := startHub(t, func(o *chat.Options) { o.ReadMarks = true })
	mo := h.visit(visitor.Options{})
	mo.say("one")
	mo.sees("one")
	id, bo := h.conversation(mo), h.env.As("bo")
	readTo := func(ord uint64) func(p *person) bool {
		return func(p *person) bool {
			for _, e := range p.events {
				if e.Kind == visitor.ReadTo && e.Ord == ord {
					return true
				}
			}
			return false
		}
	}
	bo.MarkRead(id)
	mo.until("that one is read", readTo(1))
	if err := bo.Reply(t.Context(), id, "two"); err != nil {
		t.Fatal(err)
	}
	mo.sees("one", "two")
	if row := bo.Row(id); row.ReadBy != 0 {
		t.Errorf("the answer is read up to %d before anybody read it", row.ReadBy)
	}
	mo.Read(2)
	deadline := time.Now().Add(5 * time.Second)
	for row := bo.Row(id); row.ReadBy != 2 || row.Delivered != 2; row = bo.Row(id) {
		if time.Now().After(deadline) {
			t.Fatalf("the answer is read up to %d, delivered up to %d", row.ReadBy, row.Delivered)
		}
		time.Sleep(10 * time.Millisecond)
	}
	again := h.visit(visitor.Options{Token: mo.Token()}) // who comes back is told as well
	again.until("what is read", func(p *person) bool { return readTo(1)(p) || readTo(2)(p) })
	off := startHub(t)
	eve := off.visit(visitor.Options{})
	eve.say("one")
	eve.sees("one")
	off.env.As("bo").MarkRead(off.conversation(eve))
	if err := off.env.As("bo").Reply(t.Context(), off.conversation(eve), "two"); err != nil {
		t.Fatal(err)
	}
	eve.sees("one", "two")
	if readTo(1)(eve) {
		t.Error("a visitor is told what is read where that is off")
	}
}

// router says where everybody stands.
type router struct{ at desk.Place }

func (r *router) Explain(desk.ID) desk.Waiting { return desk.Waiting{} }
func (r *router) Place(desk.ID) desk.Place     { return r.at }

func TestThePlaceInLine(t *testing.T) {
	h := startHub(t)
	h.env.SetRouter(&router{desk.Place{Position: 3}})
	mo := h.visit(visitor.Options{})
	mo.say("hello")
	placed := func(want visitor.Place) {
		t.Helper()
		mo.until("the place", func(p *person) bool {
			for i := len(p.events) - 1; i >= 0; i-- {
				if p.events[i].Kind == visitor.Placed {
					return p.events[i].Place == want
				}
			}
			return false
		})
	}
	placed(visitor.Place{Position: 3})
	id := h.conversation(mo)
	h.env.TellPlace(id, desk.Place{Position: 1, Wait: 90 * time.Second, Known: true})
	placed(visitor.Place{Position: 1, Wait: 90 * time.Second, Known: true})
	h.env.TellPlace(id, desk.Place{})
	placed(visitor.Place{})
	n := 0
	h.env.TellPlace(id, desk.Place{}) // nothing new is not told
	mo.say("again")
	mo.sees("hello", "again")
	for _, e := range mo.events {
		if e.Kind == visitor.Placed {
			n++
		}
	}
	if n != 3 {
		t.Errorf("the place was told %d times", n)
	}
}

func TestLeaving(t *testing.T) {
	h := startHub(t)
	mo := h.visit(visitor.Options{})
	mo.until("the connection", func(p *person) bool { return len(p.events) > 0 })
	mo.Leave() // nothing to leave
	mo.say("hello")
	mo.sees("hello")
	mo.Leave()
	mo.until("the end", func(p *person) bool { return len(p.items) == 2 })
	if it := mo.items[1]; it.Kind != "resolved" || !it.Mine {
		t.Errorf("the end is %+v", it)
	}
	id := h.conversation(mo)
	if row := h.env.As("bo").Row(id); row.Status != desk.StatusResolved {
		t.Errorf("the conversation is %s", row.Status)
	}
	mo.Leave()
	mo.say("one more thing")
	mo.until("the words", func(p *person) bool { return len(p.items) >= 3 })
	mo.until("them alone", func(p *person) bool {
		return p.items[2].Text == "one more thing" && h.env.As("bo").Row(id).Status != desk.StatusResolved
	})
	if h.conversation(mo) != id {
		t.Error("words after the end begin another conversation")
	}
}

// TestMailIsAClaim: what a visitor says of their address is kept, and makes
// nobody of them.
func TestMailIsAClaim(t *testing.T) {
	h := startHub(t)
	for _, name := range []string{"mo", "eve"} {
		p := h.visit(visitor.Options{Name: name, Mail: "mo@post.test"})
		p.say("hello from " + name)
		p.sees("hello from " + name)
		c := h.env.State.Contact(h.env.Visitor(p.Token()).Contact)
		if f, ok := c.Field("mail"); !ok || f.Value != "mo@post.test" || c.Name != name {
			t.Errorf("%s is known as %+v", name, c)
		}
	}
	bad := h.visit(visitor.Options{Mail: "not an address"})
	bad.say("hello")
	bad.until("the refusal", func(p *person) bool {
		return slices.ContainsFunc(p.events, func(e visitor.Event) bool { return e.Kind == visitor.Refused })
	})
}

func TestFramesAreWhatThePageSays(t *testing.T) {
	h := startHub(t, func(o *chat.Options) { o.ReadMarks = true })
	h.env.SetRouter(&router{desk.Place{Position: 2, Wait: 61 * time.Second, Known: true}})
	token := desktest.Token("mo")
	id := h.env.Says("mo", "hello")
	h.env.As("bo").MarkRead(id)
	r := enter(t, h, token)
	seen := map[string]string{}
	for len(seen) < 3 {
		f := r.frame()
		b, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		seen[f["t"].(string)] = string(b)
	}
	if seen["read"] != `{"ord":1,"t":"read"}` || seen["place"] != `{"position":2,"t":"place","wait_s":61}` {
		t.Errorf("the hub says %v", seen)
	}
}
