package chat

import (
	"errors"

	"hark/channels/chat/form"
	"hark/desk"
)

// errNotice is why a first message is not taken: the visitor has to be shown
// what the desk says before the chat.
var errNotice = errors.New("the notice was not shown")

// noticeShown checks which notice a visitor says was shown. first is whether
// the words begin the visitor's first conversation.
func (s *Server) noticeShown(ref desk.NoticeRef, first bool) (desk.NoticeRef, error) {
	if s.notice == "" {
		return desk.NoticeRef{}, nil
	}
	if _, ok := s.desk.Notice(ref); ok {
		return ref, nil
	}
	if first || ref.Version != "" {
		return desk.NoticeRef{}, &desk.Error{Code: desk.Invalid, Err: errNotice, Msg: "please read the notice, then send it again"}
	}
	return desk.NoticeRef{}, nil
}

// noticeIn returns the notice in a language, or in the one that comes next:
// the fallback, or whatever there is. There may be none.
func (s *Server) noticeIn(lang string) (desk.Notice, bool) {
	if s.notice == "" {
		return desk.Notice{}, false
	}
	for _, l := range []string{lang, form.Fallback} {
		if n, ok := s.desk.Notice(desk.NoticeRef{Version: s.notice, Lang: l}); ok {
			return n, true
		}
	}
	for _, n := range s.desk.Info().Notices {
		if n.Version == s.notice {
			return n, true
		}
	}
	return desk.Notice{}, false
}

// checkNotice refuses to begin without the notice that was promised: what is
// typed is never shown to staff unless visitors are told.
func (s *Server) checkNotice() error {
	_, ok := s.noticeIn(form.Fallback)
	switch {
	case s.notice != "" && !ok:
		return desk.Errorf(desk.Invalid, "the notice of version %s was never published; set chat.notice.text in hark.toml", s.notice)
	case s.preview && !ok:
		return desk.Errorf(desk.Invalid, "unsent text cannot be shown to staff without a notice that tells visitors so; set chat.notice, or leave chat.preview out")
	}
	return nil
}
