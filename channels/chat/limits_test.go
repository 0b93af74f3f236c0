package chat_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/channels/chat"
	"hark/channels/chat/visitor"
	"hark/desk/desktest"
)

func TestManyMessagesAtOnceAreSlowedAndKept(t *testing.T) {
	h := startHub(t, func(o *chat.Options) { o.Limits.Messages = chat.Rate{PerSecond: 20, Burst: 3} })
	mo := h.visit(visitor.Options{})
	var want []string
	for i := range 8 {
		want = append(want, fmt.Sprint(i))
		mo.say(fmt.Sprint(i))
	}
	mo.until("a delay", func(p *person) bool {
		return slices.ContainsFunc(p.events, func(e visitor.Event) bool { return e.Kind == visitor.Delayed && e.Code == "slow" })
	})
	mo.sees(want...)
}

func TestOneAddressMayNotWriteForMany(t *testing.T) {
	h := startHub(t, func(o *chat.Options) { o.Limits.AddressMessages = chat.Rate{PerSecond: 0.001, Burst: 3} })
	var ok, no int
	for i := range 6 {
		r := enter(t, h, desktest.Token(fmt.Sprint(i)))
		r.text(`{"t":"say","id":"1","text":"hello"}`)
		for f := r.frame(); ; f = r.frame() {
			if f["t"] == "ok" {
				ok++
				break
			}
			if f["t"] == "no" && f["code"] == "slow" && f["retry_ms"].(float64) > 0 {
				no++
				break
			}
		}
	}
	if ok != 3 || no != 3 {
		t.Errorf("%d messages were taken and %d were not, want 3 and 3", ok, no)
	}
}

func TestConnectionsAreCounted(t *testing.T) {
	h := startHub(t, func(o *chat.Options) { o.Limits.PerAddress = 3 })
	var open []*raw
	for i := range 3 {
		open = append(open, enter(t, h, desktest.Token(fmt.Sprint(i))))
	}
	if _, code := knock(t, h.addr, map[string]string{"Origin": site}); code != 0 {
		t.Errorf("a fourth connection of an address is answered %d", code)
	}
	_ = open[0].conn.Close()
	eventually(t, "a seat to be free", func() bool {
		_, code := knock(t, h.addr, map[string]string{"Origin": site})
		return code == http.StatusSwitchingProtocols
	})
}

func TestConnectionsInAllAreCounted(t *testing.T) {
	h := startHub(t, func(o *chat.Options) { o.Limits.Connections = 2 })
	enter(t, h, desktest.Token("a"))
	enter(t, h, desktest.Token("b"))
	if _, code := knock(t, h.addr, map[string]string{"Origin": site}); code != 0 {
		t.Errorf("a third connection is answered %d", code)
	}
}

func TestOpeningManySocketsIsSlowed(t *testing.T) {
	h := startHub(t, func(o *chat.Options) { o.Limits.AddressConnects = chat.Rate{PerSecond: 0.001, Burst: 2} })
	for i, want := range []int{101, 101, 429, 429} {
		if _, code := knock(t, h.addr, map[string]string{"Origin": site}); code != want {
			t.Errorf("socket %d gets %d, want %d", i, code, want)
		}
	}
}

// TestProxiesSpeakForOthers has one visitor fill the budget of an address, and
// asks who else is refused.
func TestProxiesSpeakForOthers(t *testing.T) {
	for name, c := range map[string]struct {
		trusted string
		first   string
		then    string
		want    int
	}{
		"no proxy is trusted":         {"", "192.0.2.1", "192.0.2.2", 429},
		"two clients of a proxy":      {"127.0.0.0/8", "192.0.2.1", "192.0.2.2", 101},
		"the same client":             {"127.0.0.0/8", "192.0.2.1", "192.0.2.1", 429},
		"what a client invents":       {"127.0.0.0/8", "192.0.2.1", "198.51.100.7, 192.0.2.1", 429},
		"behind two proxies":          {"127.0.0.0/8", "192.0.2.1, 127.0.0.9", "192.0.2.2, 127.0.0.9", 101},
		"with a port":                 {"127.0.0.0/8", "192.0.2.1:999", "192.0.2.1:1000", 429},
		"one household":               {"127.0.0.0/8", "2001:db8::1", "2001:db8::2", 429},
		"two households":              {"127.0.0.0/8", "2001:db8:1::1", "2001:db8:2::1", 101},
		"IPv4 in IPv6":                {"127.0.0.0/8", "192.0.2.1", "::ffff:192.0.2.1", 429},
		"nonsense":                    {"127.0.0.0/8", "a, b", "c, d", 429},
		"nothing":                     {"127.0.0.0/8", "", "", 429},
		"nonsense left of the client": {"127.0.0.0/8", "x, 192.0.2.1", "192.0.2.2", 101},
	} {
		t.Run(name, func(t *testing.T) {
			h := startHub(t, func(o *chat.Options) {
				o.Limits.AddressConnects = chat.Rate{PerSecond: 0.001, Burst: 1}
				if c.trusted != "" {
					o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix(c.trusted)}
				}
			})
			if _, code := knock(t, h.addr, map[string]string{"Origin": site, "X-Forwarded-For": c.first}); code != 101 {
				t.Fatalf("%q gets %d", c.first, code)
			}
			if _, code := knock(t, h.addr, map[string]string{"Origin": site, "X-Forwarded-For": c.then}); code != c.want {
				t.Errorf("%q gets %d, want %d", c.then, code, c.want)
			}
		})
	}
}

