package main

import (
	"log/slog"
	"syscall"
)

// files is how many files the process may have open at once.
func files() uint64 {
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) != nil {
		return 0
	}
	return l.Cur
}

// limitProcess makes the process leave no traces of what it reads: no core
// file, and no file that others can open. Every visitor is an open file, so
// the most that the system allows is taken.
func limitProcess() {
	syscall.Umask(0o077)
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) // lowering is always allowed
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) == nil && l.Cur < l.Max {
		l.Cur = l.Max
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &l) // what came of it is logged
	}
}

func logProcess(log *slog.Logger) {
	log.Info("process limits", "open_files", files(), "core_files", 0)
}
