package config_test

import (
	"strings"
	"testing"
	"time"

	"hark/config"
	"hark/desk"
)

// working is a file with every name that a file may choose.
const working = `
[desk]
zone = "Europe/Berlin"

[routing]
strategy = "least-busy"
chats = 3
offer_mails = true
mails = 7

[queues.sales]
title = "Sales"

[queues.billing]
members = ["ana", "bo"]
pages = ["/billing", "/invoices"]
hours = { mon = "09:00-12:30, 13:30-17:00", fri = "22:00-06:00", sun = "" }
holidays = ["2026-12-25"]
first_reply = "2m"
next_reply = "0s"
warn = "50%"

[chat]
preview = true

[chat.notice]
version = "2026-11"
text.en = "We keep what you write."
text.de = "Wir bewahren auf, was Sie schreiben."

[console.keys]
"assign.me" = "g b"
reply = ""
note = "x, g n"
`

func TestNamesThatTheFileChooses(t *testing.T) {
	f, err := config.Parse("hark.toml", []byte(working))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Queues) != 2 || f.Queues[0].Name != "sales" || f.Queues[1].Pages[1] != "/invoices" {
		t.Errorf("queues are not in the order of the file: %+v", f.Queues)
	}
	if n := f.Chat.Notice; n.Version != "2026-11" || len(n.Text) != 2 || n.Text["de"] == "" {
		t.Errorf("notice: %+v", n)
	}
	if k := f.Console.Keys; len(k) != 3 || k["note"] != "x, g n" || k["assign.me"] != "g b" || k["reply"] != "" {
		t.Errorf("keys: %v", k)
	}
	if f.Line("queues.billing.hours.mon") != 17 || f.Line(`console.keys."assign.me"`) != 32 {
		t.Errorf("lines: %d %d", f.Line("queues.billing.hours.mon"), f.Line(`console.keys."assign.me"`))
	}
	again, err := config.Parse("hark.toml", []byte(f.Show()))
	if err != nil {
		t.Fatalf("what show writes is refused: %v\n%s", err, f.Show())
	}
	for i, v := range f.Values() {
		if a := again.Values()[i]; a.Key != v.Key || a.TOML != v.TOML {
			t.Errorf("%s = %s became %s = %s", v.Key, v.TOML, a.Key, a.TOML)
		}
	}
}

func TestQueuesInTheDesksWords(t *testing.T) {
	f, err := config.Parse("hark.toml", []byte(working))
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Waiting()
	if err != nil {
		t.Fatal(err)
	}
	if r.Strategy != desk.LeastBusy || r.Capacity[desk.Chat] != 3 || r.Capacity[desk.Email] != 7 || !r.Offers || r.Grace != time.Minute {
		t.Errorf("%+v", r)
	}
	q := r.For("https://shop.example/invoices/7?x=1")
	if q.Name != "billing" || r.For("/about").Name != "sales" {
		t.Errorf("pages: %s, %s", q.Name, r.For("/about").Name)
	}
	berlin := q.Hours.Zone()
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, berlin) }
	if berlin.String() != "Europe/Berlin" || !q.Hours.Open(at(23, 9, 0)) || q.Hours.Open(at(23, 12, 45)) || !q.Hours.Open(at(28, 5, 59)) || q.Hours.Open(at(29, 12, 0)) {
		t.Error("the hours are others")
	}
	if q.Warn != 0.5 || q.FirstReply != 2*time.Minute || q.NextReply != 0 {
		t.Errorf("%+v", q)
	}
	d, err := config.Parse("hark.toml", nil)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := d.Waiting(); err != nil || r.AcceptWithin != desk.DefaultRouting().AcceptWithin || r.Capacity[desk.Chat] != desk.DefaultRouting().Capacity[desk.Chat] || r.Capacity[desk.Email] != 0 {
		t.Errorf("an empty file is not the desk's default: %+v, %v", r, err)
	}
}

