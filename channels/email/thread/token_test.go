package thread

import (
	"fmt"
	"strings"
	"testing"

	"hark/desk"
)

func keysOf(t testing.TB, secrets ...string) *Keys {
	t.Helper()
	var all [][]byte
	for _, s := range secrets {
		all = append(all, []byte(s))
	}
	k, err := NewKeys(all...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

const first, second = "the first secret of the desk", "the second secret of the desk"

func TestToken(t *testing.T) {
	k := keysOf(t, first)
	for range 100 {
		conversation, item := desk.NewID(), desk.NewID()
		id := k.MessageID(conversation, item, "shop.example")
		local, _, _ := strings.Cut(id, "@")
		if len(local) > 64 {
			t.Fatalf("a local part of %d octets", len(local))
		}
		for _, form := range []string{id, "<" + id + ">", strings.ToUpper(id), local, " " + id + " ", local + "@rewritten.example"} {
			got, ok := k.Read(form)
			if !ok || got.Conversation != conversation || !got.Of(item) || got.Of(desk.NewID()) {
				t.Fatalf("%q is not read back", form)
			}
		}
	}
}

func TestTokenForged(t *testing.T) {
	k := keysOf(t, first)
	id := k.Token(desk.NewID(), desk.NewID())
	for i := range id {
		for _, c := range "0z.-" {
			if forged := id[:i] + string(c) + id[i+1:]; forged != id {
				if _, ok := k.Read(forged + "@shop.example"); ok {
					t.Errorf("a token with letter %d changed is believed", i)
				}
			}
		}
		if _, ok := k.Read(id[:i] + "@shop.example"); ok {
			t.Errorf("a token of %d letters is believed", i)
		}
	}
	if _, ok := keysOf(t, second).Read(id); ok {
		t.Error("a token of another desk is believed")
	}
}

func TestRotation(t *testing.T) {
	old, now := keysOf(t, first), keysOf(t, second, first)
	conversation, item := desk.NewID(), desk.NewID()
	if _, ok := now.Read(old.Token(conversation, item)); !ok {
		t.Error("a token from before the rotation is forgotten")
	}
	if _, ok := now.ReadPlus(old.Plus(shop, conversation)); !ok {
		t.Error("an address from before the rotation is forgotten")
	}
	if !now.Tagged(old.Tag(conversation), conversation) {
		t.Error("a tag from before the rotation is forgotten")
	}
	if now.Token(conversation, item) == old.Token(conversation, item) {
		t.Error("the old secret still signs")
	}
	if _, ok := keysOf(t, second).Read(old.Token(conversation, item)); ok {
		t.Error("a secret that was taken away is believed")
	}
}

func TestKeys(t *testing.T) {
	if _, err := NewKeys(); err == nil {
		t.Error("no secret is accepted")
	}
	if _, err := NewKeys([]byte("short")); err == nil {
		t.Error("a short secret is accepted")
	}
}

func TestPlus(t *testing.T) {
	k := keysOf(t, first)
	conversation := desk.NewID()
	address := k.Plus(shop, conversation)
	if local, _, _ := strings.Cut(address, "@"); len(local) > 64 {
		t.Errorf("a local part of %d octets", len(local))
	}
	if got, ok := k.ReadPlus(strings.ToUpper(address)); !ok || got != conversation {
		t.Error("a plus address is not read back")
	}
	if Bare(address) != shop {
		t.Errorf("%s is %s without its plus part", address, Bare(address))
	}
	for _, bad := range []string{"", "@", "a@b", "support+c@shop.example", "support+c.@shop.example", strings.Replace(address, "+c", "+d", 1), address[:20] + "@shop.example"} {
		if _, ok := k.ReadPlus(bad); ok {
			t.Errorf("%q is believed", bad)
		}
	}
}

func TestTag(t *testing.T) {
	k := keysOf(t, first)
	agree := 0
	for range 200 {
		id, other := desk.NewID(), desk.NewID()
		tags := Tags("Re: " + k.Tag(id).String() + " lamp [#no] [#1234567-ab]")
		if len(tags) != 1 || !k.Tagged(tags[0], id) || k.Tagged(tags[0], other) {
			t.Fatalf("%v is not the tag of its conversation alone", tags)
		}
		copy(other[:], id[:4]) // the same letters, another identifier
		if k.Tagged(tags[0], other) {
			agree++
		}
	}
	if agree > 20 {
		t.Errorf("the check letters agree by chance %d times in 200", agree)
	}
	id := desk.NewID()
	if tags := Tags(strings.ToUpper(k.Tag(id).String())); len(tags) != 1 || !k.Tagged(tags[0], id) {
		t.Error("a tag in capitals is not read")
	}
}

func TestSubject(t *testing.T) {
	for _, c := range []struct {
		in, about string
		forward   bool
	}{
		{"The lamp", "the lamp", false},
		{"Re: The lamp", "the lamp", false},
		{"RE : re:AW: The  lamp ", "the lamp", false},
		{"Re[3]: The lamp", "the lamp", false},
		{"Re(2): The lamp", "the lamp", false},
		{"回复：台灯", "台灯", false},
		{"Fwd: The lamp", "the lamp", true},
		{"WG: AW: The lamp", "the lamp", true},
		{"Re: Fwd: The lamp", "the lamp", false},
		{"[EXT] Fw: The lamp", "the lamp", true},
		{"Re: [#7f3k2m-9q] The lamp", "the lamp", false},
		{"Question: where is it", "question: where is it", false},
		{"[shop] News", "[shop] news", false},
		{"", "", false},
		{"Re:", "", false},
		{"a\r\n b", "a b", false},
	} {
		if got := About(c.in); got != c.about || IsForward(c.in) != c.forward {
			t.Errorf("%q is about %q, forward %v", c.in, got, IsForward(c.in))
		}
	}
}

// FuzzRead: nothing is believed but what was signed, and nothing panics.
func FuzzRead(f *testing.F) {
	k := keysOf(f, first)
	conversation, item := desk.DeriveID([]byte("c")), desk.DeriveID([]byte("i"))
	true1, true2 := k.MessageID(conversation, item, "shop.example"), k.Plus(shop, conversation)
	for _, s := range []string{true1, true2, true1[:40], "", "....@", k.Tag(conversation).String(), "[#", strings.Repeat("[#", 99), "Re: Fwd: x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if tok, ok := k.Read(s); ok {
			if tok.Conversation != conversation || !tok.Of(item) {
				t.Fatalf("%q is believed", s)
			}
		}
		if id, ok := k.ReadPlus(s); ok && id != conversation {
			t.Fatalf("%q is believed", s)
		}
		for _, tag := range Tags(s) {
			if !strings.Contains(strings.ToLower(s), tag.String()) {
				t.Fatalf("%v does not stand in %q", tag, s)
			}
		}
		if again := About(fmt.Sprint("Re: ", s)); again != About(s) {
			t.Fatalf("an answer to %q is about %q", s, again)
		}
	})
}
