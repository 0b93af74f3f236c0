package main

import (
	"strings"
	"testing"
)

const (
	passed = `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"noise\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"PASS\n"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}
`
	absent = `{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:7: needs chromium, which is not installed\n"}
{"Action":"skip","Package":"p","Test":"TestB"}
`
	otherwise = `{"Action":"output","Package":"p","Test":"TestC","Output":"    c_test.go:9: needs root\n"}
{"Action":"skip","Package":"p","Test":"TestC"}
`
	failed = `{"Action":"output","Package":"p","Test":"TestD","Output":"    d_test.go:1: got 1\n"}
{"Action":"fail","Package":"p","Test":"TestD"}
{"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"}
{"Action":"fail","Package":"p"}
`
	unbuilt = `{"ImportPath":"q","Action":"build-output","Output":"q/x.go:1: bad\n"}
{"Action":"fail","Package":"q"}
`
)

func TestTally(t *testing.T) {
	for _, c := range []struct {
		name, in string
		require  bool
		shown    []string
		hidden   string
		err      string
	}{
		{"pass", passed, true, []string{"ok  \tp\t0.1s", "1 passed, 0 failed, 0 skipped"}, "noise", ""},
		{"tool absent", passed + absent, false, []string{"p TestB: needs chromium, which is not installed", "1 skipped"}, "", ""},
		{"tool absent in CI", passed + absent, true, nil, "", "p TestB: needs chromium"},
		{"skip for another reason", passed + otherwise, true, []string{"p TestC: needs root"}, "", ""},
		{"fail", passed + failed, false, []string{"d_test.go:1: got 1", "FAIL\tp", "1 passed, 1 failed"}, "", "failed: p"},
		{"does not build", passed + unbuilt, false, []string{"q/x.go:1: bad"}, "", "failed: q"},
		{"nothing ran", "", false, []string{"0 passed"}, "", "no test ran"},
		{"go complains", "go: no such package\n", false, []string{"go: no such package"}, "", "no test ran"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			err := run(strings.NewReader(c.in), &out, c.require)
			for _, s := range c.shown {
				if !strings.Contains(out.String(), s) {
					t.Errorf("output lacks %q:\n%s", s, out.String())
				}
			}
			if c.hidden != "" && strings.Contains(out.String(), c.hidden) {
				t.Errorf("output shows %q", c.hidden)
			}
			switch {
			case c.err == "" && err != nil:
				t.Errorf("failed: %v", err)
			case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
				t.Errorf("error is %v, want %q", err, c.err)
			}
		})
	}
}
