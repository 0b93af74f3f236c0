package thread

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// answers are what mail programs put before the subject of an answer, lower
// case, in the languages that have been seen.
var answers = map[string]bool{
	"auto": true, "re": true, "aw": true, "antw": true, "antwort": true, "sv": true, "ad": true, "res": true, "rép": true, "rep": true, "ré": true,
	"odp": true, "vs": true, "vá": true, "ynt": true, "yan": true, "bls": true, "atb": true, "r": true, "rif": true, "ats": true,
	"回复": true, "回覆": true, "答复": true, "返信": true, "답장": true, "отв": true, "ответ": true, "απ": true, "תשובה": true, "رد": true,
}

// forwards are what stands before the subject of a mail that is handed on.
var forwards = map[string]bool{
	"fwd": true, "fw": true, "wg": true, "tr": true, "rv": true, "enc": true, "vl": true, "vb": true, "doorst": true, "pd": true,
	"i": true, "ilt": true, "továbbítás": true, "转发": true, "轉寄": true, "転送": true, "전달": true, "пересл": true, "πρθ": true, "הועבר": true,
}

// labels are what gateways put before a subject, in brackets.
var labels = map[string]bool{"ext": true, "external": true, "extern": true, "spam?": true, "suspected spam": true}

// subject is a subject taken apart.
type subject struct {
	words   string // what is left, folded for comparison
	answer  bool   // a mark of an answer stood before it
	forward bool   // a mark of a forward stood before it
	last    bool   // and that mark was the outermost: this very mail is handed on
}

// parseSubject takes a subject apart. It is linear in its length.
func parseSubject(s string) subject {
	var p subject
	s = Untagged(s)
	for {
		s = strings.TrimSpace(s)
		word, rest, ok := cutPrefix(s)
		if !ok {
			if rest, ok = cutLabel(s); ok {
				s = rest
				continue
			}
			break
		}
		if forwards[word] {
			p.last = p.last || !p.answer && !p.forward
			p.forward = true
		} else {
			p.answer = true
		}
		s = rest
	}
	p.words = strings.Join(strings.Fields(strings.Map(foldRune, s)), " ")
	return p
}

// cutPrefix takes one mark such as "Re:", "AW :" or "Re[3]:" off.
func cutPrefix(s string) (word, rest string, ok bool) {
	const longest = 24 // bytes of a mark
	end := strings.IndexAny(s[:min(len(s), longest)], ":：")
	if end <= 0 {
		return "", s, false
	}
	word = strings.ToLower(strings.TrimSpace(s[:end]))
	if i := strings.IndexAny(word, "[(^*"); i > 0 && strings.Trim(word[i:], "[]()^*0123456789") == "" {
		word = strings.TrimSpace(word[:i])
	}
	_, colon := utf8.DecodeRuneInString(s[end:])
	return word, s[end+colon:], answers[word] || forwards[word]
}

// cutLabel takes a gateway's label off.
func cutLabel(s string) (rest string, ok bool) {
	if !strings.HasPrefix(s, "[") {
		return s, false
	}
	word, rest, found := strings.Cut(s[1:], "]")
	return rest, found && labels[strings.ToLower(strings.TrimSpace(word))]
}

func foldRune(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return unicode.ToLower(r)
}

// About returns what a subject is about, for comparison: without marks of
// answers and forwards, our tags, case and double blanks. Empty for none.
func About(s string) string { return parseSubject(s).words }

// IsForward reports whether the subject says that the mail is handed on.
func IsForward(s string) bool { return parseSubject(s).last }

// same reports whether two subjects are of one topic. A mail without a subject
// changes no topic. Strictly, what was handed on is another topic.
func (p subject) same(q subject, strict bool) bool {
	if p.words == "" || q.words == "" {
		return true
	}
	return p.words == q.words && (!strict || p.forward == q.forward)
}
