package read

import (
	"fmt"
	"strings"

	"hark/channels/email/read/dsn"
	"hark/channels/email/read/entity"
	"hark/channels/email/read/invite"
)

// smallMax is how much is read of a part that programs read, in bytes.
const smallMax = 1 << 20

// invite tells what a calendar says.
func (c *collector) invite(e *entity.Entity) {
	if event, ok := invite.Parse(c.small(e, smallMax)); ok {
		c.note(event.String())
	}
}

// report reads the machine's part of a delivery report.
func (c *collector) report(e *entity.Entity) {
	if e.Is("message/feedback-report") {
		c.note("[A provider reports that its customer marked a mail as unwanted.]")
		return
	}
	c.reported(dsn.Parse(c.small(e, smallMax)))
}

// reported takes over what a report says.
func (c *collector) reported(st dsn.Status) {
	r := c.mail.Report
	if r == nil {
		r = &Report{}
		c.mail.Report = r
	}
	if r.OriginalID == "" {
		r.OriginalID = firstID(st.OriginalID)
	}
	r.Disposition = r.Disposition || st.Disposition
	r.Recipients = append(r.Recipients, st.Recipients...)
	for _, one := range st.Recipients {
		c.note(outcome(one, st.Disposition))
	}
}

// outcome says what became of a mail for one address.
func outcome(r dsn.Recipient, disposition bool) string {
	words := map[string]string{
		"failed": "Not delivered to %s", "delayed": "Not yet delivered to %s", "delivered": "Delivered to %s",
		"relayed": "Passed on for %s", "expanded": "Passed on to a list: %s", "displayed": "Read by %s", "deleted": "Deleted by %s",
	}[r.Action]
	if words == "" {
		words = "About %s: " + strings.ReplaceAll(r.Action, "%", "%%")
	}
	s := fmt.Sprintf(words, r.Address)
	if disposition {
		return "[" + s + ".]"
	}
	if why := strings.TrimSpace(r.Status + " " + r.Diagnostic); why != "" {
		s += ": " + why
	}
	return "[" + s + "]"
}

// original reads the fields of the mail that a report is about.
func (c *collector) original(h entity.Header) {
	if c.mail.Report == nil {
		c.mail.Report = &Report{}
	}
	r := c.mail.Report
	if id := firstID(h.Get("message-id")); id != "" && r.OriginalID == "" {
		r.OriginalID = id
	}
	if id := line(h.Get("x-hark-id"), markMax); id != "" && r.OriginalHarkID == "" {
		r.OriginalHarkID = id
	}
}

// inWords notices a report that is written for people only.
func (c *collector) inWords(h entity.Header, text string) {
	if c.mail.Report != nil || !c.mail.Marks.NullReturn && !fromDaemon(c.mail.From.Mail) {
		return
	}
	st := dsn.Words(h, text)
	if len(st.Recipients) == 0 {
		return
	}
	c.reported(st)
	_, below, _ := strings.Cut(text, "essage-I")
	if id := quotedIDs("message-i" + below); len(id) > 0 && c.mail.Report.OriginalID == "" {
		c.mail.Report.OriginalID = id[0]
	}
}

// fromDaemon reports whether an address is one of a mail server.
func fromDaemon(mail string) bool {
	local, _, _ := strings.Cut(mail, "@")
	return local == "mailer-daemon" || local == "postmaster" || local == "mail-daemon"
}

// quotedIDsMax is how many Message-IDs are taken from words.
const quotedIDsMax = 20

// quotedIDs returns the Message-IDs that a text quotes with their field.
func quotedIDs(text string) []string {
	var all []string
	for s := range strings.Lines(text) {
		name, value, ok := strings.Cut(s, ":")
		if ok && strings.EqualFold(strings.Trim(name, "> *\t"), "message-id") && len(all) < quotedIDsMax {
			if id := firstID(value); id != "" {
				all = append(all, id)
			}
		}
	}
	return all
}
