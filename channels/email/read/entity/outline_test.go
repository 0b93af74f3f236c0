package entity_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"

	"hark/channels/email/read/entity"
)

// crlf writes a mail as it travels.
func crlf(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }

func outline(b []byte) *entity.Tree { return entity.Outline(bytes.NewReader(b), int64(len(b))) }

func content(t *testing.T, e *entity.Entity) string {
	t.Helper()
	b, err := io.ReadAll(e.Reader())
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(b)) != e.Size() {
		t.Errorf("the size of part %d is said to be %d, but %d bytes came", e.N, e.Size(), len(b))
	}
	return string(b)
}

// leaves writes each leaf as "type: content".
func leaves(t *testing.T, tree *entity.Tree) []string {
	t.Helper()
	var all []string
	for i, e := range tree.Leaves {
		if e.N != i+1 {
			t.Errorf("leaf %d has the number %d", i+1, e.N)
		}
		all = append(all, e.Media.Type+": "+content(t, e))
	}
	return all
}

const two = `From: a@b.example
Content-Type: multipart/mixed; boundary=B

preamble
--B
Content-Type: text/plain

one
--B
Content-Type: text/html
Content-Transfer-Encoding: base64

PGI+dHdv
PC9iPg==
--B--
epilogue
`

func TestOutline(t *testing.T) {
	for name, c := range map[string]struct {
		mail string
		want []string
		note string
	}{
		"two parts":   {two, []string{"text/plain: one", "text/html: <b>two</b>"}, ""},
		"single":      {"Subject: x\n\nhello\n", []string{"text/plain: hello\n"}, ""},
		"no text":     {"Subject: x\n", []string{"text/plain: "}, ""},
		"only fields": {"Subject: x\n\n", []string{"text/plain: "}, ""},
		"cut off": {
			strings.Split(two, "--B--")[0],
			[]string{"text/plain: one", "text/html: <b>two</b>"},
			"end of its parts",
		},
		"goes on after its end": {
			two + "--B\nContent-Type: text/css\n\nthree\n--B--\n",
			[]string{"text/plain: one", "text/html: <b>two</b>", "text/css: three"},
			"",
		},
		"boundary never comes": {
			"From: a\nContent-Type: multipart/mixed; boundary=C\n\nwords\n",
			[]string{"text/plain: words\n"},
			"never comes",
		},
		"another boundary than named": {
			"From: a\nContent-Type: multipart/mixed; boundary=C\n\n--B\n\none\n--B\nContent-Type: a/b\n\ntwo\n--B--\n",
			[]string{"text/plain: one", "a/b: two"},
			"separated otherwise",
		},
		"empty line before the parts forgotten": {
			"From: a\nContent-Type: multipart/mixed; boundary=B\nThis is a message of parts.\n--B\nContent-Type: text/css\n\none\n--B--\n",
			[]string{"text/css: one"},
			"nothing separates",
		},
		"first field indented": {" From: a\nSubject: x\n\nhello\n", []string{"text/plain: hello\n"}, ""},
		"type of only a tag":   {"From: a\nContent-Type: <html>\n\nhello\n", []string{"text/html: hello\n"}, ""},
		"boundary not named": {
			"From: a\nContent-Type: multipart/mixed\n\nwords\n", []string{"text/plain: words\n"}, "does not name",
		},
		"part without fields": {
			"From: a\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nwords\n--B--\n", []string{"text/plain: words"}, "",
		},
		"part without fields and empty line": {
			"From: a\nContent-Type: multipart/mixed; boundary=B\n\n--B\nwords here\nmore\n--B--\n",
			[]string{"text/plain: words here\nmore"},
			"",
		},
		"part with fields only": {
			"From: a\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/css\n--B--\n", []string{"text/css: "}, "",
		},
		"nested": {
			"From: a\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: multipart/alternative; boundary=BB\n\n" +
				"--BB\n\none\n--BB\nContent-Type: text/html\n\ntwo\n--BB--\n\n--B\nContent-Type: a/b\n\nthree\n--B--\n",
			[]string{"text/plain: one", "text/html: two", "a/b: three"},
			"",
		},
		"inner end is missing": {
			"From: a\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: multipart/alternative; boundary=I\n\n" +
				"--I\n\none\n--B\nContent-Type: a/b\n\nthree\n--B--\n",
			[]string{"text/plain: one", "a/b: three"},
			"",
		},
		"digest": {
			"From: a\nContent-Type: multipart/digest; boundary=B\n\n--B\n\nSubject: inner\n\nx\n--B--\n",
			[]string{"message/rfc822: Subject: inner\n\nx"},
			"",
		},
		"boundary with blanks behind": {
			"From: a\nContent-Type: multipart/mixed; boundary=\"B\"\n\n--B  \n\none\n--B-- \n", []string{"text/plain: one"}, "",
		},
		"byte order mark first": {"\uFEFFSubject: x\n\nhello\n", []string{"text/plain: hello\n"}, ""},
		"mbox line first":       {"From a@b Mon Jan 1 00:00:00 2026\nSubject: x\n\nhello\n", []string{"text/plain: hello\n"}, "malformed"},
		"words first":           {"log: started\nsome words\nSubject: x\n\nhello\n", []string{"text/plain: hello\n"}, "malformed"},
		"no fields at all":      {"hello\nNote: this is no field\n\nworld\n", []string{"text/plain: hello\nNote: this is no field\n\nworld\n"}, "no fields"},
		"empty line forgotten":  {"From: a\nSubject: x\nDear all,\nwords: here\nbye\n", []string{"text/plain: Dear all,\nwords: here\nbye\n"}, "nothing separates"},
		"type without slash":    {"Subject: x\nContent-Type: text\n\nhello\n", []string{"text/plain: hello\n"}, ""},
		"unknown encoding":      {"Subject: x\nContent-Transfer-Encoding: hello\n\nhello\n", []string{"text/plain: hello\n"}, ""},
		"empty":                 {"", []string{"text/plain: "}, "no fields"},
	} {
		for ends, raw := range map[string][]byte{"LF": []byte(c.mail), "CRLF": crlf(c.mail)} {
			tree := outline(raw)
			got := leaves(t, tree)
			for i := range got {
				got[i] = strings.ReplaceAll(got[i], "\r\n", "\n")
			}
			if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", c.want) {
				t.Errorf("%s, %s: got %q, want %q", name, ends, got, c.want)
			}
			if notes := strings.Join(tree.Notes, "; "); c.note != "" && !strings.Contains(notes, c.note) {
				t.Errorf("%s, %s: the notes %q do not say %q", name, ends, notes, c.note)
			}
		}
	}
}

