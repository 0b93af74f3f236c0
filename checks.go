package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"hark/config"
	"hark/staff"
)

// Thresholds of what is worth a person's attention.
const (
	spaceMin   = 512 << 20 // bytes free on the data folder's disk
	certSoonIn = 14 * 24 * time.Hour
)

// folderChecks says how the data folder and everything in it is. known has what
// else is known of a file, by its path.
func folderChecks(dir string, known map[string]staff.Check) []staff.Check {
	checks := []staff.Check{privacyCheck("data folder", dir)}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if path == dir {
			return err
		}
		check := staff.Check{Part: "file", Words: path + " cannot be looked at"}
		if err == nil {
			check = privacyCheck("file", path)
		}
		if k, ok := known[path]; ok {
			check.OK = check.OK && k.OK
			check.Words += ": " + k.Words
			delete(known, path)
		}
		checks = append(checks, check)
		return nil
	})
	if err != nil {
		checks = append(checks, staff.Check{Part: "data folder", Words: err.Error()})
	}
	for _, path := range slices.Sorted(maps.Keys(known)) { // files that are gone
		checks = append(checks, staff.Check{Part: "file", OK: known[path].OK, Words: path + ": " + known[path].Words})
	}
	return append(checks, spaceCheck(dir))
}

// privacyCheck says whether anybody but the owner can read a file or folder.
func privacyCheck(part, path string) staff.Check {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return staff.Check{Part: part, OK: part == "file", Words: path + " is not there"}
	}
	if err != nil {
		return staff.Check{Part: part, Words: err.Error()}
	}
	words := fmt.Sprintf("%s, mode %o", path, info.Mode().Perm())
	if !info.IsDir() {
		words += ", " + bytesInWords(info.Size())
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case info.Mode().Perm()&0o077 != 0:
		return staff.Check{Part: part, Words: words + ": others can reach it; chmod go= " + path + " closes it"}
	case ok && int(st.Uid) != os.Getuid():
		return staff.Check{Part: part, Words: words + fmt.Sprintf(": it belongs to user id %d", st.Uid)}
	}
	return staff.Check{Part: part, OK: true, Words: words}
}

func bytesInWords(n int64) string {
	switch {
	case n < 10<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 10<<20:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d MB", n>>20)
}

// spaceCheck says how much room the data folder's disk has.
func spaceCheck(dir string) staff.Check {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return staff.Check{Part: "disk", Words: "its free space cannot be told: " + err.Error()}
	}
	free := int64(st.Bavail) * int64(st.Bsize)
	words := bytesInWords(free) + " are free"
	if free < spaceMin {
		return staff.Check{Part: "disk", Words: words + ": with none left nothing new can be kept"}
	}
	return staff.Check{Part: "disk", OK: true, Words: words}
}

// webCheck says where the web server listens and who can reach it.
func webCheck(c config.Chat, address string) staff.Check {
	who := "from this machine only"
	if !c.Loopback() {
		who = "from every machine that has a way here"
	}
	how := "without TLS"
	if c.TLS.Cert != "" {
		how = "with TLS"
	}
	return staff.Check{Part: "web socket", OK: true, Words: fmt.Sprintf("%s, reached %s, %s", address, who, how)}
}

// originsCheck says which sites may carry the widget.
func originsCheck(c config.Chat) staff.Check {
	if len(c.Origins) == 0 {
		return staff.Check{Part: "sites", OK: true, Words: "none may carry the widget yet; chat.origins in hark.toml lists them"}
	}
	return staff.Check{Part: "sites", OK: true, Words: strings.Join(c.Origins, " ") + " may carry the widget"}
}

// certCheck says how long the certificate holds.
func certCheck(c config.TLS, now time.Time) staff.Check {
	pair, err := tls.LoadX509KeyPair(c.Cert, c.Key)
	if err != nil {
		return staff.Check{Part: "certificate", Words: "cannot be used: " + err.Error()}
	}
	until := pair.Leaf.NotAfter
	words := c.Cert + " holds until " + until.Format("2 January 2006")
	return staff.Check{Part: "certificate", OK: until.Sub(now) > certSoonIn, Words: words}
}

// socketCheck says who can reach the hub's socket.
func socketCheck(path string) staff.Check {
	info, err := os.Stat(path)
	if err != nil {
		return staff.Check{Part: "staff socket", Words: "it is gone (" + err.Error() + "): nobody new can come in; restart the hub"}
	}
	who := "this user's processes"
	if info.Mode().Perm()&0o070 != 0 {
		gid := uint32(0)
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			gid = st.Gid
		}
		who = fmt.Sprintf("this user's processes and members of group %d", gid)
	}
	return staff.Check{Part: "staff socket", OK: info.Mode().Perm()&0o007 == 0, Words: fmt.Sprintf("%s, reached by %s (mode %o)", path, who, info.Mode().Perm())}
}

// filesCheck says whether as many visitors as are allowed can be served.
func filesCheck(limits config.Limits) staff.Check {
	const spare = 200 // the databases, staff and the rest
	n := files()
	words := fmt.Sprintf("%d may be open; chat.limits.connections is %d", n, limits.Connections)
	if n < uint64(limits.Connections)+spare {
		return staff.Check{Part: "open files", OK: true, Words: words + ": raise the limit (LimitNOFILE) or lower the setting if so many come"}
	}
	return staff.Check{Part: "open files", OK: true, Words: words}
}
