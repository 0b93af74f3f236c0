package chat_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/channels/chat"
	"hark/channels/chat/visitor"
	"hark/desk"
	"hark/desk/desktest"
)

// site is the origin that tests' visitors come from.
const site = "http://shop.test"

// hub is a desk with a chat server in front of it, which can be stopped and
// started again on the same address.
type hub struct {
	t    *testing.T
	env  *desktest.Env
	o    chat.Options
	prep func(*chat.Server) // changes a new server before it serves
	addr string
	stop func()
}

func startHub(t *testing.T, change ...func(*chat.Options)) *hub {
	t.Helper()
	h := &hub{t: t, env: desktest.New(t), addr: "127.0.0.1:0", prep: func(*chat.Server) {}}
	h.o = chat.Options{Desk: h.env.Desk, Origins: []string{site}}
	for _, f := range change {
		f(&h.o)
	}
	h.start()
	t.Cleanup(func() { h.stop() })
	return h
}

func (h *hub) start() {
	h.t.Helper()
	l, err := new(net.ListenConfig).Listen(h.t.Context(), "tcp", h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	if strings.HasSuffix(h.addr, ":0") {
		h.addr = l.Addr().String()
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	s := chat.New(h.o)
	h.prep(s)
	go func() { done <- s.Serve(ctx, l) }()
	h.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				h.t.Errorf("serve: %v", err)
			}
		case <-time.After(10 * time.Second):
			h.t.Error("the server did not stop")
		}
	})
}

// get asks for a path and returns the answer without its body.
func (h *hub) get(path string) *http.Response {
	h.t.Helper()
	q, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.url()+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		h.t.Fatal(err)
	}
	_ = r.Body.Close()
	return r
}

func (h *hub) url() string { return "http://" + h.addr }

// person is a visitor under test: it remembers what it saw.
type person struct {
	*visitor.Client
	t testing.TB

	mu     sync.Mutex
	items  []visitor.Item
	events []visitor.Event
	news   chan struct{}
}

func (h *hub) visit(o visitor.Options) *person {
	h.t.Helper()
	p := &person{t: h.t, news: make(chan struct{}, 1)}
	if o.Hub == "" {
		o.Hub = h.url()
	}
	o.Origin, o.Handle = site, p.hear
	o.RetryMin, o.RetryMax = 10*time.Millisecond, 100*time.Millisecond
	c, err := visitor.New(o)
	if err != nil {
		h.t.Fatal(err)
	}
	p.Client = c
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = c.Run(ctx) }()
	h.t.Cleanup(func() { cancel(); <-done })
	return p
}

func (p *person) hear(e visitor.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.Reset {
		p.items = nil
	}
	p.items = append(p.items, e.Items...)
	p.events = append(p.events, e)
	select {
	case p.news <- struct{}{}:
	default:
	}
}

// until waits until what the person saw fulfils ok.
func (p *person) until(what string, ok func(p *person) bool) {
	p.t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		p.mu.Lock()
		done := ok(p)
		p.mu.Unlock()
		if done {
			return
		}
		select {
		case <-p.news:
		case <-deadline:
			p.mu.Lock()
			defer p.mu.Unlock()
			p.t.Fatalf("waited in vain for %s; saw %+v", what, p.events)
		}
	}
}

func (p *person) say(text string) string {
	p.t.Helper()
	id, err := p.Say(text)
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}

func (p *person) sees(texts ...string) {
	p.t.Helper()
	p.until("the messages", func(p *person) bool {
		return len(p.items) >= len(texts)
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, it := range p.items {
		if i >= len(texts) || it.Text != texts[i] || it.Ord != uint64(i+1) {
			p.t.Fatalf("item %d is %+v, want texts %q", i, it, texts)
		}
	}
}

func TestVisitorAndAgentTalk(t *testing.T) {
	h := startHub(t)
	mo := h.visit(visitor.Options{Name: "Mo", Page: site + "/tea?utm=1#top"})
	mo.say("do you ship to Åland?")
	mo.sees("do you ship to Åland?")
	id, _ := mo.Conversation()
	conversation, err := desk.ParseID(id)
	if err != nil {
		t.Fatal(err)
	}
	bo := h.env.As("bo")
	row := bo.Row(conversation)
	if row == nil || row.Name != "Mo" || row.Page != site+"/tea" {
		t.Fatalf("the row is %+v", row)
	}
	bo.Typing(conversation, true)
	mo.until("that Bo types", func(p *person) bool {
		e := p.events[len(p.events)-1]
		return e.Kind == visitor.Typing && e.Who == "Bo"
	})
	if err := bo.Reply(t.Context(), conversation, "We do."); err != nil {
		t.Fatal(err)
	}
	mo.sees("do you ship to Åland?", "We do.")
	mo.Seen(2)
	deadline := time.Now().Add(5 * time.Second)
	for bo.Row(conversation).Delivered != 2 {
		if time.Now().After(deadline) {
			t.Fatal("what the visitor saw was not kept")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestHealth(t *testing.T) {
	h := startHub(t)
	for path, want := range map[string]int{"/healthz": 200, "/widget.js": 200, "/": 404, "/socket": 403} {
		r := h.get(path)
		if r.StatusCode != want {
			t.Errorf("%s answers %d, want %d", path, r.StatusCode, want)
		}
	}
}

func lamp(ok bool) desk.Lamp { return desk.Lamp{Part: "journal", OK: ok, Words: "as the test says"} }

// unlimited is for load drivers that come from one address.
func unlimited() chat.Limits {
	much := chat.Rate{PerSecond: 1e9, Burst: 1e9}
	return chat.Limits{
		Connections: 1 << 20, PerAddress: 1 << 20, Messages: much, AddressMessages: much,
		AddressConnects: much, Frames: much, Bytes: chat.Rate{PerSecond: 1e12, Burst: 1e12},
	}
}
