package thread

import (
	"strings"

	"hark/desk"
)

// Lengths of a subject's tag, in letters.
const (
	tagLetters   = 6 // the beginning of the conversation's identifier
	checkLetters = 2 // of the HMAC: against mistyping, not against forgery
)

// Tag is a mark in a subject such as [#7f3k2m-9q]. It leads to a conversation
// whose identifier begins with Letters and whose check letters agree. Ten bits
// prove nothing about who writes: rule S does.
type Tag struct {
	Letters, Check string
}

// String returns the tag as it stands in a subject.
func (t Tag) String() string { return "[#" + t.Letters + "-" + t.Check + "]" }

// Tag returns the tag of a conversation.
func (k *Keys) Tag(conversation desk.ID) Tag {
	return Tag{conversation.String()[:tagLetters], k.all[0].mac(checkLetters, []byte("subject"), conversation[:])}
}

// Tagged reports whether the tag is the conversation's.
func (k *Keys) Tagged(t Tag, conversation desk.ID) bool {
	if conversation.IsZero() || conversation.String()[:tagLetters] != t.Letters {
		return false
	}
	for _, key := range k.all {
		if key.proves(t.Check, []byte("subject"), conversation[:]) {
			return true
		}
	}
	return false
}

// Tags returns the tags in a subject, in order.
func Tags(subject string) []Tag {
	var all []Tag
	eachTag(subject, func(_, _ int, t Tag) { all = append(all, t) })
	return all
}

// Untagged returns the subject without tags.
func Untagged(subject string) string {
	var b strings.Builder
	rest := 0
	eachTag(subject, func(from, to int, _ Tag) {
		b.WriteString(subject[rest:from])
		rest = to
	})
	b.WriteString(subject[rest:])
	return b.String()
}

// eachTag calls fn with the place of each tag.
func eachTag(s string, fn func(from, to int, t Tag)) {
	const length = len("[#") + tagLetters + 1 + checkLetters + 1
	for at := 0; ; {
		i := strings.Index(s[at:], "[#")
		if i < 0 || at+i+length > len(s) {
			return
		}
		from := at + i
		at = from + 2
		body := strings.ToLower(s[at : from+length-1])
		t := Tag{body[:tagLetters], body[tagLetters+1:]}
		if s[from+length-1] == ']' && body[tagLetters] == '-' && isLetters(t.Letters, tagLetters) && isLetters(t.Check, checkLetters) {
			fn(from, from+length, t)
			at = from + length
		}
	}
}
