package thread

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hark/desk"
)

// scene is a desk with one conversation: alice wrote a@acme about a lamp, and
// the desk has answered with a signed Message-ID.
type scene struct {
	*world
	id    desk.ID // the conversation
	ours  string  // the answer's Message-ID
	other desk.ID // another conversation, of malory
}

func newScene(t testing.TB) *scene {
	s := &scene{world: newWorld(t)}
	s.id = s.put(letter(alice, shop, "The lamp", "a@acme"))
	s.ours = s.rules.Keys.MessageID(s.id, desk.NewID(), "shop.example")
	s.take(s.id, letter(shop, alice, "Re: The lamp", s.ours, "a@acme"))
	s.other = s.put(letter(malory, shop, "An offer", "m@gmail"))
	return s
}

// joined says what became of a mail.
func (s *scene) became(id desk.ID) string {
	switch {
	case id == s.id:
		return "joined"
	case id == s.other:
		return "joined the other"
	case s.last.Previous == s.id:
		return "follows"
	case s.last.Proposed == s.id:
		return "proposed"
	case s.last.Forward:
		return "forward"
	}
	return "new"
}

// TestDecide has a row for every rule and for every way in which desks were
// seen to go wrong: strangers merged, answers lost, forwards leaked.
func TestDecide(t *testing.T) {
	auth := func(v string) func(*Mail) { return func(m *Mail) { m.Auth = v } }
	for _, c := range []struct {
		name string
		mail func(s *scene) Mail
		want string
		rule desk.Rule
	}{
		// What points to a conversation.
		{"token in In-Reply-To", func(s *scene) Mail { return letter(alice, shop, "Re: The lamp", "1", s.ours) }, "joined", desk.RuleToken},
		{"token in References before another mail", func(s *scene) Mail {
			return letter(alice, shop, "Re: The lamp", "1", s.ours, "unknown@acme")
		}, "joined", desk.RuleToken},
		{"token in upper case", func(s *scene) Mail { return letter(alice, shop, "Re: The lamp", "1", upper(s.ours)) }, "joined", desk.RuleToken},
		{"token wins over a reference", func(s *scene) Mail { return letter(alice, shop, "Re: The lamp", "1", s.ours, "m@gmail") }, "joined", desk.RuleToken},
		{"plus address", func(s *scene) Mail {
			return letter(alice, s.rules.Keys.Plus(shop, s.id), "Anything", "1")
		}, "joined", desk.RulePlus},
		{"plus address only in Delivered-To", func(s *scene) Mail {
			return letter(alice, "list@acme.example", "Anything", "1").with(func(m *Mail) { m.Delivered = []string{s.rules.Keys.Plus(shop, s.id)} })
		}, "joined", desk.RulePlus},
		{"plus address of another desk", func(s *scene) Mail {
			return letter(alice, s.rules.Keys.Plus("support@other.example", s.id), "Anything", "1")
		}, "new", desk.RuleNew},
		{"forged plus address", func(s *scene) Mail {
			return letter(alice, "support+c"+s.id.String()+".00000000@shop.example", "Anything", "1")
		}, "new", desk.RuleNew},
		{"a mail of theirs", func(*scene) Mail { return letter(alice, shop, "Re: The lamp", "1", "a@acme") }, "joined", desk.RuleReferences},
		{"an ancestor, its answer unknown", func(*scene) Mail {
			return letter(alice, shop, "Re: The lamp", "1", "a@acme", "lost@acme")
		}, "joined", desk.RuleReferences},
		{"tag in the subject", func(s *scene) Mail {
			return letter(alice, shop, "AW: "+s.rules.Keys.Tag(s.id).String()+" Something else", "1")
		}, "joined", desk.RuleSubject},
		{"tag with a wrong check", func(s *scene) Mail {
			tag := s.rules.Keys.Tag(s.id)
			tag.Check = map[bool]string{true: "00", false: "11"}[tag.Check != "00"]
			return letter(alice, shop, tag.String()+" Something else", "1")
		}, "new", desk.RuleNew},
		{"same subject and sender only suggest", func(*scene) Mail { return letter(alice, shop, "the  LAMP", "1") }, "proposed", desk.RuleSubject},
		{"Exchange's Thread-Index only suggests", func(*scene) Mail {
			return letter(alice, shop, "RE: Lampe", "1").with(func(m *Mail) { m.ThreadIndex, m.ThreadTopic = "AdsX", "The lamp" })
		}, "proposed", desk.RuleThread},
		{"history suggests nothing", func(*scene) Mail {
			return letter(alice, shop, "The lamp", "1").with(func(m *Mail) { m.Past = true })
		}, "new", desk.RuleNew},
		{"nothing", func(*scene) Mail { return letter(bob, shop, "A shade", "1") }, "new", desk.RuleNew},

		// S: who takes no part never joins by himself.
		{"a stranger with a reference", func(*scene) Mail { return letter(malory, shop, "Re: The lamp", "1", "a@acme") }, "proposed", desk.RuleParticipant},
		{"a stranger with a token", func(s *scene) Mail { return letter(malory, shop, "Re: The lamp", "1", s.ours) }, "proposed", desk.RuleParticipant},
		{"a stranger with a tag", func(s *scene) Mail {
			return letter(malory, shop, "Re: "+s.rules.Keys.Tag(s.id).String(), "1")
		}, "proposed", desk.RuleParticipant},
		{"a stranger with a plus address", func(s *scene) Mail {
			return letter(malory, s.rules.Keys.Plus(shop, s.id), "Re: The lamp", "1")
		}, "proposed", desk.RuleParticipant},
		{"a stranger under the same subject", func(*scene) Mail { return letter(malory, shop, "The lamp", "1") }, "new", desk.RuleNew},
		{"a stranger who copies in a participant", func(*scene) Mail {
			return letter(malory, shop+","+alice, "Re: The lamp", "1", "a@acme")
		}, "proposed", desk.RuleParticipant},
		{"nobody at all", func(s *scene) Mail { return letter("", shop, "Re: The lamp", "1", s.ours) }, "proposed", desk.RuleParticipant},
		{"a colleague with a token", func(s *scene) Mail { return letter(bob, shop, "Re: The lamp", "1", s.ours) }, "joined", desk.RuleToken},
		{"a colleague with a plus address", func(s *scene) Mail {
			return letter(bob, s.rules.Keys.Plus(shop, s.id), "Re: The lamp", "1")
		}, "joined", desk.RulePlus},
		{"a colleague with a reference only", func(*scene) Mail { return letter(bob, shop, "Re: The lamp", "1", "a@acme") }, "proposed", desk.RuleParticipant},
		{"a colleague with a tag only", func(s *scene) Mail {
			return letter(bob, shop, s.rules.Keys.Tag(s.id).String(), "1")
		}, "proposed", desk.RuleParticipant},
		{"ourselves", func(*scene) Mail { return letter(shop, alice, "Re: The lamp", "1", "a@acme") }, "joined", desk.RuleReferences},
		{"a forged participant", func(s *scene) Mail {
			return letter(alice, shop, "Re: The lamp", "1", s.ours).with(auth("fail"))
		}, "proposed", desk.RuleParticipant},
		{"a proved participant", func(s *scene) Mail {
			return letter(alice, shop, "Re: The lamp", "1", s.ours).with(auth("pass"))
		}, "joined", desk.RuleToken},

		// N: another topic.
		{"another subject", func(s *scene) Mail { return letter(alice, shop, "A new order", "1", s.ours) }, "follows", desk.RuleTopic},
		{"another subject that quotes us", func(s *scene) Mail {
			return letter(alice, shop, "A new order", "1", s.ours).with(func(m *Mail) { m.Quoted = []string{s.ours} })
		}, "joined", desk.RuleToken},
		{"another subject over what an address of ours wrote", func(s *scene) Mail {
			return letter(alice, shop, "A new order", "1", s.ours).with(func(m *Mail) { m.QuotesOwn = true })
		}, "joined", desk.RuleToken},
		{"another subject that quotes what it answers", func(*scene) Mail {
			return letter(alice, shop, "A new order", "1", "a@acme").with(func(m *Mail) { m.Quoted = []string{"a@acme"} })
		}, "joined", desk.RuleReferences},
		{"another subject with our tag", func(s *scene) Mail {
			return letter(alice, shop, "Order "+s.rules.Keys.Tag(s.id).String(), "1", s.ours)
		}, "joined", desk.RuleToken},
		{"the subject in another language", func(s *scene) Mail { return letter(alice, shop, "AW: SV: The lamp", "1", s.ours) }, "joined", desk.RuleToken},
		{"an automatic answer under its own subject", func(s *scene) Mail {
			return letter(alice, shop, "Out of office: The lamp", "1", s.ours).with(func(m *Mail) { m.Machine = true })
		}, "joined", desk.RuleToken},
		{"no subject", func(s *scene) Mail { return letter(alice, shop, "", "1", s.ours) }, "joined", desk.RuleToken},
		{"a gateway's label", func(s *scene) Mail { return letter(alice, shop, "[EXTERNAL] Re: The lamp", "1", s.ours) }, "joined", desk.RuleToken},

		// Forwards.
		{"a forward of a participant", func(*scene) Mail { return letter(alice, shop, "Fwd: The lamp", "1", "a@acme") }, "follows", desk.RuleForward},
		{"a forward in German", func(s *scene) Mail { return letter(alice, shop, "WG: The lamp", "1", s.ours) }, "follows", desk.RuleForward},
		{"a forward without a mark", func(*scene) Mail {
			return letter(alice, shop, "The lamp", "1", "a@acme").with(func(m *Mail) { m.Forwarded = true })
		}, "follows", desk.RuleForward},
		{"a stranger's forward", func(*scene) Mail { return letter(malory, shop, "FW: The lamp", "1", "a@acme") }, "proposed", desk.RuleForward},
		{"a supplier answers what was forwarded to him", func(*scene) Mail {
			return letter("supplier@lamps.example", shop, "Re: The lamp", "1", "a@acme", "forwarded@acme")
		}, "proposed", desk.RuleParticipant},

		// M: long ago.
		{"over since yesterday", func(s *scene) Mail {
			s.topics[s.id].Resolved = day.Add(-24 * time.Hour)
			return letter(alice, shop, "Re: The lamp", "1", s.ours)
		}, "joined", desk.RuleToken},
		{"over since three weeks", func(s *scene) Mail {
			s.topics[s.id].Resolved = day.Add(-21 * 24 * time.Hour)
			return letter(alice, shop, "Re: The lamp", "1", s.ours)
		}, "follows", desk.RuleAge},

		// What is broken.
		{"it refers to itself", func(*scene) Mail { return letter(alice, shop, "A shade", "self", "self") }, "new", desk.RuleNew},
		{"an erased conversation", func(s *scene) Mail {
			return letter(bob, shop, "Re: A shade", "1", s.rules.Keys.MessageID(desk.NewID(), desk.NewID(), "shop.example"))
		}, "new", desk.RuleNew},
		{"no Message-ID", func(*scene) Mail { return letter(alice, shop, "Re: The lamp", "", "a@acme") }, "joined", desk.RuleReferences},
		{"the Message-ID of another mail", func(*scene) Mail { return letter(malory, shop, "An offer of mine", "a@acme") }, "new", desk.RuleNew},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			got := s.became(s.put(c.mail(s)))
			rules := make([]desk.Rule, 0, len(s.last.Evidence))
			for _, e := range s.last.Evidence {
				rules = append(rules, e.Rule)
				if e.Words == "" {
					t.Errorf("%s has no words", e.Rule)
				}
			}
			if got != c.want || !slices.Contains(rules, c.rule) {
				t.Errorf("it is %s by %v, not %s by %s", got, rules, c.want, c.rule)
			}
			if len(s.last.Joins) > 0 {
				t.Errorf("it joins %d more conversations", len(s.last.Joins))
			}
		})
	}
}

