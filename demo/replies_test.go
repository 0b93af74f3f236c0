package demo

import (
	"os"
	"path/filepath"
	"testing"

	"hark/desk/canned"
)

func TestTheShopsRepliesAreWrittenOnceAndAreRight(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "canned")
	if err := WriteReplies(dir); err != nil {
		t.Fatal(err)
	}
	all, problems := canned.Load(os.DirFS(dir))
	if len(all) < 3 || len(problems) > 0 {
		t.Errorf("%d replies, problems %v", len(all), problems)
	}
	changed := filepath.Join(dir, "address.txt")
	if err := os.WriteFile(changed, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteReplies(dir); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(changed); err != nil || string(b) != "mine" {
		t.Errorf("a reply that was changed is %q, %v", b, err)
	}
}
