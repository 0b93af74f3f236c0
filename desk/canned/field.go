package canned

import (
	"regexp"
	"strings"
	"time"

	"hark/desk"
)

// The fields that hark fills.
const (
	CustomerName  = "customer.name"
	CustomerFirst = "customer.first" // the first word of the name
	AgentName     = "agent.name"     // as customers see it
	DeskName      = "desk.name"
	Conversation  = "conversation" // its number, with the #
	Date          = "date"         // 2026-11-22
)

// Span is a field in a text.
type Span struct {
	Start, End int    // bytes, from the brace to behind the other one
	Name       string // of the field
}

// field is what a field looks like: {name} or {name|words}.
var field = regexp.MustCompile(`^\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)(?:\|([^{}\n]*))?\}`)

// nameLimit is the longest name of a field, in bytes.
const nameLimit = 40

func known() []string {
	return []string{CustomerName, CustomerFirst, AgentName, DeskName, Conversation, Date}
}

// part is a piece of a text: words, or a field.
type part struct {
	start, end int
	words      string // of a field: what stands where nothing is known
	name       string // of a field
	other      bool   // of a field: words may be used
	stray      bool   // a brace that begins nothing
}

// split cuts a text into its parts. A brace that begins no field is a part of
// its own.
func split(text string) []part {
	var parts []part
	from := 0
	flush := func(to int) {
		if to > from {
			parts = append(parts, part{start: from, end: to, words: text[from:to]})
		}
	}
	for i := 0; i < len(text); {
		if text[i] != '{' {
			i++
			continue
		}
		flush(i)
		p := braced(text, i)
		parts = append(parts, p)
		i = p.end
		from = i
	}
	flush(len(text))
	return parts
}

// braced returns the part that the brace at i begins.
func braced(text string, i int) part {
	rest := text[i:]
	if strings.HasPrefix(rest, "{{") {
		return part{start: i, end: i + 2, words: "{"}
	}
	m := field.FindStringSubmatchIndex(rest)
	if m == nil || m[3]-m[2] > nameLimit {
		return part{start: i, end: i + 1, words: "{", stray: true}
	}
	p := part{start: i, end: i + m[1], name: rest[m[2]:m[3]]}
	if m[4] >= 0 {
		p.words, p.other = rest[m[4]:m[5]], true
	}
	return p
}

// Fill puts values into the fields and returns the text and the fields that
// have none, which stay in it as {name}. A value is never read for fields. A
// field of an empty value has none.
func (r Reply) Fill(values map[string]string) (text string, open []Span) {
	var b strings.Builder
	for _, p := range split(r.Text) {
		v := values[p.name]
		switch {
		case p.name == "" || v == "" && p.other:
			b.WriteString(p.words)
		case v != "":
			b.WriteString(v)
		default:
			at := b.Len()
			b.WriteString("{" + p.name + "}")
			open = append(open, Span{at, b.Len(), p.name})
		}
	}
	return b.String(), open
}

// Fields returns the names of the fields that only an agent can fill, each
// once, in the order of the text.
func (r Reply) Fields() []string {
	filled := map[string]string{}
	for _, name := range known() {
		filled[name] = name
	}
	var names []string
	for _, p := range split(r.Text) {
		if p.name != "" && filled[p.name] == "" {
			filled[p.name] = p.name
			names = append(names, p.name)
		}
	}
	return names
}

// Open returns the fields that are still open in a text that is to be sent.
// Doubled braces, as templates of other programs have them, are no field.
func Open(text string) []Span {
	var open []Span
	for _, p := range split(text) {
		if p.name != "" {
			open = append(open, Span{p.start, p.end, p.name})
		}
	}
	return open
}

// Values returns what hark knows for the fields of a reply in a conversation.
// now decides the date and is in the zone of the desk. A customer who has not
// said a name has none here.
func Values(s *desk.Session, c *desk.Conversation, now time.Time) map[string]string {
	values := map[string]string{
		DeskName:     s.Desk().Name,
		Conversation: "#" + s.Short(c.ID),
		Date:         now.Format(time.DateOnly),
	}
	if acc := s.Account(); acc != nil {
		values[AgentName] = acc.Display
	}
	if words := strings.Fields(c.Name); c.Named() && len(words) > 0 {
		values[CustomerName] = strings.Join(words, " ")
		values[CustomerFirst] = words[0]
	}
	return values
}
