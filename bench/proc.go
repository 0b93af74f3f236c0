package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// memory returns a field of /proc/PID/status, such as VmRSS, in bytes.
func memory(pid int, field string) (int64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("memory can be read on Linux only: %w", err)
	}
	for line := range strings.Lines(string(raw)) {
		name, rest, _ := strings.Cut(line, ":")
		if name != field {
			continue
		}
		kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
		return kb << 10, err
	}
	return 0, fmt.Errorf("/proc/PID/status has no %s", field)
}

// socketMemory returns what the kernel keeps for the sockets of the whole
// machine: their own objects, without what is queued in them.
func socketMemory() (int64, error) {
	raw, err := os.ReadFile("/proc/slabinfo")
	if err != nil {
		return 0, err
	}
	kinds := map[string]bool{"TCP": true, "TCPv6": true, "sock_inode_cache": true, "filp": true, "eventpoll_epi": true}
	var sum int64
	for line := range strings.Lines(string(raw)) {
		f := strings.Fields(line)
		if len(f) < 4 || !kinds[f[0]] {
			continue
		}
		objects, err1 := strconv.ParseInt(f[1], 10, 64)
		size, err2 := strconv.ParseInt(f[3], 10, 64)
		if err := errors.Join(err1, err2); err != nil {
			return 0, err
		}
		sum += objects * size
	}
	return sum, nil
}
