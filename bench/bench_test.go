package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test's own program be the relay, as bench is its own.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == relayCommand {
		main()
	}
	os.Exit(m.Run())
}

// want is a figure that a bench must print: its name and unit, whether it has
// a peer.
type want struct {
	figure, unit string
	peer         bool
}

// Scripts compare these lines over time: a name that changes breaks them.
func TestEveryBenchPrintsItsFigures(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the figures come from /proc, which Linux has")
	}
	hub := filepath.Join(t.TempDir(), "hark")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", hub, "hark").CombinedOutput(); err != nil {
		t.Fatalf("build hark: %v\n%s", err, out)
	}
	for name, wants := range map[string][]want{
		"journal": {
			{"appends", "events/s", true},
			{"latency_p50", "ms", true},
			{"latency_p99", "ms", true},
			{"appends_plain_sqlite", "events/s", false},
		},
		"chat": {
			{"latency_p50", "ms", true},
			{"latency_p99", "ms", true},
			{"cpu", "ms/message", true},
			{"throughput", "messages/s", true},
		},
		"email-parse": {
			{"parse", "ms/MB", true},
			{"worst", "ms", true},
			{"memory_large", "MB", true},
			{"html", "ms/MB", true},
			{"html_worst", "ms", true},
		},
		"email-sync": {
			{"first_sync", "s", true},
			{"resync", "s", true},
			{"start", "s", false},
			{"rss", "MB", false},
			{"append_to_screen_p50", "ms", false},
			{"append_to_screen_max", "ms", false},
		},
		"visitors": {{"memory", "bytes", false}},
		"tui": {
			{"view", "ms", false},
			{"first_frame", "ms", false},
			{"key_p50", "ms", false},
			{"key_bytes", "bytes", false},
		},
		"widget": {
			{"bytes", "bytes", false},
			{"requests", "requests", false},
			{"main_thread", "ms", true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath("chromium"); name == "widget" && err != nil {
				t.Skip("needs chromium, which is not installed")
			}
			if name == "email-sync" {
				needsMail(t)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			var out, words bytes.Buffer
			if code := run(ctx, []string{name, "--quick", "--hub", hub}, &out, &words); code != 0 {
				t.Fatalf("exit code %d\n%s", code, words.String())
			}
			check(t, name, lines(t, &out), wants)
		})
	}
}

// lines reads the output as strictly as a script would.
func lines(t *testing.T, out *bytes.Buffer) []figure {
	t.Helper()
	var all []figure
	for s := bufio.NewScanner(out); s.Scan(); {
		dec := json.NewDecoder(strings.NewReader(s.Text()))
		dec.DisallowUnknownFields()
		var f figure
		if err := dec.Decode(&f); err != nil {
			t.Fatalf("%s: %v", s.Text(), err)
		}
		all = append(all, f)
	}
	return all
}

func check(t *testing.T, bench string, got []figure, wants []want) {
	t.Helper()
	seen := map[string]bool{}
	for _, f := range got {
		if f.Bench != bench || f.Case == "" || seen[f.Figure+f.Case] {
			t.Errorf("%+v is of another bench, without a case, or there twice", f)
		}
		seen[f.Figure+f.Case] = true
		if f.PeerValue != 0 && math.Abs(f.Ratio-f.Value/f.PeerValue) > f.Ratio/100 {
			t.Errorf("%+v: the ratio is not value by peer_value", f)
		}
	}
	for _, w := range wants {
		i := slices.IndexFunc(got, func(f figure) bool { return f.Figure == w.figure })
		if i < 0 {
			t.Errorf("%s is missing", w.figure)
			continue
		}
		if f := got[i]; f.Unit != w.unit || (f.Peer != "") != w.peer || (f.Value <= 0 && w.figure != "cpu" && w.figure != "memory") {
			t.Errorf("%+v is not as agreed: %+v", f, w)
		}
	}
}

func TestFlagsThatMakeNoSenseAreRefused(t *testing.T) {
	for _, args := range [][]string{nil, {"none"}, {"journal", "--rounds", "0"}, {"journal", "--length", "-1s"}, {"chat", "200"}, {"tui", "--speed", "1"}} {
		var out, words bytes.Buffer
		if code := run(t.Context(), args, &out, &words); code != 2 || out.Len() > 0 {
			t.Errorf("%q: exit code %d, output %q", args, code, out.String())
		}
	}
}
