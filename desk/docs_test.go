package desk

import (
	"os"
	"strings"
	"testing"
)

// TestEveryKindIsDocumented keeps the format page whole.
func TestEveryKindIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	for k := range decoders {
		if !strings.Contains(string(page), "`"+k.kind+"`") {
			t.Errorf("docs/events.md does not describe %s", k.kind)
		}
	}
}
