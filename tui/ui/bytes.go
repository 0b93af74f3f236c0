package ui

import (
	"strconv"
	"strings"

	"hark/tui/safe"
)

// Bytes writes a size as people read it: "812 B", "12 KB", "3.4 MB".
func Bytes(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " B"
	case n < 1000*1000:
		return strconv.FormatInt((n+500)/1000, 10) + " KB"
	default:
		return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
	}
}

// Count writes a number with its thousands apart: "12,300".
func Count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// FileType writes what a file holds in a word: "pdf" for application/pdf.
func FileType(mime string) string {
	mime, _, _ = strings.Cut(mime, ";")
	if _, sub, found := strings.Cut(mime, "/"); found {
		mime = strings.TrimPrefix(strings.TrimPrefix(sub, "x-"), "vnd.")
	}
	if len(mime) > 16 || mime == "octet-stream" {
		return "file"
	}
	return safe.Name(mime).String()
}
