package read_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"hark/channels/email/read"
	"hark/desk"
)

// large returns a mail with a file of so many bytes.
func large(size int) []byte {
	var b bytes.Buffer
	b.WriteString("From: a@customer.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/zip; name=big.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	line := base64.StdEncoding.EncodeToString(make([]byte, 57)) + "\r\n"
	for b.Len() < size {
		b.WriteString(line)
	}
	b.WriteString("--b--\r\n")
	return b.Bytes()
}

// TestLargeMailTakesLittleMemory reads and streams a large mail. Everything
// that is asked for on the way counts, also what is given back at once.
func TestLargeMailTakesLittleMemory(t *testing.T) {
	raw := large(12 << 20)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m := readBytes(raw)
	_, r, err := read.PartReader(bytes.NewReader(raw), int64(len(raw)), 2)
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, r)
	runtime.ReadMemStats(&after)
	if err != nil || len(m.Parts) != 1 || m.Parts[0].Size != n || n < 8<<20 {
		t.Fatalf("%d bytes, %v, parts %+v", n, err, m.Parts)
	}
	if asked := after.TotalAlloc - before.TotalAlloc; asked > 2<<20 {
		t.Errorf("%d KB of memory for it", asked>>10)
	}
}

func TestWhatCannotBeReadIsTheEnd(t *testing.T) {
	raw := large(1 << 20)
	m := read.Read(failing{bytes.NewReader(raw), 100_000}, int64(len(raw)), read.Options{})
	if m.Text != "hello" || len(m.Parts) != 1 || !strings.Contains(strings.Join(m.Mended, ";"), "could not be read to its end") {
		t.Errorf("text %q, parts %+v, mended %q", m.Text, m.Parts, m.Mended)
	}
	if m := read.Read(failing{bytes.NewReader(raw), 0}, int64(len(raw)), read.Options{}); m.Text == "" {
		t.Error("a mail that cannot be read at all shows nothing")
	}
}

// failing is a store that gives nothing behind an offset.
type failing struct {
	r    io.ReaderAt
	good int64
}

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) <= f.good {
		return f.r.ReadAt(p, off)
	}
	n, err := f.r.ReadAt(p[:max(f.good-off, 0)], off)
	return n, errors.Join(err, iotest.ErrTimeout)
}

// startled is a store that panics the first time it is asked.
type startled struct {
	r     io.ReaderAt
	asked int
}

func (s *startled) ReadAt(p []byte, off int64) (int, error) {
	if s.asked++; s.asked == 1 {
		panic("not yet")
	}
	return s.r.ReadAt(p, off)
}

// TestPanicShowsTheRawMail: a fault of ours must not hide a mail nor stop those
// after it.
func TestPanicShowsTheRawMail(t *testing.T) {
	raw := "From: a@customer.example\n\nhello\x1b[31m\n"
	m := read.Read(&startled{r: strings.NewReader(raw)}, int64(len(raw)), read.Options{})
	checkMail(t, m)
	if !strings.Contains(m.Text, "hello") || len(m.Mended) != 1 || m.Identity == ([32]byte{}) {
		t.Errorf("%q, %q", m.Text, m.Mended)
	}
}

func TestLongTextIsCut(t *testing.T) {
	for name, mail := range map[string]string{
		"plain": "From: a@x.example\n\n" + strings.Repeat("wörds and wörds\n", 20_000),
		"line":  "From: a@x.example\n\n" + strings.Repeat("ü", 300_000),
		"page":  "From: a@x.example\nContent-Type: text/html\n\n" + strings.Repeat("<p>wörds</p>", 50_000),
		"many":  "From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\n"+strings.Repeat("words ", 2000)+"\n", 100) + "--b--\n",
	} {
		m := readBytes([]byte(mail))
		checkMail(t, m)
		if len(m.Text) < desk.TextLimit*2/3 || !strings.HasSuffix(m.Text, "goes on in the raw mail.]") || len(m.Mended) == 0 {
			t.Errorf("%s: %d bytes that end with %q", name, len(m.Text), m.Text[len(m.Text)-40:])
		}
	}
}

// checkMail holds what was read to the promises that every mail is held to.
func checkMail(t *testing.T, m *read.Mail) {
	t.Helper()
	if m.Text == "" || len(m.Text) > desk.TextLimit {
		t.Errorf("a text of %d bytes", len(m.Text))
	}
	at := 0
	for _, f := range m.Folds {
		if f.From < at || f.To <= f.From || f.To > len(m.Text) || f.Kind == "" {
			t.Fatalf("fold %+v after %d", f, at)
		}
		at = f.To
	}
	everyText(reflect.ValueOf(*m), "mail", func(path, s string) {
		if !utf8.ValidString(s) {
			t.Errorf("%s is not UTF-8: %q", path, s)
		}
		for _, r := range s {
			if unicode.IsControl(r) && (r != '\n' || path != "mail.Text") || unicode.Is(unicode.Bidi_Control, r) || r == '\u200B' || r == '\uFEFF' {
				t.Errorf("%s holds %U", path, r)
			}
		}
	})
	for _, p := range m.Parts {
		if p.Name != desk.SafeFileName(p.Name) || p.N < 1 || p.Size < 0 || p.Kind == "" || p.Type == "" {
			t.Errorf("part %+v", p)
		}
	}
}

