package desk

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Outgoing is a mail that somebody writes.
type Outgoing struct {
	Account     string // from which mail account; "" for the conversation's, or the only one
	To, Cc, Bcc []Address
	Subject     string
	Text        string // with the signature, without what is quoted
	Parent      ID     // the item that is answered or forwarded
	Quote       bool   // the parent's words go along below
	Carry       []ID   // parts and files of the parent that go along
	Forward     bool   // to somebody else: opens a conversation of its own
	Files       []ID   // attached by the session
	Outside     bool   // the person has said yes to addresses that are new here
}

// Everyone returns all who get the mail.
func (o Outgoing) Everyone() []Address { return slices.Concat(o.To, o.Cc, o.Bcc) }

// JoinAddresses writes addresses as ParseAddresses reads them.
func JoinAddresses(all []Address) string {
	texts := make([]string, len(all))
	for i, a := range all {
		texts[i] = a.String()
	}
	return strings.Join(texts, ", ")
}

// Format writes a mail as drafts are kept and as editors see it: headers, an
// empty line and the words.
func (o Outgoing) Format() string {
	var b strings.Builder
	line := func(name, value string, always bool) {
		if value != "" || always {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	line("From", o.Account, false)
	line("To", JoinAddresses(o.To), true)
	line("Cc", JoinAddresses(o.Cc), true)
	line("Bcc", JoinAddresses(o.Bcc), false)
	line("Subject", o.Subject, true)
	line(o.parentField(), o.Parent.String(), false)
	carry := make([]string, len(o.Carry))
	for i, id := range o.Carry {
		carry[i] = id.String()
	}
	line("Carries", strings.Join(carry, " "), false)
	return b.String() + "\n" + o.Text
}

// The fields that name the parent.
const (
	fieldAnswers  = "Answers"
	fieldQuotes   = "Answers-Quoting"
	fieldForwards = "Forwards"
)

func (o Outgoing) parentField() string {
	switch {
	case o.Forward:
		return fieldForwards
	case o.Quote:
		return fieldQuotes
	}
	return fieldAnswers
}

// IsOutgoing reports whether a draft is of a mail: as Format writes it.
func IsOutgoing(draft string) bool {
	head, _, ok := strings.Cut(draft, "\n\n")
	return ok && (strings.HasPrefix(head, "From: ") || strings.HasPrefix(head, "To:")) && strings.Contains(head, "\nSubject:")
}

// ParseOutgoing reads what Format wrote and a person may have changed.
func ParseOutgoing(s string) (Outgoing, error) {
	head, text, ok := strings.Cut(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n")
	if !ok {
		head, text, _ = strings.Cut(s+"\n", "\n\n")
	}
	o := Outgoing{Text: text}
	for line := range strings.Lines(head) {
		name, value, ok := strings.Cut(strings.TrimRight(line, "\n"), ":")
		if !ok {
			return o, Errorf(Invalid, "%q is not a field of a mail: write To: and Subject: lines, an empty line, and then the words", strings.TrimSpace(line))
		}
		if err := o.set(strings.TrimSpace(name), strings.TrimSpace(value)); err != nil {
			return o, err
		}
	}
	return o, nil
}

// set takes one header line.
func (o *Outgoing) set(name, value string) (err error) {
	switch strings.ToLower(name) {
	case "from":
		o.Account = value
	case "to":
		o.To, err = ParseAddresses(value)
	case "cc":
		o.Cc, err = ParseAddresses(value)
	case "bcc":
		o.Bcc, err = ParseAddresses(value)
	case "subject":
		o.Subject, err = value, oneLine("the subject", value)
	case strings.ToLower(fieldAnswers), strings.ToLower(fieldQuotes), strings.ToLower(fieldForwards):
		o.Quote = !strings.EqualFold(name, fieldAnswers)
		o.Forward = strings.EqualFold(name, fieldForwards)
		o.Parent, err = ParseID(value)
	case "carries":
		for _, word := range strings.Fields(value) {
			id, err := ParseID(word)
			if err != nil {
				return Errorf(Invalid, "the line Carries names parts of the mail by their identifiers; take it out to send without them")
			}
			o.Carry = append(o.Carry, id)
		}
	default:
		return Errorf(Invalid, "a mail has no field %q here: To, Cc, Bcc, Subject and From, then an empty line and the words", name)
	}
	if err != nil && CodeOf(err) != Invalid {
		return Errorf(Invalid, "the line %s is not as it was; take it out to go on without it", name)
	}
	return err
}

// NewMailDraft returns the slot in which an account's draft of a mail lies that
// belongs to no conversation yet.
func NewMailDraft(account ID) ID { return DeriveID([]byte("draft of a new mail"), account[:]) }

// subjectMax is the longest subject, in bytes: what one header line may hold.
const subjectMax = 900

// valid checks what a person wrote and cannot be sent.
func (o Outgoing) valid() (Outgoing, error) {
	if len(o.Everyone()) == 0 {
		return o, Errorf(Invalid, "the mail has no recipient; write one behind To")
	}
	for _, a := range o.Everyone() {
		if err := oneLine("an address", a.Name+a.Mail); err != nil {
			return o, err
		}
		if _, err := parseAddress(a.String()); err != nil {
			return o, err
		}
		if strings.HasSuffix(a.Mail, ".invalid") { // RFC 2606, section 2
			return o, Errorf(Invalid, "nobody knows the address of %s: the mail did not say it; write one behind To", a.Called())
		}
	}
	if err := oneLine("the subject", o.Subject); err != nil {
		return o, err
	}
	if len(o.Subject) > subjectMax {
		return o, Errorf(Invalid, "the subject has %d bytes; %d fit", len(o.Subject), subjectMax)
	}
	if strings.TrimSpace(o.Text) == "" && (o.Forward || len(o.Files)+len(o.Carry) > 0) {
		o.Text = ""
		return o, nil
	}
	text, err := validText(o.Text)
	if err == nil {
		o.Text, err = text, plainText(text)
	}
	return o, err
}

// plainText refuses what no mail may hold in its text.
func plainText(s string) error {
	if strings.ContainsRune(s, 0) {
		return Errorf(Invalid, "the text holds a NUL character, which no mail may carry; take it out")
	}
	return nil
}

// Recipients compares who gets a mail with who had the last one.
type Recipients struct {
	Added   []Address // get it now
	Dropped []Address // had the last one, and do not get this
	Outside []Address // of the added: nobody at this desk has had to do with them
}

// headerText returns a subject on one line that can go out again, without
// control characters: what a stranger put into one must not keep us from
// answering.
func headerText(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r)
	}), " ")
	if len(s) > subjectMax-len("Fwd: ") {
		s = strings.ToValidUTF8(s[:subjectMax-len("Fwd: ")], "")
	}
	return s
}

