package e2e_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// keepsSecret looks through every byte of the data folder for the texts, as
// they are and in the forms that programs give them.
func (w *world) keepsSecret(texts ...string) {
	w.t.Helper()
	files := 0
	err := filepath.WalkDir(w.home, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, text := range texts {
			if form := findIn(raw, text); form != "" {
				w.t.Errorf("%s holds %q as %s", strings.TrimPrefix(path, w.home), text, form)
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if files < 4 {
		w.t.Errorf("only %d files were looked through", files)
	}
}

// findIn returns the form in which raw holds a text, or nothing.
func findIn(raw []byte, text string) string {
	lower := bytes.ToLower(raw)
	for form, b := range forms(text) {
		if bytes.Contains(raw, b) || bytes.Contains(lower, bytes.ToLower(b)) {
			return form
		}
	}
	return ""
}

// forms are the bytes that a text may have become.
func forms(text string) map[string][]byte {
	wide := &bytes.Buffer{}
	for _, u := range utf16.Encode([]rune(text)) {
		wide.Write([]byte{byte(u), byte(u >> 8)})
	}
	all := map[string][]byte{
		"UTF-8":       []byte(text),
		"UTF-16":      wide.Bytes(),
		"hexadecimal": []byte(hex.EncodeToString([]byte(text))),
	}
	for shift := range 3 { // base 64 cuts bytes into threes; without the ends it is the same anywhere
		if whole := base64.StdEncoding.EncodeToString([]byte(text)[shift:]); len(whole) > 12 {
			all["base 64 from "+string(rune('0'+shift))] = []byte(whole[:len(whole)-4])
		}
	}
	return all
}

// A scan that cannot find anything proves nothing.
func TestTheScanFindsWhatIsThere(t *testing.T) {
	const text = "Bartholomew Quillfeather"
	for _, raw := range [][]byte{
		[]byte("x" + text + "y"),
		[]byte(strings.ToUpper(text)),
		[]byte(base64.StdEncoding.EncodeToString([]byte(text))),
		[]byte(base64.StdEncoding.EncodeToString([]byte(">" + text))),
		[]byte(base64.StdEncoding.EncodeToString([]byte(">>" + text + "<"))),
		[]byte(hex.EncodeToString([]byte(text))),
		[]byte("B\x00a\x00r\x00t\x00h\x00o\x00l\x00o\x00m\x00e\x00w\x00 \x00Q\x00u\x00i\x00l\x00l\x00f\x00e\x00a\x00t\x00h\x00e\x00r\x00"),
	} {
		if findIn(raw, text) == "" {
			t.Errorf("%q was not found", raw)
		}
	}
	if form := findIn([]byte("Bartholomew  Quillfeather"), text); form != "" {
		t.Errorf("something else was found as %s", form)
	}
}
