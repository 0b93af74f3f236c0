// Package dsn reads what mail servers report about a mail that was sent:
// delivery status (RFC 3464), disposition (RFC 8098), and the older forms that
// some servers still write in words.
package dsn

import (
	"strings"

	"hark/channels/email/read/clean"
	"hark/channels/email/read/entity"
)

// The most that is read of one report.
const (
	recipientsMax = 500
	diagnosticMax = 500 // bytes
)

// Status is what a report says.
type Status struct {
	OriginalID  string // Message-ID of the mail it is about, where the report says so itself; without brackets
	Disposition bool   // it says that the mail was read or deleted, not how it was delivered
	Recipients  []Recipient
}

// Recipient is what became of a mail for one address.
type Recipient struct {
	Address    string // lower-cased
	Action     string // "failed", "delayed", "delivered", "relayed", "expanded"; of a disposition "displayed", "deleted", …
	Status     string // RFC 3463, such as "5.1.1"
	Diagnostic string // the server's words
}

// Parse reads the part of a report that is written for programs: blocks of
// fields, the first about the mail, each other about an address.
func Parse(s string) Status {
	var st Status
	for s = strings.TrimLeft(s, "\r\n"); s != ""; s = strings.TrimLeft(s, "\r\n") {
		var h entity.Header
		h, s = entity.ParseHeader(s)
		st.block(h)
	}
	return st
}

// block takes the fields of one block.
func (st *Status) block(h entity.Header) {
	if id := strings.Trim(value(h, "original-message-id"), "<> "); id != "" && st.OriginalID == "" {
		st.OriginalID = id
	}
	r := Recipient{
		Address:    address(h),
		Action:     strings.ToLower(firstWord(value(h, "action"))),
		Status:     statusCode(value(h, "status")),
		Diagnostic: afterType(value(h, "diagnostic-code")),
	}
	if d := value(h, "disposition"); d != "" {
		st.Disposition = true
		_, did, _ := strings.Cut(d, ";")
		did, _, _ = strings.Cut(did, "/")
		r.Action = strings.ToLower(strings.TrimSpace(did))
	}
	if r.Address == "" || r.Action == "" || len(st.Recipients) >= recipientsMax {
		return
	}
	if r.Diagnostic == "" {
		r.Diagnostic = statusWords(value(h, "status"))
	}
	st.Recipients = append(st.Recipients, r)
}

// value returns a field, clean and not too long.
func value(h entity.Header, name string) string {
	return clean.Cut(clean.Line(h.Get(name)), diagnosticMax)
}

// address returns whom a block is about, as the sender wrote it where that is
// said: the final recipient may be an alias behind it.
func address(h entity.Header) string {
	for _, name := range []string{"original-recipient", "final-recipient"} {
		if a := strings.Trim(afterType(value(h, name)), "<> "); strings.Contains(a, "@") {
			return strings.ToLower(a)
		}
	}
	return ""
}

// afterType drops the type before a semicolon: "rfc822; ana@shop.example".
func afterType(s string) string {
	if kind, rest, ok := strings.Cut(s, ";"); ok && !strings.ContainsAny(kind, " @") {
		return strings.TrimSpace(rest)
	}
	return s
}

func firstWord(s string) string {
	s, _, _ = strings.Cut(s, " ")
	return strings.Trim(s, ";,")
}

// statusCode returns the three numbers of RFC 3463, or "".
func statusCode(s string) string {
	code := firstWord(s)
	numbers := strings.Split(code, ".")
	if len(numbers) != 3 || len(code) > 11 || strings.Trim(code, "0123456789.") != "" {
		return ""
	}
	return code
}

// statusWords returns what some servers say behind the code.
func statusWords(s string) string {
	_, rest, _ := strings.Cut(s, " ")
	return strings.Trim(rest, "() ")
}

// Words reads a report that is written for people only, of the kinds that are
// still about: a field that names who did not get it, and qmail's blocks. It
// returns no recipients where it is none.
func Words(h entity.Header, text string) Status {
	var st Status
	for _, list := range h.All("x-failed-recipients") {
		for a := range strings.SplitSeq(list, ",") {
			st.failed(a, "")
		}
	}
	if len(st.Recipients) == 0 && strings.Contains(text, "This is the qmail-send program") {
		st.qmail(text)
	}
	return st
}

func (st *Status) failed(address, why string) {
	address = strings.ToLower(strings.Trim(clean.Line(address), "<>: "))
	if strings.Contains(address, "@") && len(address) < diagnosticMax && len(st.Recipients) < recipientsMax {
		st.Recipients = append(st.Recipients, Recipient{Address: address, Action: "failed", Status: codeIn(why), Diagnostic: clean.Cut(clean.Line(why), diagnosticMax)})
	}
}

// qmail reads blocks that begin with "<address>:" and go on with the reason.
func (st *Status) qmail(text string) {
	before, _, _ := strings.Cut(text, "--- Below this line")
	for block := range strings.SplitSeq(before, "\n\n") {
		head, why, _ := strings.Cut(strings.TrimSpace(block), "\n")
		if strings.HasPrefix(head, "<") && strings.HasSuffix(head, ">:") {
			st.failed(head, why)
		}
	}
}

// codeIn finds a code of RFC 3463 among words: "(#5.1.1)".
func codeIn(s string) string {
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' }) {
		if code := statusCode(strings.Trim(word, ".")); code != "" && strings.ContainsAny(code[:1], "245") {
			return code
		}
	}
	return ""
}
