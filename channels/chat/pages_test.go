package chat_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/channels/chat"
	"hark/desk"
	"hark/desk/desktest"
)

// reader is somebody without JavaScript: it fills in the fields that a page
// has and follows where it is led.
type reader struct {
	h      *hub
	at     string // the path of the page
	page   answer
	hidden map[string]string
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)"`)

// open looks at a page.
func (h *hub) open(path string, header ...string) *reader {
	b := &reader{h: h, at: path}
	b.read(h.ask("GET", path, "", header...))
	return b
}

func (b *reader) read(a answer) {
	b.page, b.hidden = a, map[string]string{}
	for _, m := range hiddenField.FindAllStringSubmatch(a.body, -1) {
		b.hidden[m[1]] = m[2]
	}
}

// submit sends what the page's fields hold, and what is typed into others: name
// and value, a file where the name has a colon and the file's name behind it.
func (b *reader) submit(fields ...string) answer {
	b.h.t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for name, value := range b.hidden {
		if err := w.WriteField(name, value); err != nil {
			b.h.t.Fatal(err)
		}
	}
	for i := 0; i+1 < len(fields); i += 2 {
		var err error
		if name, file, ok := strings.Cut(fields[i], ":"); ok {
			part, perr := w.CreateFormFile(name, file)
			if perr == nil {
				_, perr = part.Write([]byte(fields[i+1]))
			}
			err = perr
		} else {
			err = w.WriteField(fields[i], fields[i+1])
		}
		if err != nil {
			b.h.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.h.t.Fatal(err)
	}
	path, _, _ := strings.Cut(b.at, "?")
	return b.h.send("POST", path, &out, "Content-Type", w.FormDataContentType(), "Sec-Fetch-Site", "same-origin")
}

// sent submits and follows to where it leads.
func (b *reader) sent(fields ...string) *reader {
	b.h.t.Helper()
	a := b.submit(fields...)
	if a.status != 303 {
		b.h.t.Fatalf("the answer is %d %.300s", a.status, a.body)
	}
	base, err := url.Parse("http://h" + b.at)
	if err != nil {
		b.h.t.Fatal(err)
	}
	to, err := base.Parse(a.Get("Location"))
	if err != nil {
		b.h.t.Fatal(err)
	}
	return b.h.open(to.RequestURI())
}

func (b *reader) shows(texts ...string) {
	b.h.t.Helper()
	for _, s := range texts {
		if !strings.Contains(b.page.body, s) {
			b.h.t.Errorf("the page %s lacks %q:\n%.3000s", b.at, s, b.page.body)
		}
	}
}

// link returns the link's secret of a page at /c/LINK.
func (b *reader) link() string {
	path, _, _ := strings.Cut(b.at, "?")
	return strings.TrimPrefix(path, "/c/")
}

// row returns the conversation behind a link.
func (b *reader) row() *desk.Conversation {
	b.h.t.Helper()
	v, err := b.h.env.LinkVisitor(b.link())
	if err != nil {
		b.h.t.Fatal(err)
	}
	return b.h.env.State.Conversation(v.Conversation)
}

func freely(o *chat.Options) {
	o.Limits.Forms = chat.Rate{PerSecond: 1000, Burst: 1000}
	o.Limits.Requests = chat.Rate{PerSecond: 1000, Burst: 1000}
}

func TestWritingWithoutJavaScript(t *testing.T) {
	h := noticed(t, takingFiles, freely)
	form := h.open("/form?lang=de&page=/billing")
	form.shows(`<html lang="de" dir="ltr">`, "wir speichern", `name="notice" value="2"`, `name="page" value="/billing"`)
	talk := form.sent("name", "Åsa Ek", "mail", "asa@post.test", "text", "Guten Tag,\r\n<b>meine</b> Lampe", "file:../bild.png", "\x89PNG\r\n\x1a\nbytes", "file:", "")
	if len(talk.link()) != 43 {
		t.Errorf("the link is %q", talk.link())
	}
	talk.shows(`<html lang="de"`, "Guten Tag,\n&lt;b&gt;meine&lt;/b&gt; Lampe", "bild.png", "<bdi>Sie</bdi>")
	row := talk.row()
	contact := h.env.State.Contact(row.Contact)
	mail, _ := contact.Field("mail")
	if contact.Name != "Åsa Ek" || mail.Value != "asa@post.test" || row.Page != "/billing" || row.Notice != (desk.NoticeRef{Version: "2", Lang: "de"}) {
		t.Errorf("it became %+v of %+v", row, contact)
	}
	bo := h.env.As("bo")
	f, err := bo.Attach(t.Context(), "anleitung.txt", strings.NewReader("so geht es"))
	if err == nil {
		err = bo.ReplyWith(t.Context(), row.ID, "Bitte <lesen>", []desk.ID{f.ID})
	}
	if err == nil {
		err = bo.Note(t.Context(), row.ID, "a note that nobody sees")
	}
	if err != nil {
		t.Fatal(err)
	}
	talk = h.open(talk.at)
	talk.shows("Bitte &lt;lesen&gt;", "<bdi>Bo</bdi>", "anleitung.txt")
	if strings.Contains(talk.page.body, "nobody sees") {
		t.Error("a note is on the page")
	}
	a := h.ask("GET", "/c/"+talk.link()+"/file/"+f.ID.String(), "")
	if a.status != 200 || a.body != "so geht es" || !strings.HasPrefix(a.Get("Content-Disposition"), "attachment;") || a.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the file comes as %d %q %v", a.status, a.body, a.Header)
	}
	talk = talk.sent("text", "Danke!")
	talk.shows("Danke!")
	if row := talk.row(); row.Ord != 3 || h.env.State.Contact(row.Contact).N == 0 {
		t.Errorf("the row is %+v", row)
	}
}

