package read

import (
	"strings"

	"hark/channels/email/read/auth"
	"hark/channels/email/read/entity"
	"hark/desk"
)

// check looks whether the sender is who he says, and warns where not.
func (m *Mail) check(h entity.Header, o Options) {
	domain := m.From.Domain()
	m.Auth = auth.Verdict(h.All("authentication-results"), o.AuthServ, domain)
	if m.Auth == auth.Fail {
		m.warn("the mail is probably not from " + domain + ": its proof of origin failed")
	}
	if len(addresses(strings.Join(h.All("from"), ", "))) > 1 {
		m.warn("it names more than one sender; the first is shown")
	}
	m.checkName()
	m.checkReplyTo()
	m.checkOwn(o.Own)
	m.QuotesOwn = m.quotesOwn(o.Own)
}

// quotesOwn reports whether a quote in the mail names one of the addresses.
func (m *Mail) quotesOwn(own []string) bool {
	for _, f := range m.Folds {
		quoted := strings.ToLower(m.Text[f.From:f.To])
		for _, address := range own {
			if f.Kind == desk.FoldQuote && address != "" && strings.Contains(quoted, strings.ToLower(address)) {
				return true
			}
		}
	}
	return false
}

func (m *Mail) warn(s string) { m.Warnings = append(m.Warnings, s) }

// checkName warns of a name that is another address.
func (m *Mail) checkName() {
	for _, a := range addresses(strings.NewReplacer("<", " ", ">", " ", "(", " ", ")", " ", "[", " ", "]", " ").Replace(m.From.Name)) {
		if a.Mail != m.From.Mail {
			m.warn("the sender calls himself " + a.Mail + ", but the mail is from " + m.From.Mail)
		}
	}
}

// checkReplyTo warns where the answer would go to somebody else. The answers
// to a list go to the list.
func (m *Mail) checkReplyTo() {
	if m.Marks.ListID != "" || m.From.Mail == "" {
		return
	}
	for _, a := range m.ReplyTo {
		if !auth.SameOrganisation(a.Domain(), m.From.Domain()) {
			m.warn("an answer goes to " + a.Mail + ", not to " + m.From.Domain())
			return
		}
	}
}

// checkOwn warns of a sender who would be one of us, or looks so.
func (m *Mail) checkOwn(own []string) {
	from := m.From.Domain()
	if from == "" {
		return
	}
	told := false
	for _, address := range own {
		domain := strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
		switch {
		case told:
			return
		case domain == from && m.Auth != auth.Pass:
			m.warn("it claims to come from " + domain + ", your own domain, without proof")
			told = true
		case auth.LooksLike(from, domain):
			m.warn("the sender's domain " + from + " only looks like yours, " + domain)
			told = true
		}
	}
}
