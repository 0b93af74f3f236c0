package desk

import (
	"time"
)

// FieldClass says how well a field tells who a person is.
type FieldClass string

// The classes of field.
const (
	Direct FieldClass = "direct" // names the person alone
	Quasi  FieldClass = "quasi"  // may, together with others
	None   FieldClass = "none"
)

// Field is something known of a contact.
type Field struct {
	Name     string     `json:"name"` // "mail", "phone", …
	Value    string     `json:"value,omitempty"`
	Class    FieldClass `json:"class"`
	Declined bool       `json:"declined,omitempty"` // asked for and not given
	Source   string     `json:"source"`             // "chat", "form", "staff"
}

// ContactField sets a field of the contact.
type ContactField struct {
	Field
}

// LinkIssued gives the contact a link by which they write and read without
// anything else. Hash is the identity's value; the secret is never kept.
type LinkIssued struct {
	Link
}

// Link is a secret address of a contact, until it expires.
type Link struct {
	Hash    string    `json:"hash"`
	Expires time.Time `json:"expires"`
}

// NoticePublished keeps, word for word, a notice that customers are shown.
type NoticePublished struct {
	Notice
}

// Notice is what customers are told before they write.
type Notice struct {
	NoticeRef
	Text string `json:"text"`
	Hash string `json:"hash"` // SHA-256 of Text, in hex
}

// NoticeRef names a notice: the desk's version of it, in a language (BCP 47).
type NoticeRef struct {
	Version string `json:"version"`
	Lang    string `json:"lang"`
}

// Body implementations, in the order of the types above.

func (ContactField) Kind() string    { return "contact.field" }
func (LinkIssued) Kind() string      { return "link.issued" }
func (NoticePublished) Kind() string { return "notice.published" }

func (ContactField) Version() int    { return 1 }
func (LinkIssued) Version() int      { return 1 }
func (NoticePublished) Version() int { return 1 }

// Masked masks what people wrote.
func (b ContactField) Masked(f func(string) string) Body {
	b.Value = f(b.Value)
	return b
}

// Masked returns b: it holds no words.
func (b LinkIssued) Masked(func(string) string) Body { return b }

// Masked returns b: it holds no words.
func (b NoticePublished) Masked(func(string) string) Body { return b }
