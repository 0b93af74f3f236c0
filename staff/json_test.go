package staff_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/desk"
)

// settled replaces what differs from run to run: identifiers and times.
func settled(s string) string {
	s = regexp.MustCompile(`"[0-9a-hjkmnp-tv-z]{26}"`).ReplaceAllString(s, `"ID"`)
	return regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"`).ReplaceAllString(s, `"AT"`)
}

func TestListAsJSON(t *testing.T) {
	w := open(t)
	w.Says("Mo", "do you ship\tto Åland? <b>&amp;")
	id := w.Says("Ida\u202e", "\x1b]52;c;x\x07 \u009d \U000E0041 bidi")
	w.As("bo")
	w.do("bo", "claim", id.String())
	want := `{"id":"ID","state":"new","channels":["chat"],"last_channel":"chat","contact":"Ida\u202e","assignee":"bo","last":"\u001b]52;c;x\u0007 \u009d \udb40\udc41 bidi","at":"AT","queue":"","priority":"normal","tags":[],"since":"AT","breached":false}
{"id":"ID","state":"new","channels":["chat"],"last_channel":"chat","contact":"Mo","assignee":"","last":"do you ship to Åland? <b>&amp;","at":"AT","queue":"","priority":"normal","tags":[],"since":"AT","breached":false}
`
	out := w.do("ana", "ls", "--json")
	if got := settled(out); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	var row struct{ Contact, Last, At string }
	if err := json.Unmarshal([]byte(strings.SplitN(out, "\n", 2)[0]), &row); err != nil {
		t.Fatal(err)
	}
	if row.Contact != "Ida\u202e" || row.Last != "\x1b]52;c;x\a \u009d \U000E0041 bidi" {
		t.Errorf("the raw text does not come back: %q", row)
	}
	if _, err := time.Parse(time.RFC3339, row.At); err != nil {
		t.Error(err)
	}
}

func TestConversationAsJSON(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "hello\nthere")
	w.As("bo")
	w.do("bo", "send", id.String(), "hi")
	w.do("bo", "note", id.String(), "quiet one")
	w.do("bo", "assign", id.String(), "nobody")
	w.do("bo", "resolve", id.String())
	w.Seen(id, 2)
	w.Close() // journals the delivery mark at once
	want := `{"seq":N,"id":"ID","conversation":"ID","n":1,"at":"AT","actor":"Mo","kind":"conversation.opened","contact":"Mo","channel":"chat"}
{"seq":N,"id":"ID","conversation":"ID","n":2,"at":"AT","actor":"Mo","kind":"message","direction":"in","channel":"chat","text":"hello\nthere","client":"c1","delivery":"received"}
{"seq":N,"id":"ID","conversation":"ID","n":3,"at":"AT","actor":"owner as bo","kind":"assigned","to":"bo","claim":true}
{"seq":N,"id":"ID","conversation":"ID","n":4,"at":"AT","actor":"owner as bo","kind":"message","direction":"out","channel":"chat","text":"hi","author":"Bo","delivery":"delivered"}
{"seq":N,"id":"ID","conversation":"ID","n":5,"at":"AT","actor":"owner as bo","kind":"note","text":"quiet one"}
{"seq":N,"id":"ID","conversation":"ID","n":6,"at":"AT","actor":"owner as bo","kind":"assigned","to":"","claim":false}
{"seq":N,"id":"ID","conversation":"ID","n":7,"at":"AT","actor":"owner as bo","kind":"resolved"}
{"seq":N,"id":"ID","conversation":"ID","n":8,"at":"AT","actor":"hark","kind":"delivered","channel":"chat","ord":2}
`
	out := w.do("bo", "cat", "--json", id.String())
	got := regexp.MustCompile(`"seq":\d+`).ReplaceAllString(settled(out), `"seq":N`)
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestHostileTextReachesNoTerminal(t *testing.T) {
	w := open(t)
	const evil = "\x1b[2J\u009d52;c;AAAA\u009c\rroot# \u202eevil\x07"
	id, err := w.Say(t.Context(), desk.Words{Token: strings.Repeat("t", 22), Client: "c", Text: evil, Name: "N" + evil, Page: "https://x.example/" + evil})
	if err != nil {
		t.Fatal(err)
	}
	w.do("ana", "note", id.String(), evil)
	for _, argv := range [][]string{{"ls"}, {"cat", id.String()}, {"ls", "--json"}, {"cat", id.String(), "--json"}, {"send", id.String(), "hi"}} {
		for _, r := range w.do("ana", argv...) {
			if r != '\n' && (r < ' ' || r >= 0x7f && r <= 0x9f || r == '\u202e') {
				t.Errorf("%v shows %U", argv, r)
			}
		}
	}
	cat := w.do("ana", "cat", id.String())
	for line := range strings.SplitSeq(cat, "\n") {
		if strings.HasPrefix(line, "root#") {
			t.Errorf("a customer's words begin a line of ours:\n%s", cat)
		}
	}
}
