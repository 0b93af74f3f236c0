package main

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"

	"hark/tools/terminal"
)

// picture draws what a shell prints on a small terminal.
func picture(t *testing.T, script string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	s, err := terminal.Start(exec.CommandContext(ctx, "sh", "-c", script+"; printf '\n.'; read end"), terminal.Options{Width: 20, Height: 5})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := s.WaitFor(ctx, "\n."); err != nil {
		t.Fatal(err)
	}
	return svg(s.Cells(), "a & b", place{0, 1, true})
}

func TestPictureIsXMLWhateverIsOnTheScreen(t *testing.T) {
	out := picture(t, `printf '<b>"&\042 田中 é┌─┐\033[1;31mred\033[0m'`)
	dec := xml.NewDecoder(strings.NewReader(out))
	for {
		_, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	for _, want := range []string{"&lt;b&gt;", "田", "中", `class="b"`, "red", "a &amp; b", "<path d=\"M"} {
		if !strings.Contains(out, want) {
			t.Errorf("the picture lacks %s:\n%s", want, out)
		}
	}
	if strings.ContainsAny(out, "┌─┐") {
		t.Error("boxes are written, not drawn")
	}
}

func TestPictureKeepsWordsInTheirCells(t *testing.T) {
	out := picture(t, `printf 'ab\n  cd'`)
	for _, want := range []string{
		`<text x="0" y="13.4" textLength="16.8"`,
		`<text x="16.8" y="31.4" textLength="16.8"`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the picture lacks %s:\n%s", want, out)
		}
	}
}
