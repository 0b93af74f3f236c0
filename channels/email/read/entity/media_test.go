package entity_test

import (
	"maps"
	"strings"
	"testing"

	"hark/channels/email/read/entity"
)

func TestParseMedia(t *testing.T) {
	type params = map[string]string
	for in, want := range map[string]entity.Media{
		"":                                               {"", params{}},
		"text/plain":                                     {"text/plain", params{}},
		"Text/HTML; Charset=\"UTF-8\"":                   {"text/html", params{"charset": "UTF-8"}},
		"text/html charset=utf-8":                        {"text/html", params{"charset": "utf-8"}},
		"text/plain;charset=utf-8;":                      {"text/plain", params{"charset": "utf-8"}},
		"charset=utf-8":                                  {"", params{"charset": "utf-8"}},
		"text/plain; (why (so;)) charset=x":              {"text/plain", params{"charset": "x"}},
		"attachment; filename=a b.pdf":                   {"attachment", params{"filename": "a b.pdf"}},
		"attachment; filename=a b.pdf; size=3":           {"attachment", params{"filename": "a b.pdf", "size": "3"}},
		"a/b; name=x.pdf size=3":                         {"a/b", params{"name": "x.pdf", "size": "3"}},
		`a/b; name="a \"b\" c.pdf"`:                      {"a/b", params{"name": `a "b" c.pdf`}},
		`a/b; name="a "b" c.pdf"; x=y`:                   {"a/b", params{"name": `a "b" c.pdf`, "x": "y"}},
		`a/b; name="C:\x\y.pdf"`:                         {"a/b", params{"name": `C:\x\y.pdf`}},
		`a/b; name="open`:                                {"a/b", params{"name": "open"}},
		`a/b; name=x; name=y`:                            {"a/b", params{"name": "x"}},
		"a/b; name=\"=?utf-8?B?w7wucGRm?=\"":             {"a/b", params{"name": "ü.pdf"}},
		"a/b; filename*=utf-8'de'%C3%BC.pdf":             {"a/b", params{"filename": "ü.pdf"}},
		"a/b; filename*=iso-8859-1''%FC.pdf; filename=x": {"a/b", params{"filename": "ü.pdf"}},
		"a/b; filename*0*=koi8-r''%F0; filename*1*=%D2; filename*2=\".x\"": {"a/b", params{"filename": "Пр.x"}},
		"a/b; filename*1=b; filename*0=a":                                  {"a/b", params{"filename": "ab"}},
		"a/b; filename*=%zz":                                               {"a/b", params{"filename": "%zz"}},
		"a/b; flag; x=y":                                                   {"a/b", params{"flag": "", "x": "y"}},
	} {
		got := entity.ParseMedia(in)
		if got.Type != want.Type || !maps.Equal(got.Params, want.Params) {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestHeader(t *testing.T) {
	h, rest := entity.ParseHeader("Received: 1\r\nReceived: 2\nSubject : a\r\n\tb\r\n  c\nbad line\n\nrest\n")
	if got := strings.Join(h.All("received"), ","); got != "1,2" {
		t.Errorf("received: %s", got)
	}
	if got := h.Get("subject"); got != "a b c bad line" {
		t.Errorf("subject: %q", got)
	}
	if h.Has("missing") || !h.Has("subject") || rest != "rest\n" {
		t.Errorf("rest: %q", rest)
	}
}

func FuzzParseMedia(f *testing.F) {
	f.Add(`text/plain; charset="utf-8"; name*0*=utf-8''%41; (a (b)) x=y`)
	f.Fuzz(func(t *testing.T, s string) {
		if m := entity.ParseMedia(s); len(m.Params) > 40 {
			t.Errorf("%d parameters", len(m.Params))
		}
	})
}
