//go:build unix

package keys

import (
	"os/exec"
	"syscall"
)

// killGroup makes the end of the time limit end the command's children too.
func killGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
