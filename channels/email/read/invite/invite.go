// Package invite reads what an invitation of a calendar says (RFC 5545, RFC
// 5546): what, when, where, and who asks.
package invite

import (
	"strings"
	"time"

	"hark/channels/email/read/clean"
)

// Event is the first event of a calendar, in words.
type Event struct {
	Method    string // "request", "cancel", "reply", …; "" when none is said
	Summary   string
	When      string
	Where     string
	Organiser string
	Answers   []string // of a reply: who says what
	Repeats   bool
}

// The most that is taken over.
const (
	wordsMax   = 300 // bytes of one value
	linesMax   = 20000
	answersMax = 10
)

// Parse reads a calendar and reports whether there is an event in it.
func Parse(s string) (Event, bool) {
	var e Event
	var p parser
	for i, line := range unfold(s) {
		if i == linesMax || p.done {
			break
		}
		p.line(&e, split(line))
	}
	e.When = p.when()
	return e, p.found
}

// unfold joins lines that go on in the next (RFC 5545, section 3.1).
func unfold(s string) []string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.NewReplacer("\n ", "", "\n\t", "").Replace(s)
	return strings.SplitN(s, "\n", linesMax+1)
}

// property is one line.
type property struct {
	name   string // upper-cased
	params map[string]string
	value  string
}

// split takes a line apart: NAME;PARAM=VALUE;PARAM="VALUE":VALUE.
func split(line string) property {
	p := property{params: map[string]string{}}
	start, quoted := 0, false
	for i := range len(line) {
		switch c := line[i]; {
		case c == '"':
			quoted = !quoted
		case quoted || c != ';' && c != ':':
		default:
			p.add(line[start:i])
			start = i + 1
			if c == ':' {
				p.value = line[start:]
				return p
			}
		}
	}
	return property{}
}

// add takes the name, then a parameter.
func (p *property) add(s string) {
	if p.name == "" {
		p.name = strings.ToUpper(strings.TrimSpace(s))
		return
	}
	key, value, _ := strings.Cut(s, "=")
	p.params[strings.ToUpper(key)] = strings.Trim(value, `"`)
}

// parser follows the first event.
type parser struct {
	found, in, done bool
	inner           int // components within the event, such as an alarm
	start, end      moment
}

func (p *parser) line(e *Event, l property) {
	switch {
	case l.name == "METHOD":
		e.Method = strings.ToLower(words(l.value))
	case l.name == "BEGIN" && strings.EqualFold(l.value, "VEVENT") && !p.found:
		p.found, p.in = true, true
	case l.name == "BEGIN" && p.in:
		p.inner++
	case l.name == "END" && p.in && p.inner > 0:
		p.inner--
	case l.name == "END" && p.in:
		p.in, p.done = false, true
	case p.in && p.inner == 0:
		p.property(e, l)
	}
}

func (p *parser) property(e *Event, l property) {
	switch l.name {
	case "SUMMARY":
		e.Summary = words(l.value)
	case "LOCATION":
		e.Where = words(l.value)
	case "DTSTART":
		p.start = parseMoment(l)
	case "DTEND":
		p.end = parseMoment(l)
	case "RRULE":
		e.Repeats = true
	case "ORGANIZER":
		e.Organiser = person(l)
	case "ATTENDEE":
		if said := words(l.params["PARTSTAT"]); said != "" && strings.EqualFold(e.Method, "reply") && len(e.Answers) < answersMax {
			e.Answers = append(e.Answers, person(l)+": "+strings.ToLower(said))
		}
	}
}

// words undoes the escapes of a value and cleans it.
func words(s string) string {
	s = strings.NewReplacer(`\\`, `\`, `\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";").Replace(s[:min(len(s), 8*wordsMax)])
	return clean.Cut(clean.Line(s), wordsMax)
}

// person returns a name with its address.
func person(l property) string {
	name, mail := words(l.params["CN"]), words(l.value)
	if len(mail) > 7 && strings.EqualFold(mail[:7], "mailto:") {
		mail = mail[7:]
	}
	if name == "" || name == mail {
		return mail
	}
	return name + " <" + mail + ">"
}

// moment is a time as a calendar says it: on a clock somewhere.
type moment struct {
	at   time.Time
	day  bool // a whole day
	zone string
}

func parseMoment(l property) moment {
	v := strings.TrimSpace(l.value)
	if t, err := time.Parse("20060102", v); err == nil {
		return moment{at: t, day: true}
	}
	if t, err := time.Parse("20060102T150405Z", v); err == nil {
		return moment{at: t, zone: "UTC"}
	}
	if t, err := time.Parse("20060102T150405", v); err == nil {
		return moment{at: t, zone: words(l.params["TZID"])}
	}
	return moment{}
}

// when says from when to when, each clock as the sender set it.
func (p *parser) when() string {
	s, e := p.start, p.end
	switch {
	case s.at.IsZero():
		return ""
	case s.day && (e.at.IsZero() || !e.at.After(s.at.AddDate(0, 0, 1))):
		return s.at.Format("2006-01-02") + ", all day"
	case s.day: // the end is the day after the last
		return s.at.Format("2006-01-02") + " to " + e.at.AddDate(0, 0, -1).Format("2006-01-02")
	}
	text := s.at.Format("2006-01-02 15:04")
	switch {
	case e.at.IsZero():
	case e.zone != s.zone:
		text += zone(s) + " to " + e.at.Format("2006-01-02 15:04")
		s = e
	case e.at.Format("20060102") == s.at.Format("20060102"):
		text += " to " + e.at.Format("15:04")
	default:
		text += " to " + e.at.Format("2006-01-02 15:04")
	}
	return text + zone(s)
}

func zone(m moment) string {
	if m.zone == "" {
		return ""
	}
	return " (" + m.zone + ")"
}

// String says the event in a few lines.
func (e Event) String() string {
	lines := []string{"[" + e.kind() + ": " + orElse(e.Summary, "without a name")}
	if e.When != "" {
		when := "When: " + e.When
		if e.Repeats {
			when += ", and again"
		}
		lines = append(lines, when)
	}
	if e.Where != "" {
		lines = append(lines, "Where: "+e.Where)
	}
	if e.Organiser != "" {
		lines = append(lines, "Organiser: "+e.Organiser)
	}
	return strings.Join(append(lines, e.Answers...), "\n") + "]"
}

func (e Event) kind() string {
	switch e.Method {
	case "cancel":
		return "Cancelled"
	case "reply":
		return "Answer to an invitation"
	case "counter":
		return "Another time is proposed"
	case "publish":
		return "Appointment"
	}
	return "Invitation"
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
