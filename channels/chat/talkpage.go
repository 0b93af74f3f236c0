package chat

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"hark/channels/chat/form"
	"hark/desk"
)

// How many items the page of a conversation shows, and at most when asked for
// earlier ones.
const (
	talkShown = 100
	talkMost  = 3200
)

// linked returns whose link a request has, or answers that it opens nothing.
// A link is looked up by its hash, so that the time it takes tells nothing
// about one that is nearly right.
func (s *Server) linked(w http.ResponseWriter, r *http.Request, back string) (known desk.Visitor, lang string, ok bool) {
	lang = s.langOf(r)
	if !s.politePage(w, r, lang, back) {
		return known, lang, false
	}
	link := r.PathValue("link")
	var err error
	if validLink(link) {
		known, err = s.desk.LinkVisitor(link)
	}
	switch {
	case desk.CodeOf(err) == desk.Denied:
		s.sayPage(w, http.StatusGone, lang, "gone", back)
	case err != nil || known.Conversation.IsZero():
		s.sayPage(w, http.StatusNotFound, lang, "missing", back)
	default:
		return known, lang, true
	}
	return known, lang, false
}

// serveTalk shows a conversation.
func (s *Server) serveTalk(w http.ResponseWriter, r *http.Request) {
	known, lang, ok := s.linked(w, r, "../form")
	if !ok {
		return
	}
	s.talkPage(w, r, http.StatusOK, s.view(lang), known)
}

// talkPage sends the page of a conversation.
func (s *Server) talkPage(w http.ResponseWriter, r *http.Request, status int, v form.View, known desk.Visitor) {
	shown := talkShown
	if n, err := strconv.Atoi(r.URL.Query().Get("show")); err == nil {
		shown = min(max(n, talkShown), talkMost)
	}
	after := known.Ord - min(known.Ord, uint64(shown))
	items, err := s.publicItems(r.Context(), known.Conversation, after, shown)
	if err != nil {
		s.log.Error("a conversation could not be shown on its page", "error", err)
		s.sayPage(w, http.StatusServiceUnavailable, v.Lang, "busy", "../form")
		return
	}
	v.Link, v.Items = url.PathEscape(r.PathValue("link")), make([]form.Item, 0, len(items))
	if after > 0 && shown < talkMost {
		v.More = shown * 2
	}
	for _, it := range items {
		v.Items = append(v.Items, s.formItem(it, v.Lang))
	}
	s.lineWords(&v, known)
	if s.readMarks {
		s.desk.ReadTo(known.Conversation, known.Ord)
	}
	s.desk.Seen(known.Conversation, known.Ord)
	s.page(w, status, v.Lang, s.pages().Talk(v))
}

// formItem is an item as the page shows it.
func (s *Server) formItem(it desk.PublicItem, lang string) form.Item {
	i := form.Item{Kind: string(it.Kind), Mine: it.Mine, Who: s.who(it, lang), At: it.At, Text: it.Text}
	if it.Kind != desk.PublicMessage {
		i.Text = s.happened(it, lang)
	}
	for _, f := range it.Files {
		i.Files = append(i.Files, form.File{ID: f.ID.String(), Name: f.Name, Bytes: f.Size})
	}
	return i
}

// lineWords says where in the line the customer stands, and why nobody
// answers at once, where an answer is owed.
func (s *Server) lineWords(v *form.View, known desk.Visitor) {
	if known.Status != desk.StatusNew && known.Status != desk.StatusOpen {
		return
	}
	v.Closed = s.closedWords(v.Lang, s.desk.SituationOf(known.Conversation))
	place, p := s.desk.Place(known.Conversation), s.pages()
	if place.Position == 0 {
		return
	}
	v.Place = p.Say(v.Lang, "place", "n", place.Position) + " "
	if !place.Known {
		v.Place += p.Say(v.Lang, "unknown")
		return
	}
	v.Place += p.Say(v.Lang, "wait", "n", max(1, int((place.Wait+time.Minute-1)/time.Minute)))
}

// postTalk adds to a conversation what came from its page.
func (s *Server) postTalk(w http.ResponseWriter, r *http.Request) {
	known, lang, ok := s.linked(w, r, "../form")
	if !ok {
		return
	}
	link := r.PathValue("link")
	got, err := s.receive(w, r, lang, func(ctx context.Context, _ *form.Post, name string, body io.Reader) (desk.File, error) {
		return s.desk.LinkUpload(ctx, link, name, body)
	})
	if err != nil {
		http.Error(w, "this is not what the page sends; open it again and write anew", http.StatusBadRequest)
		return
	}
	got.Post = form.Post{ID: got.ID, Text: got.Text} // nothing else is on this page
	problems := append(s.pages().Check(&got.Post, lang, len(got.files)), got.problems...)
	status := http.StatusUnprocessableEntity
	if len(problems) == 0 {
		if wait, ok := s.forms.take(time.Now(), s.addressOf(r)); !ok {
			problems, status = append(problems, s.slowProblem(w, lang, wait)), http.StatusTooManyRequests
		} else if problem, err := s.wrote(r, lang, link, got); err != nil {
			s.sayPage(w, http.StatusGone, lang, "gone", "../form")
			return
		} else if problem != nil {
			problems, status = append(problems, *problem), http.StatusServiceUnavailable
		}
	}
	if len(problems) == 0 {
		redirect(w, url.PathEscape(link)+"?lang="+url.QueryEscape(lang))
		return
	}
	if len(got.files) > 0 {
		problems = append(problems, form.Problem{Field: "file", Text: s.pages().Say(lang, "files_again")})
	}
	v := s.view(lang)
	v.ID, v.Text, v.Problems = got.ID, got.Text, problems
	s.talkPage(w, r, status, v, known)
}

// serveTalkFile gives out a file of the conversation.
func (s *Server) serveTalkFile(w http.ResponseWriter, r *http.Request) {
	_, lang, ok := s.linked(w, r, "../../../form")
	if !ok {
		return
	}
	id, err := desk.ParseID(r.PathValue("id"))
	if err != nil || id.IsZero() {
		s.sayPage(w, http.StatusNotFound, lang, "missing", "../../../form")
		return
	}
	f, body, err := s.desk.LinkFileFor(r.Context(), r.PathValue("link"), id)
	switch {
	case desk.CodeOf(err) == desk.NotFound:
		s.sayPage(w, http.StatusNotFound, lang, "missing", "../../../form")
	case err != nil:
		s.log.Error("a file could not be given out", "error", err)
		s.sayPage(w, http.StatusServiceUnavailable, lang, "busy", "../../../form")
	default:
		s.sendFile(w, f, body)
	}
}

// serveTalkTranscript gives out a copy of the conversation.
func (s *Server) serveTalkTranscript(w http.ResponseWriter, r *http.Request) {
	if known, lang, ok := s.linked(w, r, "../../form"); ok {
		s.sendTranscript(w, r, known, lang)
	}
}
