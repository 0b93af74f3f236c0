package canned

import (
	"cmp"
	"slices"
	"strings"
)

// Reply is one that was written beforehand.
type Reply struct {
	Name  string   // of its file, without the ending
	Title string   // what it is for
	Text  string   // with its fields
	Key   string   // a short word to type for it; may be empty
	Tags  []string // more words to find it by
	Lang  string   // such as "de" or "pt-BR"; empty for any
	Queue string   // where it is offered; empty for everywhere
}

// Replies are sorted by title.
type Replies []Reply

// Named returns the reply whose key or file name is word. Of several, which
// are in different languages or for different queues, it is the first that
// fits the queue and the language.
func (rs Replies) Named(word, queue, lang string) (Reply, bool) {
	var found Replies
	for _, r := range rs.For(queue) {
		if r.Key == word || r.Name == word {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		return Reply{}, false
	}
	return slices.MaxFunc(found, func(a, b Reply) int { return cmp.Compare(a.fits(lang), b.fits(lang)) }), true
}

// For returns the replies that are offered in a queue.
func (rs Replies) For(queue string) Replies {
	return slices.DeleteFunc(slices.Clone(rs), func(r Reply) bool { return r.Queue != "" && r.Queue != queue })
}

// Search returns the replies that have every one of the words somewhere; those
// that have them in the key or title come first. No words find everything.
func (rs Replies) Search(words string) Replies {
	want := strings.Fields(strings.ToLower(words))
	type hit struct {
		Reply
		rank int
	}
	var hits []hit
	for _, r := range rs {
		if rank, ok := r.matches(want); ok {
			hits = append(hits, hit{r, rank})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.rank, b.rank) })
	found := make(Replies, len(hits))
	for i, h := range hits {
		found[i] = h.Reply
	}
	return found
}

// fits says how well the reply is in a language: the same, of the same family,
// of none, of another.
func (r Reply) fits(lang string) int {
	family, _, _ := strings.Cut(lang, "-")
	own, _, _ := strings.Cut(r.Lang, "-")
	switch {
	case lang != "" && r.Lang == lang:
		return 3
	case lang != "" && own == family:
		return 2
	case r.Lang == "":
		return 1
	}
	return 0
}

// matches reports whether all words are in the reply, and how far from its
// name the farthest is found: 0 begins the key, 1 in the key or title, 2 in
// the tags, 3 in the text.
func (r Reply) matches(words []string) (rank int, ok bool) {
	places := []string{
		strings.ToLower(r.Key + " " + r.Name + " " + r.Title),
		strings.ToLower(strings.Join(r.Tags, " ")),
		strings.ToLower(r.Text),
	}
	for _, w := range words {
		if r.Key != "" && strings.HasPrefix(r.Key, w) {
			continue
		}
		at := slices.IndexFunc(places, func(p string) bool { return strings.Contains(p, w) })
		if at < 0 {
			return 0, false
		}
		rank = max(rank, at+1)
	}
	return rank, true
}
