package staff

import "golang.org/x/sys/unix"

// socketPeer returns the user id of the process at the other end of a socket.
func socketPeer(fd int) (int, error) {
	cred, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return 0, err
	}
	return int(cred.Uid), nil
}

// dropTyped throws away what was typed into a terminal and not read yet. That
// it cannot is no reason to complain.
func dropTyped(fd int) { _ = unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH) }
