package chat

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"time"
	"unicode/utf8"

	"hark/desk"
)

// FilesMost is how many files one message may carry.
const FilesMost = 10

// nameMost is the longest name of a file as it comes, in bytes.
const nameMost = 1024

// uploadsMost is how many files arrive at the same time, from everybody.
const uploadsMost = 256

// Why files are not taken. The words are for people.
var (
	errNoFiles   = desk.Errorf(desk.NotFound, "files are not taken here")
	errEmptyFile = desk.Errorf(desk.Invalid, "the file is empty")
	errToken     = desk.Errorf(desk.Invalid, "the token is malformed")
)

// errBusy is why files are not taken now.
var errBusy = errors.New("these are many files at once; try again in a minute")

// busyWait is after how long those files may be taken.
const busyWait = time.Minute

// serveUpload takes a file for a message that is to come.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	name, err := s.uploadName(r)
	if err != nil {
		s.refuseRequest(w, err)
		return
	}
	from := s.addressOf(r)
	if wait, ok := s.uploads.take(time.Now(), from); !ok {
		slowDown(w, "these are many files at once; try again in a moment", wait)
		return
	}
	token := r.Header.Get(headerToken)
	f, err := s.takeFile(r.Context(), token, from, r.ContentLength, s.patient(w, r), func(ctx context.Context, body io.Reader) (desk.File, error) {
		return s.desk.Upload(ctx, token, name, body)
	})
	switch {
	case errors.Is(err, errBusy):
		slowDown(w, errBusy.Error(), busyWait)
	case err != nil:
		s.refuseRequest(w, err)
	default:
		writeJSON(w, http.StatusCreated, filesJSON([]desk.File{f})[0])
	}
}

// uploadName checks a request for an upload without its body.
func (s *Server) uploadName(r *http.Request) (string, error) {
	raw := r.Header.Get(headerName)
	name, err := url.PathUnescape(raw)
	switch {
	case s.fileLimit <= 0:
		return "", errNoFiles
	case !desk.ValidToken(r.Header.Get(headerToken)):
		return "", errToken
	case err != nil || len(raw) > 3*nameMost || len(name) > nameMost || !utf8.ValidString(name):
		return "", desk.Errorf(desk.Invalid, "the file's name is malformed")
	case r.ContentLength > s.fileLimit:
		return "", errLargeFile
	case r.ContentLength == 0:
		return "", errEmptyFile
	}
	return name, nil
}

// takeFile lets a body in where there is room for it. size is what it says
// that it has, -1 for nothing.
func (s *Server) takeFile(
	ctx context.Context, visitor string, from netip.Addr, size int64, body io.Reader,
	upload func(ctx context.Context, body io.Reader) (desk.File, error),
) (desk.File, error) {
	if !s.uploading.take(from, s.limits.Uploading) {
		return desk.File{}, errBusy
	}
	defer s.uploading.release(from)
	if size < 0 {
		size = s.fileLimit
	}
	room := s.pending.take(time.Now(), visitor, from, size)
	if room == nil {
		return desk.File{}, errBusy
	}
	first := bufio.NewReaderSize(&limited{body, s.fileLimit}, 16)
	_, err := first.Peek(1)
	if errors.Is(err, io.EOF) {
		err = errEmptyFile
	}
	var f desk.File
	if err == nil {
		f, err = upload(ctx, first)
	}
	if err != nil {
		s.pending.failed(room)
		return f, err
	}
	s.pending.arrived(room, f)
	return f, nil
}
