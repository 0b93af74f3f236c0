package compose

import (
	"slices"
	"strings"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"

	"hark/desk"
)

// The headers of ours.
const (
	// HeaderID carries what stands before the @ of the Message-ID, so that the
	// mail is found again where a server gave it another one: see Token.
	HeaderID = "X-Hark-Id"
	// HeaderLoop marks automatic mail of a desk and names the desk's address.
	HeaderLoop = "X-Hark-Loop"
)

// referencesMax is how many identifiers a chain has at most: the first and the
// last ones say all that a thread needs.
const referencesMax = 50

// automaticKinds are the words of RFC 3834 for mail that no person wrote.
func automaticKinds() []string { return []string{"auto-replied", "auto-generated"} }

// header returns the mail's header, above what says how its body is made.
func header(o Options, m Mail, made message.Header) (mail.Header, error) {
	h := mail.Header{Header: made}
	l := m.Letter
	// The library puts each new field on top: so the last one comes first.
	h.Set("MIME-Version", "1.0")
	if err := setMarks(&h, l); err != nil {
		return h, err
	}
	setThread(&h, l)
	if err := line("Subject", l.Subject); err != nil {
		return h, err
	}
	h.Set("Subject", words(Subject(l)))
	if err := setAddresses(&h, o, l); err != nil {
		return h, err
	}
	if l.Date.IsZero() {
		return h, desk.Errorf(desk.Invalid, "the mail has no date; this is a fault of hark, please report it")
	}
	h.SetDate(l.Date)
	return h, nil
}

// Token returns what stands in a mail's X-Hark-Id.
func Token(messageID string) string {
	token, _, _ := strings.Cut(messageID, "@")
	return token
}

// setMarks sets what tells a mail of ours from others.
func setMarks(h *mail.Header, l desk.Letter) error {
	if !validID(l.MessageID) {
		return desk.Errorf(desk.Invalid, "the Message-ID of the mail is not one (RFC 5322); this is a fault of hark, please report it")
	}
	if kind := l.Automatic; kind != "" {
		if !slices.Contains(automaticKinds(), kind) {
			return desk.Errorf(desk.Invalid, "%q is no kind of automatic mail; this is a fault of hark, please report it", kind)
		}
		at, err := wire("From", true, l.From)
		if err != nil {
			return err
		}
		h.Set(HeaderLoop, at)
		h.Set("Auto-Submitted", kind)
	}
	h.Set(HeaderID, Token(l.MessageID))
	return nil
}

// setThread sets what ties the mail to those before it. Identifiers of
// strangers that no header can carry are left out.
func setThread(h *mail.Header, l desk.Letter) {
	parent := []string{l.InReplyTo}
	chain := slices.Concat(l.References, parent)
	if l.Forward {
		parent = nil // a forward begins a thread of its own
		chain = nil
	}
	h.SetMsgIDList("References", references(chain))
	h.SetMsgIDList("In-Reply-To", slices.DeleteFunc(parent, func(id string) bool { return !validID(id) }))
	h.SetMessageID(l.MessageID)
}

// references returns a chain with each identifier once, at its last place, and
// of a long one the first and the last.
func references(chain []string) []string {
	var all []string
	for i, id := range chain {
		if validID(id) && !slices.Contains(chain[i+1:], id) {
			all = append(all, id)
		}
	}
	if over := len(all) - referencesMax; over > 0 {
		all = slices.Delete(all, 1, 1+over)
	}
	return all
}

// setAddresses sets who writes to whom. There is no Bcc: its readers are known
// to the envelope only.
func setAddresses(h *mail.Header, o Options, l desk.Letter) error {
	for _, f := range []struct {
		name string
		all  []desk.Address
	}{{"Reply-To", l.ReplyTo}, {"Cc", l.Cc}, {"To", l.To}, {"From", []desk.Address{l.From}}} {
		list, err := mailboxes(f.name, o.UTF8, f.all)
		if err != nil {
			return err
		}
		if list != "" {
			h.Set(f.name, list)
		}
	}
	if len(l.To) == 0 && len(l.Cc) == 0 { // RFC 5322, appendix A.1.3: a group without members
		h.Set("To", "undisclosed-recipients:;")
	}
	return nil
}

// Subject returns the subject as it is sent: of an answer with one "Re: ",
// however many there were and in whatever language.
func Subject(l desk.Letter) string {
	s := strings.Join(strings.Fields(l.Subject), " ")
	if l.Forward {
		return s
	}
	rest, n := s, 0
	for {
		cut, ok := cutReply(rest)
		if !ok {
			break
		}
		rest, n = cut, n+1
	}
	if n == 0 {
		return s
	}
	return strings.TrimSpace("Re: " + rest)
}

// cutReply takes one sign of an answer off a subject.
func cutReply(s string) (string, bool) {
	prefix, rest, ok := strings.Cut(s, ":")
	if !ok {
		if prefix, rest, ok = strings.Cut(s, "："); !ok {
			return s, false
		}
	}
	prefix, _, _ = strings.Cut(prefix, "[") // Re[2]:
	switch strings.ToLower(strings.TrimSpace(prefix)) {
	case "re", "aw", "antw", "sv", "vs", "odp", "rif", "réf", "ynt", "回复", "答复", "回覆":
		return strings.TrimSpace(rest), true
	}
	return s, false
}
