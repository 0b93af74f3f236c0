package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mayImport says what each room may see of our own packages, directly or not.
// tui/safe is a leaf: staff's commands print text from strangers too.
// A room that is not named here may see everything: main, the demo, the bench
// and the end-to-end tests.
func mayImport() map[string][]string {
	return map[string][]string{
		"desk":           {"desk"},
		"config":         {"config", "desk"},
		"recorder":       {"recorder", "desk"},
		"channels/chat":  {"channels/chat", "desk"},
		"channels/email": {"channels/email", "desk"},
		"channels/voice": {"channels/voice", "desk"},
		"staff":          {"staff", "desk", "tui/safe"},
		"tui":            {"tui", "desk"},
		"tools":          {"tools"},
	}
}

// pkg is what go list says of a package.
type pkg struct {
	ImportPath string
	Name       string
	Doc        string
	Deps       []string
	GoFiles    []string
}

func TestRoomsSeeOnlyWhatTheyMay(t *testing.T) {
	seen := 0
	for _, p := range ours(t) {
		room, allowed := roomOf(p.ImportPath)
		if room == "" {
			continue
		}
		seen++
		for _, dep := range p.Deps {
			path, own := strings.CutPrefix(dep, "hark/")
			if own && !slices.ContainsFunc(allowed, func(a string) bool { return within(path, a) }) {
				t.Errorf("%s sees %s; the room %s may see %s only", p.ImportPath, dep, room, strings.Join(allowed, ", "))
			}
		}
	}
	if seen == 0 {
		t.Fatal("no package was looked at")
	}
}

// roomOf returns the room that a package lies in, and what that room may see.
func roomOf(importPath string) (string, []string) {
	path := strings.TrimPrefix(importPath, "hark/")
	for room, allowed := range mayImport() {
		if within(path, room) {
			return room, allowed
		}
	}
	return "", nil
}

func within(path, room string) bool { return path == room || strings.HasPrefix(path, room+"/") }

func TestPackagesSayWhatTheyAre(t *testing.T) {
	vague := []string{"util", "utils", "common", "types", "helpers", "misc", "base"}
	for _, p := range ours(t) {
		if slices.Contains(vague, p.Name) || slices.Contains(vague, filepath.Base(p.ImportPath)) {
			t.Errorf("%s: a package is named for what it does", p.ImportPath)
		}
		if p.Doc == "" && len(p.GoFiles) > 0 {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

// ours returns every package of the module, without its tests.
func ours(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Name,Doc,Deps,GoFiles", "./...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
