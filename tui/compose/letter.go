package compose

import (
	"slices"
	"strings"

	"hark/desk"
	"hark/tui/safe"
)

// Field is a line of a letter's head, or the text below it.
type Field int

// The fields, in the order in which tab walks them.
const (
	To Field = iota
	Cc
	Bcc
	Subject
	Text
)

// String returns what stands before the field.
func (f Field) String() string { return [...]string{"To", "Cc", "Bcc", "Subject", "Text"}[f] }

// Letter is the head of a mail that is being written. Its lines are kept as
// they were typed: half an address is no mistake before the mail is sent.
type Letter struct {
	out   desk.Outgoing // what no line shows: the account, what is answered, what goes along
	lines [Text]*Editor
	at    Field
	begun string // the head as it was before anybody wrote
}

// NewLetter returns the head of a mail as it was prepared. The keys are in its
// first empty line that a mail needs, else in the text.
func NewLetter(o desk.Outgoing) *Letter {
	l := &Letter{out: o}
	for f, text := range l.values(o) {
		l.lines[f] = New()
		l.lines[f].Set(oneLine(text))
	}
	l.at = Text
	if len(o.To)+len(o.Cc)+len(o.Bcc) == 0 {
		l.at = To
	}
	l.begun = l.Format("")
	return l
}

func (l *Letter) values(o desk.Outgoing) [Text]string {
	return [Text]string{desk.JoinAddresses(o.To), desk.JoinAddresses(o.Cc), desk.JoinAddresses(o.Bcc), o.Subject}
}

// ReadLetter reads a draft that Format wrote and somebody may have changed,
// and returns its head and its text.
func ReadLetter(draft string) (*Letter, string, error) {
	head, text, _ := strings.Cut(strings.ReplaceAll(draft, "\r\n", "\n"), "\n\n")
	var values [Text]string
	var rest strings.Builder
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(line, ":")
		if f := fieldNamed(name); f < Text {
			values[f] = strings.TrimSpace(value)
			continue
		}
		rest.WriteString(line)
	}
	o, err := desk.ParseOutgoing(strings.TrimRight(rest.String(), "\n") + "\n\n")
	if strings.TrimSpace(rest.String()) == "" {
		o, err = desk.Outgoing{}, nil
	}
	l := NewLetter(o)
	for f, value := range values {
		l.lines[f].Set(oneLine(value))
	}
	if values[To]+values[Cc]+values[Bcc] != "" {
		l.at = Text
	}
	return l, text, err
}

func fieldNamed(name string) Field {
	for f := To; f < Text; f++ {
		if strings.EqualFold(strings.TrimSpace(name), f.String()) {
			return f
		}
	}
	return Text
}

// Format writes the letter as drafts are kept and editors see it.
func (l *Letter) Format(text string) string {
	o := l.out
	raw := func(f Field) []desk.Address {
		if value := strings.TrimSpace(l.lines[f].Text()); value != "" {
			return []desk.Address{{Mail: value}} // as it was typed
		}
		return nil
	}
	o.To, o.Cc, o.Bcc, o.Subject, o.Text = raw(To), raw(Cc), raw(Bcc), strings.TrimSpace(l.lines[Subject].Text()), text
	return o.Format()
}

// Outgoing returns the mail with a text, or which line is wrong and why.
func (l *Letter) Outgoing(text string) (desk.Outgoing, Field, error) {
	o := l.out
	o.Text, o.Subject = text, strings.TrimSpace(l.lines[Subject].Text())
	for _, part := range []struct {
		f  Field
		to *[]desk.Address
	}{{To, &o.To}, {Cc, &o.Cc}, {Bcc, &o.Bcc}} {
		all, err := desk.ParseAddresses(l.lines[part.f].Text())
		if err != nil {
			return o, part.f, err
		}
		*part.to = all
	}
	if len(o.Everyone()) == 0 {
		return o, To, desk.Errorf(desk.Invalid, "the mail has no recipient; write one behind To")
	}
	return o, Text, nil
}

// Line returns the editor of a line of the head.
func (l *Letter) Line(f Field) *Editor { return l.lines[f] }

// At returns where the keys are.
func (l *Letter) At() Field { return l.at }

// GoTo gives the keys to a line of the head, or to the text.
func (l *Letter) GoTo(f Field) { l.at = min(max(f, To), Text) }

// Next gives the keys to the next field in a direction. It reports false at
// the ends.
func (l *Letter) Next(by int) bool {
	to := l.at + Field(by)
	if to < To || to > Text {
		return false
	}
	l.at = to
	return true
}

// Type writes at the cursor of a line of the head, which stays one line.
func (l *Letter) Type(text string) bool {
	return l.lines[l.at].Insert(oneLine(text))
}

// oneLine makes one line of what is typed, whichever way its lines end.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(safe.Input(text), func(r rune) bool { return r == '\n' }), " ")
}

// Gen changes whenever the head does.
func (l *Letter) Gen() int {
	n := 0
	for _, line := range l.lines {
		n += line.Gen()
	}
	return n
}

// Changed reports whether somebody wrote in the head.
func (l *Letter) Changed() bool { return l.Format("") != l.begun }

// Shown returns the lines of the head that are drawn: Cc and Bcc only with
// something in them, or while the keys are in the head.
func (l *Letter) Shown(writing bool) []Field {
	all := []Field{To, Cc, Bcc, Subject}
	if writing && l.at != Text {
		return all
	}
	return slices.DeleteFunc(all, func(f Field) bool {
		return (f == Cc || f == Bcc) && strings.TrimSpace(l.lines[f].Text()) == ""
	})
}

// Account returns the mail account that the letter goes out from.
func (l *Letter) Account() string { return l.out.Account }

// Forward reports whether the letter passes something on.
func (l *Letter) Forward() bool { return l.out.Forward }

// Carries returns how many parts of the parent go along.
func (l *Letter) Carries() int { return len(l.out.Carry) }

// Drop leaves what would go along behind.
func (l *Letter) Drop() { l.out.Carry = nil }

// Readdress replaces whom the letter goes to, for reply all.
func (l *Letter) Readdress(o desk.Outgoing) {
	for f, text := range l.values(o) {
		if Field(f) != Subject {
			l.lines[f].Set(oneLine(text))
		}
	}
}

// signed separates a signature (RFC 3676, section 4.3).
const signed = "-- \n"

// Sign returns a text with an account's signature below it, once.
func Sign(text, signature string) string {
	if strings.TrimSpace(signature) == "" {
		return text
	}
	below := signed + strings.TrimRight(signature, "\n")
	if strings.HasSuffix(strings.TrimRight(text, "\n"), below) {
		return text
	}
	return strings.TrimRight(text, "\n") + "\n\n" + below
}

// Unsigned returns a text without an account's signature.
func Unsigned(text, signature string) string {
	below := signed + strings.TrimRight(signature, "\n")
	if rest, found := strings.CutSuffix(strings.TrimRight(text, "\n"), below); found && strings.TrimSpace(signature) != "" {
		return strings.TrimRight(rest, "\n")
	}
	return text
}
