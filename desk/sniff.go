package desk

import (
	"io"
	"net/http"
	"strings"
)

// sniffer remembers the first bytes that pass through it.
type sniffer struct {
	r    io.Reader
	head []byte
}

// sniffed is how many bytes decide, as in net/http.
const sniffed = 512

// Read implements io.Reader.
func (s *sniffer) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	if room := sniffed - len(s.head); room > 0 {
		s.head = append(s.head, b[:min(n, room)]...)
	}
	return n, err
}

// mediaType returns what the bytes look like, without parameters (WHATWG MIME
// Sniffing, as net/http implements it).
func (s *sniffer) mediaType() string {
	media, _, _ := strings.Cut(http.DetectContentType(s.head), ";")
	return media
}
