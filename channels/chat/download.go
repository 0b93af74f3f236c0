package chat

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"hark/desk"
)

// serveFile gives a visitor a file of their conversation.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	if !s.polite(w, r) {
		return
	}
	token := r.Header.Get(headerToken)
	id, err := desk.ParseID(r.PathValue("id"))
	switch {
	case !desk.ValidToken(token):
		s.refuseRequest(w, errToken)
		return
	case err != nil || id.IsZero():
		s.refuseRequest(w, errNoFile)
		return
	}
	f, body, err := s.desk.FileFor(r.Context(), token, id)
	if err != nil {
		s.refuseRequest(w, hidden(err))
		return
	}
	s.sendFile(w, f, body)
}

// errNoFile is the answer for a file that is not there and for one that is
// somebody else's: nobody learns which.
var errNoFile = desk.Errorf(desk.NotFound, "there is no such file")

func hidden(err error) error {
	if desk.CodeOf(err) == desk.NotFound {
		return errNoFile
	}
	return err
}

// sendFile answers with a file, as a download and nothing else, whatever it
// holds, and closes it.
func (s *Server) sendFile(w http.ResponseWriter, f desk.File, body io.ReadCloser) {
	defer func() { _ = body.Close() }()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", disposition(f.Name))
	h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	read := &failing{r: body}
	_, _ = io.Copy(s.slowAnswer(w), read)
	if read.err != nil {
		s.log.Error("a file could not be read to its end", "error", read.err)
		panic(http.ErrAbortHandler) // the receiver must not take a part for the whole
	}
}

// failing remembers why reading failed.
type failing struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (f *failing) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

// disposition names a download, for old programs in ASCII as well (RFC 6266).
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}
