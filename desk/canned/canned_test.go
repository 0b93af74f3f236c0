package canned_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"hark/desk"
	"hark/desk/canned"
	"hark/desk/desktest"
)

const refund = `+++
title = "Refund promised"
key = "refund"
tags = ["money", "lamp"]
language = "en"
queue = "billing"
+++

Hello {customer.first|there},
order {order} is refunded. {{order} is not a field.
`

func parse(t *testing.T, text string) canned.Reply {
	t.Helper()
	r, p := canned.Parse("a.txt", []byte(text))
	if p != nil {
		t.Fatal(p)
	}
	return r
}

func TestParse(t *testing.T) {
	got := parse(t, strings.ReplaceAll("\uFEFF"+refund, "\n", "\r\n"))
	want := canned.Reply{
		Name: "a", Title: "Refund promised", Key: "refund", Tags: []string{"money", "lamp"}, Lang: "en", Queue: "billing",
		Text: "Hello {customer.first|there},\norder {order} is refunded. {{order} is not a field.",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestFill(t *testing.T) {
	r := parse(t, refund)
	text, open := r.Fill(map[string]string{"customer.first": "Ana"})
	if want := "Hello Ana,\norder {order} is refunded. {order} is not a field."; text != want {
		t.Errorf("got %q, want %q", text, want)
	}
	if len(open) != 1 || open[0].Name != "order" || text[open[0].Start:open[0].End] != "{order}" {
		t.Errorf("open fields: %+v", open)
	}
	text, open = r.Fill(map[string]string{"order": "{agent.name}"})
	if want := "Hello there,\norder {agent.name} is refunded. {order} is not a field."; text != want || len(open) != 0 {
		t.Errorf("got %q with %d open; a value must not be read for fields", text, len(open))
	}
	if got := r.Fields(); !reflect.DeepEqual(got, []string{"order"}) {
		t.Errorf("fields of the agent: %q", got)
	}
}

func TestOpen(t *testing.T) {
	for text, want := range map[string]string{
		"nothing here":                      "",
		"order {order} of {date}":           "order date",
		"{customer.first|there}":            "customer.first",
		"{{order}} of another system":       "",
		"a { b } and {Order} {a b}":         "",
		"{{{order}":                         "order",
		"{" + strings.Repeat("a", 41) + "}": "",
		"{order":                            "",
	} {
		var names []string
		for _, s := range canned.Open(text) {
			names = append(names, s.Name)
			if text[s.Start] != '{' || text[s.End-1] != '}' {
				t.Errorf("%q: the span %v is not the field", text, s)
			}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%q: open %q, want %q", text, got, want)
		}
	}
}

func TestProblemsNameTheLineAndTheRemedy(t *testing.T) {
	head := "+++\ntitle = \"x\"\n"
	for text, want := range map[string]string{
		"":                                                     "a.txt:1: the file must begin with a line +++",
		"Hello":                                                "a.txt:1: the file must begin",
		"+++\ntitle = \"x\"\nHello":                            "a.txt:1: the settings do not end",
		"+++\n+++\nHello":                                      "a.txt:1: the title is missing",
		"+++\ntitle = x\n+++\nHello":                           "a.txt:2: this is not a setting",
		"+++\n\ntitle = 3\n+++\nHello":                         "a.txt:3: this is not a setting",
		head + "colour = \"red\"\n+++\nHello":                  "a.txt:3: there is no such setting; the settings are title, key, tags",
		head + "+++\n\n \n":                                    "a.txt:5: there is no reply under the settings",
		head + "+++\n\none\nfor {Order}\n":                     "a.txt:6: a field is written in small letters",
		head + "+++\nfor {":                                    "a.txt:4: a field is written in small letters",
		head + "+++\nfor {customer.nmae}":                      "a.txt:4: there is no field {customer.nmae}; hark fills {customer.name}, {customer.first}",
		head + "+++\nbell \a":                                  "a.txt:4: there is a control character",
		head + "+++\nbroken \xff":                              "a.txt: the file is not UTF-8",
		head + "key = \"two words\"\n+++\nHello":               "a.txt:3: the key must be one word",
		head + "language = \"english\"\n+++\nHello":            "a.txt:3: the language must be written",
		head + "queue = \"Billing!\"\n+++\nHello":              "a.txt:3: the queue must be the name",
		head + "tags = [\"a\", \"b\\u0007\"]\n+++\nx":          "a.txt:3: the tag",
		head + "+++\n" + strings.Repeat("x", canned.FileLimit): "a.txt: the file is larger than",
	} {
		_, p := canned.Parse("a.txt", []byte(text))
		switch {
		case p == nil:
			t.Errorf("%.60q was taken for a reply", text)
		case !strings.HasPrefix(p.String(), want):
			t.Errorf("%.60q: got %q, want %q …", text, p, want)
		}
	}
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func titled(title, more string) *fstest.MapFile {
	return file("+++\ntitle = \"" + title + "\"\n" + more + "\n+++\nHello")
}

func TestLoadKeepsWhatIsRight(t *testing.T) {
	replies, problems := canned.Load(fstest.MapFS{
		"b.txt":      titled("Second", `key = "k"`),
		"a.txt":      titled("Third", `key = "k"`),
		"c.txt":      titled("First", "key = \"k\"\nlanguage = \"de\""),
		"bad.txt":    file("no settings"),
		"README":     file("not a reply"),
		".hid.txt":   file("of an editor"),
		"sub/d.txt":  titled("Elsewhere", ""),
		"dir.txt/xx": file("a folder with that ending"),
	})
	var titles []string
	for _, r := range replies {
		titles = append(titles, r.Title)
	}
	if got := strings.Join(titles, " "); got != "First Third" {
		t.Errorf("replies: %s", got)
	}
	want := []string{`b.txt:3: the key "k" is that of a.txt already`, "bad.txt:1: the file must begin"}
	if len(problems) != len(want) {
		t.Fatalf("problems: %v", problems)
	}
	for i, p := range problems {
		if !strings.HasPrefix(p.String(), want[i]) {
			t.Errorf("problem %d: %s", i, p)
		}
	}
}

func TestLoadHasALimit(t *testing.T) {
	folder := fstest.MapFS{}
	for i := range canned.FilesLimit + 1 {
		folder[fmt.Sprintf("%04d.txt", i)] = titled(fmt.Sprintf("%04d", i), "")
	}
	replies, problems := canned.Load(folder)
	if len(replies) != canned.FilesLimit || len(problems) != 1 || problems[0].File != "1000.txt" {
		t.Errorf("%d replies, problems %v", len(replies), problems)
	}
}

func TestLoadOfNoFolder(t *testing.T) {
	replies, problems := canned.Load(os.DirFS(filepath.Join(t.TempDir(), "none")))
	if len(replies) != 0 || len(problems) != 0 {
		t.Errorf("%v %v", replies, problems)
	}
}

func TestFolderSeesChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := fstest.MapFS{"a.txt": titled("Before", "")}
		folder := canned.NewFolder(files)
		if rs, _ := folder.Replies(); len(rs) != 1 || rs[0].Title != "Before" {
			t.Fatalf("%+v", rs)
		}
		files["a.txt"] = titled("Afterwards", "")
		if rs, _ := folder.Replies(); rs[0].Title != "Before" {
			t.Error("the disk is asked more than once a second")
		}
		time.Sleep(time.Second)
		if rs, _ := folder.Replies(); rs[0].Title != "Afterwards" {
			t.Error("a change is not seen")
		}
		delete(files, "a.txt")
		time.Sleep(time.Second)
		if rs, _ := folder.Replies(); len(rs) != 0 {
			t.Error("a removal is not seen")
		}
	})
	if rs, ps := (*canned.Folder)(nil).Replies(); rs != nil || ps != nil {
		t.Error("a nil folder holds something")
	}
}

