package staff

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// socketPathMax is how long the name of a Unix socket may be on every system
// that has them.
const socketPathMax = 100

// SocketName returns the name of a desk's socket within a runtime folder. It
// depends on where the data lies, so that every desk has its own.
func SocketName(data string) string {
	if abs, err := filepath.Abs(data); err == nil {
		data = abs
	}
	if real, err := filepath.EvalSymlinks(data); err == nil {
		data = real
	}
	sum := sha256.Sum256([]byte(data))
	return hex.EncodeToString(sum[:8]) + ".sock"
}

// SocketPath returns where the hub of a data folder listens. It makes the
// runtime folder and checks that nobody else can enter it.
func SocketPath(data string) (string, error) {
	var problems []error
	for _, dir := range runtimeDirs() {
		path := filepath.Join(dir, SocketName(data))
		if len(path) > socketPathMax {
			continue
		}
		if err := privateDir(dir); err != nil {
			problems = append(problems, err)
			continue
		}
		return path, nil
	}
	return "", fmt.Errorf("no folder for the hub's socket: %w", errors.Join(problems...))
}

// SocketPaths returns the places where the hub of a data folder may listen,
// the likeliest first. A job without the variables of a login finds the hub
// that a login started.
func SocketPaths(data string) []string {
	var paths []string
	for _, dir := range runtimeDirs() {
		paths = append(paths, filepath.Join(dir, SocketName(data)))
	}
	return paths
}

// runtimeDirs lists folders for sockets, the best first.
func runtimeDirs() []string {
	uid := strconv.Itoa(os.Getuid())
	var dirs []string
	if dir := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		dirs = append(dirs, filepath.Join(dir, "hark"))
	}
	if dir := "/run/user/" + uid; privateTo(dir, os.Getuid()) == nil && os.Getenv("XDG_RUNTIME_DIR") != dir {
		dirs = append(dirs, filepath.Join(dir, "hark"))
	}
	return append(dirs, "/tmp/hark-"+uid)
}

// privateDir makes a folder that only its owner enters, or checks one that is
// there: somebody else may have made it first, to listen in.
func privateDir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return privateTo(dir, os.Getuid())
}

func privateTo(dir string, uid int) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.IsDir() || !ok:
		return fmt.Errorf("%s is not a folder", dir)
	case int(st.Uid) != uid:
		return fmt.Errorf("%s belongs to user id %d", dir, st.Uid)
	case info.Mode().Perm()&0o077 != 0:
		return fmt.Errorf("%s is open to others (mode %o); chmod 700 %s closes it", dir, info.Mode().Perm(), dir)
	}
	return nil
}

// Listen listens on a Unix socket that only its owner may use, or the members
// of group too when one is named. A socket that a killed hub left is replaced:
// the caller holds the data folder's lock, so no other hub can be behind it.
func Listen(path, group string) (*net.UnixListener, error) {
	if info, err := os.Lstat(path); err == nil {
		if info.Mode().Type() != fs.ModeSocket {
			return nil, fmt.Errorf("%s is in the way of the hub's socket: move it", path)
		}
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("remove the socket of an earlier hub: %w", err)
		}
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, err
	}
	if err := restrict(path, group); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	return ln, nil
}

func restrict(path, group string) error {
	if group == "" {
		return os.Chmod(path, 0o600)
	}
	g, err := user.LookupGroup(group)
	if err != nil {
		return fmt.Errorf("the socket's group: %w", err)
	}
	gid, err := strconv.Atoi(g.Gid)
	if err != nil {
		return fmt.Errorf("the socket's group: %w", err)
	}
	if err := os.Chown(path, -1, gid); err != nil {
		return fmt.Errorf("give the socket to group %s: %w", group, err)
	}
	return os.Chmod(path, 0o660)
}

// peerUID asks the kernel whose process is at the other end.
func peerUID(c *net.UnixConn) (int, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, err
	}
	var uid int
	var failed error
	err = raw.Control(func(fd uintptr) { uid, failed = socketPeer(int(fd)) })
	if err = errors.Join(err, failed); err != nil {
		return 0, fmt.Errorf("ask who is at the other end of the socket: %w", err)
	}
	return uid, nil
}
