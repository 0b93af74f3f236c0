package form

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func load(t testing.TB) *Pages {
	t.Helper()
	p, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var (
	field = regexp.MustCompile(`\{\w+\}`)
	used  = regexp.MustCompile(`Say "(\w+)"`)
)

// TestLanguagesSayTheSame: the same keys, none empty, with the same fields.
func TestLanguagesSayTheSame(t *testing.T) {
	p := load(t)
	if got := p.Languages(); !slices.Equal(got, []string{"en", "ar", "de", "es"}) {
		t.Fatalf("the languages are %v", got)
	}
	keys := slices.Sorted(maps.Keys(p.texts["en"]))
	for _, lang := range p.Languages() {
		if got := slices.Sorted(maps.Keys(p.texts[lang])); !slices.Equal(got, keys) {
			t.Errorf("%s has other keys than English", lang)
		}
		for key, words := range p.texts[lang] {
			want, got := field.FindAllString(p.texts["en"][key], -1), field.FindAllString(words, -1)
			slices.Sort(want)
			slices.Sort(got)
			if words == "" || !slices.Equal(want, got) {
				t.Errorf("%s says %q with the fields %v, not %v", lang, key, got, want)
			}
		}
	}
	page, err := parts.ReadFile("page.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range used.FindAllStringSubmatch(string(page), -1) {
		if p.texts["en"][m[1]] == "" {
			t.Errorf("a page says %q, which no language has", m[1])
		}
	}
}

func TestChoose(t *testing.T) {
	p := load(t)
	for _, c := range []struct{ asked, accepted, want string }{
		{"", "", "en"},
		{"de", "es", "de"},
		{"DE-at", "", "de"},
		{"xx", "es-MX, en;q=0.9", "es"},
		{"", "fr, de;q=0.5, ar;q=0.8", "ar"},
		{"", "de;q=0, es;q=0.1", "es"},
		{"", "de;q=2, es;q=nan, ar;q", "en"},
		{"../de", ";;;,,,", "en"},
		{"", strings.Repeat("fr,", 1000) + "de", "en"},
	} {
		if got := p.Choose(c.asked, c.accepted); got != c.want {
			t.Errorf("%q and %q choose %s, not %s", c.asked, c.accepted, got, c.want)
		}
	}
}

// hostile is what a stranger may write anywhere.
const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}`

func view() View {
	return View{
		Lang: "en", Closed: "closed " + hostile, Notice: &Notice{hostile, "de", hostile}, Link: "L1nk", ID: hostile, Page: hostile,
		Name: hostile, Mail: hostile, Text: hostile, FileLimit: 10 << 20, FileCount: 10, LinkDays: 30, Place: hostile, More: 400,
		Problems: []Problem{{"text", hostile}, {"", hostile}, {"mail", "x"}, {"name", "y"}, {"file", "z"}},
		Items: []Item{
			{Kind: "message", Who: hostile, Text: hostile, At: time.Unix(0, 0), Files: []File{{"4tq", hostile, 48211}}},
			{Kind: "message", Mine: true, Who: "You", Text: "mine"},
			{Kind: "resolved", Text: "closed"},
		},
		Heading: hostile, Body: hostile, Back: "form",
	}
}

var (
	outside = regexp.MustCompile(`(?i)(src|href|action)="([^"]*)"`)
	idOf    = regexp.MustCompile(` id="([^"]+)"`)
	refers  = regexp.MustCompile(` (?:for|aria-describedby|href)="#?([a-z -]+)"`)
)