func TestFinding(t *testing.T) {
	rs := canned.Replies{
		{Name: "a", Title: "Lamp broken", Key: "broken", Tags: []string{"refund"}, Text: "sorry"},
		{Name: "b", Title: "Refund", Key: "refund", Lang: "de", Text: "Geld"},
		{Name: "c", Title: "Refund", Key: "refund", Lang: "en", Text: "money"},
		{Name: "d", Title: "Bill", Queue: "billing", Text: "a refund comes"},
	}
	names := func(rs canned.Replies) (s string) {
		for _, r := range rs {
			s += r.Name
		}
		return s
	}
	for words, want := range map[string]string{"": "abcd", "REF": "bcad", "lamp ref": "a", "money": "c", "none": ""} {
		if got := names(rs.Search(words)); got != want {
			t.Errorf("search %q: %s, want %s", words, got, want)
		}
	}
	for lang, want := range map[string]string{"": "b", "en-GB": "c", "en": "c", "de": "b", "fr": "b"} {
		if r, ok := rs.Named("refund", "", lang); !ok || r.Name != want {
			t.Errorf("refund in %q: %s, want %s", lang, r.Name, want)
		}
	}
	if _, ok := rs.Named("d", "", ""); ok {
		t.Error("a reply of another queue is offered")
	}
	if _, ok := rs.Named("d", "billing", ""); !ok {
		t.Error("a reply of the queue is not offered")
	}
}

