package htmltext_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"hark/channels/email/read/htmltext"
)

const limit = 64 << 10

func render(page string) htmltext.Page {
	return htmltext.Render(page, htmltext.Options{Limit: limit, Picture: func(cid string) string {
		if cid == "known" {
			return "lamp.png"
		}
		return ""
	}})
}

func TestText(t *testing.T) {
	for name, c := range map[string]struct{ page, want string }{
		"words":                   {"a  b\n c", "a b c"},
		"paragraphs":              {"<p>a</p><p>b</p>c", "a\n\nb\n\nc"},
		"lines":                   {"a<br>b<br/>c", "a\nb\nc"},
		"gmail's empty line":      {"<div>a</div><div><br></div><div>b</div>", "a\n\nb"},
		"outlook's paragraphs":    {"<p class=MsoNormal>a</p><p class=MsoNormal>b</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>c</p>", "a\nb\n\nc"},
		"many breaks":             {"a<br><br><br><br><br><br>b", "a\n\n\nb"},
		"inline elements":         {"<b>a</b><i>b</i> <span>c</span>", "ab c"},
		"no-break spaces":         {"a&nbsp;&nbsp;b", "a b"},
		"entities":                {"&lt;a&gt; &amp; &uuml; &#8364;", "<a> & ü €"},
		"heading":                 {"<h1>a</h1>b", "a\n\nb"},
		"list":                    {"<ul><li>a<li>b</ul>", "- a\n- b"},
		"numbered list":           {"<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"},
		"list in a list":          {"<ul><li>a<ul><li>b</ul><li>c</ul>d", "- a\n  - b\n- c\n\nd"},
		"item with two lines":     {"<ul><li>a<br>b</ul>", "- a\n  b"},
		"definitions":             {"<dl><dt>a<dd>b</dl>", "a\n  b"},
		"quote":                   {"a<blockquote>b<br>c</blockquote>d", "a\n\n> b\n> c\n\nd"},
		"quote in a quote":        {"<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n>> b"},
		"unended quote":           {"<blockquote>a", "> a"},
		"ended once too often":    {"</blockquote></ul>a", "a"},
		"table":                   {"<table><tr><th>Item<th>Price<tr><td>Lamp<td>20</table>", "Item | Price\nLamp | 20"},
		"table of paragraphs":     {"<table><tr><td><p>Lamp</p></td><td><p>20</p></td></tr><tr><td><p>Chair</p></td><td></td></tr></table>", "Lamp | 20\nChair"},
		"cell of two lines":       {"<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc"},
		"table for the layout":    {"<table><tr><td>" + strings.Repeat("word ", 40) + "</td><td>b</td></tr></table>", strings.Repeat("word ", 39) + "word\nb"},
		"preformatted":            {"<pre>a  b\n\n  c</pre>d", "a  b\n\n  c\n\nd"},
		"rule":                    {"a<hr>b", "a\n────────────────────\nb"},
		"style and script":        {"<style>p{}</style><script>alert('<p>')</script>a", "a"},
		"head":                    {"<head><title>t</title><meta x>x</head><body>a", "a"},
		"head that never ends":    {"<head><title>t</title><p>a", "a"},
		"title that never ends":   {"<title>t<p>a", "t\n\na"},
		"style that never ends":   {"<style>p{}<p>a", "a"},
		"comment":                 {"a<!-- b -->c<!--[if mso]>d<![endif]--><![if !mso]>e<![endif]>", "ace"},
		"comment that never ends": {"a<!-- <p>b", "a\n\nb"},
		"hidden":                  {"<div style='DISPLAY : none'>x<div>y</div>z</div>a<span hidden>b</span><p style='max-height:0px;overflow:hidden'>c</p>", "a"},
		"hidden, never ended":     {"<div style='display:none'>all there is", "all there is"},
		"white space at the end":  {"<p>a </p> <p> b </p>", "a\n\nb"},
		"escape":                  {"a&#27;[31m\x1bb&#x9b;c", "a[31mb›c"},
		"direction":               {"a&#x202e;b\u2066c&rlm;", "abc"},
		"invisible":               {"a&#8203;&#8203;&shy;&#xfeff;b", "ab"},
		"office namespace":        {"<o:p>a</o:p><v:shape>b</v:shape><xml><w:x>c</w:x></xml>", "ab"},
		"select":                  {"<select><option>a</select>b", "b"},
		"broken tags":             {"<p<div>a</p>b< c <", "a\nb< c <"},
		"nothing":                 {"", ""},
		"picture with words":      {"<img alt='a lamp' src='x.png'>", "[a lamp]"},
		"picture that came along": {"<img src='cid:known'>", "[lamp.png]"},
		"picture without a name":  {"<img src='cid:other'><img src='https://x.example/y.png'>", "[picture]"},
	} {
		if got := strings.TrimRight(render(c.page).Text, "\n"); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestLinks(t *testing.T) {
	for name, c := range map[string]struct {
		page, want string
		lies       int
	}{
		"link":              {`<a href="https://shop.example/a">here</a>`, "here [1]\n\n[1] https://shop.example/a", 0},
		"same twice":        {`<a href="https://x.example/">a</a> <a href="https://x.example/">b</a>`, "a [1] b [1]\n\n[1] https://x.example/", 0},
		"says where":        {`<a href="https://shop.example/">shop.example</a>`, "shop.example", 0},
		"says it in full":   {`<a href="https://shop.example/a?b=c">https://shop.example/a?b=c</a>`, "https://shop.example/a?b=c", 0},
		"below the host":    {`<a href="https://mail.shop.example/x">shop.example</a>`, "shop.example [1]\n\n[1] https://mail.shop.example/x", 0},
		"lies":              {`<a href="https://evil.example/">www.bank.example</a>`, "www.bank.example (leads to evil.example) [1]\n\n[1] https://evil.example/", 1},
		"lies with scheme":  {`<a href="http://evil.example">https://bank.example/login</a>`, "https://bank.example/login (leads to evil.example) [1]\n\n[1] http://evil.example", 1},
		"lies by a user":    {`<a href="https://bank.example@evil.example/">bank.example</a>`, "bank.example (leads to evil.example) [1]\n\n[1] https://bank.example@evil.example/", 1},
		"a file is no host": {`<a href="https://x.example/">bill.pdf</a>`, "bill.pdf [1]\n\n[1] https://x.example/", 0},
		"other letters":     {`<a href="https://bаnk.example/">pay</a>`, "pay (leads to xn--bnk-6cd.example, a name in other letters) [1]\n\n[1] https://xn--bnk-6cd.example/", 0},
		"mail":              {`<a href="mailto:ana@shop.example?subject=x">Ana</a>`, "Ana [1]\n\n[1] mailto:ana@shop.example", 0},
		"mail in words":     {`<a href="mailto:ana@shop.example">Ana@shop.example</a>`, "Ana@shop.example", 0},
		"telephone":         {`<a href="tel:+461234">call</a>`, "call [1]\n\n[1] tel:+461234", 0},
		"script":            {`<a href="javascript:alert(1)">a</a> <a href="data:text/html,x">b</a>`, "a b", 0},
		"within the page":   {`<a href="#top">up</a> <a name=x>y</a> <a href="/z">z</a>`, "up y z", 0},
		"no scheme":         {`<a href="//x.example/a">a</a>`, "a [1]\n\n[1] //x.example/a", 0},
		"never ended":       {`<a href="https://x.example/">a`, "a [1]\n\n[1] https://x.example/", 0},
		"broken":            {"<a href=\"https://x.example/\x1b[0m%zz\">a</a> <a href='http://[::1'>b</a>", "a b", 0},
		"notes before a quote": {
			`new <a href="https://a.example/">a</a><blockquote>old <a href="https://b.example/">b</a></blockquote>`,
			"new a [1]\n\n[1] https://a.example/\n\n> old b [2]\n>\n> [2] https://b.example/", 0,
		},
	} {
		p := render(c.page)
		if got := strings.TrimRight(p.Text, "\n"); got != c.want || len(p.Lies) != c.lies {
			t.Errorf("%s: got %q and %v, want %q", name, got, p.Lies, c.want)
		}
	}
}

func TestPicturesAreCountedNotLoaded(t *testing.T) {
	for page, want := range map[string][2]int{
		`<img src="https://x.example/a.png">`:                                                       {1, 0},
		`<img src="https://x.example/a.png" width="1" height="1">`:                                  {1, 1},
		`<img src="//x.example/a" style="width:1px;height:1px">`:                                    {1, 1},
		`<img src="http://x.example/a" style="display:none">`:                                       {1, 1},
		`words<div style="display:none"><img src="http://x.example/a"></div>`:                       {1, 1},
		`<img src="https://x.example/wf/open?upn=1">`:                                               {1, 1},
		`<img src="cid:a"><img src="data:image/gif;base64,R0lGOD">`:                                 {0, 0},
		`<table background="https://x.example/b"><td style="background:url('http://x.example/c')">`: {2, 0},
		`<link rel=stylesheet href="https://x.example/s.css"><iframe src="https://x.example/f">`:    {2, 0},
		`<style>p{background:url(https://x.example/a)}</style>`:                                     {1, 0},
	} {
		if p := render(page); p.Remote != want[0] || p.Trackers != want[1] {
			t.Errorf("%s: %d remote, %d trackers; want %v", page, p.Remote, p.Trackers, want)
		}
	}
}

func TestSpans(t *testing.T) {
	head := "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p>From: x</p></div>"
	for name, c := range map[string]struct {
		page string
		want []string
	}{
		"gmail":                  {"new<div class=gmail_quote>On x wrote<blockquote>old</blockquote></div>after", []string{"On x wrote\n\n> old\n"}},
		"gmail, within":          {"new<div class=gmail_quote>a<div>b</div>c</div>after", []string{"a\nb\nc\n"}},
		"yahoo":                  {"new<div id=ydp1 class=yahoo_quoted>old</div>", []string{"old\n"}},
		"outlook":                {"new" + head + "<p>old</p><div>older</div>", []string{"From: x\n\nold\n\nolder\n"}},
		"outlook on the web":     {"new<hr><div id=divRplyFwdMsg>From: x</div><div>old</div>", []string{"From: x\nold\n"}},
		"outlook, quoted":        {"new<div id=x_divRplyFwdMsg>From: x</div>old", []string{"From: x\nold\n"}},
		"thunderbird":            {"<div class=moz-cite-prefix>Am x schrieb y:</div><blockquote type=cite>old</blockquote>new", []string{"Am x schrieb y:\n", "> old\n"}},
		"old mac outlook":        {"new<span id=OLK_SRC_BODY_SECTION>old</span>new", []string{"old\n"}},
		"signature":              {"new<div class=gmail_signature>Ana<br>Shop</div>", []string{"Ana\nShop\n"}},
		"signature, never ended": {"new<div id=Signature>Ana", []string{"Ana\n"}},
		"none":                   {"<div class=quote>a</div>", nil},
	} {
		p := render(c.page)
		var got []string
		for _, s := range p.Spans {
			got = append(got, strings.TrimLeft(p.Text[s.From:s.To], "\n"))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestLimit(t *testing.T) {
	p := htmltext.Render("<p>"+strings.Repeat("ü", 100)+"</p><img src='https://x.example/y.png'>", htmltext.Options{Limit: 51})
	if !p.Cut || len(p.Text) > 52 || !utf8.ValidString(p.Text) || p.Remote != 1 {
		t.Errorf("cut %v, %d bytes, %d remote", p.Cut, len(p.Text), p.Remote)
	}
}

// TestHostilePages renders pages that bring down parsers that build trees. Each
// of them took a second or more elsewhere; here a slow one would end the test
// by its time limit.
func TestHostilePages(t *testing.T) {
	for name, page := range hostile() {
		p := render(page)
		if len(p.Text) > limit+2 || strings.IndexFunc(p.Text, forbidden) >= 0 {
			t.Errorf("%s: %d bytes", name, len(p.Text))
		}
	}
}

func hostile() map[string]string {
	const n = 20_000
	return map[string]string{
		"deep nesting":         strings.Repeat("<div>", n) + "a",
		"deep quotes":          strings.Repeat("<blockquote>", n) + "a",
		"deep quotes of words": strings.Repeat("<blockquote>a", n),
		"deep lists":           strings.Repeat("<ul><li>a", n),
		"deep tables":          strings.Repeat("<table><tr><td>a", n/2),
		"entities":             strings.Repeat("&amp;", n),
		"open entities":        strings.Repeat("&", n),
		"links":                strings.Repeat("<a href='https://x.example/'>a</a>", n),
		"different links":      differentLinks(n / 4),
		"open links":           strings.Repeat("<a href='https://x.example/'>", n),
		"one long word":        strings.Repeat("a", 50*n),
		"spaces":               strings.Repeat(" ", 50*n),
		"open comments":        strings.Repeat("<!--", n),
		"open tags":            strings.Repeat("<a ", n),
		"less than":            strings.Repeat("<", 10*n),
		"styles":               strings.Repeat("<style>", n),
		"half ends":            strings.Repeat("</", n),
		"attributes":           "<p " + strings.Repeat("style=a:b ", n) + ">a",
		"long attribute":       "<p style='" + strings.Repeat("display:", n) + "'>a",
		"hidden":               strings.Repeat("<p style='display:none'>", n) + "a",
		"cells":                "<table>" + strings.Repeat("<tr><td>a<td>b", n/2),
		"breaks":               strings.Repeat("<br>", n),
		"joiners":              strings.Repeat("a\u200D", n),
		"combining":            strings.Repeat("a\u0301", n),
		"not UTF-8":            strings.Repeat("\xff", n),
		"gmail quotes":         strings.Repeat("<div class=gmail_quote>", n),
	}
}

func differentLinks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("<a href='https://x.example/" + strings.Repeat("a", i%50) + string(rune('a'+i%26)) + "'>a</a>")
	}
	return b.String()
}

func forbidden(r rune) bool {
	return r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u200B' || r == '\uFEFF'
}

func FuzzRender(f *testing.F) {
	f.Add("<p>a<b>c</p><blockquote type=cite>&#27;<a href=https://x.example>y.example</a><img src=cid:known></blockquote>")
	f.Add("<table><tr><td><pre> a\n b</pre><ul><li>x<style>y</style><!-- z --><div style=display:none>")
	f.Fuzz(func(t *testing.T, page string) {
		p := htmltext.Render(page, htmltext.Options{Limit: 2000})
		if len(p.Text) > 2002 || !utf8.ValidString(p.Text) {
			t.Fatalf("%d bytes: %q", len(p.Text), p.Text)
		}
		if i := strings.IndexFunc(p.Text, forbidden); i >= 0 {
			t.Errorf("%q holds %U", p.Text, []rune(p.Text[i:])[0])
		}
		at := 0
		for _, s := range p.Spans {
			if s.From < at || s.To <= s.From || s.To > len(p.Text) || s.From > 0 && p.Text[s.From-1] != '\n' {
				t.Fatalf("span %+v after %d in %q", s, at, p.Text)
			}
			at = s.To
		}
	})
}
