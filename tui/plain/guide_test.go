package plain_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"hark/tui/plain"
)

// TestGuideIsCurrent compares the tables of docs/plain.md with the commands;
// -update writes them.
func TestGuideIsCurrent(t *testing.T) {
	const path, begin, end = "../../docs/plain.md", "-update -->\n", "<!-- /commands -->"
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("docs/plain.md has no place for the commands")
	}
	want := before + begin + plain.Guide() + end + after
	if want == string(raw) {
		return
	}
	if f := flag.Lookup("update"); f == nil || f.Value.String() != "true" {
		t.Fatal("docs/plain.md tells other commands; go test ./tui/plain -update writes them")
	}
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil { //nolint:gosec // it is a page for everybody
		t.Fatal(err)
	}
}