func TestPagesAreSecret(t *testing.T) {
	h := startHub(t, freely)
	form := h.open("/form")
	talk := form.sent("text", "hello")
	for _, b := range []*reader{form, talk, h.open("/c/" + strings.Repeat("a", 43)), h.open(talk.at + "&show=200")} {
		for header, want := range map[string]string{
			"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow",
			"X-Content-Type-Options": "nosniff", "Content-Type": "text/html; charset=utf-8",
		} {
			if got := b.page.Get(header); got != want {
				t.Errorf("%s has %s: %s", b.at, header, got)
			}
		}
		policy := b.page.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") || strings.Contains(b.page.body, "<script") {
			t.Errorf("%s has the policy %s", b.at, policy)
		}
	}
	if talk.page.Get("Set-Cookie") != "" || strings.Contains(talk.page.body, h.addr) {
		t.Error("the page has more than it needs")
	}
	for _, e := range h.env.State.Contact(talk.row().Contact).Links {
		if strings.Contains(fmt.Sprint(e), talk.link()) {
			t.Error("the link's secret is kept")
		}
	}
	events, err := h.env.Journal.Read(t.Context(), 1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if strings.Contains(fmt.Sprintf("%+v", e), talk.link()) {
			t.Errorf("the link's secret is in the journal, in %s", e.Body.Kind())
		}
	}
}

// TestSentTwiceIsWrittenOnce: a reload, a double click and the way back do not
// write again, and other words from the same page do.
func TestSentTwiceIsWrittenOnce(t *testing.T) {
	h := startHub(t, takingFiles, freely)
	form := h.open("/form")
	talk := form.sent("text", "once", "file:a.txt", "bytes")
	for range 3 {
		again := form.sent("text", "once", "file:a.txt", "bytes")
		if again.link() != talk.link() || again.row().Ord != 1 {
			t.Errorf("sent again it leads to %s with %d items", again.at, again.row().Ord)
		}
	}
	talk.sent("text", "twice")
	talk.sent("text", "twice")
	if n := talk.row().Ord; n != 2 {
		t.Errorf("there are %d items", n)
	}
	talk.sent("text", "another thing")
	if n := form.sent("text", "from the first page").row().Ord; n != 4 {
		t.Errorf("there are %d items", n)
	}
}

func TestWhatWasTypedIsKept(t *testing.T) {
	h := noticed(t, takingFiles, freely)
	form := h.open("/form")
	typed := []string{"name", "Åsa", "mail", "asa@", "text", "a long & <careful> text"}
	keeps := func(what string, a answer, status int, texts ...string) {
		t.Helper()
		if a.status != status {
			t.Errorf("%s is answered with %d", what, a.status)
		}
		for _, s := range append(texts, `value="Åsa"`, "a long &amp; &lt;careful&gt; text</textarea>", form.hidden["link"], "<title>It was not sent</title>") {
			if !strings.Contains(a.body, s) {
				t.Errorf("%s: the page lacks %q", what, s)
			}
		}
	}
	keeps("a bad address", form.submit(typed...), 422, `value="asa@"`, `href="#mail"`, `id="mail-wrong"`)
	typed[3] = "asa@post.test"
	keeps("a large file", form.submit(append(typed, "file:big.bin", strings.Repeat("x", fileLimit+1))...), 422, "big.bin is larger than 102 kB.", "choose your files again")
	keeps("an empty file", form.submit(append(typed, "file:void.txt", "")...), 422, "void.txt is empty.")
	many := typed
	for range 11 {
		many = append(many, "file:a.txt", "a")
	}
	keeps("many files", form.submit(many...), 422, "More than 10 files")
	form.hidden["notice"] = "1.0"
	keeps("an unknown notice", form.submit(typed...), 503, "The notice above has changed", `name="notice" value="2"`)
	form.hidden["notice"] = "2"
	if !h.env.Visitor(form.hidden["link"]).Conversation.IsZero() {
		t.Error("something was written")
	}
	if v, err := h.env.LinkVisitor(form.hidden["link"]); err == nil {
		t.Errorf("something was written: %+v", v)
	}
	a := form.submit("name", "Åsa", "text", " ")
	if a.status != 422 || !strings.Contains(a.body, "Please write a message first.") {
		t.Errorf("nothing written is answered with %d", a.status)
	}
	form.sent(typed...)
}