func upper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

// TestLists: who is on a list has its mails and may answer them; who only says
// so may not.
func TestLists(t *testing.T) {
	const lamps = "lamps@lists.example"
	post := func(from, id string, refs ...string) Mail {
		subject := "Wiring"
		if len(refs) > 0 {
			subject = "Re: Wiring"
		}
		return letter(from, lamps, subject, id, refs...).with(func(m *Mail) { m.Marks.ListID = "lamp people <lamps.lists.example>" })
	}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
		w := newWorld(t)
		mails := []Mail{post(alice, "1"), post(bob, "2", "1"), post(carol, "3", "1", "2")}
		ids := map[desk.ID]bool{}
		for _, i := range order {
			m := mails[i]
			m.Received = day.Add(time.Duration(i) * time.Minute)
			w.put(m)
		}
		for _, id := range w.placed {
			ids[w.now(id)] = true
		}
		if len(ids) != 1 {
			t.Errorf("in the order %v, a list's thread becomes %d conversations", order, len(ids))
		}
	}
	s := newScene(t)
	m := letter(malory, shop+","+alice, "Re: The lamp", "1", "a@acme").with(func(m *Mail) { m.Marks.ListID = "<alice.acme.example>" })
	if s.became(s.put(m)) != "proposed" {
		t.Error("a stranger joined who calls a customer a list")
	}
}

