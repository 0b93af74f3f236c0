package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An agent writes a longer reply in an editor of their own, and gives up another
// with ctrl+c.
func TestTheAgentsOwnEditor(t *testing.T) {
	w := newWorld(t)
	editor := filepath.Join(w.home, "editor")
	script := "#!/bin/sh\necho EDITOR has the terminal\nread line\necho \"$line\" >>\"$1\"\n"
	if err := os.WriteFile(editor, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	w.env = append(w.env, "VISUAL="+editor)
	id := w.asks("Mo", "Could you write me something longer?")
	agent := w.console(nil)
	agent.sees("HARK", "Mo")
	agent.keys("gu")
	agent.sees("Mo")
	agent.keys("\r")
	agent.sees("something longer")
	agent.keys("r")
	agent.sees(" WRITE ")
	agent.keys("Dear Mo,")
	agent.sees("Dear Mo,")
	agent.keys("\x18\x05") // ctrl+x ctrl+e
	agent.sees("EDITOR has the terminal")
	if strings.Contains(agent.Text(), "HARK") {
		t.Error("the console is still on the screen")
	}
	agent.keys("this is the longer part.\n")
	agent.sees("HARK", "Dear Mo,", "this is the longer part.")

	agent.keys("\x18\x05")
	agent.sees("EDITOR has the terminal")
	agent.keys("\x03") // for the editor, not for hark
	agent.sees("HARK", "this is the longer part.")
	agent.keys("\r")
	for range 100 {
		if all := w.journaled(id); len(all) == 2 && all[1].Text == "Dear Mo,\nthis is the longer part." {
			return
		}
	}
	t.Errorf("%+v", w.journaled(id))
}
