package thread

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hark/desk"
)

// story draws mails as people write them: threads that branch, answers by those
// who had the mail that they answer, with all references or only the nearest,
// new topics, forwards, and strangers who only know a Message-ID.
func story(t *rapid.T) []Mail {
	var all []Mail
	add := func(m Mail) Mail {
		m.Received = day.Add(time.Duration(len(all)) * time.Hour)
		all = append(all, m)
		return m
	}
	staff := []string{alice, bob, carol, "dan@dan.example", "eve@eve.example"}
	for range rapid.IntRange(1, 12).Draw(t, "mails") {
		id := fmt.Sprintf("%d@world", len(all))
		who := rapid.SampledFrom(staff).Draw(t, "who")
		if len(all) == 0 || rapid.IntRange(0, 4).Draw(t, "root") == 0 {
			add(letter(who, shop+","+rapid.SampledFrom(staff).Draw(t, "to"), "topic "+id, id))
			continue
		}
		parent := rapid.SampledFrom(all).Draw(t, "parent")
		if strings.HasPrefix(parent.From.Mail, "stranger") {
			continue // whoever answers a stranger belongs to both: there the order does matter
		}
		add(answer(t, parent, id))
	}
	return all
}

// answer draws what is written upon a mail.
func answer(t *rapid.T, parent Mail, id string) Mail {
	refs := append(slices.Clone(parent.References), parent.MessageID)
	subject := "Re: " + parent.Subject
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		subject = "topic " + id
	case 1:
		subject = "Fwd: " + parent.Subject + " " + id // forwards differ, or they would be one topic
	case 2:
		return letter("stranger"+id, shop+","+parent.From.Mail, subject, id, refs...)
	}
	who := rapid.SampledFrom(people(parent.Mail)).Draw(t, "answers")
	m := letter(who, shop+","+parent.From.Mail+","+rapid.SampledFrom([]string{alice, carol, shop}).Draw(t, "to"), subject, id, refs...)
	if rapid.Bool().Draw(t, "short") {
		m.References = refs[len(refs)-1:]
	}
	if rapid.IntRange(0, 5).Draw(t, "aside") == 0 {
		m.To = m.To[:1]
	}
	return m
}

// threads returns which mails stand together.
func threads(t testing.TB, mails []Mail) []string {
	w := newWorld(t)
	for _, m := range mails {
		w.put(m)
	}
	groups := map[desk.ID][]string{}
	for id, c := range w.placed {
		c = w.now(c)
		groups[c] = append(groups[c], id)
	}
	var all []string
	for g := range maps.Values(groups) {
		slices.Sort(g)
		all = append(all, fmt.Sprint(g))
	}
	slices.Sort(all)
	return all
}

// TestOrder: whatever order mails arrive in, the same ones stand together.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		mails := story(rt)
		want := threads(t, mails)
		newest := slices.Clone(mails)
		slices.Reverse(newest)
		for name, order := range map[string][]Mail{"newest first": newest, "shuffled": rapid.Permutation(mails).Draw(rt, "order")} {
			if got := threads(t, order); !slices.Equal(got, want) {
				for _, m := range order {
					rt.Logf("%s from %s people %v %q refs %v", m.MessageID, m.From.Mail, people(m.Mail), m.Subject, Refs(m.Mail))
				}
				rt.Fatalf("%s they stand as\n%v, and in order as\n%v", name, got, want)
			}
		}
	})
}
