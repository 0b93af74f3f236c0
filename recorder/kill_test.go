package recorder

import (
	"bytes"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hark/desk"
	"hark/recorder/disk"
	"hark/recorder/keys"
	"hark/recorder/powercut"
)

// What a child of these tests is told by its environment.
const (
	killFolder = "HARK_TEST_KILL_FOLDER" // the desk it opens
	killAt     = "HARK_TEST_KILL_AT"     // the operation of the disk before which it kills itself; 0: it works until it is killed
	killRun    = "HARK_TEST_KILL_RUN"    // makes its visitors' names its own
)

var kills = flag.Int("kills", 24, "how often the desk is killed")

// TestKillChild is the work of a child, and nothing in the parent.
func TestKillChild(t *testing.T) {
	dir := os.Getenv(killFolder)
	if dir == "" {
		return
	}
	p := &place{Options{Dir: dir, Key: killKey(filepath.Join(filepath.Dir(dir), "key"))}}
	if at, err := strconv.Atoi(os.Getenv(killAt)); err != nil {
		t.Fatal(err)
	} else if at > 0 {
		p.o.layer = disk.Layer{VFS: suicide(t, dir, int64(at))}
	}
	run, err := strconv.Atoi(os.Getenv(killRun))
	if err != nil {
		t.Fatal(err)
	}
	o := p.open(t)
	ana := o.ana()
	var out sync.Mutex
	for who := range 4 {
		go func() {
			for n := 0; ; n++ {
				err := o.visit(t.Context(), ana, who, 1000*run+n, func(id desk.ID, text string) {
					out.Lock()
					defer out.Unlock()
					fmt.Printf("ACK %v %s\n", id, text)
				})
				if err != nil {
					panic(err)
				}
			}
		}()
	}
	time.Sleep(20 * time.Second)
	t.Fatal("nobody killed it")
}

// suicide returns a layer that kills the process before an operation.
func suicide(t *testing.T, dir string, at int64) string {
	d := powercut.New(t, dir)
	var n atomic.Int64
	d.Fault(func(powercut.Op) error {
		if n.Add(1) == at {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // until it arrives
		}
		return nil
	})
	return d.VFS()
}

func killKey(file string) keys.Source {
	return keys.Source{Backend: keys.BackendCommand, Command: []string{"cat", file}}
}

// TestKill kills a desk at work again and again: at random moments, and before
// single writes of keys, journal, state and drafts. Whatever it acknowledged
// in any of its lives is there.
func TestKill(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "desk")
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{3}, 32))
	file := filepath.Join(filepath.Dir(dir), "key")
	if err := os.WriteFile(file, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &place{Options{Dir: dir, Key: killKey(file)}}
	p.create(t).close()
	var acked []ack
	for run := range *kills {
		acked = append(acked, live(t, dir, run)...)
		if run%5 < 4 && run < *kills-1 {
			continue // the next life begins on what this one left
		}
		r, err := Open(t.Context(), p.o)
		if err != nil {
			t.Fatalf("after %d kills: %v", run+1, err)
		}
		if err := errors.Join(whole(t.Context(), r, acked), r.Close()); err != nil {
			t.Fatalf("after %d kills: %v", run+1, err)
		}
	}
	t.Logf("%d acknowledged in %d lives", len(acked), *kills)
	if len(acked) < *kills {
		t.Error("hardly anything was acknowledged")
	}
}

// live lets a child work until it is killed, every other one at an operation
// of the disk, and returns what it acknowledged.
func live(t *testing.T, dir string, run int) (acked []ack) {
	t.Helper()
	at := 0
	if run%2 == 0 {
		at = 1 + rand.IntN(250)
	}
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKillChild$")
	cmd.Env = append(os.Environ(), killFolder+"="+dir, fmt.Sprint(killAt, "=", at), fmt.Sprint(killRun, "=", run))
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if at == 0 {
		time.Sleep(time.Duration(50+rand.IntN(400)) * time.Millisecond)
		_ = cmd.Process.Kill()
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		said, _ := os.ReadFile(out.Name())
		t.Fatalf("the child ended with %v: %.2000s", err, said)
	}
	said, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	return parseAcks(t, string(said))
}

// parseAcks reads what a child wrote; its last line may be torn.
func parseAcks(t *testing.T, said string) (acked []ack) {
	t.Helper()
	whole := said[:strings.LastIndexByte(said, '\n')+1]
	for line := range strings.Lines(whole) {
		text, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "ACK ")
		if !ok {
			continue
		}
		name, text, _ := strings.Cut(text, " ")
		id, err := desk.ParseID(name)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		acked = append(acked, ack{conversation: id, text: text})
	}
	return acked
}
