//go:build !linux

package main

import "time"

// threadTime is the time that passes where a thread's own cannot be read.
func threadTime() time.Duration { return time.Duration(time.Now().UnixNano()) }
