package main

import (
	"bytes"
	"testing"
)

func TestRoutePrintsItsFigures(t *testing.T) {
	var out, words bytes.Buffer
	if code := run(t.Context(), []string{"route", "--quick"}, &out, &words); code != 0 {
		t.Fatalf("exit code %d\n%s", code, words.String())
	}
	check(t, "route", lines(t, &out), []want{
		{"offers", "offers/s", false},
		{"decision_p50", "ms", false},
		{"decision_p99", "ms", false},
		{"decision_worst", "ms", false},
	})
}