func TestContradictionsAreNamed(t *testing.T) {
	cases := []struct {
		name, file, want string
	}{
		{"preview without notice", "[chat]\npreview = true", `hark.toml:2: chat.preview: shows staff what visitors have not sent, and no notice tells visitors so; set chat.notice.version`},
		{"notice without en", "[chat.notice]\nversion = \"1\"\ntext.de = \"Hallo\"", `hark.toml:3: chat.notice.text: has no en`},
		{"notice without a version", "[chat.notice.text]\nen = \"Hello\"", `hark.toml:1: chat.notice.text: stands without chat.notice.version`},
		{"notice without a text", "[chat.notice]\nversion = \"1\"", `hark.toml:2: chat.notice.version: stands without a text`},
		{"two queues without pages", "[queues.b]\n[queues.a]", `hark.toml:2: queues.a: has no pages, so all that no other queue has are its; queues.b has them already; set queues.a.pages`},
		{"page twice", "[queues.a]\npages = [\"/x\", \"/x\"]", `hark.toml:2: queues.a.pages: holds "/x" twice`},
		{"page of two", "[queues.a]\npages = [\"/x\"]\n[queues.b]\npages = [\"/y\", \"/x\"]", `hark.toml:4: queues.b.pages: holds "/x", which queues.a has already`},
		{"never open", "[queues.a.hours]\nmon = \"\"", `hark.toml:1: queues.a.hours: never open; name a span for one day at least`},
		{"bad hours", "[queues.a]\nhours = { mon = \"9-17\" }", `hark.toml:2: queues.a.hours.mon: is "9-17"; it must be spans such as "09:00-12:30`},
		{"bad day", "[queues.a.hours]\nmonday = \"09:00-17:00\"", `hark.toml:2: queues.a.hours.monday: there is no such setting; did you mean queues.a.hours.mon?`},
		{"bad holiday", "[queues.a]\nholidays = [\"25 December\"]", `holds "25 December", which is not a day; it must be a list of days in quotes`},
		{"holiday without quotes", "[queues.a]\nholidays = [2026-12-25]", `holds a date or time where a text is needed; it must be a list of days in quotes`},
		{"bad share", "[queues.a]\nwarn = 75", `is a whole number, not a text; it must be a share from "1%" to "100%"`},
		{"whole address as page", "[queues.a]\npages = [\"https://shop.example/x\"]", `which is not the beginning of a path`},
		{"typo in a queue", "[queues.a]\ntitel = \"A\"", `hark.toml:2: queues.a.titel: there is no such setting; did you mean queues.a.title?`},
		{"typo in queues", "[queue.a]\ntitle = \"A\"", `hark.toml:1: queue: there is no such section; did you mean [queues]?`},
		{"name of a queue", "[queues.\"Big One\"]", `cannot name a queue; a queue's name is 1 to 32 of a-z`},
		{"queue as a value", "[queues]\na = 3", `hark.toml:2: queues.a: is a whole number where a section is needed; it is written [queues.a]`},
		{"no language", "[chat.notice.text]\nEnglish = \"x\"", `cannot name a language; a language is written as "en" or "pt-br"`},
		{"bad zone", "[desk]\nzone = \"Berlin\"", `is "Berlin"; it must be a time zone such as "Europe/Berlin"`},
		{"too short to accept", "[routing]\naccept_within = \"1s\"", `is "1s"; it must be a time from "5s" to "1h"`},
		{"three keys", "[console.keys]\nreply = \"a b c\"", `hark.toml:2: console.keys.reply: is "a b c"; it must be a key such as "ctrl+r", two in a row such as "g b"`},
		{"dotted action", "[console.keys]\nassign.me = \"a m\"", `console.keys.assign: is a table, not a text`},
		{"keys in the wrong place", "[keys]\n\"assign.me\" = \"a m\"", `keys."assign.me": there is no such setting; keys of the console are in [console.keys]`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := config.Parse("hark.toml", []byte(c.file))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}
