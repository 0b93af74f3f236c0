package desk

import (
	"context"
	"time"
)

// Draft is what an author has written in a conversation and not yet sent.
type Draft struct {
	Conversation ID
	Author       ID
	Note         bool // a note rather than a reply
	Text         string
	At           time.Time
}

// Drafts keeps one sealed slot for each conversation and author.
type Drafts interface {
	// Load returns the draft; its Text is empty when there is none.
	Load(ctx context.Context, conversation, author ID) (Draft, error)
	// Save keeps the draft in place of the older one. It returns at once; the
	// disk sees it within a second. An empty text removes the draft.
	Save(d Draft)
}

// Draft returns the session's draft in a conversation.
func (s *Session) Draft(ctx context.Context, id ID) (Draft, error) {
	if why := s.Why(ActNote); why != nil {
		return Draft{}, nil
	}
	return s.d.drafts.Load(ctx, id, s.actor.ID)
}

// SaveDraft keeps what the session has written so far, without card numbers.
func (s *Session) SaveDraft(id ID, note bool, text string) {
	if len(text) > TextLimit || s.Why(ActNote) != nil {
		return
	}
	s.d.drafts.Save(Draft{Conversation: id, Author: s.actor.ID, Note: note, Text: Mask(text), At: time.Now().UTC()})
}

// DiscardDraft throws the session's draft away and says so in the conversation.
func (s *Session) DiscardDraft(ctx context.Context, id ID) error {
	s.d.drafts.Save(Draft{Conversation: id, Author: s.actor.ID})
	return s.decide(ctx, ActNote, id, func(*Conversation) ([]Body, error) { return []Body{DraftDiscarded{}}, nil })
}
