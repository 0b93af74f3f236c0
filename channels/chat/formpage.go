package chat

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"time"

	"hark/channels/chat/form"
	"hark/desk"
)

// linkLength is the length of a link's secret: 32 random bytes in base64url.
const linkLength = 43

// secret returns n random bytes as text.
func secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, by its contract
	return base64.RawURLEncoding.EncodeToString(b)
}

// validLink reports whether s has the form of a link's secret.
func validLink(s string) bool { return len(s) == linkLength && desk.ValidToken(s) }

// serveForm shows the page on which a conversation begins.
func (s *Server) serveForm(w http.ResponseWriter, r *http.Request) {
	lang := s.langOf(r)
	if !s.politePage(w, r, lang, "form") {
		return
	}
	v := s.view(lang)
	v.Link, v.Page = secret(32), pagePath(r.URL.Query().Get("page"))
	s.formPage(w, http.StatusOK, v)
}

// formPage sends the form with what is known now.
func (s *Server) formPage(w http.ResponseWriter, status int, v form.View) {
	if n, ok := s.noticeIn(v.Lang); ok {
		v.Notice = &form.Notice{Version: n.Version, Lang: n.Lang, Text: n.Text}
	}
	v.Closed = s.closedWords(v.Lang, s.desk.Situation(v.Page))
	s.page(w, status, v.Lang, s.pages().Form(v))
}

// postForm begins a conversation with what came from the form, and leads to
// the page on which it goes on. The same form sent again leads there as well.
func (s *Server) postForm(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		http.Error(w, "this form is sent from another site; open it here and send it again", http.StatusForbidden)
		return
	}
	lang := s.langOf(r)
	if !s.politePage(w, r, lang, "form") {
		return
	}
	got, err := s.receive(w, r, lang, func(ctx context.Context, p *form.Post, name string, body io.Reader) (desk.File, error) {
		if !validLink(p.Link) {
			return desk.File{}, desk.Errorf(desk.Denied, "the form has no link")
		}
		return s.desk.LinkUpload(ctx, p.Link, name, body)
	})
	if err != nil {
		http.Error(w, "this is not what the form sends; open it again and write anew", http.StatusBadRequest)
		return
	}
	lang = s.pages().Choose(got.Lang, r.Header.Get("Accept-Language"))
	problems := append(s.pages().Check(&got.Post, lang, len(got.files)), got.problems...)
	status := http.StatusUnprocessableEntity
	if len(problems) == 0 && validLink(got.Link) {
		if wait, ok := s.forms.take(time.Now(), s.addressOf(r)); ok {
			problem, err := s.wrote(r, lang, got.Link, got)
			if problem == nil && err == nil {
				w.Header().Set("Cache-Control", "no-store")
				redirect(w, "c/"+got.Link+"?lang="+url.QueryEscape(lang))
				return
			}
			if problem != nil {
				problems, status = append(problems, *problem), http.StatusServiceUnavailable
			}
		} else {
			problems, status = append(problems, s.slowProblem(w, lang, wait)), http.StatusTooManyRequests
		}
	}
	s.formAgain(w, status, lang, got, problems)
}

// slowProblem says that there were many messages at once.
func (s *Server) slowProblem(w http.ResponseWriter, lang string, wait time.Duration) form.Problem {
	w.Header().Set("Retry-After", seconds(wait))
	return form.Problem{Text: s.pages().Say(lang, "slow", "n", seconds(wait))}
}

// formAgain shows the form with what was typed. A link that has expired, or
// that is none, is replaced.
func (s *Server) formAgain(w http.ResponseWriter, status int, lang string, got received, problems []form.Problem) {
	v := s.view(lang)
	v.Link, v.ID, v.Page, v.Name, v.Mail, v.Text = got.Link, got.ID, got.Page, got.Name, got.Mail, got.Text
	if _, err := s.desk.LinkVisitor(got.Link); !validLink(got.Link) || desk.CodeOf(err) == desk.Denied {
		v.Link, v.ID = secret(32), secret(12)
		problems = append(problems, form.Problem{Text: s.pages().Say(lang, "new_form")})
	}
	if len(got.files) > 0 {
		problems = append(problems, form.Problem{Field: "file", Text: s.pages().Say(lang, "files_again")})
	}
	v.Problems = problems
	s.formPage(w, status, v)
}

// redirect leads to an address beside this one, whatever a proxy has taken off
// its front.
func redirect(w http.ResponseWriter, to string) {
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
}
