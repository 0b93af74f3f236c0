package form

import (
	"strings"
	"unicode/utf16"
)

// Limits on what people call themselves, in bytes.
const (
	nameMost = 120
	mailMost = 254
)

// Check trims what a person wrote and returns what is wrong with it, in the
// order of the fields. files is how many files came with it.
func (p *Pages) Check(post *Post, lang string, files int) (problems []Problem) {
	add := func(field, key string, fields ...any) {
		problems = append(problems, Problem{field, p.Say(lang, key, fields...)})
	}
	post.Name, post.Mail = oneLine(post.Name), strings.TrimSpace(post.Mail)
	if len(post.Name) > nameMost {
		add("name", "long_name")
	}
	if post.Mail != "" && !ValidMail(post.Mail) {
		add("mail", "bad_mail")
	}
	switch {
	case strings.TrimSpace(post.Text) == "" && files == 0:
		add("text", "no_text")
	case len(utf16.Encode([]rune(post.Text))) > TextMost:
		add("text", "long_text", "n", TextMost)
	}
	return problems
}

// oneLine makes every run of spaces and line ends one space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// ValidMail reports whether s has the form of an address: something, one @,
// something with a dot or a colon in it, visible throughout. Whether it exists
// only a letter can tell.
func ValidMail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || len(s) > mailMost || strings.Contains(domain, "@") {
		return false
	}
	for _, r := range s {
		if r <= ' ' || r == 0x7f || strings.ContainsRune(`<>()[]\,;:"`, r) {
			return false
		}
	}
	dot := strings.LastIndexByte(domain, '.')
	return dot > 0 && dot < len(domain)-1
}
