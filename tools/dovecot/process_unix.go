//go:build unix && !linux

package dovecot

import "syscall"

// process gives the server a process group of its own.
func process() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
