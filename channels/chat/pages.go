package chat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"hark/channels/chat/form"
	"hark/desk"
)

// page puts the headers on a page and sends it. What stands behind an address
// with a secret must stay nowhere: not in a cache, an index or a referrer.
func (s *Server) page(w http.ResponseWriter, status int, lang string, b []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", lang)
	h.Set("Content-Security-Policy", s.pages().Policy())
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// langOf returns the language of a page: what its address says, else what the
// browser asks for.
func (s *Server) langOf(r *http.Request) string {
	return s.pages().Choose(r.URL.Query().Get("lang"), r.Header.Get("Accept-Language"))
}

// view returns what every page begins with.
func (s *Server) view(lang string) form.View {
	return form.View{Lang: lang, ID: secret(12), FileLimit: s.fileLimit, FileCount: FilesMost, LinkDays: s.linkDays}
}

// sayPage sends a page that only says something. back leads to the form.
func (s *Server) sayPage(w http.ResponseWriter, status int, lang, key, back string) {
	v, p := s.view(lang), s.pages()
	v.Heading, v.Body, v.Back = p.Say(lang, key+"_title"), p.Say(lang, key, "n", s.linkDays), back
	s.page(w, status, lang, p.Words(v))
}

// politePage answers an address that asks too often, and reports whether it
// does not.
func (s *Server) politePage(w http.ResponseWriter, r *http.Request, lang, back string) bool {
	wait, ok := s.requests.take(time.Now(), s.addressOf(r))
	if !ok {
		w.Header().Set("Retry-After", seconds(wait))
		s.sayPage(w, http.StatusTooManyRequests, lang, "busy", back)
	}
	return ok
}

// received is what came back from a page: the words, the files that are kept
// for them, and why some are not.
type received struct {
	form.Post
	files    []desk.ID
	print    string // of the files: the same ones sent again give the same
	problems []form.Problem
}

// uploader keeps a file for the secret that a page carries.
type uploader func(ctx context.Context, p *form.Post, name string, body io.Reader) (desk.File, error)

// receive reads what a page sent. What people can mend comes back as problems;
// the error is for what no page of ours sends.
func (s *Server) receive(w http.ResponseWriter, r *http.Request, lang string, upload uploader) (received, error) {
	var got received
	most := int64(1 << 20)
	if s.fileLimit > 0 {
		most += FilesMost * s.fileLimit
	}
	body := &limited{s.patient(w, r), most}
	in := &intake{s: s, r: r, lang: lang, got: &got, upload: upload, print: sha256.New()}
	post, err := form.Read(r.Header.Get("Content-Type"), body, in.take)
	got.Post = post
	if errors.Is(err, errLargeFile) || errors.Is(err, errPage) {
		// The rest is read and thrown away, because a browser shows no answer
		// to a form that it could not send to its end.
		_, _ = io.Copy(io.Discard, body)
		err = nil
	}
	if len(got.files) > 0 || in.failed {
		got.print = hex.EncodeToString(in.print.Sum(nil)[:8])
	}
	if in.failed {
		got.files = nil
		got.problems = append(got.problems, form.Problem{Field: "file", Text: s.pages().Say(lang, "files_again")})
	}
	return got, err
}

// errPage ends the reading of a page's body because of a problem that the page
// says.
var errPage = errors.New("the page says why")

// intake keeps the files of one form.
type intake struct {
	s      *Server
	r      *http.Request
	lang   string
	got    *received
	upload uploader
	print  hash.Hash
	failed bool
}

// take keeps a file. A failure ends the reading and becomes a problem.
func (in *intake) take(p *form.Post, name string, body io.Reader) error {
	_, _ = fmt.Fprintf(in.print, "%q ", name)
	from := in.s.addressOf(in.r)
	err := in.allowed(from)
	var f desk.File
	if err == nil {
		f, err = in.s.takeFile(in.r.Context(), in.r.PathValue("link")+p.Link, from, -1, io.TeeReader(body, in.print),
			func(ctx context.Context, body io.Reader) (desk.File, error) { return in.upload(ctx, p, name, body) })
	}
	if err == nil {
		in.got.files = append(in.got.files, f.ID)
		return nil
	}
	in.failed = true
	return in.problem(desk.SafeFileName(name), err)
}

// allowed reports whether one more file may come.
func (in *intake) allowed(from netip.Addr) error {
	switch {
	case in.s.fileLimit <= 0:
		return errNoFiles
	case len(in.got.files) == FilesMost:
		return errMany
	}
	if _, ok := in.s.uploads.take(time.Now(), from); !ok {
		return errBusy
	}
	return nil
}

// errMany is why a file is not taken: the message has as many as it may.
var errMany = errors.New("the message has too many files")

// problem says why a file was not taken. What ended the connection has nobody
// to be said to.
func (in *intake) problem(name string, err error) error {
	key := "later"
	switch {
	case errors.Is(err, errStalled), errors.Is(err, errCut):
		return err
	case errors.Is(err, errLargeFile):
		key = "large_file"
	case errors.Is(err, errEmptyFile):
		key = "empty_file"
	case errors.Is(err, errMany):
		key = "many_files"
	case errors.Is(err, errNoFiles):
		key = "no_files"
	case errors.Is(err, errBusy):
		key = "slow"
	case desk.CodeOf(err) == desk.Denied:
		key = "new_form"
	case desk.CodeOf(err) == desk.Internal:
		in.s.log.Error("a file of a form was not taken", "error", err)
	}
	n := FilesMost
	if key == "slow" {
		n = int(busyWait.Seconds())
	}
	text := in.s.pages().Say(in.lang, key, "name", name, "size", form.Size(in.s.fileLimit), "n", n)
	in.got.problems = append(in.got.problems, form.Problem{Field: "file", Text: text})
	return errPage
}

// wrote sends what came from a page to the desk, and returns why it was not
// taken, in words for the page.
func (s *Server) wrote(r *http.Request, lang, link string, got received) (problem *form.Problem, err error) {
	ctx, cancel := context.WithTimeout(r.Context(), sayWait)
	defer cancel()
	known, err := s.desk.LinkVisitor(link)
	if err != nil && desk.CodeOf(err) != desk.NotFound {
		return nil, err
	}
	notice, err := s.noticeShown(desk.NoticeRef{Version: got.Notice, Lang: s.noticeLang(got)}, known.Conversation.IsZero())
	if err == nil {
		_, err = s.desk.Say(ctx, desk.Words{
			Token: link, Form: true, Client: clientOf(got), Text: got.Text, Name: got.Name, Mail: got.Mail,
			Page: pagePath(got.Page), Files: got.files, Notice: notice,
		})
	}
	say := func(key string) *form.Problem { return &form.Problem{Text: s.pages().Say(lang, key)} }
	switch {
	case err == nil:
		s.pending.sent(got.files)
		return nil, nil
	case errors.Is(err, errNotice):
		return say("new_notice"), nil
	case desk.CodeOf(err) == desk.Denied:
		return nil, err
	case desk.CodeOf(err) == desk.Invalid:
		return &form.Problem{Text: desk.Sentence(err)}, nil
	case desk.CodeOf(err) == desk.Internal:
		s.log.Error("a page's message was not taken", "error", err)
	}
	return say("later"), nil
}

// noticeLang returns in which language the page showed the notice.
func (s *Server) noticeLang(got received) string {
	n, _ := s.noticeIn(got.Lang)
	return n.Lang
}

// clientOf identifies a message by its page and what it says: sent twice it is
// one, and other words from a page that somebody went back to are another.
func clientOf(got received) string {
	sum := sha256.Sum256([]byte(got.Text + "\x00" + got.print))
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, got.ID[:min(len(got.ID), 24)]) + "." + hex.EncodeToString(sum[:12])
}
