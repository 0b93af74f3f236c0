//go:build !linux

package recorder

// networkFileSystem cannot tell on these systems.
func networkFileSystem(string) string { return "" }