func TestLoneCR(t *testing.T) {
	got := leaves(t, outline([]byte("Subject: x\r\rhello\rworld\r")))
	if len(got) != 1 || got[0] != "text/plain: hello\nworld\n" {
		t.Errorf("got %q", got)
	}
}

func TestBodySumKnowsTheSameBody(t *testing.T) {
	a := outline([]byte(two)).Body
	if b := outline(crlf(two)).Body; a != b {
		t.Error("line ends change the sum")
	}
	if b := outline([]byte("Received: x\n" + two + "\n\n")).Body; a != b {
		t.Error("another field, or empty lines at the end, change the sum")
	}
	if b := outline([]byte(strings.Replace(two, "one", "onE", 1))).Body; a == b {
		t.Error("another body has the same sum")
	}
	if b := outline([]byte(strings.Replace(two, "one", "o\nne", 1))).Body; a == b {
		t.Error("another line has the same sum")
	}
}

func TestLimits(t *testing.T) {
	var deep strings.Builder
	deep.WriteString("From: a\n")
	for i := range 5000 {
		fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	deep.WriteString("\nwords\n")
	tree := outline([]byte(deep.String()))
	if len(tree.Leaves) != 1 || !strings.Contains(content(t, tree.Leaves[0]), "words") || len(tree.Notes) == 0 {
		t.Errorf("deep nesting: %d leaves, notes %q", len(tree.Leaves), tree.Notes)
	}
	many := "From: a\nContent-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 3*entity.MaxParts) + "--b--\n"
	tree = outline([]byte(many))
	if len(tree.Leaves) != entity.MaxParts || len(tree.Notes) == 0 {
		t.Errorf("many parts: %d leaves, notes %q", len(tree.Leaves), tree.Notes)
	}
	if last := content(t, tree.Leaves[entity.MaxParts-1]); !strings.HasSuffix(last, "x") || len(last) < 2*entity.MaxParts {
		t.Errorf("what follows the last part is lost: %d bytes", len(last))
	}
	long := "Subject: " + strings.Repeat("x", 2*entity.MaxHeader) + "\nFrom: a\n\nwords\n"
	tree = outline([]byte(long))
	if got := content(t, tree.Leaves[0]); got != "words\n" || len(tree.Notes) == 0 {
		t.Errorf("long field: text %q, notes %q", got, tree.Notes)
	}
}

// TestSameAsEnmime holds the outline against a parser that many use, where
// that one is right.
func TestSameAsEnmime(t *testing.T) {
	nested := "From: a@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary=\"=_x\"\n\n--=_x\n" +
		"Content-Type: multipart/related; boundary=rel\n\n--rel\nContent-Type: text/html; charset=utf-8\n" +
		"Content-Transfer-Encoding: quoted-printable\n\n<p>Gr=C3=BC=C3=9Fe=\n an alle</p>\n--rel\nContent-Type: image/png; name=p.png\n" +
		"Content-Transfer-Encoding: base64\nContent-ID: <p@x>\n\niVBORw0KGgo=\n--rel--\n\n--=_x\nContent-Type: application/pdf\n" +
		"Content-Disposition: attachment; filename=\"a b.pdf\"\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n--=_x--\n"
	for name, mail := range map[string]string{"two parts": two, "nested": nested, "plain": "From: a@b.example\n\nwords\n"} {
		root, err := enmime.NewParser(enmime.DisableTextConversion(true), enmime.DisableCharacterDetection(true)).ReadParts(bytes.NewReader(crlf(mail)))
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		root.DepthMatchAll(func(p *enmime.Part) bool {
			if p.FirstChild == nil {
				kind := p.ContentType
				if kind == "" {
					kind = "text/plain"
				}
				want = append(want, fmt.Sprintf("%s %s %s: %s", kind, p.FileName, p.ContentID, p.Content))
			}
			return false
		})
		var got []string
		for _, e := range outline(crlf(mail)).Leaves {
			got = append(got, fmt.Sprintf("%s %s %s: %s", e.Media.Type, e.Name, e.ContentID, content(t, e)))
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: got %q, enmime %q", name, got, want)
		}
	}
}

// TestForgottenLineLeavesTheFieldsAlone: what is text does not become part of a
// field too.
func TestForgottenLineLeavesTheFieldsAlone(t *testing.T) {
	tree := outline([]byte("From: a\nSubject: lamp\n again\nDear all,\nbye\n"))
	if got := tree.Root.Header.Get("subject"); got != "lamp again" {
		t.Errorf("subject %q", got)
	}
}
