package form

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

//go:embed *.json page.html style.css
var parts embed.FS

// Fallback is the language where nothing else is known.
const Fallback = "en"

// texts are the words of every language, by key.
type texts map[string]map[string]string

// loadTexts reads the words. They are part of the program, so that they are
// wrong only in a program that was built wrong.
func loadTexts() (texts, error) {
	found, err := parts.ReadDir(".")
	if err != nil {
		return nil, err
	}
	all := texts{}
	for _, f := range found {
		lang, ok := strings.CutSuffix(f.Name(), ".json")
		if !ok {
			continue
		}
		raw, err := parts.ReadFile(f.Name())
		if err != nil {
			return nil, err
		}
		var words map[string]string
		if err := json.Unmarshal(raw, &words); err != nil {
			return nil, fmt.Errorf("read the texts in %s: %w", f.Name(), err)
		}
		all[lang] = words
	}
	return all, nil
}

// languages returns what there is, the fallback first.
func (t texts) languages() []string {
	all := slices.Sorted(maps.Keys(t))
	all = slices.DeleteFunc(all, func(l string) bool { return l == Fallback })
	return append([]string{Fallback}, all...)
}

// say returns a text with its fields, given as name and value, filled in.
func (t texts) say(lang, key string, fields ...any) string {
	words, ok := t[lang][key]
	if !ok {
		words = t[Fallback][key]
	}
	for i := 0; i+1 < len(fields); i += 2 {
		value := fmt.Sprint(fields[i+1])
		if t[lang]["dir"] == "rtl" {
			value = isolate + value + isolated
		}
		words = strings.ReplaceAll(words, "{"+fmt.Sprint(fields[i])+"}", value)
	}
	return words
}

// What keeps the parts of a name or a number in their order within a sentence
// that is read the other way: first strong isolate, and its end.
const (
	isolate  = "\u2068"
	isolated = "\u2069"
)

// Choose returns one of the languages that there are: the one that was asked
// for, else the one that an Accept-Language header likes best, else Fallback.
func (t texts) choose(asked, accepted string) string {
	if lang := primary(asked); t[lang] != nil {
		return lang
	}
	best, most := Fallback, 0.0
	for i, wish := range strings.SplitN(accepted, ",", maxWishes+1) {
		if i == maxWishes {
			break
		}
		tag, q := wished(wish)
		if t[tag] != nil && q > most {
			best, most = tag, q
		}
	}
	return best
}

// maxWishes bounds how many languages of a header are looked at.
const maxWishes = 20

// wished reads one entry of Accept-Language.
func wished(s string) (tag string, q float64) {
	tag, weight, ok := strings.Cut(s, ";")
	if !ok {
		return primary(tag), 1
	}
	digits, ok := strings.CutPrefix(strings.TrimSpace(weight), "q=")
	q, err := strconv.ParseFloat(digits, 64)
	if !ok || err != nil || q < 0 || q > 1 {
		return "", 0
	}
	return primary(tag), q
}

// primary returns the language of a tag without its region.
func primary(tag string) string {
	tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	return tag
}
