package entity_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime/quotedprintable"
	"strings"
	"testing"
	"testing/iotest"

	"hark/channels/email/read/entity"
)

func decoded(t *testing.T, encoding, body string) string {
	t.Helper()
	tree := outline([]byte("From: a\nContent-Transfer-Encoding: " + encoding + "\n\n" + body))
	return content(t, tree.Leaves[0])
}

func TestDecode(t *testing.T) {
	for name, c := range map[string]struct{ encoding, body, want string }{
		"base64":                  {"base64", "aGVs\r\nbG8=\r\n", "hello"},
		"base64 without padding":  {"BASE64", "aGVsbG8", "hello"},
		"base64 with junk":        {"base64", "aG!Vs\r\n*bG8=", "hello"},
		"base64 joined":           {"base64", "aGVsbG8=\naGVsbG8=\n", "hellohello"},
		"base64 of the web":       {"base64", "_-8=", "\xff\xef"},
		"base64 with a comment":   {"base64 (because)", "aGVsbG8=", "hello"},
		"quoted":                  {"quoted-printable", "a=3Db=\r\nc =20\r\nd  \r\n", "a=bc  \r\nd\r\n"},
		"quoted lower case":       {"quoted-printable", "=c3=bc", "ü"},
		"quoted, blanks at break": {"quoted-printable", "a=  \nb", "ab"},
		"quoted, broken":          {"quoted-printable", "a=zz=b=4", "a=zz=b=4"},
		"quoted, sign at the end": {"quoted-printable", "a=", "a"},
		"quoted, eight bits":      {"quoted-printable", "ü=", "ü"},
		"uuencode":                {"x-uuencode", "begin 644 x\n%:&5L;&\\\n`\nend\n", "hello"},
		"8bit":                    {"8bit", "ü\n", "ü\n"},
	} {
		if got := decoded(t, c.encoding, c.body); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestKnownEncoding(t *testing.T) {
	for encoding, want := range map[string]bool{"": true, "8bit": true, "base64": true, "quoted-printable": true, "hello": false} {
		tree := outline([]byte("From: a\nContent-Transfer-Encoding: " + encoding + "\n\nx"))
		if got := tree.Leaves[0].KnownEncoding(); got != want {
			t.Errorf("%q: got %v", encoding, got)
		}
	}
}

func TestQuotedPrintableOfALongLine(t *testing.T) {
	want := strings.Repeat("ü=x ", 20_000)
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	if _, err := io.WriteString(w, want); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	one := strings.ReplaceAll(b.String(), "=\r\n", "") // one line, longer than any buffer
	for _, body := range []string{b.String(), one} {
		if got := decoded(t, "quoted-printable", body); got != want {
			t.Errorf("%d bytes came back of %d", len(got), len(want))
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("hello =3D wörld\r\n", uint8(0))
	f.Add("aGVs\r\nbG8=", uint8(1))
	f.Fuzz(func(t *testing.T, body string, which uint8) {
		encoding := []string{"quoted-printable", "base64", "x-uuencode", "8bit"}[which%4]
		mail := []byte("From: a\nContent-Transfer-Encoding: " + encoding + "\n\n" + body)
		e := entity.Outline(bytes.NewReader(mail), int64(len(mail))).Leaves[0]
		whole := content(t, e)
		bits, err := io.ReadAll(iotest.OneByteReader(e.Reader()))
		if err != nil || string(bits) != whole {
			t.Errorf("read byte by byte: %q (%v), at once: %q", bits, err, whole)
		}
	})
}

func FuzzBase64(f *testing.F) {
	f.Add([]byte("hello"), uint8(3))
	f.Fuzz(func(t *testing.T, want []byte, width uint8) {
		text := base64.StdEncoding.EncodeToString(want)
		var lines strings.Builder
		for n := int(width)%76 + 1; len(text) > n; text = text[n:] {
			lines.WriteString(text[:n] + "\r\n")
		}
		if got := decoded(t, "base64", lines.String()+text); got != string(want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func FuzzOutline(f *testing.F) {
	f.Add([]byte(two))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/x; boundary=b\n\n--b\n\n--a--"))
	f.Fuzz(func(t *testing.T, mail []byte) {
		tree := outline(mail)
		var total int64
		for _, e := range tree.Leaves {
			n, err := io.Copy(io.Discard, e.Raw())
			if err != nil || n < 0 {
				t.Fatalf("part %d: %d bytes, %v", e.N, n, err)
			}
			total += n
		}
		if total > int64(len(mail)) {
			t.Errorf("parts of %d bytes in a mail of %d", total, len(mail))
		}
	})
}
