//go:build darwin || freebsd

package main

import "golang.org/x/sys/unix"

// How a terminal's settings are read and written.
const (
	readTermios  = unix.TIOCGETA
	writeTermios = unix.TIOCSETA
)
