package form

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"strings"
	"testing"
	"testing/iotest"
)

// body writes a form in parts: name and value, a file where the name has a
// colon and a file's name behind it.
func body(t testing.TB, fields ...string) (kind string, b []byte) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for i := 0; i+1 < len(fields); i += 2 {
		var to io.Writer
		var err error
		if name, file, ok := strings.Cut(fields[i], ":"); ok {
			to, err = w.CreateFormFile(name, file)
		} else {
			to, err = w.CreateFormField(name)
		}
		if err == nil {
			_, err = io.WriteString(to, fields[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), out.Bytes()
}

func none(*Post, string, io.Reader) error { return errors.New("a file came") }

func TestRead(t *testing.T) {
	kind, b := body(t, "link", "L", "id", "I", "lang", "de", "page", "/p", "notice", "1", "name", "Åsa", "mail", "m@x.test", "text", "one\r\ntwo\rthree",
		"file:cat.png", "PNG", "file:", "", "file:../b.txt", strings.Repeat("b", 100_000))
	var files []string
	p, err := Read(kind, iotest.OneByteReader(bytes.NewReader(b)), func(p *Post, name string, r io.Reader) error {
		content, err := io.ReadAll(r)
		files = append(files, name+" "+string(content[:3])+" "+p.Link)
		return err
	})
	want := Post{"L", "I", "de", "/p", "1", "Åsa", "m@x.test", "one\ntwo\nthree"}
	if err != nil || p != want {
		t.Errorf("it is read as %+v, %v", p, err)
	}
	if strings.Join(files, "|") != "cat.png PNG L|b.txt bbb L" {
		t.Errorf("the files are %q", files)
	}
	p, err = Read("application/x-www-form-urlencoded; charset=utf-8", strings.NewReader("link=L&text=a%0D%0Ab&name=%C3%85sa"), none)
	if err != nil || p != (Post{Link: "L", Text: "a\nb", Name: "Åsa"}) {
		t.Errorf("in one line it is read as %+v, %v", p, err)
	}
}

func TestReadRefuses(t *testing.T) {
	parts := func(fields ...string) [2]string {
		kind, b := body(t, fields...)
		return [2]string{kind, string(b)}
	}
	const plain = "application/x-www-form-urlencoded"
	many := []string{}
	for range 100 {
		many = append(many, "file:", "")
	}
	whole := parts("text", "abc")
	for name, c := range map[string][2]string{
		"no kind":             {"", "text=a"},
		"another kind":        {"application/json", "{}"},
		"no boundary":         {"multipart/form-data", "x"},
		"an unknown field":    parts("text", "a", "admin", "1"),
		"a field twice":       parts("text", "a", "text", "b"),
		"a field too long":    parts("name", strings.Repeat("a", fieldMost+1)),
		"a text too long":     parts("text", strings.Repeat("a", textMost+1)),
		"no UTF-8":            parts("text", "\xff"),
		"too many parts":      parts(many...),
		"bytes without name":  parts("file:", "bytes"),
		"a file":              parts("file:a", "bytes"),
		"cut short":           {whole[0], whole[1][:len(whole[1])-20]},
		"a line field twice":  {plain, "text=a&text=b"},
		"a line too long":     {plain, "text=" + strings.Repeat("a", plainMost)},
		"a line that is none": {plain, "text=%zz"},
	} {
		if p, err := Read(c[0], strings.NewReader(c[1]), none); err == nil {
			t.Errorf("%s: it is read as %.100v", name, p)
		}
	}
}

func FuzzRead(f *testing.F) {
	kind, b := body(f, "link", "L", "text", "words", "file:a.txt", "bytes")
	f.Add(kind, b)
	f.Add("application/x-www-form-urlencoded", []byte("link=L&text=words"))
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na\r\n--x--"))
	f.Fuzz(func(t *testing.T, kind string, b []byte) {
		total := 0
		p, err := Read(kind, bytes.NewReader(b), func(_ *Post, name string, r io.Reader) error {
			n, err := io.Copy(io.Discard, r)
			total += int(n)
			if name == "" || strings.ContainsRune(name, '/') {
				t.Errorf("a file is called %q", name)
			}
			return err
		})
		if err == nil && (total > len(b) || len(p.Text) > textMost || len(p.Link) > fieldMost || strings.Contains(p.Text, "\r")) {
			t.Errorf("%d bytes are read as %d of files and %d of text", len(b), total, len(p.Text))
		}
	})
}

func TestCheck(t *testing.T) {
	p := load(t)
	long := strings.Repeat("ü", TextMost)
	for _, c := range []struct {
		post  Post
		files int
		want  string
	}{
		{Post{Text: "a"}, 0, ""},
		{Post{Text: " \n"}, 0, "text"},
		{Post{}, 1, ""},
		{Post{Text: long}, 0, ""},
		{Post{Text: long + "a"}, 0, "text"},
		{Post{Text: "a", Name: strings.Repeat("n", 121)}, 0, "name"},
		{Post{Mail: "nobody"}, 0, "mail text"},
	} {
		var got []string
		for _, problem := range p.Check(&c.post, "en", c.files) {
			got = append(got, problem.Field)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%.40v has the problems %v, not %s", c.post, got, c.want)
		}
	}
	post := Post{Name: "  Åsa\n\tEk ", Mail: " a@b.test ", Text: " x "}
	if p.Check(&post, "en", 0); post.Name != "Åsa Ek" || post.Mail != "a@b.test" || post.Text != " x " {
		t.Errorf("it is tidied to %q", post)
	}
}

func TestValidMail(t *testing.T) {
	for s, want := range map[string]bool{
		"a@b.test": true, "å.b+c@post.example": true, "a@bücher.example": true,
		"": false, "a": false, "@b.test": false, "a@": false, "a@b": false, "a@b.": false, "a@.b": false, "a@b@c.test": false,
		"a b@c.test": false, "a@c.test\r\nBcc: x@y.test": false, "<a@b.test>": false, "a@b.test,c@d.test": false,
		strings.Repeat("a", 250) + "@b.test": false,
	} {
		if got := ValidMail(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}
