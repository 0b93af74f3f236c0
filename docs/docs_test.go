// Package docs_test holds the guide to what the program does.
package docs_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hark/config"
	"hark/desk/desktest"
	"hark/staff"
	"hark/tui"
	"hark/tui/ui"
)

var update = flag.Bool("update", false, "write the tables of the guide anew")

func TestKeysOfTheGuideAreCurrent(t *testing.T) {
	session := desktest.New(t).As("ana")
	actions := tui.Actions(t.Context(), tui.Options{Session: session, Width: 120, Height: 40})
	current(t, "guide.md", "keys", keyTables(actions))
}

// keyTables writes a table for each group, in the order of help.
func keyTables(actions []ui.Action) string {
	var groups []string
	rows := map[string][]string{}
	for _, a := range actions {
		if rows[a.Group] == nil {
			groups = append(groups, a.Group)
		}
		keys := make([]string, len(a.Keys))
		for i, k := range a.Keys {
			keys[i] = "`" + k + "`"
		}
		rows[a.Group] = append(rows[a.Group], fmt.Sprintf("| %s | %s | %s |", strings.Join(keys, ", "), a.Label, a.Scope))
	}
	var b strings.Builder
	for _, g := range groups {
		fmt.Fprintf(&b, "\n### %s\n\n| key | what it does | where |\n| --- | --- | --- |\n%s\n", strings.ToUpper(g[:1])+g[1:], strings.Join(rows[g], "\n"))
	}
	return b.String() + "\n"
}

func TestSettingsOfTheGuideAreCurrent(t *testing.T) {
	var b strings.Builder
	b.WriteString("\n| setting | default | what it is |\n| --- | --- | --- |\n")
	for _, v := range config.Reference() {
		value := "`" + v.TOML + "`"
		if v.TOML == `""` {
			value = "not set"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", v.Key, value, v.Is)
	}
	current(t, "operations.md", "settings", b.String()+"\n")
}

// current compares what stands between the marks of a page with what should,
// and writes it anew with -update.
func current(t *testing.T, file, name, want string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	marks := regexp.MustCompile(`(?s)(<!-- ` + name + `:[^\n]*-->\n)(.*?)(<!-- /` + name + ` -->)`)
	found := marks.FindSubmatch(raw)
	if found == nil {
		t.Fatalf("%s has no marks for %s", file, name)
	}
	if string(found[2]) == want {
		return
	}
	if !*update {
		t.Fatalf("%s is behind the program; go test ./docs -update writes it anew", file)
	}
	out := marks.ReplaceAllStringFunc(string(raw), func(string) string { return string(found[1]) + want + string(found[3]) })
	if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
}

// pages are what people read, from this folder.
func pages(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, n := range append(names, "../README.md", "../CHANGELOG.md") {
		raw, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		all[n] = string(raw)
	}
	return all
}

func TestLinksLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#]*)(#[^)]*)?\)`)
	for name, text := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target := name
			if m[1] != "" {
				target = filepath.Join(filepath.Dir(name), m[1])
			}
			raw, err := os.ReadFile(target)
			if err != nil {
				t.Errorf("%s links to %s, which is not there", name, m[1])
				continue
			}
			if m[2] != "" && !slices.Contains(anchors(string(raw)), m[2]) {
				t.Errorf("%s links to %s%s, which has no such heading", name, m[1], m[2])
			}
		}
	}
}

// anchors are the headings of a page as links name them.
func anchors(text string) []string {
	var all []string
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		words := regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(m[1]), "")
		all = append(all, "#"+strings.ReplaceAll(words, " ", "-"))
	}
	return all
}

// Commands of staff that stand in a page must be understood as they stand.
func TestCommandsCanBeTypedAsTheyStand(t *testing.T) {
	line := regexp.MustCompile(`(?m)^    hark ([a-z].*)$`)
	comment := regexp.MustCompile(`\s{2,}.*$`)
	tried := 0
	for name, text := range pages(t) {
		for _, m := range line.FindAllStringSubmatch(text, -1) {
			argv, err := staff.Split(comment.ReplaceAllString(m[1], ""))
			if err != nil {
				t.Errorf("%s: hark %s: %v", name, m[1], err)
				continue
			}
			if !staff.Known(argv[0]) {
				continue
			}
			tried++
			var words strings.Builder
			if _, _, ok := staff.Parse(argv, &words, &words); !ok {
				t.Errorf("%s: hark %s: %s", name, strings.Join(argv, " "), words.String())
			}
		}
	}
	if tried < 10 {
		t.Errorf("only %d commands were tried", tried)
	}
}

// Pieces of a configuration that stand in a page must be right as they stand.
func TestConfigurationsAreRight(t *testing.T) {
	block := regexp.MustCompile(`(?m)(?:^    .*\n|^\n)+`)
	indent := regexp.MustCompile(`(?m)^    `)
	tried := 0
	for name, text := range pages(t) {
		for _, b := range block.FindAllString(text, -1) {
			b = strings.TrimSpace(indent.ReplaceAllString(b, ""))
			if !regexp.MustCompile(`(?m)^\[(desk|chat|queues|routing|staff|keys|console)[.\]]`).MatchString(b) {
				continue
			}
			_, b, _ = strings.Cut("\n"+b, "\n[") // a command may stand in front
			f, err := config.Parse(name, []byte("["+b))
			if err != nil {
				t.Errorf("%v in\n[%s", err, b)
				continue
			}
			tried++
			for _, p := range tui.CheckKeys(f.Console.Keys) {
				t.Errorf("%s: %v", name, p)
			}
		}
	}
	if tried < 5 {
		t.Errorf("only %d were tried", tried)
	}
}

func TestExitStatusesAreAllThere(t *testing.T) {
	text := pages(t)["operations.md"]
	for _, status := range []int{
		staff.ExitOK, staff.ExitFailed, staff.ExitUsage, staff.ExitNoDesk, staff.ExitDenied,
		staff.ExitNotFound, staff.ExitConflict, staff.ExitUnavailable,
	} {
		if !strings.Contains(text, "\n| "+strconv.Itoa(status)+" | ") {
			t.Errorf("exit status %d is not explained", status)
		}
	}
}
