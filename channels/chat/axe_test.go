package chat_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axeCore returns axe-core as the Makefile brings it.
func axeCore(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("../../.cache/axe/node_modules/axe-core/axe.min.js")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("needs axe-core, which is not installed: make test puts it into .cache/axe")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// axe reports what axe-core finds in a page. within names an element in which
// it must have looked at several things, "" for the page itself.
func (tb *tab) axe(source, within, state string) {
	tb.t.Helper()
	seen := "r.passes.length"
	if within != "" {
		seen = `r.passes.flatMap((p) => p.nodes).filter((n) => n.target.flat().includes("` + within + `")).length`
	}
	run := source + `; axe.run(document).then((r) => JSON.stringify({
		Seen: ` + seen + `,
		Found: r.violations.map((v) => ({ ID: v.id, Help: v.help, Nodes: v.nodes.map((n) => n.target.flat().join(" ") + ": " + n.failureSummary) })),
	}))`
	raw, err := chromedp.Run(tb.ctx, chromedp.Evaluate[string](run, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.t.Fatal(err)
	}
	var report struct {
		Seen  int // checks that something passed
		Found []struct {
			ID, Help string
			Nodes    []string
		}
	}
	if err := json.Unmarshal([]byte(raw), &report); err != nil {
		tb.t.Fatal(err)
	}
	if report.Seen < 5 {
		tb.t.Errorf("%s: axe-core looked at %d things", state, report.Seen)
	}
	for _, v := range report.Found {
		tb.t.Errorf("%s: %s (%s)\n\t%s", state, v.Help, v.ID, strings.Join(v.Nodes, "\n\t"))
	}
}
