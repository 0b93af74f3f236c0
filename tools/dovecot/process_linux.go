package dovecot

import "syscall"

// process gives the server a process group of its own, and lets it end with
// whoever started it, even when that one is killed.
func process() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