// TestPagesAreInert: nothing that anybody wrote becomes a page's own, nothing
// is loaded from anywhere, and what refers to an element finds one.
func TestPagesAreInert(t *testing.T) {
	p := load(t)
	for _, lang := range p.Languages() {
		v := view()
		v.Lang = lang
		there := v // its fields are those of a message alone
		there.Problems = []Problem{{"text", hostile}, {"", hostile}, {"file", "z"}}
		for name, b := range map[string]string{"form": string(p.Form(v)), "talk": string(p.Talk(there)), "words": string(p.Words(v))} {
			low := strings.ToLower(b)
			for _, bad := range []string{"<script", "<img", "onerror=alert", "javascript:", "http:", "https:", "<iframe", " style=", "zgotmplz", "<no value>"} {
				if strings.Contains(strings.ReplaceAll(low, "onerror=alert(1)&gt;", ""), bad) {
					t.Errorf("the page %s in %s has %q", name, lang, bad)
				}
			}
			for _, m := range outside.FindAllStringSubmatch(b, -1) {
				if strings.HasPrefix(m[2], "/") || strings.Contains(m[2], ":") && m[2] != "data:," {
					t.Errorf("the page %s refers to %q", name, m[2])
				}
			}
			ids := map[string]int{}
			for _, m := range idOf.FindAllStringSubmatch(b, -1) {
				ids[m[1]]++
			}
			for id, n := range ids {
				if n != 1 {
					t.Errorf("the page %s has %d elements %q", name, n, id)
				}
			}
			for _, m := range refers.FindAllStringSubmatch(b, -1) {
				for _, id := range strings.Fields(m[1]) {
					if strings.Contains(m[0], "#") || !strings.Contains(m[0], "href") {
						if ids[id] == 0 {
							t.Errorf("the page %s refers to %q, which is not there: %s", name, id, m[0])
						}
					}
				}
			}
			dir := map[bool]string{true: "rtl", false: "ltr"}[lang == "ar"]
			if !strings.Contains(b, `<html lang="`+lang+`" dir="`+dir+`">`) {
				t.Errorf("the page %s in %s does not say how it is read", name, lang)
			}
		}
	}
}

// TestTheirWordsAreStillThere: a form that was refused has everything.
func TestTheirWordsAreStillThere(t *testing.T) {
	v := View{Lang: "en", Name: "Åsa", Mail: "asa@post.test", Text: "\n two\nlines & <more>", Link: "L", ID: "I", Problems: []Problem{{"text", "why"}}}
	b := string(load(t).Form(v))
	for _, want := range []string{
		`value="Åsa"`, `value="asa@post.test"`, ">\n\n two\nlines &amp; &lt;more&gt;</textarea>", `<li><a href="#text">why</a></li>`,
		`aria-invalid="true" aria-describedby="text-wrong"`, `<p class="wrong" id="text-wrong">why</p>`, `role="alert"`,
		`<title>It was not sent</title>`, `name="link" value="L"`, `name="id" value="I"`,
	} {
		if !strings.Contains(b, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(b, `type="file"`) {
		t.Error("the page takes files where none are taken")
	}
}

// TestPolicyAllowsTheStyle: the hash is that of what stands on the page.
func TestPolicyAllowsTheStyle(t *testing.T) {
	p := load(t)
	b := string(p.Form(View{Lang: "en"}))
	_, rest, _ := strings.Cut(b, "<style>")
	style, _, ok := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	if !ok || !strings.Contains(p.Policy(), "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
		t.Error("the policy does not allow the page's style")
	}
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
		if !strings.Contains(p.Policy(), want) {
			t.Errorf("the policy lacks %s", want)
		}
	}
	if strings.Contains(p.Policy(), "unsafe") || strings.Contains(p.Policy(), "script-src") {
		t.Errorf("the policy is %s", p.Policy())
	}
}

// TestFieldsKeepTheirOrder within words that are read from right to left.
func TestFieldsKeepTheirOrder(t *testing.T) {
	p := load(t)
	if got := p.Say("ar", "large_file", "name", "a.pdf", "size", "1 kB"); !strings.Contains(got, "\u2068a.pdf\u2069") || !strings.Contains(got, "\u20681 kB\u2069") {
		t.Errorf("it says %q", got)
	}
	if got := p.Say("de", "large_file", "name", "a.pdf", "size", "1 kB"); got != "a.pdf ist größer als 1 kB." {
		t.Errorf("it says %q", got)
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1 kB", 48211: "48 kB", 999_400: "999 kB", 10 << 20: "10.5 MB"} {
		if got := Size(n); got != want {
			t.Errorf("%d bytes are %s, not %s", n, got, want)
		}
	}
}