func TestLinksThatOpenNothing(t *testing.T) {
	env := desktest.New(t, func(o *desk.Options) { o.LinkLife = 300 * time.Millisecond })
	h := startHub(t, func(o *chat.Options) { o.Desk, o.LinkLife = env.Desk, 30*24*time.Hour }, freely)
	h.env = env
	form := h.open("/form")
	talk := form.sent("text", "hello")
	time.Sleep(400 * time.Millisecond)
	for what, c := range map[string]struct {
		path   string
		status int
		text   string
	}{
		"expired":              {talk.at, 410, "This address has expired"},
		"expired file":         {"/c/" + talk.link() + "/file/" + desk.NewID().String(), 410, "This address has expired"},
		"expired transcript":   {"/c/" + talk.link() + "/transcript", 410, "It worked for 30 days"},
		"unknown":              {"/c/" + strings.Repeat("x", 43), 404, "There is no such page"},
		"too short":            {"/c/abc", 404, "There is no such page"},
		"a visitor's token":    {"/c/" + desktest.Token("mo"), 404, "There is no such page"},
		"something else":       {"/c/..%2f..%2fetc%2fpasswd", 404, "There is no such page"},
		"one letter different": {"/c/" + "A" + talk.link()[1:], 404, "There is no such page"},
	} {
		if what == "one letter different" && talk.link()[0] == 'A' {
			continue
		}
		a := h.ask("GET", c.path, "")
		if a.status != c.status || !strings.Contains(a.body, c.text) || !strings.Contains(a.body, "form?lang=en") || strings.Contains(a.body, "hello") {
			t.Errorf("%s: %d %.200s", what, a.status, a.body)
		}
	}
	if a := talk.submit("text", "too late"); a.status != 410 {
		t.Errorf("words by an expired link: %d", a.status)
	}
	// A form that was open for too long gets another link, and keeps its words.
	a := form.submit("text", "still here")
	if a.status != 422 || !strings.Contains(a.body, "open for a long time") || !strings.Contains(a.body, "still here</textarea>") || strings.Contains(a.body, form.hidden["link"]) {
		t.Errorf("a form with an expired link: %d %.300s", a.status, a.body)
	}
	fresh := h.open("/form")
	fresh.read(a)
	fresh.sent("text", "still here").shows("still here")
}

func TestFormsOfOneAddressAreCounted(t *testing.T) {
	h := startHub(t, func(o *chat.Options) { o.Limits.Forms = chat.Rate{PerSecond: 0.01, Burst: 2} })
	for range 2 {
		h.open("/form").sent("text", "hello")
	}
	form := h.open("/form")
	a := form.submit("text", "one too many", "name", "Mo")
	if a.status != 429 || a.Get("Retry-After") == "" || !strings.Contains(a.body, "one too many</textarea>") || !strings.Contains(a.body, "Please wait") {
		t.Errorf("the third is answered with %d %v", a.status, a.Header)
	}
	busy := startHub(t, func(o *chat.Options) { o.Limits.Requests = chat.Rate{PerSecond: 0.01, Burst: 2} })
	busy.open("/form")
	busy.open("/form")
	if a := busy.open("/form").page; a.status != 429 || !strings.Contains(a.body, "try again in a moment") {
		t.Errorf("the third page is answered with %d", a.status)
	}
}

