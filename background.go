package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"hark/config"
	"hark/desk"
)

// startTimeout is how long a hub may take until it says that it is ready. A
// keyring has ten seconds of it.
const startTimeout = 15 * time.Second

// logMax is how large hub.log grows before a start puts it aside, in bytes.
const logMax = 8 << 20

// logFile is where a hub in the background writes.
func logFile(place config.Place) string { return filepath.Join(place.Data, "hub.log") }

// startHub starts the desk's hub in the background: this program again, in a
// session of its own so that closing the terminal does not end it. It returns
// once the hub takes connections, or with the hub's own word on why it cannot.
func (p *program) startHub(ctx context.Context, place config.Place, words []byte) error {
	log, err := openLog(logFile(place))
	if err != nil {
		return desk.Errorf(desk.Unavailable, "the hub's log cannot be written: %w", err)
	}
	defer func() { _ = log.Close() }() // the hub has its own
	ready, readyEnd, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("start the hub: %w", err)
	}
	defer func() { _ = ready.Close() }() // it was read to its end
	cmd, err := p.hubCommand(log, readyEnd, words)
	if err != nil {
		return errors.Join(fmt.Errorf("start the hub: %w", err), readyEnd.Close())
	}
	err = cmd.Start()
	closeAll(cmd.ExtraFiles)
	if err != nil {
		return fmt.Errorf("start the hub: %w", err)
	}
	if err := p.awaitReady(ctx, ready); err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			_ = cmd.Process.Kill()
			err = desk.Errorf(desk.Unavailable, "the hub did not come up in %v; %s says what it waited for", startTimeout, logFile(place))
		}
		_ = cmd.Wait()
		return err
	}
	return cmd.Process.Release()
}

func openLog(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > logMax {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

// hubCommand prepares this program as a hub. Descriptor 3 is where it says that
// it is ready, 4 where it reads the passphrase, if there is one.
func (p *program) hubCommand(log, ready *os.File, words []byte) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{"serve", "--background", "--ready-fd", "3"}
	if p.data != "" {
		abs, err := filepath.Abs(p.data)
		if err != nil {
			return nil, err
		}
		args = append(args, "--data", abs)
	}
	files := []*os.File{ready}
	if words != nil {
		r, err := filled(words)
		if err != nil {
			return nil, err
		}
		files = append(files, r)
		args = append(args, "--passphrase-fd", "4")
	}
	cmd := exec.CommandContext(context.Background(), self, args...) // it outlives us
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles, cmd.Dir = log, log, files, "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd, nil
}

// filled returns the reading end of a pipe that holds words and nothing more.
// They are short, so that the pipe takes them at once.
func filled(words []byte) (*os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(words); err != nil {
		return nil, errors.Join(err, w.Close(), r.Close())
	}
	return r, w.Close()
}

func closeAll(files []*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}

// awaitReady reads what the hub says of its start. A hub that reads its journal
// again says how far it is, and may take as long as it takes.
func (p *program) awaitReady(ctx context.Context, ready *os.File) error {
	stop := context.AfterFunc(ctx, func() { _ = ready.SetReadDeadline(time.Now()) })
	defer stop()
	lines := bufio.NewReader(io.LimitReader(ready, 1<<20))
	for {
		if err := ready.SetReadDeadline(time.Now().Add(startTimeout)); err != nil {
			return err
		}
		line, err := lines.ReadString('\n')
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, io.EOF):
			return desk.Errorf(desk.Internal, "the hub ended while it started; its log, hub.log in the data folder, says more")
		case err != nil:
			return err
		case line == "ready\n":
			return nil
		}
		word, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if word != "progress" {
			return desk.Errorf(desk.Code(word), "%s", rest)
		}
		fmt.Fprintf(p.err, "\rreading the journal again: %s ", rest)
		if rest == "100%" {
			fmt.Fprintln(p.err)
		}
	}
}

// readiness tells who started the hub how that went.
type readiness struct {
	f    *os.File
	told time.Time // the last word, or the start
	slow bool      // a word was said, so the last one is due too
}

// newReadiness writes to an inherited descriptor; a negative one is nobody's.
func newReadiness(fd int) *readiness {
	if fd < 0 {
		return &readiness{}
	}
	return &readiness{f: os.NewFile(uintptr(fd), "ready"), told: time.Now()}
}

// progressPause is the time between two words on how far the hub is.
const progressPause = 200 * time.Millisecond

// progress says how far the journal has been read again, where that takes long.
func (r *readiness) progress(done, total uint64) {
	soon := time.Since(r.told) < progressPause && (done < total || !r.slow)
	if r.f == nil || total == 0 || soon {
		return
	}
	r.told, r.slow = time.Now(), true
	_, _ = fmt.Fprintf(r.f, "progress\t%d%%\n", done*100/total) // who started the hub may be gone
}

func (r *readiness) tell(err error) {
	if r.f == nil {
		return
	}
	line := "ready\n"
	if err != nil {
		line = string(desk.CodeOf(err)) + "\t" + strings.ReplaceAll(sentence(err), "\n", "; ") + "\n"
	}
	_, _ = r.f.WriteString(line) // who started the hub may be gone
	_ = r.f.Close()
}

// exists reports whether a file is there.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