// replySubject returns the subject of an answer: Re: once.
func replySubject(s string) string {
	if s == "" {
		return ""
	}
	if bare := BareSubject(s); bare != "" {
		return "Re: " + bare
	}
	return s
}

// replyMarks and forwardMarks are what mail programs put before a subject when
// they answer and when they pass on.
func replyMarks() []string {
	return []string{"re", "aw", "sv", "antw", "vs", "odp", "ref", "res", "ynt", "回复", "回覆", "答复", "返信"}
}

func forwardMarks() []string {
	return []string{"fwd", "fw", "wg", "tr", "i", "enc", "rv", "vb", "vl", "pd", "doorst", "转发", "轉寄", "転送"}
}

// BareSubject returns a subject without the marks of answers and forwards.
func BareSubject(s string) string {
	for {
		mark, rest, ok := cutMark(s)
		if !ok || !slices.Contains(replyMarks(), mark) && !slices.Contains(forwardMarks(), mark) {
			return strings.TrimSpace(s)
		}
		s = rest
	}
}

// cutMark takes a mark such as "Re:", "AW[2]:" or "Fwd：" off a subject.
func cutMark(s string) (mark, rest string, ok bool) {
	s = strings.TrimSpace(s)
	i := strings.IndexAny(s, ":：")
	if i <= 0 || i > 12 {
		return "", s, false
	}
	mark = strings.ToLower(strings.TrimSpace(s[:i]))
	if j := strings.IndexAny(mark, "[("); j > 0 {
		mark = mark[:j]
	}
	rest = strings.TrimLeft(s[i:], ":：")
	return mark, rest, true
}

func equalFold(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), b) }
