package staff

import (
	"context"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"hark/desk"
)

// browseTimeout is how long what opens a link may take until it counts as
// opened: some openers stay as long as their browser.
const browseTimeout = 3 * time.Second

// browse hands a link that was checked to the desktop, without a shell.
func browse(ctx context.Context, url string) error {
	opener := "xdg-open"
	if runtime.GOOS == "darwin" {
		opener = "open"
	}
	path, err := exec.LookPath(opener)
	if err != nil {
		return desk.Errorf(desk.NotFound, "there is no %s on this machine to open links with; copy the link instead", opener)
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), path, url) //nolint:gosec // checked, and no shell reads it
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}              // it outlives the console
	if err := cmd.Start(); err != nil {
		return desk.Errorf(desk.Unavailable, "the link cannot be opened: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			return desk.Errorf(desk.Unavailable, "%s could not open the link (%w); copy it instead", opener, err)
		}
	case <-ctx.Done():
	case <-time.After(browseTimeout):
	}
	return nil
}
