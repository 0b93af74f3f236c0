package intake

import (
	"cmp"
	"strings"

	"hark/channels/email/read"
	"hark/desk"
)

// letterOf returns what the desk keeps of a mail beside its words.
func letterOf(p parsed) desk.Letter {
	m := p.mail
	l := desk.Letter{
		Account: p.row.Account, MessageID: m.MessageID, InReplyTo: m.InReplyTo, References: m.References,
		Subject: m.Subject, From: sender(p), ReplyTo: m.ReplyTo, To: m.To, Cc: m.Cc,
		Date: m.Date, Received: p.row.Received, Folds: m.Folds, Parts: parts(p), Warnings: m.Warnings, Auth: m.Auth,
		Remote: m.Remote, Trackers: m.Trackers, Automatic: p.class.Why, Muted: p.class.Muted, Past: p.row.Past,
		Mended: m.Mended, Forward: m.Forwarded,
	}
	if p.row.Partial {
		l.Mended = append(l.Mended[:len(l.Mended):len(l.Mended)], "the mail is large; only its beginning has been fetched so far")
	}
	return l
}

// parts returns a mail's parts with the identifiers by which they are opened.
func parts(p parsed) []desk.Part {
	all := make([]desk.Part, len(p.mail.Parts))
	for i, part := range p.mail.Parts {
		part.ID = desk.PartID(p.row.ID, part.N)
		all[i] = part
	}
	return all
}

// sender returns who wrote a mail. One that names nobody has a sender of its
// own, so that two of them are not taken for one person.
func sender(p parsed) desk.Address {
	m := p.mail
	switch {
	case m.From.Mail != "":
		return m.From
	case m.Sender.Mail != "":
		return m.Sender
	case len(m.ReplyTo) > 0 && m.ReplyTo[0].Mail != "":
		return m.ReplyTo[0]
	case strings.Contains(m.Marks.ReturnPath, "@"):
		return desk.Address{Mail: m.Marks.ReturnPath}
	}
	// RFC 2606 keeps the domain .invalid from ever being one.
	name := cmp.Or(m.From.Name, "unknown sender")
	return desk.Address{Name: name, Mail: "unknown-" + p.row.ID.String()[:8] + "@sender.invalid"}
}

// answerTo returns whom an automatic answer goes to (RFC 3834, section 4).
func answerTo(m *read.Mail) desk.Address {
	if strings.Contains(m.Marks.ReturnPath, "@") {
		return desk.Address{Name: m.From.Name, Mail: m.Marks.ReturnPath}
	}
	return m.From
}
