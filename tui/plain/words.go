package plain

import (
	"slices"
	"strings"

	"hark/desk"
	"hark/desk/typo"
)

// command is something that can be said. The table of them is what parsing and
// help read.
type command struct {
	name  string
	short string // another word for it; may be empty
	args  string // as help shows them
	help  string // one sentence
	group string
	do    func(s *sitting, arg string) error
}

// find returns the command that a word means: itself, its short form, or a
// beginning that only one has.
func find(table []command, word string) (command, error) {
	word = strings.ToLower(word)
	var begin []command
	for _, c := range table {
		if c.name == word || c.short == word {
			return c, nil
		}
		if strings.HasPrefix(c.name, word) {
			begin = append(begin, c)
		}
	}
	switch {
	case len(begin) == 1:
		return begin[0], nil
	case len(begin) > 1:
		return command{}, desk.Errorf(desk.Invalid, "%q can be %s; type more of it", word, names(begin, "or"))
	}
	if near := nearest(table, word); near != "" {
		return command{}, desk.Errorf(desk.Invalid, "there is no command %q; did you mean %s? Nothing was done", clip(word), near)
	}
	return command{}, desk.Errorf(desk.Invalid, "there is no command %q; help tells what there is. Nothing was done", clip(word))
}

// clip shortens what somebody typed for a sentence about it.
func clip(s string) string {
	const longest = 40
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}

func names(table []command, and string) string {
	all := make([]string, len(table))
	for i, c := range table {
		all[i] = c.name
	}
	slices.Sort(all)
	return series(all, and)
}

// series writes words as people list them: "a, b and c".
func series(words []string, and string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + and + " " + words[last]
}

// nearest returns the command that was probably meant, "" for none.
func nearest(table []command, word string) string {
	best, least := "", 1+min(len(word)/2, 2)
	for _, c := range table {
		if d := typo.Distance(word, c.name); d < least {
			best, least = c.name, d
		}
	}
	return best
}

// cut parts the first word of a line from the rest.
func cut(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, " \t"); i >= 0 {
		return s[:i], strings.TrimSpace(s[i:])
	}
	return s, ""
}
