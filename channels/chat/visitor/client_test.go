package visitor

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestAddresses(t *testing.T) {
	for hub, want := range map[string][2]string{
		"http://127.0.0.1:8080":     {"ws://127.0.0.1:8080/socket", "127.0.0.1:8080"},
		"http://hub.test":           {"ws://hub.test/socket", "hub.test:80"},
		"https://hub.test":          {"wss://hub.test/socket", "hub.test:443"},
		"https://[2001:db8::1]:444": {"wss://[2001:db8::1]:444/socket", "[2001:db8::1]:444"},
	} {
		c, err := New(Options{Hub: hub})
		if err != nil || c.addr != want[0] || c.dialed != want[1] {
			t.Errorf("%s becomes %v, %v", hub, c, err)
		}
	}
	for _, hub := range []string{"", "hub.test", "ftp://hub.test", "http://"} {
		if _, err := New(Options{Hub: hub}); err == nil {
			t.Errorf("%q is taken for a hub", hub)
		}
	}
}

func TestSayKeepsWhatIsSaid(t *testing.T) {
	c, err := New(Options{Hub: "http://hub.test"})
	if err != nil {
		t.Fatal(err)
	}
	one, err := c.Say("one")
	if err != nil {
		t.Fatal(err)
	}
	two, err := c.Say(strings.Repeat("x", TextLimit))
	if err != nil || one == two || c.Waiting() != 2 {
		t.Errorf("%q and %q, %v, %d wait", one, two, err, c.Waiting())
	}
	if _, err := c.Say(strings.Repeat("x", TextLimit+1)); err == nil {
		t.Error("a text is taken that no frame holds")
	}
}

// TestWaitsGrow has nobody answer for two minutes.
func TestWaitsGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dials []time.Time
		c, err := New(Options{Hub: "http://hub.test", Dial: func(context.Context, string, string) (net.Conn, error) {
			dials = append(dials, time.Now())
			return nil, errors.New("nobody there")
		}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		if err := c.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("run ends with %v", err)
		}
		if n := len(dials); n < 12 || n > 30 {
			t.Errorf("%d attempts in two minutes", n)
		}
		if first, last := dials[1].Sub(dials[0]), dials[len(dials)-1].Sub(dials[len(dials)-2]); first > retryMin || last < retryMax/2 {
			t.Errorf("the first wait is %v, the last %v", first, last)
		}
	})
}
