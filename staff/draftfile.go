package staff

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"hark/desk"
)

// draftFile is a text on its way through an editor. It lies in a folder of its
// own that nobody else enters, so that what editors leave beside a file goes
// with it.
type draftFile struct {
	dir, path string
}

// newDraft writes a text where an editor can have it, in memory where the
// system keeps a folder for that.
func newDraft(text []byte) (*draftFile, error) {
	base := os.Getenv("XDG_RUNTIME_DIR")
	if !filepath.IsAbs(base) {
		base = ""
	}
	dir, err := os.MkdirTemp(base, "hark-")
	if err != nil && base != "" {
		dir, err = os.MkdirTemp("", "hark-")
	}
	if err != nil {
		return nil, err
	}
	d := &draftFile{dir: dir, path: filepath.Join(dir, "reply.txt")}
	if err := os.WriteFile(d.path, text, 0o600); err != nil {
		return nil, errors.Join(err, d.remove())
	}
	return d, nil
}

func (d *draftFile) remove() error { return os.RemoveAll(d.dir) }

// read returns what the file holds, one byte more than is taken at most.
func (d *draftFile) read() ([]byte, error) {
	f, err := os.Open(d.path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return io.ReadAll(io.LimitReader(f, editTextMax+1))
}

// edit runs the person's editor on the file until they leave it.
func (d *draftFile) edit(p *place, away func(bool)) error {
	argv, err := editor()
	if err != nil {
		return err
	}
	// No context ends it: what somebody is writing is not taken from them.
	cmd := exec.CommandContext(context.Background(), argv[0], append(argv[1:], d.path)...) //nolint:gosec // the person's own choice
	cmd.Stdin, cmd.Stdout, cmd.Stderr = p.in, p.out, p.out
	if away != nil {
		away(true)
		defer away(false)
	}
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && !exit.Exited():
		return desk.Errorf(desk.Unavailable, "%w (%s); what you wrote may still be in %s", errEditorDied, exit, d.path)
	case errors.As(err, &exit):
		return desk.Errorf(desk.Conflict, "%s ended with %s, so nothing was changed", argv[0], exit)
	case err != nil:
		return desk.Errorf(desk.Unavailable, "the editor cannot be started: %w; $EDITOR names another", err)
	}
	return nil
}

// errEditorDied says that the editor did not end by itself.
var errEditorDied = errors.New("the editor died")

// editor returns the person's editor and its arguments: $VISUAL, $EDITOR, or
// what the machine has. No shell reads them.
func editor() ([]string, error) {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		value := os.Getenv(name)
		if value == "" {
			continue
		}
		argv, err := Split(value)
		if err != nil || len(argv) == 0 {
			return nil, desk.Errorf(desk.Invalid, "$%s cannot be read as a program and its arguments", name)
		}
		return argv, nil
	}
	for _, name := range []string{"sensible-editor", "editor", "nano", "vi"} {
		if path, err := exec.LookPath(name); err == nil {
			return []string{path}, nil
		}
	}
	return nil, desk.Errorf(desk.NotFound, "no editor was found; $EDITOR names yours")
}

// consent asks the person whether a hub of another user may have a file.
func consent(p *place, path string, size int64) error {
	_, err := fmt.Fprintf(p.out, "\nThe desk, which another user of this machine runs, asks for your file\n  %s (%s)\nSend it? y or n: ",
		printable(path), sizeWords(size))
	if err != nil {
		return err
	}
	key, err := p.oneKey(askTimeout)
	_, _ = io.WriteString(p.out, "\n")
	if err != nil || key != 'y' && key != 'Y' {
		return desk.Errorf(desk.Denied, "you did not send the file")
	}
	return nil
}