func TestFormsFromElsewhere(t *testing.T) {
	h := startHub(t, freely)
	form := h.open("/form")
	body := url.Values{"link": {form.hidden["link"]}, "id": {"i"}, "text": {"written for you"}}.Encode()
	const kind = "application/x-www-form-urlencoded"
	if a := h.ask("POST", "/form", body, "Content-Type", kind, "Sec-Fetch-Site", "cross-site"); a.status != 403 {
		t.Errorf("a form from another site is answered with %d", a.status)
	}
	if a := h.ask("POST", "/form", body, "Content-Type", kind); a.status != 303 { // a browser of old, or of text
		t.Errorf("a plain form is answered with %d %s", a.status, a.body)
	}
	for name, b := range map[string]string{
		"no link": "text=a&id=i", "a link of one's own": "text=a&id=i&link=abc", "a token": "text=a&id=i&link=" + desktest.Token("mo"),
	} {
		if a := h.ask("POST", "/form", b, "Content-Type", kind); a.status != 422 || !strings.Contains(a.body, "open for a long time") {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	for name, c := range map[string][2]string{
		"an unknown field": {kind, "text=a&admin=1"}, "JSON": {"application/json", "{}"}, "nothing": {"", ""},
		"cut short": {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhalf"},
	} {
		if a := h.ask("POST", "/form", c[1], "Content-Type", c[0]); a.status != 400 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}

// TestLinksOpenTheirConversationOnly: no link's file, words or copy by another.
func TestLinksOpenTheirConversationOnly(t *testing.T) {
	h := startHub(t, takingFiles, freely)
	mo := h.open("/form").sent("text", "mo's words", "file:mo.txt", "mo's file")
	eve := h.open("/form").sent("text", "eve's words")
	id := regexp.MustCompile(`/file/(\w+)"`).FindStringSubmatch(mo.page.body)[1]
	if a := h.ask("GET", "/c/"+mo.link()+"/file/"+id, ""); a.status != 200 || a.body != "mo's file" {
		t.Errorf("their own: %d %q", a.status, a.body)
	}
	for _, path := range []string{"/c/" + eve.link() + "/file/" + id, "/c/" + eve.link() + "/transcript", eve.at} {
		if a := h.ask("GET", path, ""); strings.Contains(a.body, "mo's") {
			t.Errorf("%s gives out another's", path)
		}
	}
	if a := h.ask("GET", "/file/"+id, "", "Origin", site, "X-Hark-Token", mo.link()); a.status != 404 {
		t.Errorf("a link is taken for a token: %d", a.status)
	}
}

func TestLongConversationsOnTheirPage(t *testing.T) {
	h := startHub(t, freely)
	talk := h.open("/form").sent("text", "number 0")
	link := talk.link()
	for i := 1; i < 250; i++ {
		if _, err := h.env.Say(t.Context(), desk.Words{Token: link, Form: true, Client: fmt.Sprint(i), Text: fmt.Sprintf("number %d.", i)}); err != nil {
			t.Fatal(err)
		}
	}
	talk = h.open("/c/" + link)
	talk.shows("number 249.", "number 150.", "show=200")
	if strings.Contains(talk.page.body, "number 149.") {
		t.Error("the page shows more than its newest")
	}
	talk = h.open("/c/" + link + "?show=400")
	talk.shows("number 0<", "number 249.")
	if strings.Contains(talk.page.body, "show=") {
		t.Error("there is nothing earlier to show")
	}
}

func TestPagesSayWhereOneStands(t *testing.T) {
	h := startHub(t, freely)
	h.env.SetRouter(&router{desk.Place{Position: 3, Wait: 150 * time.Second, Known: true}})
	talk := h.open("/form?lang=en").sent("text", "hello")
	talk.shows("You are number 3 in line. It takes about 3 minutes.", "Nobody is here at the moment.")
	h.env.SetRouter(&router{desk.Place{Position: 1}})
	h.open(talk.at).shows("You are number 1 in line. We cannot say how long it will take.")
	if err := h.env.As("bo").Reply(t.Context(), talk.row().ID, "here"); err != nil {
		t.Fatal(err)
	}
	if b := h.open(talk.at).page.body; strings.Contains(b, "in line") || strings.Contains(b, "Nobody is here") {
		t.Error("who has an answer is told to wait")
	}
}

func TestPagesInEveryLanguage(t *testing.T) {
	h := startHub(t, freely)
	for lang, want := range map[string]string{"en": "Write to us", "de": "Schreiben Sie uns", "es": "Escríbanos", "ar": "اكتب إلينا"} {
		dir := map[bool]string{true: "rtl", false: "ltr"}[lang == "ar"]
		head := `<html lang="` + lang + `" dir="` + dir + `">`
		h.open("/form?lang="+lang).shows(head, "<h1>"+want+"</h1>")
		form := h.open("/form", "Accept-Language", "xx, "+lang+";q=0.9")
		form.shows(head)
		form.sent("text", "hello").shows(head) // the language stays
		h.open("/c/none?lang="+lang).shows(head, want)
	}
}
