package chat

import (
	"cmp"
	"maps"
	"slices"
)

// shorten gives the names of variables, functions, classes and private members
// short ones, the same everywhere. A name that is anywhere a property's too
// keeps its length, so that nothing needs to be known about scopes.
func shorten(all []token) {
	shortenPrivate(all)
	s := newSyntax(all)
	declared, taken := map[string]int{}, map[string]bool{}
	for i, t := range all {
		if t.word() && s.declares(i) {
			declared[t.text] = 0
		}
		if t.word() && s.property(i) {
			taken[t.text] = true
		}
	}
	for _, t := range all {
		if _, ok := declared[t.text]; ok && !taken[t.text] {
			declared[t.text]++
		} else if t.word() {
			taken[t.text] = true
		}
	}
	maps.DeleteFunc(declared, func(name string, _ int) bool { return taken[name] })
	short := shortNames(declared, taken)
	for i, t := range all {
		if name, ok := short[t.text]; ok {
			all[i].text = name
		}
	}
}

// shortenPrivate shortens the names of private members, which nothing else
// can have.
func shortenPrivate(all []token) {
	uses := map[string]int{}
	for _, t := range all {
		if t.private() {
			uses[t.text]++
		}
	}
	short := shortNames(uses, nil)
	for i, t := range all {
		if t.private() {
			all[i].text = "#" + short[t.text]
		}
	}
}

// shortNames gives the names that are used most the shortest ones that are
// free.
func shortNames(uses map[string]int, taken map[string]bool) map[string]string {
	order := slices.SortedFunc(maps.Keys(uses), func(a, b string) int {
		return cmp.Or(cmp.Compare(uses[b], uses[a]), cmp.Compare(a, b))
	})
	short := make(map[string]string, len(order))
	n := 0
	for _, name := range order {
		next := nthName(n)
		for n++; taken[next] || reserved(next); n++ {
			next = nthName(n)
		}
		short[name] = next
	}
	return short
}

// nthName counts a, b, … z, aa, ba, …
func nthName(n int) string {
	name := string(rune('a' + n%26))
	if n >= 26 {
		name += nthName(n/26 - 1)
	}
	return name
}

// reserved tells whether a word of one or two letters belongs to the language.
func reserved(name string) bool { return slices.Contains([]string{"as", "do", "if", "in", "of"}, name) }

// syntax is what is to be known about the brackets of a script.
type syntax struct {
	all   []token
	in    []int // the bracket that a token stands in; -1 for none
	match []int // a bracket's other half
}

func newSyntax(all []token) syntax {
	s := syntax{all, make([]int, len(all)), make([]int, len(all))}
	open := []int{-1}
	for i, t := range all {
		s.in[i] = open[len(open)-1]
		switch t.text {
		case "(", "[", "{":
			open = append(open, i)
		case ")", "]", "}":
			s.in[i], s.match[i] = s.in[s.in[i]], s.in[i]
			s.match[s.match[i]] = i
			open = open[:len(open)-1]
		}
	}
	return s
}

func (s syntax) at(i int) string {
	if i < 0 || i >= len(s.all) {
		return ""
	}
	return s.all[i].text
}

func oneOf(text string, list ...string) bool { return slices.Contains(list, text) }

// declares tells whether the word at i gets its meaning there: behind const,
// let, class or function, in a list of such, or as a parameter.
func (s syntax) declares(i int) bool {
	if oneOf(s.at(i-1), "const", "let", "class", "function") {
		return true
	}
	if s.at(i+1) == "=" && s.at(i+2) == ">" && s.at(i-1) != "." {
		return true
	}
	b := s.in[i]
	switch {
	case b < 0 || !oneOf(s.at(i-1), "(", "[", ",", "."):
		return false
	case s.at(b) == "[":
		return oneOf(s.at(b-1), "const", "let") || s.at(b-1) == "(" && s.parameters(b-1)
	}
	return s.at(b) == "(" && s.parameters(b) && oneOf(s.at(i+1), ",", ")", "=")
}

// parameters tells whether a round bracket holds those of a function.
func (s syntax) parameters(b int) bool {
	end := s.match[b]
	if s.at(end+1) == "=" && s.at(end+2) == ">" {
		return true
	}
	return s.at(end+1) == "{" && !oneOf(s.at(b-1), "if", "for", "while", "switch")
}

// property tells whether the word at i may name a property: behind a dot, as a
// key, short for key and value, or as a method.
func (s syntax) property(i int) bool {
	if s.at(i-1) == "." && s.at(i-2) != "." || s.at(i-1) == "async" && s.at(i+1) == "(" && s.methodic(i) {
		return true
	}
	b := s.in[i]
	if b < 0 || s.at(b) != "{" {
		return false
	}
	next := s.at(i + 1)
	short := oneOf(s.at(i-1), "{", ",") && oneOf(next, ",", "}", "=")
	return short || next == ":" || next == "(" && s.methodic(i) && s.at(i-1) != "function"
}

// methodic tells whether a block follows what looks like a call.
func (s syntax) methodic(i int) bool { return s.at(s.match[i+1]+1) == "{" }
