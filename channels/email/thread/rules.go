package thread

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"hark/channels/email/read"
	"hark/desk"
)

// Rules decide. They are safe for concurrent use.
type Rules struct {
	Keys *Keys
	// Own are the desk's own addresses, lower-cased: of its mail accounts and of
	// its staff.
	Own []string
	// Reopen is how long after its end a conversation is taken up again; 0:
	// desk.ReopenWithin.
	Reopen time.Duration
}

// Mail is a mail that is to be placed.
type Mail struct {
	*read.Mail
	Received time.Time // when our server had it; zero: unknown
	Past     bool      // history: nothing is suggested for it
	Machine  bool      // an automatic answer: what its subject says is no topic
}

// Refs returns the Message-IDs that a mail refers to, the nearest first: what
// it answers, then its References from the last one back. Its own is left out,
// so that no mail is its own parent.
func Refs(m *read.Mail) []string {
	var ids []string
	add := func(id string) {
		if id != "" && id != m.MessageID && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	add(m.InReplyTo)
	for _, id := range slices.Backward(m.References) {
		add(id)
	}
	return ids
}

// FactOf returns what later decisions need to know of a mail.
func FactOf(m Mail) Fact {
	return Fact{
		MessageID: m.MessageID, From: m.From.Mail, People: people(m.Mail), Subject: m.Subject, Refs: Refs(m.Mail),
		Forged: m.Auth == "fail", Forward: forward(m), List: m.Marks.ListID != "",
		Received: m.Received,
	}
}

// people returns who wrote a mail and whom it was written to.
func people(m *read.Mail) []string {
	all := []string{m.From.Mail}
	for _, list := range [][]desk.Address{m.To, m.Cc, m.ReplyTo} {
		for _, a := range list {
			all = append(all, a.Mail)
		}
	}
	all = append(all, m.Delivered...)
	slices.Sort(all)
	return slices.Compact(all)
}

// own reports whether an address is the desk's own.
func (r *Rules) own(address string) bool {
	return address != "" && slices.Contains(r.Own, Bare(address))
}

// takesPart is rule S: the sender is among the people, or of the desk.
func (r *Rules) takesPart(sender string, people []string) bool {
	return sender != "" && (r.own(sender) || slices.Contains(people, sender))
}

// list returns the address of the mailing list that a mail came by: of a
// List-Id (RFC 2919) such as <lamps.lists.example>, lamps@lists.example. Empty
// for none, and when the mail was not written to it.
func list(m *read.Mail) string {
	id := m.Marks.ListID
	if i := strings.LastIndexByte(id, '<'); i >= 0 {
		id = id[i+1:]
	}
	name, domain, ok := strings.Cut(strings.TrimRight(id, "> "), ".")
	if address := name + "@" + domain; ok && slices.Contains(people(m), address) {
		return address
	}
	return ""
}

// listed reports whether a mail went to the list that this one came by: all who
// are on a list have its mails, and may answer them.
func listed(m *read.Mail, f Fact) bool {
	address := list(m)
	return f.List && address != "" && slices.Contains(f.People, address)
}

// colleague reports whether the sender writes from the same company as one who
// takes part. Providers of mailboxes for everybody are no company.
func colleague(sender string, people []string) bool {
	_, domain, _ := cutAddress(sender)
	if domain == "" || providers[domain] {
		return false
	}
	return slices.ContainsFunc(people, func(p string) bool {
		_, d, _ := cutAddress(p)
		return d == domain
	})
}

// providers are where strangers share a domain.
var providers = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "outlook.com": true, "outlook.de": true, "hotmail.com": true, "hotmail.co.uk": true,
	"hotmail.fr": true, "hotmail.de": true, "live.com": true, "live.de": true, "msn.com": true, "yahoo.com": true, "yahoo.co.uk": true,
	"yahoo.co.jp": true, "yahoo.de": true, "yahoo.fr": true, "ymail.com": true, "icloud.com": true, "me.com": true, "mac.com": true,
	"aol.com": true, "gmx.de": true, "gmx.net": true, "gmx.at": true, "gmx.ch": true, "gmx.com": true, "web.de": true, "t-online.de": true,
	"freenet.de": true, "mail.com": true, "posteo.de": true, "mailbox.org": true, "proton.me": true, "protonmail.com": true, "pm.me": true,
	"fastmail.com": true, "hey.com": true, "qq.com": true, "163.com": true, "126.com": true, "sina.com": true, "naver.com": true,
	"daum.net": true, "hanmail.net": true, "mail.ru": true, "bk.ru": true, "inbox.ru": true, "list.ru": true, "yandex.ru": true,
	"yandex.com": true, "ya.ru": true, "orange.fr": true, "wanadoo.fr": true, "free.fr": true, "laposte.net": true, "sfr.fr": true,
	"libero.it": true, "virgilio.it": true, "tiscali.it": true, "wp.pl": true, "o2.pl": true, "onet.pl": true, "interia.pl": true,
	"seznam.cz": true, "centrum.cz": true, "bluewin.ch": true, "comcast.net": true, "verizon.net": true, "att.net": true, "btinternet.com": true,
	"uol.com.br": true, "bol.com.br": true, "terra.com.br": true, "rediffmail.com": true, "zoho.com": true, "tuta.io": true, "tutanota.com": true,
}

// over is rule M: whether a conversation ended too long before the mail came.
func (r *Rules) over(t Topic, m Mail) bool {
	if t.Resolved.IsZero() {
		return false
	}
	at := m.Received
	if at.IsZero() {
		at = m.Date
	}
	return !at.IsZero() && at.Sub(t.Resolved) > cmp.Or(r.Reopen, desk.ReopenWithin)
}

// quotes reports whether the mail quotes something of ours out of the
// conversation, or a mail by its Message-ID. Hardly a program quotes those:
// what stands below an attribution with an address of ours is as good.
func (r *Rules) quotes(m Mail, conversation desk.ID, messageID string) bool {
	if m.QuotesOwn {
		return true
	}
	for _, q := range m.Quoted {
		if t, ok := r.Keys.Read(q); ok && t.Conversation == conversation || q == messageID && q != "" {
			return true
		}
	}
	return slices.ContainsFunc(Tags(m.Subject), func(t Tag) bool { return r.Keys.Tagged(t, conversation) })
}

// forward reports whether the mail hands on another one.
func forward(m Mail) bool {
	return m.Forwarded || IsForward(m.Subject)
}
