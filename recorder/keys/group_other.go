//go:build !unix

package keys

import "os/exec"

// killGroup leaves the command's children alone: there are no process groups.
func killGroup(*exec.Cmd) {}
