package chat_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var shots = flag.String("shots", "", "the folder that TestPictures draws the widget into")

// TestPictures draws every state of the widget for the eye:
// go test -run Pictures -args -shots DIR.
func TestPictures(t *testing.T) {
	if *shots == "" {
		return
	}
	b := startBrowser(t)
	for _, l := range append(looks, look{"320 dark", "en", "dark", 320}, look{"es", "es", "light", 320}) {
		n := 0
		walk(t, b, l, func(page *tab, state string) {
			n++
			page.rest()
			name := strings.ReplaceAll(fmt.Sprintf("%s-%02d-%s.png", l.name, n, state), " ", "_")
			if err := os.WriteFile(filepath.Join(*shots, name), page.picture(), 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
}
