package staff

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"hark/desk"
	"hark/desk/when"
	"hark/tui/safe"
)

// Rules of a mail on paper: every line that its sender wrote begins with the
// mark of who speaks, > or <. What hark says about it stands in brackets, so
// that no mail can imitate it.

// mail writes a mail: subject, who had it, the words, and what hangs on it.
func (p *printer) mail(m desk.Message) string {
	mark := "> "
	if m.Direction == desk.Out {
		mark = "< "
	}
	l := m.Mail
	lines := []string{mark + noSubject(safe.Line(l.Subject).String())}
	lines = append(lines, p.about(l, m.Direction)...)
	lines = append(lines, p.body(mark, m)...)
	for _, part := range l.Parts {
		lines = append(lines, "["+partWords(part)+"]")
	}
	for _, f := range m.Files {
		lines = append(lines, "[file: "+printable(f.Name)+", "+sizeWords(f.Size)+"]")
	}
	return strings.Join(lines, "\n")
}

func noSubject(subject string) string {
	if subject == "" {
		return "(no subject)"
	}
	return subject
}

// about says who had a mail and what is to be known of it.
func (p *printer) about(l *desk.Letter, d desk.Direction) []string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, "["+fmt.Sprintf(format, args...)+"]") }
	who := "from " + addresses([]desk.Address{l.From})
	for _, f := range []struct {
		name string
		all  []desk.Address
	}{{"to", l.To}, {"cc", l.Cc}, {"bcc", l.Bcc}, {"answers go to", l.ReplyTo}} {
		if len(f.all) > 0 {
			who += "; " + f.name + " " + addresses(f.all)
		}
	}
	add("%s", who)
	if d == desk.In && !l.Received.IsZero() && l.Past {
		add("came on %s, before it was fetched", l.Received.In(p.k.zone).Format("2 January 2006 15:04"))
	}
	if l.Auth == "fail" {
		add("the sender's domain does not vouch for this mail")
	}
	for _, w := range l.Warnings {
		add("warning: %s", safe.Line(w))
	}
	if l.Automatic != "" {
		add("automatic: %s", safe.Line(l.Automatic))
	}
	if l.Remote > 0 {
		words := fmt.Sprintf("%d remote pictures were not loaded", l.Remote)
		if l.Trackers > 0 {
			words += fmt.Sprintf("; %d of them watch", l.Trackers)
		}
		add("%s", words)
	}
	for _, w := range l.Mended {
		add("mended: %s", safe.Line(w))
	}
	return lines
}

// body writes the words of a mail. What it only repeats is one line unless the
// whole is asked for.
func (p *printer) body(mark string, m desk.Message) []string {
	var lines []string
	words := func(text string) {
		for _, l := range safe.New(strings.Trim(text, "\n")).Lines() {
			lines = append(lines, p.marked(mark, l)...)
		}
	}
	if p.whole {
		words(m.Text)
		return lines
	}
	at := 0
	for _, f := range m.Mail.Folds {
		if f.From < at || f.To < f.From || f.To > len(m.Text) { // a journal of another release
			break
		}
		if strings.TrimSpace(m.Text[at:f.From]) != "" {
			words(m.Text[at:f.From])
		}
		lines = append(lines, foldWords(f, m.Text[f.From:f.To]))
		at = f.To
	}
	if strings.TrimSpace(m.Text[at:]) != "" {
		words(m.Text[at:])
	}
	return lines
}

// marked writes a line with the mark in front, also of what the terminal would
// wrap.
func (p *printer) marked(mark, line string) []string {
	if p.room <= 0 {
		return []string{mark + line}
	}
	var lines []string
	for part := range strings.SplitSeq(ansi.Wrap(line, max(p.room-len(mark), textMin-len(mark)), ""), "\n") {
		lines = append(lines, mark+part)
	}
	return lines
}

// foldWords says what is folded.
func foldWords(f desk.Fold, text string) string {
	n := strings.Count(strings.Trim(text, "\n"), "\n") + 1
	what := "of earlier mails"
	if f.Kind == desk.FoldSignature {
		what = "of a signature"
	}
	return fmt.Sprintf("[%s %s; hark cat --whole shows them]", plural(n, "line"), what)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// partWords says what hangs on a mail.
func partWords(part desk.Part) string {
	kind := map[desk.PartKind]string{
		desk.PartFile: "file", desk.PartInline: "picture", desk.PartInvite: "invitation", desk.PartReport: "delivery report",
		desk.PartMessage: "mail", desk.PartSignature: "signature", desk.PartSealed: "encrypted",
	}[part.Kind]
	if kind == "" {
		kind = "part"
	}
	return kind + ": " + safe.Name(part.Name).String() + ", " + printable(part.Type) + ", " + sizeWords(part.Size)
}

// post says in words what became of an outgoing mail; "" for what is not worth
// a line.
func (p *printer) post(body desk.Body) string {
	switch b := body.(type) {
	case desk.MailWithdrawn:
		return p.theMail(b.Item) + " was taken back and did not go out"
	case desk.MailResent:
		return "let " + p.theMail(b.Item) + " go out again"
	case desk.MailSettled:
		return "dealt with " + p.theMail(b.Item) + ": " + safe.Line(b.Words).String()
	case desk.MailProposed:
		return "may belong to " + p.k.Short(b.Conversation) + "; hark mail join says yes or no"
	case desk.MailDeclined:
		return "does not belong to " + p.k.Short(b.Conversation)
	case desk.MailPosted:
		return p.posted(b)
	}
	return ""
}

func (p *printer) posted(b desk.MailPosted) string {
	what, said := p.theMail(b.Item), ""
	if b.Words != "" {
		said = ": " + safe.Line(b.Words).String()
	}
	if len(b.Failed) > 0 {
		said += " (" + addresses(b.Failed) + ")"
	}
	switch b.State {
	case desk.PostSent:
		return what + " is with the mail server" + said
	case desk.PostRetry:
		if !b.Next.IsZero() {
			said += "; tried again " + when.Say(b.Next.In(p.k.zone), time.Now().In(p.k.zone))
		}
		return what + " has not left yet" + said
	case desk.PostParked:
		return "nobody knows whether " + what + " left" + said + "; hark mail resend or hark mail settle"
	case desk.PostFailed:
		return what + " was refused" + said
	case desk.PostBounced:
		return what + " came back" + said
	case desk.PostTaken, desk.PostFiled:
	}
	return ""
}

// theMail names a mail by its number where it was read.
func (p *printer) theMail(item desk.ID) string {
	if n, ok := p.numbered[item]; ok {
		return fmt.Sprintf("mail %d", n)
	}
	return "the mail"
}