func TestForwardedAddressesHaveSeats(t *testing.T) {
	h := startHub(t, func(o *chat.Options) {
		o.Limits.PerAddress = 1
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	from := func(a string) (*raw, int) {
		return knock(t, h.addr, map[string]string{"Origin": site, "X-Forwarded-For": a})
	}
	first, code := from("192.0.2.1")
	if _, second := from("192.0.2.1"); code != 101 || second != 429 {
		t.Errorf("two sockets of one address get %d and %d", code, second)
	}
	if _, other := from("192.0.2.2"); other != 101 {
		t.Errorf("another address gets %d", other)
	}
	_ = first.conn.Close()
	eventually(t, "a seat to be free", func() bool { _, code := from("192.0.2.1"); return code == 101 })
}

func TestSilentClientsAreLetGo(t *testing.T) {
	h := startHub(t, func(o *chat.Options) {
		o.Limits.Ping, o.Limits.Idle = 100*time.Millisecond, 400*time.Millisecond
	})
	mo := h.visit(visitor.Options{}) // answers pings
	mo.until("a welcome", func(p *person) bool { return len(p.events) > 0 })
	deaf := enter(t, h, desktest.Token("deaf"))
	pings := 0
	for {
		op, payload, err := deaf.next()
		if err != nil {
			t.Fatal(err)
		}
		if op == 9 {
			pings++
		}
		if op == 8 {
			if code := int(payload[0])<<8 | int(payload[1]); code != 1001 {
				t.Errorf("closed with %d", code)
			}
			break
		}
	}
	if pings < 2 {
		t.Errorf("%d pings came before the close", pings)
	}
	time.Sleep(600 * time.Millisecond)
	if s := mo.Stats(); s.Connects != 1 {
		t.Errorf("who answers pings had %d connections", s.Connects)
	}
}

func TestAnswersSayWhatTheyAre(t *testing.T) {
	h := startHub(t)
	for _, path := range []string{"/widget.js", "/healthz", "/socket", "/nowhere"} {
		r := h.get(path)
		if r.Header.Get("X-Content-Type-Options") != "nosniff" || r.Header.Get("Referrer-Policy") != "no-referrer" ||
			!strings.Contains(r.Header.Get("Content-Security-Policy"), "default-src 'none'") || len(r.Cookies()) != 0 {
			t.Errorf("%s has the headers %v", path, r.Header)
		}
	}
}

func TestHealthFollowsTheJournal(t *testing.T) {
	h := startHub(t)
	for _, c := range []struct {
		ok   bool
		want int
	}{{true, 200}, {false, 503}, {true, 200}} {
		h.env.SetLamp(lamp(c.ok))
		r := h.get("/healthz")
		if r.StatusCode != c.want {
			t.Errorf("with the journal well %v it answers %d", c.ok, r.StatusCode)
		}
	}
}

func TestTypingReachesStaff(t *testing.T) {
	h := startHub(t)
	mo := h.visit(visitor.Options{Name: "Mo"})
	mo.say("hello")
	mo.sees("hello")
	bo := h.env.As("bo")
	changes, err := bo.Changes(100)
	if err != nil {
		t.Fatal(err)
	}
	defer changes.Close()
	for _, on := range []bool{true, false} {
		mo.Typing(on)
		for found := false; !found; {
			batch, err := changes.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range batch.Items {
				found = found || f.Signal != nil && f.Signal.Customer && f.Signal.Active == on && f.Signal.Who == "Mo"
			}
		}
	}
}
