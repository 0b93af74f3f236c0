package chat

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"hark/channels/chat/form"
	"hark/desk"
)

// transcriptBody is the longest body that asks for a transcript.
const transcriptBody = 1 << 10

// transcriptPage is how many items a transcript reads at once.
const transcriptPage = 500

// serveTranscript gives a visitor a copy of their conversation.
func (s *Server) serveTranscript(w http.ResponseWriter, r *http.Request) {
	if !s.polite(w, r) {
		return
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, transcriptBody+1))
	fields, perr := url.ParseQuery(string(raw))
	if err != nil || perr != nil || len(raw) > transcriptBody || !desk.ValidToken(fields.Get("token")) {
		s.refuseRequest(w, errToken)
		return
	}
	known := s.desk.Visitor(fields.Get("token"))
	if known.Conversation.IsZero() {
		s.refuseRequest(w, desk.Errorf(desk.NotFound, "there is no conversation yet"))
		return
	}
	s.sendTranscript(w, r, known, s.pages().Choose(fields.Get("lang"), ""))
}

// sendTranscript answers with a copy of a conversation. It is made before the
// first byte leaves, so that nobody takes a part for the whole.
func (s *Server) sendTranscript(w http.ResponseWriter, r *http.Request, known desk.Visitor, lang string) {
	text, err := s.transcript(r.Context(), known, lang)
	if err != nil {
		s.refuseRequest(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", disposition("conversation.txt"))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	_, _ = io.WriteString(s.slowAnswer(w), text)
}

// transcript writes a conversation as text: what the customer may see of it.
// Every line of what somebody said is indented, so that no words can look like
// a line of the transcript's own.
func (s *Server) transcript(ctx context.Context, known desk.Visitor, lang string) (string, error) {
	p := s.pages()
	var b strings.Builder
	fmt.Fprintln(&b, p.Say(lang, "copy_title"))
	if known.Notice.Version != "" {
		fmt.Fprintln(&b, p.Say(lang, "copy_notice", "version", known.Notice.Version))
	}
	after := uint64(0)
	for {
		items, err := s.publicItems(ctx, known.Conversation, after, transcriptPage)
		if err != nil {
			return "", err
		}
		for _, it := range items {
			s.writeItem(&b, it, lang)
			after = it.Ord
		}
		if len(items) < transcriptPage {
			return b.String(), nil
		}
	}
}

func (s *Server) writeItem(b *strings.Builder, it desk.PublicItem, lang string) {
	who := s.who(it, lang)
	if it.Kind != desk.PublicMessage {
		who = s.happened(it, lang)
	}
	fmt.Fprintf(b, "\n%s  %s\n", it.At.UTC().Format("2006-01-02 15:04:05 UTC"), plainLine(who))
	if it.Text != "" {
		for line := range strings.SplitSeq(plainText(it.Text), "\n") {
			b.WriteString(strings.TrimRight("    "+line, " ") + "\n")
		}
	}
	for _, f := range it.Files {
		b.WriteString("    " + plainLine(s.pages().Say(lang, "copy_file", "name", f.Name, "size", form.Size(f.Size))) + "\n")
	}
}

// who returns who said something, as the customer knows them.
func (s *Server) who(it desk.PublicItem, lang string) string {
	switch {
	case it.Mine:
		return s.pages().Say(lang, "you")
	case it.Author != "":
		return it.Author
	}
	return s.pages().Say(lang, "team")
}

// happened says what an item that is no message means.
func (s *Server) happened(it desk.PublicItem, lang string) string {
	switch {
	case it.Kind == desk.PublicResolved && it.Mine:
		return s.pages().Say(lang, "left")
	case it.Kind == desk.PublicResolved:
		return s.pages().Say(lang, "resolved")
	}
	return s.pages().Say(lang, "reopened")
}

// plainText leaves out what would do something to who reads a text: control
// and direction characters. Ends of lines are "\n".
func plainText(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\u200c', r == '\u200d': // the joiners are letters' own
			return r
		case r == '\u2028', r == '\u2029', r == '\u0085':
			return '\n'
		case unicode.In(r, unicode.Cc, unicode.Cf):
			return -1
		}
		return r
	}, s)
}

// plainLine is plainText on one line.
func plainLine(s string) string { return strings.Join(strings.Fields(plainText(s)), " ") }

// publicItems reads what the customer may see. Few read at a time, so that a
// thousand who come back at once do not starve those who write.
func (s *Server) publicItems(ctx context.Context, conversation desk.ID, after uint64, most int) ([]desk.PublicItem, error) {
	ctx, cancel := context.WithTimeout(ctx, readWait)
	defer cancel()
	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
	case <-ctx.Done():
		return nil, &desk.Error{Code: desk.Unavailable, Msg: "the desk is busy", Err: ctx.Err()}
	}
	return s.desk.PublicItems(ctx, conversation, after, most)
}
