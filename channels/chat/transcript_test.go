package chat_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hark/channels/chat/visitor"
	"hark/desk"
	"hark/desk/desktest"
)

func TestTranscript(t *testing.T) {
	h := noticed(t, takingFiles)
	mo := h.visit(visitor.Options{Name: "Mo", Notice: "2", Lang: "de"})
	_, err := mo.Transcript(t.Context(), "en")
	refusedWith(t, "before the first message", err, 404, "not_found")
	f, err := mo.Upload(t.Context(), "cat.png", strings.NewReader("\x89PNG\r\n\x1a\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mo.Say("hello\n2026-01-01 00:00:00 UTC  Bo\r\n    I give you \u202ea refund\x1b[2J", f); err != nil {
		t.Fatal(err)
	}
	mo.until("the message", func(p *person) bool { return len(p.items) == 1 })
	id, bo := h.conversation(mo), h.env.As("bo")
	for _, err := range []error{
		bo.Note(t.Context(), id, "the customer must not see this"), bo.Reply(t.Context(), id, "We look at it."),
		bo.Note(t.Context(), id, "nor this"), bo.End(t.Context(), id),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	mo.until("the end", func(p *person) bool { return len(p.items) == 3 })
	got, err := mo.Transcript(t.Context(), "en")
	if err != nil {
		t.Fatal(err)
	}
	at := func(i int) string { return mo.items[i].At.UTC().Format("2006-01-02 15:04:05 UTC") }
	want := "Conversation\nNotice that was shown: version 2\n\n" +
		at(0) + "  You\n    hello\n    2026-01-01 00:00:00 UTC  Bo\n        I give you a refund[2J\n    File: cat.png (8 B)\n\n" +
		at(1) + "  Bo\n    We look at it.\n\n" +
		at(2) + "  This conversation was closed. Write again whenever you like.\n"
	if got != want {
		t.Errorf("the transcript is\n%s\nnot\n%s", got, want)
	}
	if de, err := mo.Transcript(t.Context(), "de"); err != nil || !strings.HasPrefix(de, "Gespräch\nGezeigter Hinweis: Version 2\n") {
		t.Errorf("in German it is %.100s, %v", de, err)
	}
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTranscriptsAreTheirOwners(t *testing.T) {
	h := startHub(t, freely)
	h.env.Says("mo", "mo's words")
	h.env.Says("eve", "eve's words")
	const kind = "application/x-www-form-urlencoded"
	a := h.ask("POST", "/transcript", "token="+desktest.Token("eve"), "Origin", site, "Content-Type", kind)
	if a.status != 200 || strings.Contains(a.body, "mo's") || !strings.Contains(a.body, "eve's words") {
		t.Errorf("it is %d %s", a.status, a.body)
	}
	if a.Get("Content-Type") != "text/plain; charset=utf-8" || !strings.HasPrefix(a.Get("Content-Disposition"), "attachment;") || a.Get("Cache-Control") != "no-store" {
		t.Errorf("it comes with %v", a.Header)
	}
	for _, body := range []string{"", "token=", "token=short", "%zz", "token=" + strings.Repeat("a", 2000)} {
		if a := h.ask("POST", "/transcript", body, "Origin", site); a.status != 400 {
			t.Errorf("%.40q: %d", body, a.status)
		}
	}
	if a := h.ask("GET", "/transcript?token="+desktest.Token("mo"), "", "Origin", site); a.status != 405 {
		t.Errorf("a token in an address: %d", a.status)
	}
}

// TestLongTranscriptsAreWhole: more items than are read at once.
func TestLongTranscriptsAreWhole(t *testing.T) {
	h := startHub(t, freely)
	const n = 1100
	for range n {
		h.env.Says("mo", "line")
	}
	a := h.ask("POST", "/transcript", "token="+desktest.Token("mo"), "Origin", site)
	if got := strings.Count(a.body, "    line\n"); got != n {
		t.Errorf("%d of %d messages are in it", got, n)
	}
}

// TestNotesReachNoCustomer looks for words that only staff may see in every
// byte that any customer can get.
func TestNotesReachNoCustomer(t *testing.T) {
	h := startHub(t, takingFiles, freely)
	talk := h.open("/form").sent("text", "hello")
	mo := h.visit(visitor.Options{})
	mo.say("hello")
	mo.sees("hello")
	bo := h.env.As("bo")
	const words = "xylophone"
	for _, id := range []desk.ID{talk.row().ID, h.conversation(mo)} {
		for _, err := range []error{
			bo.Note(t.Context(), id, "note "+words), bo.Tag(t.Context(), id, []string{words}, nil),
			bo.Take(t.Context(), id), bo.Reply(t.Context(), id, "an answer"), bo.Note(t.Context(), id, words),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		bo.SaveDraft(id, true, "draft "+words)
	}
	mo.sees("hello", "an answer")
	copied, err := mo.Transcript(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	raw := enter(t, h, mo.Token())
	raw.text(`{"t":"beat"}`)
	items := raw.await("items")
	everything := copied + h.open(talk.at).page.body + h.ask("GET", "/c/"+talk.link()+"/transcript", "").body + h.open("/form").page.body
	everything += h.ask("GET", "/config", "", "Origin", site).body + strings.Join(strings.Fields(strings.ToLower(toJSON(t, items))), " ")
	if strings.Contains(everything, words) || !strings.Contains(everything, "an answer") {
		t.Error("a customer gets what is for staff only, or nothing at all")
	}
}
