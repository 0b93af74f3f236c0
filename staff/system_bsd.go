//go:build darwin || freebsd

package staff

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// socketPeer returns the user id of the process at the other end of a socket.
func socketPeer(fd int) (int, error) {
	const level = 0 // SOL_LOCAL
	cred, err := unix.GetsockoptXucred(fd, level, unix.LOCAL_PEERCRED)
	if err != nil {
		return 0, err
	}
	return int(cred.Uid), nil
}

// dropTyped throws away what was typed into a terminal and not read yet. That
// it cannot is no reason to complain.
func dropTyped(fd int) { _ = unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, syscall.TCIFLUSH) }
