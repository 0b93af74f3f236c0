package chat

import (
	"net/http"
	"time"

	"hark/desk"
)

// configJSON is how the chat is now.
type configJSON struct {
	Open      bool        `json:"open"`
	OpensAt   string      `json:"opens_at,omitempty"`
	Staffed   bool        `json:"staffed"`
	Lang      string      `json:"lang"`
	Languages []string    `json:"languages"`
	Notice    *noticeJSON `json:"notice,omitempty"`
	Files     *limitJSON  `json:"files,omitempty"`
	Preview   bool        `json:"preview"`
	ReadMarks bool        `json:"read_marks"`
}

type noticeJSON struct {
	Version string `json:"version"`
	Lang    string `json:"lang"`
	Text    string `json:"text"`
}

type limitJSON struct {
	Limit int64 `json:"limit"` // bytes of one file
	Count int   `json:"count"` // in one message
}

// serveConfig says how the chat is now.
func (s *Server) serveConfig(w http.ResponseWriter, r *http.Request) {
	if !s.polite(w, r) {
		return
	}
	q := r.URL.Query()
	now := s.desk.Situation(pagePath(q.Get("page")))
	c := configJSON{
		Open: now.Open, Staffed: now.Agents > 0, Lang: s.pages().Choose(q.Get("lang"), ""), Languages: s.pages().Languages(),
		Preview: s.preview, ReadMarks: s.readMarks,
	}
	if !now.Open && !now.Opens.IsZero() {
		c.OpensAt = now.Opens.UTC().Format(time.RFC3339)
	}
	if n, ok := s.noticeIn(c.Lang); ok {
		c.Notice = &noticeJSON{n.Version, n.Lang, n.Text}
	}
	if s.fileLimit > 0 {
		c.Files = &limitJSON{s.fileLimit, FilesMost}
	}
	writeJSON(w, http.StatusOK, c)
}

// pagePath returns what the desk chooses a queue by: a path, or an address
// without what may be personal in it.
func pagePath(s string) string {
	if len(s) > pageMax {
		return ""
	}
	if len(s) > 0 && s[0] == '/' {
		return s
	}
	return page(s)
}

// closedWords says on a page why nobody answers at once; "" when somebody does.
func (s *Server) closedWords(lang string, now desk.Situation) string {
	p := s.pages()
	switch {
	case now.Open && now.Agents > 0:
		return ""
	case now.Open:
		return p.Say(lang, "away")
	case now.Opens.IsZero():
		return p.Say(lang, "closed")
	}
	return p.Say(lang, "closed") + " " + p.Say(lang, "opens", "time", now.Opens.Format("2006-01-02 15:04 MST"))
}
