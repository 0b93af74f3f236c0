package thread

import (
	"slices"
	"strconv"
	"strings"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// letter returns what the item has of a mail, nil for anything else.
func (it *item) letter() *desk.Letter {
	m, _ := it.message()
	return m.Mail
}

// incomingMail draws a mail of a customer: who it is from, what speaks against
// that, what it is about, its words, and what was left out of sight.
func (p *Pane) incomingMail(it *item, m desk.Message, k key) []string {
	l, w := p.look, p.measure()
	head, rail := l.Accent, l.Accent.Render(l.Glyphs.Rail)+" "
	if k.mail.muted {
		head, rail = l.Dim, l.Dim.Render(l.Glyphs.Rail)+" "
	}
	at := p.moved(it) + l.Clock(it.when())
	name, address := p.sender(it, m.Mail, w-l.Width(at)-2)
	out := []string{head.Render(name) + ui.Blank(w-l.Width(name)-l.Width(at)) + l.Dim.Render(at) + ui.Blank(p.width-w)}
	add := func(st ui.Style, text string) {
		for _, line := range l.Wrap(text, w-2) {
			out = append(out, rail+st.Render(l.Fit(line, p.width-2)))
		}
	}
	if address != "" {
		add(l.Dim, address)
	}
	for _, warning := range m.Mail.Warnings {
		add(l.Warn, l.Glyphs.Late+" "+safe.Line(warning).String())
	}
	for _, line := range p.envelope(m.Mail, k.mail) {
		add(l.Dim, line)
	}
	for _, line := range p.mailText(m, w-2, k.mail.open) {
		st := l.Text
		if line.dim || k.mail.muted {
			st = l.Dim
		}
		out = append(out, rail+st.Render(l.Fit(line.text, p.width-2)))
	}
	for _, part := range m.Mail.Parts {
		add(l.Accent, "["+PartWords(part, " "+l.Glyphs.Dot+" ")+"]")
	}
	return out
}

// sender names who wrote a mail in w cells, by name and address: the name alone
// can be anybody's. An address that does not fit behind the name is returned for
// a line of its own, so that none of it is cut.
func (p *Pane) sender(it *item, mail *desk.Letter, w int) (name, address string) {
	l := p.look
	address = safe.Name(mail.From.Mail).String()
	if address == "" {
		_, who := it.said()
		return l.Cut(safe.Name(p.names(who)).String(), w), ""
	}
	if mail.From.Name == "" {
		if l.Width(address) <= w {
			return address, ""
		}
		return l.Cut(address, w), address
	}
	name = safe.Name(mail.From.Name).String()
	if whole := name + " <" + address + ">"; l.Width(whole) <= w {
		return whole, ""
	}
	return l.Cut(name, w), "from " + address
}

// envelope returns the lines between a mail's sender and its words: to whom it
// went where that says something, its subject where that is another one, and
// what was found out about it.
func (p *Pane) envelope(mail *desk.Letter, k mailKey) []string {
	var out []string
	if to := p.recipients(mail); to != "" {
		out = append(out, to)
	}
	if k.subject && mail.Subject != "" {
		out = append(out, "subject: "+safe.Line(mail.Subject).String())
	}
	if label := automatic(mail); label != "" {
		out = append(out, label)
	}
	if mail.Remote > 0 {
		out = append(out, "pictures not loaded: "+strconv.Itoa(mail.Remote)+", trackers: "+strconv.Itoa(mail.Trackers))
	}
	if len(mail.Mended) > 0 {
		out = append(out, "mended on reading: "+safe.Line(strings.Join(mail.Mended, "; ")).String())
	}
	return out
}

// automatic labels a mail that no person wrote at this moment.
func automatic(mail *desk.Letter) string {
	if mail.Automatic == "" && !mail.Muted {
		return ""
	}
	label := "automatic mail"
	if mail.Automatic != "" {
		label += ": " + safe.Line(mail.Automatic).String()
	}
	if mail.Muted {
		label += "; nobody is told of it"
	}
	return label
}

// recipients says to whom a mail went, unless it went to this desk alone.
func (p *Pane) recipients(mail *desk.Letter) string {
	if len(mail.To) == 1 && len(mail.Cc)+len(mail.Bcc) == 0 && slices.Contains(mail.Own, mail.To[0].Mail) {
		return ""
	}
	var parts []string
	for _, f := range []struct {
		name string
		all  []desk.Address
	}{{"to", mail.To}, {"cc", mail.Cc}, {"bcc", mail.Bcc}} {
		if len(f.all) > 0 {
			parts = append(parts, f.name+" "+Addresses(f.all))
		}
	}
	return strings.Join(parts, " "+p.look.Glyphs.Dot+" ")
}

// addressesMost is how many addresses are named; of more the rest is counted.
const addressesMost = 12

// Addresses names addresses, fit for a terminal.
func Addresses(all []desk.Address) string {
	names := make([]string, 0, min(len(all), addressesMost)+1)
	for _, a := range all[:min(len(all), addressesMost)] {
		names = append(names, safe.Name(a.String()).String())
	}
	if more := len(all) - addressesMost; more > 0 {
		names = append(names, "and "+strconv.Itoa(more)+" more")
	}
	return strings.Join(names, ", ")
}

// PartWords names what hangs on a mail: its name, what it is, and its size,
// fit for a terminal.
func PartWords(part desk.Part, between string) string {
	kind := ui.FileType(part.Type)
	switch part.Kind {
	case desk.PartInline:
		kind = "picture in the text"
	case desk.PartInvite:
		kind = "invitation"
	case desk.PartReport:
		kind = "delivery report"
	case desk.PartMessage:
		kind = "mail inside"
	case desk.PartSignature:
		kind = "signature, not checked here"
	case desk.PartSealed:
		kind = "encrypted, cannot be read here"
	case desk.PartFile:
	}
	if name := safe.Name(part.Name).String(); name != "" {
		kind = name + between + kind
	}
	if part.Size > 0 {
		kind += between + ui.Bytes(part.Size)
	}
	return kind
}

// outgoingMail draws a mail of ours: to whom, its words, and how far it has
// come, in words.
func (p *Pane) outgoingMail(it *item, m desk.Message, k key) []string {
	l, w := p.look, p.measure()
	end := " " + p.moved(it) + l.Clock(it.At) + " " + p.postMark(it, k) + " "
	who := l.Cut(p.who(it), w-l.Width(end))
	head := l.Good.Render(who) + l.Dim.Render(end)
	if k.mail.state().trouble() {
		head = l.Good.Render(who) + l.Bad.Render(end)
	}
	out := []string{ui.Blank(p.width-l.Width(who)-l.Width(end)) + head}
	return append(out, p.right(p.sentLines(m, k, w-3), w-3)...)
}

// takenBack is what is left of a mail that was taken back before it left.
func (p *Pane) takenBack(it *item, m desk.Message) string {
	to := ""
	if all := slices.Concat(m.Mail.To, m.Mail.Cc, m.Mail.Bcc); len(all) > 0 {
		to = " to " + safe.Name(all[0].Called()).String()
	}
	text := p.who(it) + " took a mail" + to + " back " + p.look.Glyphs.Dot + " " + p.look.Clock(it.At)
	return p.centred(text, p.look.Dim)
}

// sentLines returns what stands at the right of a mail of ours.
func (p *Pane) sentLines(m desk.Message, k key, w int) []textLine {
	var out []textLine
	for _, line := range p.envelopeOut(m.Mail, k.mail) {
		for _, row := range p.look.Wrap(line, w) {
			out = append(out, textLine{row, true})
		}
	}
	return append(out, p.mailText(m, w, k.mail.open)...)
}

func (p *Pane) envelopeOut(mail *desk.Letter, k mailKey) []string {
	out := []string{p.recipients(mail)}
	if k.subject && mail.Subject != "" {
		out = append(out, "subject: "+safe.Line(mail.Subject).String())
	}
	if mail.Automatic != "" {
		out = append(out, "sent by the desk itself, nobody's answer")
	}
	if mail.Forward {
		out = append(out, "passes the mail above on")
	}
	return out
}

// right draws lines at the right of the pane, with the rail of what is ours.
func (p *Pane) right(lines []textLine, most int) []string {
	l, wide := p.look, 0
	for _, line := range lines {
		wide = max(wide, l.Width(line.text))
	}
	wide = min(wide, most)
	left, rail := ui.Blank(p.width-wide-3), " "+l.Good.Render(l.Glyphs.Rail)+" "
	out := make([]string, 0, len(lines))
	for _, line := range lines {
		st := l.Text
		if line.dim {
			st = l.Dim
		}
		out = append(out, left+st.Render(l.Fit(line.text, wide))+rail)
	}
	return out
}
