package imaptest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Sound answers the command as a sound server does.
func (c *Conn) Sound() {
	answers := map[string]func(){
		"GREETING": func() { c.Say("* OK ready\n") }, "CAPABILITY": c.capability,
		"LOGOUT": func() { c.Say("* BYE see you\nTAG OK out\n"); c.Close() },
		"SELECT": c.selects, "LIST": c.list, "UID SEARCH": c.search, "UID FETCH": c.fetch,
		"IDLE": c.idles, "AUTHENTICATE": c.authenticate,
	}
	if answer, ok := answers[c.verb]; ok {
		answer()
		return
	}
	c.Say("TAG OK done\n")
}

func (c *Conn) capability() {
	caps, _ := c.server.state()
	c.Say("* CAPABILITY %s\nTAG OK those\n", caps)
}

// authenticate takes an initial response or asks for one; whatever it is.
func (c *Conn) authenticate() {
	if len(strings.Fields(c.Command)) < 3 {
		c.Say("+ \n")
		if _, err := c.line(); err != nil {
			return
		}
	}
	c.Say("TAG OK in\n")
}

func (c *Conn) selects() {
	_, mails := c.server.state()
	next := uint32(1)
	for _, m := range mails {
		next = max(next, m.UID+1)
	}
	c.Say("* FLAGS (\\Seen \\Answered)\n* %d EXISTS\n* 0 RECENT\n* OK [UIDVALIDITY 7] ok\n"+
		"* OK [UIDNEXT %d] ok\n* OK [HIGHESTMODSEQ %d] ok\n"+
		"* OK [PERMANENTFLAGS (\\Seen \\Answered \\*)] ok\nTAG OK [READ-WRITE] selected\n", len(mails), next, next)
}

func (c *Conn) list() {
	c.Say("* LIST (\\HasNoChildren) \"/\" INBOX\n* LIST (\\Sent) \"/\" \"Sent\"\nTAG OK listed\n")
}

// search knows UID ranges and HEADER; every other key means all.
func (c *Conn) search() {
	_, mails := c.server.state()
	set, value := c.key("UID"), ""
	if name := c.key("HEADER"); name != "" {
		value = strings.ToLower(strings.Trim(c.key(name), `"`))
	}
	var found []string
	for _, m := range mails {
		within := set == "" || contains(set, m.UID, last(mails))
		if within && strings.Contains(strings.ToLower(m.Raw), value) {
			found = append(found, strconv.Itoa(int(m.UID)))
		}
	}
	c.Say("* SEARCH %s\nTAG OK searched\n", strings.Join(found, " "))
}

// key returns the word that follows a search key.
func (c *Conn) key(name string) string {
	words := strings.Fields(c.Command)[1:] // after the UID of UID SEARCH
	if i := slices.Index(words, name); i >= 0 && i+1 < len(words) {
		return words[i+1]
	}
	return ""
}

func (c *Conn) idles() {
	c.Say("+ idling\n")
	c.setIdle(true)
	line, err := c.line()
	c.setIdle(false)
	if err == nil && line == "DONE" {
		c.Say("TAG OK woken\n")
	}
}

// fetch sends the items that are asked for, of the mails that are asked for.
func (c *Conn) fetch() {
	_, mails := c.server.state()
	words := strings.Fields(c.Command)
	for i, m := range mails {
		if contains(words[2], m.UID, last(mails)) {
			c.Raw(fmt.Sprintf("* %d FETCH (%s)\r\n", i+1, m.Items(c.Command)))
		}
	}
	c.Say("TAG OK fetched\n")
}

// Items returns the fetch items of the mail that the command asks for, as a
// sound server writes them.
func (m Mail) Items(command string) string {
	items := []string{fmt.Sprintf("UID %d", m.UID)}
	add := func(asked, item string) {
		if strings.Contains(command, asked) {
			items = append(items, item)
		}
	}
	add("FLAGS", "FLAGS ("+m.Flags+")")
	add("INTERNALDATE", fmt.Sprintf("INTERNALDATE %q", m.date()))
	add("RFC822.SIZE", fmt.Sprintf("RFC822.SIZE %d", len(m.Raw)))
	add("MODSEQ", fmt.Sprintf("MODSEQ (%d)", m.UID))
	header, text, _ := strings.Cut(m.Raw, "\r\n\r\n")
	add("BODY.PEEK[HEADER]", literal("BODY[HEADER]", header+"\r\n\r\n"))
	_, part, _ := strings.Cut(command, "BODY.PEEK[TEXT]<0.")
	size, _, _ := strings.Cut(part, ">")
	add("BODY.PEEK[TEXT]<0.", literal("BODY[TEXT]<0>", text[:min(len(text), int(number(size, 0)))]))
	add("BODY.PEEK[]", literal("BODY[]", m.Raw))
	return strings.Join(items, " ")
}

func (m Mail) date() string {
	if m.Date == "" {
		return "02-Nov-2026 10:00:00 +0000"
	}
	return m.Date
}

func literal(name, s string) string { return fmt.Sprintf("%s {%d}\r\n%s", name, len(s), s) }

// last returns the highest UID.
func last(mails []Mail) uint32 {
	var n uint32
	for _, m := range mails {
		n = max(n, m.UID)
	}
	return n
}

// contains tells whether a UID lies in a set such as "1,4:7,9:*".
func contains(set string, uid, last uint32) bool {
	for part := range strings.SplitSeq(set, ",") {
		from, to, isRange := strings.Cut(part, ":")
		a, b := number(from, last), number(to, last)
		if !isRange {
			b = a
		}
		if min(a, b) <= uid && uid <= max(a, b) {
			return true
		}
	}
	return false
}

func number(s string, last uint32) uint32 {
	if s == "*" {
		return last
	}
	n, _ := strconv.ParseUint(s, 10, 32) // a wrong number is none
	return uint32(n)
}
