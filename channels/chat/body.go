package chat

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

// What can be wrong with a body that arrives. The words are for people.
var (
	errLargeFile = errors.New("the file is larger than what is taken here")
	errStalled   = errors.New("the file stopped arriving; send it again")
	errCut       = errors.New("the file arrived in part only; send it again")
)

// slowBody is a body that may take its time, as long as it does not stop.
type slowBody struct {
	r     io.Reader
	c     *http.ResponseController
	stall time.Duration
	until time.Time
}

// patient gives a request the time that a large body takes. Its answer may
// take as long.
func (s *Server) patient(w http.ResponseWriter, r *http.Request) *slowBody {
	b := &slowBody{r: r.Body, c: http.NewResponseController(w), stall: s.limits.Stall, until: time.Now().Add(s.limits.Whole)}
	_ = b.c.SetWriteDeadline(b.until.Add(s.limits.Write)) // where it cannot be set, the server's own holds
	return b
}

// Read implements io.Reader.
func (b *slowBody) Read(p []byte) (int, error) {
	next := time.Now().Add(b.stall)
	if next.After(b.until) {
		next = b.until
	}
	_ = b.c.SetReadDeadline(next)
	n, err := b.r.Read(p)
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return n, err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return n, errStalled
	}
	return n, errCut
}

// limited fails with errLargeFile behind so many bytes.
type limited struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (l *limited) Read(p []byte) (int, error) {
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, errLargeFile
	}
	return n, err
}

// slowAnswer is an answer that may take its time, as long as it is taken.
type slowAnswer struct {
	w     io.Writer
	c     *http.ResponseController
	stall time.Duration
	until time.Time
}

func (s *Server) slowAnswer(w http.ResponseWriter) *slowAnswer {
	return &slowAnswer{w, http.NewResponseController(w), s.limits.Stall, time.Now().Add(s.limits.Whole)}
}

// Write implements io.Writer.
func (a *slowAnswer) Write(p []byte) (int, error) {
	next := time.Now().Add(a.stall)
	if next.After(a.until) {
		next = a.until
	}
	_ = a.c.SetWriteDeadline(next)
	return a.w.Write(p)
}
