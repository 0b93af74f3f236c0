package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"hark/staff"
)

var update = flag.Bool("update", false, "write the manual page anew")

func TestManPageIsCurrent(t *testing.T) {
	const file = "docs/hark.1"
	want := manPage()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil || string(have) != want {
		t.Errorf("%s is behind the program (%v); go test . -run Man -update writes it anew", file, err)
	}
}

func TestManPageIsReadable(t *testing.T) {
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("needs groff, which is not installed")
	}
	cmd := exec.CommandContext(t.Context(), groff, "-man", "-Tascii", "-ww")
	cmd.Stdin = strings.NewReader(manPage())
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil || complaints.Len() > 0 {
		t.Errorf("%v: %s", err, complaints.String())
	}
	plain := regexp.MustCompile(`.\x08|\x1b\[[0-9;]*m`).ReplaceAllString(out.String(), "")
	plain = strings.Join(strings.Fields(plain), " ")
	for _, want := range []string{"hark assign ID... NAME", "hark tag ID... +TAG... -TAG...", "hark config check", "-n, --numbers", "7 it cannot be done now, but later"} {
		if !strings.Contains(plain, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// The short help names every command, and no other.
func TestUsageNamesEveryCommand(t *testing.T) {
	for _, n := range grammar() {
		if n.Hidden {
			continue
		}
		if !regexp.MustCompile(`(?m)^  hark ([a-z]+\|)*` + n.Name + `\b`).MatchString(usage) {
			t.Errorf("hark --help does not name %s", n.Name)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^  hark ([a-z|]+)`).FindAllStringSubmatch(usage, -1) {
		for name := range strings.SplitSeq(m[1], "|") {
			if node, _ := walk(grammar(), []string{name}); node == nil && name != "doctor" && !staff.Known(name) {
				t.Errorf("hark --help names %s, which is no command", name)
			}
		}
	}
}
