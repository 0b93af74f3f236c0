// Command tally reads what `go test -json` prints and shows what a person
// needs of it: go test's own line for every package, the output of tests that
// failed, and every skip with its reason. It ends with one line of counts, and
// fails when a test failed, or none ran, or (with HARK_REQUIRE_TOOLS=1) one was
// skipped because a tool is not installed: such a run proves too little.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
)

func main() {
	if err := run(os.Stdin, os.Stdout, os.Getenv("HARK_REQUIRE_TOOLS") == "1"); err != nil {
		fmt.Fprintln(os.Stderr, "tally:", err)
		os.Exit(1)
	}
}

// event is a line of `go test -json`.
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
}

// key names a test, or a package as a whole.
type key struct{ pkg, test string }

// tally is what has been read so far.
type tally struct {
	out                     io.Writer
	output                  map[key][]string // of tests that have not ended
	passed, failed, skipped int
	broken                  []string // packages that failed, or did not build
	skips                   []string // with their reasons
	absent                  []string // of these, those for want of a tool
}

// run reads everything and says what it came to.
func run(in io.Reader, out io.Writer, requireTools bool) error {
	t := tally{out: out, output: map[key][]string{}}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.print(lines.Text() + "\n") // what is not JSON is a complaint of go itself
			continue
		}
		t.take(e)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return t.end(requireTools)
}

func (t *tally) print(s string) { _, _ = io.WriteString(t.out, s) } // nobody could be told

func (t *tally) take(e event) {
	k := key{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		t.print(e.Output)
	case "output":
		if e.Test == "" {
			t.packageOutput(e.Output)
			return
		}
		t.output[k] = append(t.output[k], e.Output)
	case "pass", "fail", "skip":
		t.ended(e, k)
		delete(t.output, k)
	}
}

// packageOutput passes on go test's own line for a package, and what was
// printed outside of any test.
func (t *tally) packageOutput(line string) {
	if line != "PASS\n" && line != "FAIL\n" && !strings.Contains(line, "[no test files]") {
		t.print(line)
	}
}

func (t *tally) ended(e event, k key) {
	if e.Test == "" {
		if e.Action == "fail" {
			t.broken = append(t.broken, e.Package)
		}
		return
	}
	switch e.Action {
	case "pass":
		t.passed++
	case "fail":
		t.failed++
		t.print(strings.Join(t.output[k], ""))
	case "skip":
		t.skipped++
		t.skip(k)
	}
}

// toolSkip is how tests say that a tool is absent.
var toolSkip = regexp.MustCompile(`needs .*not installed`)

// place stands before the words of a skip: file.go:12:
var place = regexp.MustCompile(`^\s*[\w.-]+\.go:\d+: `)

func (t *tally) skip(k key) {
	var words []string
	for _, line := range t.output[k] {
		if place.MatchString(line) {
			words = append(words, strings.TrimSpace(place.ReplaceAllString(line, "")))
		}
	}
	line := fmt.Sprintf("%s %s: %s", k.pkg, k.test, strings.Join(words, " "))
	t.skips = append(t.skips, line)
	if toolSkip.MatchString(line) {
		t.absent = append(t.absent, line)
	}
}

func (t *tally) end(requireTools bool) error {
	if len(t.skips) > 0 {
		slices.Sort(t.skips)
		t.print("skipped:\n  " + strings.Join(t.skips, "\n  ") + "\n")
	}
	t.print(fmt.Sprintf("%d passed, %d failed, %d skipped\n", t.passed, t.failed, t.skipped))
	switch {
	case len(t.broken) > 0:
		return errors.New("failed: " + strings.Join(t.broken, " "))
	case t.passed == 0:
		return errors.New("no test ran")
	case requireTools && len(t.absent) > 0:
		return errors.New("these tests need tools that are not installed:\n  " + strings.Join(t.absent, "\n  "))
	}
	return nil
}
