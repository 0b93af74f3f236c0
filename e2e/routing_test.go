package e2e_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// set adds lines to the desk's configuration and opens the desk anew.
func (w *world) set(lines string) {
	w.t.Helper()
	file := filepath.Join(w.data, "hark.toml")
	raw, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(file, append(raw, "\n"+lines+"\n"...), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.hark("config", "check")
	w.stop()
	w.open()
}

// listed is what a script reads of a line of hark ls --json.
type listed struct {
	ID, State, Assignee, Offer, Until string
	Tags                              []string
}

// row returns a conversation as hark ls shows it.
func (w *world) row(id string) listed {
	w.t.Helper()
	for line := range strings.Lines(w.hark("ls", "--json")) {
		var r listed
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			w.t.Fatalf("%s: %v", line, err)
		}
		if r.ID == id {
			return r
		}
	}
	w.t.Fatalf("hark ls does not list %s", id)
	return listed{}
}

// becomes waits for a conversation to be as it should.
func (w *world) becomes(id, what string, is func(listed) bool) listed {
	w.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		r := w.row(id)
		if is(r) {
			return r
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%s is not %s: %+v; %s", id, what, r, w.hark("why", id))
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// asks writes as a new customer and returns the conversation.
func (w *world) asks(name, text string) string {
	w.t.Helper()
	known := map[string]bool{}
	for _, id := range w.conversations() {
		known[id] = true
	}
	c, _ := w.caller(w.ctx, name)
	if _, err := c.Say(text); err != nil {
		w.t.Fatal(err)
	}
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		for _, id := range w.conversations() {
			if !known[id] {
				return id
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Fatalf("the words of %s do not arrive", name)
	return ""
}

// An agent whose session dies keeps nobody waiting: once the grace is over, a
// colleague is asked.
func TestACustomerOutlivesTheAgentsSession(t *testing.T) {
	w := newWorld(t)
	w.hark("user", "add", "bo", "--role", "agent")
	const grace = 2 * time.Second
	w.set("[routing]\ngrace = \"2s\"\naccept_within = \"30s\"")
	ana := w.console(nil)
	ana.sees("HARK")
	id := w.asks("Mo", "Is anybody there?")
	w.becomes(id, "offered to ana", func(r listed) bool { return r.Offer == "ana" })
	w.hark("accept", id)
	w.becomes(id, "ana's", func(r listed) bool { return r.Assignee == "ana" && r.Offer == "" })
	bo := w.console(nil, "--as", "bo")
	bo.sees("HARK")
	if r := w.row(id); r.Assignee != "ana" || r.Offer != "" {
		t.Fatalf("a colleague who comes takes nothing: %+v", r)
	}
	died := time.Now()
	if err := ana.Kill(); err != nil {
		t.Fatal(err)
	}
	w.becomes(id, "offered to bo", func(r listed) bool { return r.Assignee == "" && r.Offer == "bo" })
	if d := time.Since(died); d < grace-100*time.Millisecond || d > grace+8*time.Second {
		t.Errorf("it took %v with a grace of %v", d, grace)
	}
	if why := w.hark("why", id); !strings.Contains(why, "offered to bo") {
		t.Error(why)
	}
	w.hark("--as", "bo", "accept", id)
	w.becomes(id, "bo's", func(r listed) bool { return r.Assignee == "bo" })
}

// Commands join into pipes as everything on Unix does.
func TestCommandsJoinIntoPipes(t *testing.T) {
	w := newWorld(t)
	a, b := w.asks("Mo", "one"), w.asks("Ida", "two")
	w.hark("claim", b)
	pipe := func(script string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "sh", "-c", `hark() { "$PROGRAM" --data "$DESK" "$@"; }; ids() { sed -n 's/^{"id":"\([^"]*\)".*/\1/p'; }; `+script)
		cmd.Env = append(w.env, "PROGRAM="+program, "DESK="+w.data)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", script, err, out)
		}
		return string(out)
	}
	out := pipe(`hark ls --json is:unassigned | ids | hark tag refund -`)
	if strings.Count(out, "\n") != 1 || !strings.Contains(out, " #refund") || strings.Contains(out, "\x1b") {
		t.Errorf("%q", out)
	}
	if ra, rb := w.row(a), w.row(b); len(ra.Tags) != 1 || ra.Tags[0] != "refund" || len(rb.Tags) != 0 {
		t.Errorf("%+v %+v", ra, rb)
	}
	out = pipe(`{ echo nonsense; hark ls --json | ids; } | hark assign - me; echo "exit $?"`)
	if strings.Count(out, " is yours\n") != 2 || !strings.Contains(out, "hark: nonsense: ") || !strings.Contains(out, "exit 2\n") {
		t.Errorf("%q", out)
	}
}

// A hub that is killed goes on from where it was: what an agent has stays
// theirs for the grace, what was offered is offered again once they are back,
// and snoozes and what people chose to be are kept.
func TestARestartKeepsWhatWasAgreed(t *testing.T) {
	w := newWorld(t)
	w.hark("user", "add", "bo", "--role", "agent")
	w.set("[routing]\naccept_within = \"30m\"")
	w.hark("--as", "bo", "status", "away", "3h")
	agent := w.console(nil)
	agent.sees("HARK")
	later, mine := w.asks("Ida", "No hurry at all."), w.asks("Al", "Hello?")
	w.hark("snooze", later, "3h")
	w.hark("claim", mine)
	before := w.row(later)
	id := w.asks("Mo", "Is anybody there?")
	w.becomes(id, "offered to ana", func(r listed) bool { return r.Offer == "ana" })
	status := w.hark("--as", "bo", "status")
	w.kill()
	agent.closes()
	w.open()
	if r := w.row(mine); r.Assignee != "ana" {
		t.Errorf("what ana had: %+v; %s", r, w.hark("why", mine))
	}
	if r := w.row(later); r.State != "snoozed" || r.Until != before.Until || r.Until == "" {
		t.Errorf("the snooze was until %q: %+v", before.Until, r)
	}
	if now := w.hark("--as", "bo", "status"); now != status || !strings.HasPrefix(now, "away until ") {
		t.Errorf("the presence was %q and is %q", status, now)
	}
	w.console(nil).sees("HARK")
	w.becomes(id, "offered to ana again", func(r listed) bool { return r.Offer == "ana" })
	w.hark("accept", id)
	w.becomes(id, "ana's", func(r listed) bool { return r.Assignee == "ana" })
}