func TestSamples(t *testing.T) {
	replies, problems := canned.Load(os.DirFS("../../demo/canned"))
	if len(replies) < 3 || len(problems) > 0 {
		t.Errorf("%d samples, problems %v", len(replies), problems)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(refund), "x")
	f.Add([]byte("+++\ntitle=\"x\"\n+++\n{{{a.b|}{c}{{"), "{order}")
	f.Add([]byte("+++\n+++\n+++"), "")
	f.Fuzz(func(t *testing.T, raw []byte, value string) {
		r, p := canned.Parse("f.txt", raw)
		if p != nil {
			if p.Msg == "" || p.Line < 0 || p.Line > strings.Count(string(raw), "\n")+1 {
				t.Errorf("the problem is of no use: %+v", p)
			}
			return
		}
		text, open := r.Fill(nil)
		for _, s := range open {
			if text[s.Start:s.End] != "{"+s.Name+"}" {
				t.Errorf("the span %+v of %q is not the field", s, text)
			}
		}
		values := map[string]string{}
		for _, s := range open {
			values[s.Name] = value
		}
		if _, open = r.Fill(values); value != "" && len(open) != 0 {
			t.Errorf("filled fields are open: %+v", open)
		}
	})
}

// TestValues fills in what the desk knows; who has not said a name has none.
func TestValues(t *testing.T) {
	env := desktest.New(t)
	s := env.As("bo")
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	id := env.Says("Ana  María Ek", "hello")
	want := map[string]string{
		canned.CustomerName: "Ana María Ek", canned.CustomerFirst: "Ana", canned.AgentName: "Bo", canned.DeskName: "Test desk",
		canned.Conversation: "#" + s.Short(id), canned.Date: "2026-11-22",
	}
	if got := canned.Values(s, s.Row(id), now); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	id, err := env.Say(t.Context(), desk.Words{Token: desktest.Token("nameless"), Client: "1", Text: "hello"})
	if err != nil {
		t.Fatal(err)
	}
	values := canned.Values(s, s.Row(id), now)
	if values[canned.CustomerName] != "" || values[canned.CustomerFirst] != "" {
		t.Errorf("somebody without a name is called %q", values[canned.CustomerName])
	}
	if text, open := (canned.Reply{Text: "Hello {customer.first|there}"}).Fill(values); text != "Hello there" || len(open) != 0 {
		t.Errorf("got %q", text)
	}
}