func TestReused(t *testing.T) {
	s := newScene(t)
	s.put(letter(malory, shop, "Mine", "a@acme"))
	if !s.last.Reused {
		t.Error("a Message-ID that another mail bears is not noticed")
	}
}

// TestGhosts has what arrives in another order than it was written.
func TestGhosts(t *testing.T) {
	later := func(m Mail, by time.Duration) Mail {
		m.Received = m.Received.Add(by)
		return m
	}
	t.Run("two answers to a mail that never comes", func(t *testing.T) {
		w := newWorld(t)
		one := w.put(letter(alice, shop, "Re: Alarm", "1", "root"))
		if two := w.put(letter(alice, shop, "Re: Alarm", "2", "root")); two != one {
			t.Error("answers to one unknown mail of one sender are apart")
		}
		if three := w.put(letter(malory, shop+","+alice, "Re: Alarm", "3", "root")); three == one {
			t.Error("a stranger joined by the name of an unknown mail")
		}
	})
	t.Run("a late parent", func(t *testing.T) {
		w := newWorld(t)
		one := w.put(later(letter(bob, shop, "Re: Alarm", "2", "1"), time.Hour))
		if w.put(letter(alice, shop+","+bob, "Alarm", "1")) != one {
			t.Error("a mail does not join its answer")
		}
	})
	t.Run("a late parent of two", func(t *testing.T) {
		w := newWorld(t)
		one := w.put(later(letter(bob, shop, "Re: Alarm", "2", "1"), time.Hour))
		two := w.put(later(letter(carol, shop, "Re: Alarm", "3", "1"), time.Hour))
		if one == two {
			t.Error("two who do not know of each other are in one conversation")
		}
		if got := w.put(letter(alice, shop+","+bob+","+carol, "Alarm", "1")); got != one || !slices.Contains(w.last.Joins, two) {
			t.Errorf("the mail that both answer joins %v and %v", got == one, w.last.Joins)
		}
	})
	t.Run("a late parent in whose place a stranger writes", func(t *testing.T) {
		w := newWorld(t)
		one := w.put(letter(bob, shop, "Re: Alarm", "2", "1"))
		if w.put(later(letter(malory, shop+","+bob, "Alarm", "1"), time.Hour)) == one {
			t.Error("a stranger joined by a Message-ID that was waited for")
		}
	})
	t.Run("a stranger's answer came first", func(t *testing.T) {
		w := newWorld(t)
		one := w.put(later(letter(malory, shop+","+alice, "Re: The lamp", "2", "1"), time.Hour))
		if w.put(letter(alice, shop, "The lamp", "1")) == one {
			t.Error("a customer's mail joined a stranger's")
		}
	})
	t.Run("an answer under another subject came first", func(t *testing.T) {
		w := newWorld(t)
		one := w.put(later(letter(alice, shop, "A new order", "2", "1"), time.Hour))
		if w.put(letter(alice, shop, "The lamp", "1")) == one {
			t.Error("another topic pulled the mail in")
		}
	})
	t.Run("a forward came first", func(t *testing.T) {
		w := newWorld(t)
		one := w.put(later(letter(alice, shop, "Fwd: The lamp", "2", "1"), time.Hour))
		if w.put(letter(alice, shop, "The lamp", "1")) == one {
			t.Error("a forward pulled in what it hands on")
		}
	})
	t.Run("the answer to a stranger pulls nothing in", func(t *testing.T) {
		w := newWorld(t)
		one := w.put(later(letter(shop, malory, "Re: The lamp", "3", "1", "2"), 2*time.Hour))
		if w.put(later(letter(malory, shop, "Re: The lamp", "2", "1"), time.Hour)) != one {
			t.Error("the stranger's mail does not join our answer to it")
		}
		if w.put(letter(alice, shop, "The lamp", "1")) == one {
			t.Error("our answer to a stranger pulled the customer's mail in")
		}
	})
	t.Run("a cycle", func(t *testing.T) {
		w := newWorld(t)
		one := w.put(letter(alice, shop, "Lamp", "1", "2"))
		if w.put(letter(alice, shop, "Lamp", "2", "3")) != one || w.put(letter(alice, shop, "Lamp", "3", "1")) != one {
			t.Error("mails that refer to each other in a circle are apart")
		}
	})
}

// TestLongChain: 10,000 answers, each with the references that a reader keeps.
func TestLongChain(t *testing.T) {
	for _, c := range []struct {
		name string
		at   func(i, n int) int
	}{{"in order", func(i, _ int) int { return i }}, {"newest first", func(i, n int) int { return n - 1 - i }}} {
		t.Run(c.name, func(t *testing.T) {
			const n = 10_000
			w := newWorld(t)
			begun := time.Now()
			conversations := map[desk.ID]bool{}
			for i := range n {
				at := c.at(i, n)
				var refs []string
				for j := max(0, at-3); j < at; j++ {
					refs = append(refs, fmt.Sprint(j))
				}
				m := letter(alice, shop, "Re: The lamp", fmt.Sprint(at), refs...)
				m.Received = day.Add(time.Duration(at) * time.Minute)
				conversations[w.put(m)] = true
				// A real index looks answers up; this one walks them.
				id := w.placed[fmt.Sprint(at)]
				w.facts[id] = w.facts[id][max(0, len(w.facts[id])-5):]
			}
			if len(conversations) != 1 {
				t.Errorf("a chain of %d became %d conversations", n, len(conversations))
			}
			t.Logf("%v for one", time.Since(begun)/n)
		})
	}
}
