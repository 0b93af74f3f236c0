package chat_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/channels/chat"
	"hark/channels/chat/visitor"
	"hark/desk"
	"hark/desk/desktest"
)

const fileLimit = 100 << 10

func takingFiles(o *chat.Options) { o.FileLimit = fileLimit }

// answer is what a request came to.
type answer struct {
	status int
	http.Header
	body string
}

// ask sends a request and follows nowhere. Headers are name and value.
func (h *hub) ask(method, path, body string, header ...string) answer {
	h.t.Helper()
	return h.send(method, path, strings.NewReader(body), header...)
}

func (h *hub) send(method, path string, body io.Reader, header ...string) answer {
	h.t.Helper()
	q, err := http.NewRequestWithContext(h.t.Context(), method, h.url()+path, body)
	if err != nil {
		h.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := c.Do(q)
	if err != nil {
		h.t.Fatal(err)
	}
	b, err := io.ReadAll(r.Body)
	if err = errors.Join(err, r.Body.Close()); err != nil {
		h.t.Fatal(err)
	}
	return answer{r.StatusCode, r.Header, string(b)}
}

func (h *hub) conversation(p *person) desk.ID {
	h.t.Helper()
	s, _ := p.Conversation()
	id, err := desk.ParseID(s)
	if err != nil || id.IsZero() {
		h.t.Fatalf("the conversation is %q, %v", s, err)
	}
	return id
}

// refusedWith holds an error of the client to what the hub should have said.
func refusedWith(t *testing.T, what string, err error, status int, code string) {
	t.Helper()
	var e *visitor.Error
	if !errors.As(err, &e) || e.Status != status || e.Code != code {
		t.Errorf("%s: %v, want %d %s", what, err, status, code)
	}
}

func TestFilesGoBothWays(t *testing.T) {
	h := startHub(t, takingFiles)
	mo := h.visit(visitor.Options{Name: "Mo"})
	content := strings.Repeat("%PDF-1.4 receipt\n", 3000)
	f, err := mo.Upload(t.Context(), `C:\fakepath\receipt (2)`+"\u202e.pdf", strings.NewReader(content))
	if err != nil || f.Name != "receipt (2).pdf" || f.Type != "application/pdf" || f.Size != int64(len(content)) {
		t.Fatalf("the hub made %+v of it, %v", f, err)
	}
	if _, err := mo.Say("", f); err != nil {
		t.Fatal(err)
	}
	mo.sees("")
	if got := mo.items[0].Files; !slices.Equal(got, []visitor.File{f}) {
		t.Errorf("the visitor sees %+v", got)
	}
	id := h.conversation(mo)
	bo := h.env.As("bo")
	fileID, err := desk.ParseID(f.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, r, err := bo.OpenFile(t.Context(), id, fileID)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || string(b) != content {
		t.Errorf("staff read %d bytes, %v", len(b), err)
	}
	back, err := bo.Attach(t.Context(), "answer.txt", strings.NewReader("here you are"))
	if err != nil {
		t.Fatal(err)
	}
	if err := bo.ReplyWith(t.Context(), id, "see this", []desk.ID{back.ID}); err != nil {
		t.Fatal(err)
	}
	mo.sees("", "see this")
	sent := mo.items[1].Files[0]
	if b, err := mo.Download(t.Context(), sent.ID); err != nil || string(b) != "here you are" || sent.Name != "answer.txt" {
		t.Errorf("the visitor reads %q of %+v, %v", b, sent, err)
	}
	if b, err := mo.Download(t.Context(), f.ID); err != nil || string(b) != content {
		t.Errorf("the visitor's own comes back with %d bytes, %v", len(b), err)
	}
}

// TestFilesAreDownloadsOnly sends what a browser would run if it could, with
// the names that would make it.
func TestFilesAreDownloadsOnly(t *testing.T) {
	h := startHub(t, takingFiles)
	token := desktest.Token("eve")
	for name, content := range map[string]string{
		"page.html":           "<!doctype html><script>alert(1)</script>",
		"picture.svg":         `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
		"poly.gif":            "GIF89a/*<script>alert(1)</script>*/=1;",
		"poly.jpg":            "\xff\xd8\xff\xe0<script>alert(1)</script>",
		"poly.pdf.html":       "%PDF-1.4\n<html onload=alert(1)>",
		"a.js":                "alert(1)",
		"x\r\nSet-Cookie: ":   "a",
		`"; filename="b.html`: "a",
		"ä%22;.html":          "<html>",
		"../../../etc/cron":   "a",
	} {
		id := h.sends(token, name, content)
		a := h.ask("GET", "/file/"+id, "", "Origin", site, "X-Hark-Token", token)
		if a.status != 200 || a.body != content {
			t.Fatalf("%q comes back as %d %q", name, a.status, a.body)
		}
		d := a.Get("Content-Disposition")
		for header, want := range map[string]string{
			"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
			"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
		} {
			if a.Get(header) != want {
				t.Errorf("%q comes with %s: %s", name, header, a.Get(header))
			}
		}
		if !strings.HasPrefix(d, "attachment; filename=\"") || strings.Count(d, `"`) != 2 || strings.ContainsAny(d, "/\\\r\n") || a.Get("Set-Cookie") != "" {
			t.Errorf("%q comes as %s", name, d)
		}
	}
}

// sends uploads a file and says it, and returns its identifier.
func (h *hub) sends(token, name, content string) string {
	h.t.Helper()
	f, err := h.env.Upload(h.t.Context(), token, name, strings.NewReader(content))
	if err == nil {
		_, err = h.env.Say(h.t.Context(), desk.Words{Token: token, Client: visitor.Secret(9), Files: []desk.ID{f.ID}})
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return f.ID.String()
}

func TestFilesAreTheirConversations(t *testing.T) {
	h := startHub(t, takingFiles)
	mine, other := desktest.Token("mo"), desktest.Token("eve")
	id := h.sends(mine, "a.txt", "secret")
	h.sends(other, "b.txt", "eve's")
	waits, err := h.env.Upload(t.Context(), mine, "waits.txt", strings.NewReader("not sent"))
	if err != nil {
		t.Fatal(err)
	}
	conversation := h.env.Visitor(mine).Conversation
	bo := h.env.As("bo")
	inside, err := bo.Attach(t.Context(), "inside.txt", strings.NewReader("staff only"))
	if err != nil {
		t.Fatal(err)
	}
	if err := bo.Note(t.Context(), conversation, "a note"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		token, id string
		status    int
	}{
		"a foreign conversation's":        {other, id, 404},
		"with a new token":                {desktest.Token("nobody"), id, 404},
		"without a token":                 {"", id, 400},
		"with a malformed one":            {"short", id, 400},
		"one that no message has":         {mine, waits.ID.String(), 404},
		"staff's own, not sent":           {mine, inside.ID.String(), 404},
		"one that never was":              {mine, desk.NewID().String(), 404},
		"a malformed identifier":          {mine, "..%2f..%2fetc", 404},
		"the conversation itself":         {mine, conversation.String(), 404},
		"the right one":                   {mine, id, 200},
		"the right one in capitals, mine": {mine, strings.ToUpper(id), 200},
	} {
		a := h.ask("GET", "/file/"+c.id, "", "Origin", site, "X-Hark-Token", c.token)
		if a.status != c.status || c.status != 200 && strings.Contains(a.body, "secret") {
			t.Errorf("%s: %d %q", name, a.status, a.body)
		}
	}
	foreign := h.ask("GET", "/file/"+id, "", "Origin", site, "X-Hark-Token", other).body
	never := h.ask("GET", "/file/"+desk.NewID().String(), "", "Origin", site, "X-Hark-Token", other).body
	if foreign != never {
		t.Errorf("the answer tells that a file exists: %q and %q", foreign, never)
	}
}

// TestOnlyListedOriginsAreServed: and what is refused can be read by nobody's
// page.
func TestOnlyListedOriginsAreServed(t *testing.T) {
	h := startHub(t, takingFiles)
	token := desktest.Token("mo")
	id := h.sends(token, "a.txt", "secret")
	for _, c := range [][2]string{{"GET", "/config"}, {"POST", "/file"}, {"GET", "/file/" + id}, {"POST", "/transcript"}, {"OPTIONS", "/file"}, {"OPTIONS", "/file/x"}, {"OPTIONS", "/config"}} {
		for _, from := range []string{"", "null", "https://evil.test", site + ".evil.test", strings.Replace(site, "http:", "https:", 1)} {
			header := []string{"X-Hark-Token", token, "X-Hark-Name", "a"}
			if from != "" {
				header = append(header, "Origin", from)
			}
			a := h.ask(c[0], c[1], "token="+token, header...)
			if a.status != 403 || a.Get("Access-Control-Allow-Origin") != "" || strings.Contains(a.body, "secret") {
				t.Errorf("%s %s from %q: %d %v", c[0], c[1], from, a.status, a.Header)
			}
		}
		a := h.ask(c[0], c[1], "", "Origin", site)
		if a.status == 403 || a.Get("Access-Control-Allow-Origin") != site || a.Get("Access-Control-Allow-Credentials") != "" || a.Get("Vary") != "Origin" {
			t.Errorf("%s %s from the site: %d %v", c[0], c[1], a.status, a.Header)
		}
	}
	a := h.ask("OPTIONS", "/file", "", "Origin", site, "Access-Control-Request-Method", "POST")
	if a.status != 204 || !strings.Contains(a.Get("Access-Control-Allow-Headers"), "X-Hark-Token") || a.Get("Access-Control-Max-Age") != "600" {
		t.Errorf("the preflight is answered with %d %v", a.status, a.Header)
	}
}

func TestUploadsThatAreRefused(t *testing.T) {
	h := startHub(t, takingFiles)
	mo := h.visit(visitor.Options{})
	_, err := mo.Upload(t.Context(), "large.bin", bytes.NewReader(make([]byte, fileLimit+1)))
	refusedWith(t, "too large", err, 413, "too_large")
	_, err = mo.Upload(t.Context(), "large.bin", struct{ io.Reader }{bytes.NewReader(make([]byte, fileLimit+1))})
	refusedWith(t, "too large without a length", err, 413, "too_large")
	_, err = mo.Upload(t.Context(), "empty", strings.NewReader(""))
	refusedWith(t, "empty", err, 400, "invalid")
	_, err = mo.Upload(t.Context(), "empty", struct{ io.Reader }{strings.NewReader("")})
	refusedWith(t, "empty without a length", err, 400, "invalid")
	if f, err := mo.Upload(t.Context(), "just fits", bytes.NewReader(make([]byte, fileLimit))); err != nil || f.Size != fileLimit {
		t.Errorf("just fits: %v", err)
	}
	for name, header := range map[string][]string{
		"no token":         {"X-Hark-Name", "a"},
		"a bad name":       {"X-Hark-Token", desktest.Token("x"), "X-Hark-Name", "%zz"},
		"no UTF-8":         {"X-Hark-Token", desktest.Token("x"), "X-Hark-Name", "%ff"},
		"too long a name":  {"X-Hark-Token", desktest.Token("x"), "X-Hark-Name", strings.Repeat("a", 1025)},
		"a token too long": {"X-Hark-Token", strings.Repeat("a", 129), "X-Hark-Name", "a"},
	} {
		if a := h.ask("POST", "/file", "body", append(header, "Origin", site)...); a.status != 400 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	none := startHub(t)
	_, err = none.visit(visitor.Options{}).Upload(t.Context(), "a", strings.NewReader("a"))
	refusedWith(t, "where none are taken", err, 404, "not_found")
}

// TestBodiesThatStop end after the time for it, and nothing of them stays.
func TestBodiesThatStop(t *testing.T) {
	h := startHub(t, takingFiles, func(o *chat.Options) { o.Limits.Stall = 100 * time.Millisecond })
	for name, end := range map[string]func(net.Conn){
		"stops":     func(net.Conn) {},
		"goes away": func(c net.Conn) { _ = c.Close() },
	} {
		c, err := new(net.Dialer).DialContext(t.Context(), "tcp", h.addr)
		if err != nil {
			t.Fatal(err)
		}
		_, err = fmt.Fprintf(c, "POST /file HTTP/1.1\r\nHost: h\r\nOrigin: %s\r\nX-Hark-Token: %s\r\nX-Hark-Name: a\r\nContent-Length: 5000\r\n\r\nhalf of it", site, desktest.Token(name))
		if err != nil {
			t.Fatal(err)
		}
		end(c)
		start := time.Now()
		_ = c.SetReadDeadline(start.Add(5 * time.Second))
		b, _ := io.ReadAll(c)
		if name == "stops" && (!strings.HasPrefix(string(b), "HTTP/1.1 408 ") || time.Since(start) > 3*time.Second) {
			t.Errorf("a body that stops is answered after %v with %.60q", time.Since(start), b)
		}
		_ = c.Close()
	}
	mo := h.visit(visitor.Options{}) // the room is given back
	if _, err := mo.Upload(t.Context(), "a", bytes.NewReader(make([]byte, fileLimit))); err != nil {
		t.Error(err)
	}
}

// TestSlowBodiesArrive: one that goes on arriving is taken, although it takes
// longer than any other request may.
func TestSlowBodiesArrive(t *testing.T) {
	h := startHub(t, takingFiles, func(o *chat.Options) { o.Limits.Stall = 200 * time.Millisecond })
	mo := h.visit(visitor.Options{})
	r, w := io.Pipe()
	go func() {
		for range 10 {
			time.Sleep(50 * time.Millisecond)
			_, _ = w.Write([]byte("0123456789"))
		}
		_ = w.Close()
	}()
	if f, err := mo.Upload(t.Context(), "slow", r); err != nil || f.Size != 100 {
		t.Errorf("it arrived as %+v, %v", f, err)
	}
}

func TestPendingFilesAreBounded(t *testing.T) {
	h := startHub(t, takingFiles, func(o *chat.Options) {
		o.Limits.Uploads = chat.Rate{PerSecond: 1000, Burst: 1000}
		o.Limits.VisitorFiles, o.Limits.AddressFiles = 2*fileLimit, 4*fileLimit
	})
	full := func() io.Reader { return bytes.NewReader(make([]byte, fileLimit)) }
	mo := h.visit(visitor.Options{})
	var files []visitor.File
	for range 2 {
		f, err := mo.Upload(t.Context(), "a", full())
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	_, err := mo.Upload(t.Context(), "a", strings.NewReader("one more"))
	refusedWith(t, "one visitor's third", err, 429, "slow")
	for range 2 { // another visitor of the same address
		if _, err := h.visit(visitor.Options{}).Upload(t.Context(), "a", full()); err != nil {
			t.Fatal(err)
		}
	}
	_, err = h.visit(visitor.Options{}).Upload(t.Context(), "a", strings.NewReader("one more"))
	refusedWith(t, "one address's fifth", err, 429, "slow")
	if _, err := mo.Say("here they are", files...); err != nil {
		t.Fatal(err)
	}
	mo.sees("here they are")
	mo.until("room again", func(*person) bool {
		_, err := mo.Upload(t.Context(), "a", full())
		return err == nil
	})
}

func TestUploadsOfOneAddressAreCounted(t *testing.T) {
	h := startHub(t, takingFiles, func(o *chat.Options) { o.Limits.Uploads = chat.Rate{PerSecond: 0.01, Burst: 3} })
	mo := h.visit(visitor.Options{})
	for range 3 {
		if _, err := mo.Upload(t.Context(), "a", strings.NewReader("a")); err != nil {
			t.Fatal(err)
		}
	}
	_, err := mo.Upload(t.Context(), "a", strings.NewReader("a"))
	refusedWith(t, "the fourth", err, 429, "slow")
	var e *visitor.Error
	if errors.As(err, &e) && (e.Retry < 10*time.Second || e.Retry > 200*time.Second) {
		t.Errorf("it may be sent again after %v", e.Retry)
	}
}

// TestFilesOfOthersCannotBeSent: a token sends only what it uploaded.
func TestFilesOfOthersCannotBeSent(t *testing.T) {
	h := startHub(t, takingFiles)
	mo, eve := h.visit(visitor.Options{}), h.visit(visitor.Options{})
	f, err := mo.Upload(t.Context(), "mine.txt", strings.NewReader("mine"))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{f.ID, "", "nonsense", desk.NewID().String()} {
		said, err := eve.Say("give me", visitor.File{ID: id})
		if err != nil {
			t.Fatal(err)
		}
		eve.until("the refusal", func(p *person) bool {
			return slices.ContainsFunc(p.events, func(e visitor.Event) bool {
				return e.Kind == visitor.Refused && e.ID == said && e.Code == "not_found"
			})
		})
	}
	if eve.Waiting() != 0 || !h.env.Visitor(eve.Token()).Conversation.IsZero() {
		t.Error("words with somebody else's file began a conversation")
	}
}

// TestFilesSurviveBeingSentAgain: the same words on another connection are the
// same message, with its files.
func TestFilesSurviveBeingSentAgain(t *testing.T) {
	h := startHub(t, takingFiles)
	token := desktest.Token("mo")
	f, err := h.env.Upload(t.Context(), token, "a.txt", strings.NewReader("a"))
	if err != nil {
		t.Fatal(err)
	}
	say := `{"t":"say","id":"m1","text":"","files":["` + f.ID.String() + `"]}`
	for range 3 {
		r := enter(t, h, token)
		r.text(say)
		if f := r.await("ok"); f["id"] != "m1" {
			t.Fatalf("the hub says %v", f)
		}
	}
	v := h.env.Visitor(token)
	if v.Ord != 1 || !h.env.Files.Kept(f.ID) {
		t.Errorf("there are %d items, and the file is kept: %v", v.Ord, h.env.Files.Kept(f.ID))
	}
}

// TestAFileThatCannotBeReadIsCutOff: nobody takes a part for the whole.
func TestAFileThatCannotBeReadIsCutOff(t *testing.T) {
	env := desktest.New(t, func(o *desk.Options) { o.Files = &broken{Files: &desktest.Files{}} })
	s := chat.New(chat.Options{Desk: env.Desk, Origins: []string{site}, FileLimit: 1 << 20})
	web := httptest.NewServer(s.Handler())
	defer web.Close()
	token := desktest.Token("mo")
	f, err := env.Upload(t.Context(), token, "a", bytes.NewReader(make([]byte, 300<<10)))
	if err == nil {
		_, err = env.Say(t.Context(), desk.Words{Token: token, Client: "1", Files: []desk.ID{f.ID}})
	}
	if err != nil {
		t.Fatal(err)
	}
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+"/file/"+f.ID.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Origin", site)
	q.Header.Set("X-Hark-Token", token)
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return // nothing came at all, which is as good
	}
	defer func() { _ = r.Body.Close() }()
	if b, err := io.ReadAll(r.Body); err == nil {
		t.Errorf("%d bytes came of a file that could not be read, as if that were all", len(b))
	}
}

// broken is a store whose files end too early with an error.
type broken struct{ *desktest.Files }

func (b *broken) Open(ctx context.Context, id desk.ID) (io.ReadCloser, error) {
	r, err := b.Files.Open(ctx, id)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(io.MultiReader(io.LimitReader(r, 100<<10), failing{})), nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("damaged") }