// everyText visits every string of a value.
func everyText(v reflect.Value, path string, visit func(path, s string)) {
	switch v.Kind() {
	case reflect.String:
		visit(path, v.String())
	case reflect.Struct:
		if v.Type().PkgPath() == "time" {
			return
		}
		for i := range v.NumField() {
			everyText(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			everyText(v.Index(i), path, visit)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			everyText(v.Elem(), path, visit)
		}
	default: // numbers
	}
}

// TestMailsCutAnywhere cuts each of the hand-made mails at many places, as a
// connection that breaks does.
func TestMailsCutAnywhere(t *testing.T) {
	for _, raw := range seeds(t) {
		step := max(len(raw)/60, 1)
		for end := 0; end <= len(raw); end += step {
			checkMail(t, readBytes(raw[:end]))
		}
	}
}

func seeds(t testing.TB) [][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/mails/*.eml")
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, raw)
	}
	return all
}

// TestHostileMails reads mails that bring down parsers that descend, look back
// or collect. A slow one would end the test by its time limit.
func TestHostileMails(t *testing.T) {
	const n = 40_000
	head := "From: a@x.example\n"
	multi := head + "Content-Type: multipart/mixed; boundary=b\n\n"
	for name, mail := range map[string]string{
		"fields":             strings.Repeat("X-A: b\n", n) + head + "\nhello",
		"long address list":  "From: a@x.example\nTo: " + strings.Repeat("Ek, Ana <a@x.example>, ", n) + "\n\nhello",
		"open quotes":        "From: " + strings.Repeat("\"", n) + "\n\nhello",
		"open comments":      "From: " + strings.Repeat("(", n) + "a@x.example\n\nhello",
		"open brackets":      "References: " + strings.Repeat("<", n) + "\n\nhello",
		"encoded words":      "Subject: " + strings.Repeat("=?utf-8?q?a", n) + "\n\nhello",
		"references":         "References: " + strings.Repeat("<a@x> ", n) + "\n\nhello",
		"parameters":         head + "Content-Type: text/plain" + strings.Repeat("; a=b", n) + "\n\nhello",
		"split parameter":    head + "Content-Type: text/plain" + strings.Repeat("; name*1*=%41", n) + "\n\nhello",
		"nested":             nested(3000),
		"parts":              multi + strings.Repeat("--b\n\nx\n", n),
		"almost borders":     multi + strings.Repeat("--bb\n--\n--b-\n", n),
		"same boundary":      multi + strings.Repeat("--b\nContent-Type: multipart/mixed; boundary=b\n\n", n/10),
		"junk as base64":     head + "Content-Transfer-Encoding: base64\n\n" + strings.Repeat("!!!!", 10*n),
		"quoted-printable":   head + "Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("=", 10*n),
		"quote marks":        head + "In-Reply-To: <x@y>\n\n" + strings.Repeat(">\n", n),
		"quotes and answers": head + "In-Reply-To: <x@y>\n\n" + strings.Repeat("> a\nOn 1.1.2026, b@x wrote:\n", n/20),
		"signatures":         head + "\n" + strings.Repeat("--\n", n),
		"attributions":       head + "In-Reply-To: <x@y>\n\n" + strings.Repeat("On 17 Nov 2026 at 10:00 a@x.example wrote:\n", n/20),
		"rules":              head + "In-Reply-To: <x@y>\n\n" + strings.Repeat("_____\n", n),
		"flowed":             head + "Content-Type: text/plain; format=flowed\n\n" + strings.Repeat(">a \n", n),
		"proofs":             strings.Repeat("Authentication-Results: mx.shop.example; "+strings.Repeat("a=b;", 200)+"\n", 50) + head + "\nhello",
		"calendar":           head + "Content-Type: text/calendar\n\nBEGIN:VEVENT\n" + strings.Repeat("ATTENDEE;CN=\"", n),
		"report":             head + "Content-Type: message/delivery-status\n\n" + strings.Repeat("Final-Recipient: a@x.example\nAction: failed\n\n", n/10),
		"report in words":    "Return-Path: <>\n" + head + "\nThis is the qmail-send program\n\n" + strings.Repeat("<a@x.example>:\nno\n\n", n/10),
		"nothing but zeros":  strings.Repeat("\x00", 10*n),
		"escapes":            head + "Content-Type: text/plain; charset=iso-2022-jp\n\n" + strings.Repeat("\x1b$B", n),
		"shifts":             head + "Content-Type: text/plain; charset=utf-7\n\n" + strings.Repeat("+", n),
		"unknown letters":    head + "Content-Type: text/plain; charset=x\n\n" + strings.Repeat("\xa4\xe4", n),
	} {
		t.Run(name, func(t *testing.T) {
			checkMail(t, readBytes([]byte(mail)))
		})
	}
}

func nested(depth int) string {
	var b strings.Builder
	b.WriteString("From: a@x.example\n")
	for i := range depth {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	return b.String() + "\nhello\n"
}

func FuzzRead(f *testing.F) {
	for _, raw := range seeds(f) {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := readBytes(raw)
		checkMail(t, m)
		if strings.Contains(strings.Join(m.Mended, ";"), "could not be read;") {
			t.Error("reading has failed")
		}
		for _, p := range m.Parts {
			streams(t, raw, p)
		}
	})
}
