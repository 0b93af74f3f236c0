package inbox

import (
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// factW is the width of a fact's name.
const factW = 9

// sheet collects the lines of the customer's panel.
type sheet struct {
	l     *ui.Look
	w     int
	lines []string
}

// fact adds a name and a value, a long one on several lines; none for no value.
func (f *sheet) fact(name, value string, st ui.Style) {
	if value == "" {
		return
	}
	for i, line := range f.l.Wrap(value, f.w-factW) {
		if i > 0 {
			name = ""
		}
		f.lines = append(f.lines, f.l.Dim.Render(f.l.Fit(name, factW))+st.Render(f.l.Fit(line, f.w-factW)))
	}
}

// gap adds an empty line.
func (f *sheet) gap() {
	if n := len(f.lines); n > 0 && strings.TrimSpace(f.lines[n-1]) != "" {
		f.lines = append(f.lines, ui.Blank(f.w))
	}
}

// facts draws what is known of the person and of the conversation.
func (s *Screen) facts(c *desk.Conversation, who *desk.Contact, w int) []string {
	f := &sheet{l: s.look, w: w}
	for _, line := range s.look.Wrap(safe.Name(c.Name).String(), w) {
		f.lines = append(f.lines, s.look.Strong.Render(s.look.Fit(line, w)))
	}
	s.personFacts(f, c, who)
	f.gap()
	s.workFacts(f, c)
	f.gap()
	s.pastFacts(f, c)
	f.gap()
	s.recordFacts(f, c)
	return f.lines
}

// personFacts says who it is. What was asked for and not given is said as such:
// nobody needs to ask again.
func (s *Screen) personFacts(f *sheet, c *desk.Conversation, who *desk.Contact) {
	l := s.look
	if who == nil {
		return
	}
	for _, field := range who.Fields {
		name := safe.Name(field.Name).String()
		if field.Declined {
			f.fact(name, "asked, not given", l.Dim)
			continue
		}
		f.fact(name, safe.Line(field.Value).String(), l.Text)
		if at, err := time.LoadLocation(field.Value); field.Name == "zone" && err == nil && field.Value != "" {
			f.fact("local", s.now.In(at).Format("Mon 15:04"), l.Text)
		}
	}
	for _, id := range who.Identities {
		if id.Type == desk.MailAddress {
			f.fact("Mail", safe.Name(id.Value).String(), l.Text)
		}
	}
	f.fact("Page", ui.PagePath(c.Page), l.Text)
	f.fact("Since", l.When(who.Since, s.now), l.Text)
}

// workFacts says how the conversation stands.
func (s *Screen) workFacts(f *sheet, c *desk.Conversation) {
	l := s.look
	status := statusWords(c)
	if c.Status == desk.StatusSnoozed {
		status = s.snoozeWords(c)
	}
	if !c.Merged.IsZero() {
		status = "merged into #" + s.Session.Short(c.Merged)
	}
	f.fact("Tags", safe.Line(strings.Join(c.Tags, "  ")).String(), l.Accent)
	f.fact("Assignee", s.assignedTo(c), l.Text)
	if p := c.Priority.Or(); p != desk.Normal {
		f.fact("Priority", string(p), l.Strong)
	}
	f.fact("Queue", safe.Name(c.Queue).String(), l.Text)
	if words, style := s.targetWords(c); words != "" {
		f.fact("SLA", words, style)
	}
	f.fact("Status", status, l.Text)
	if c.NeedsUs() && c.Assignee.IsZero() {
		if why, err := s.Session.Explain(c.ID); err == nil {
			f.fact("Why", safe.Line(why.Reason).String(), l.Text)
		}
	}
}

// targetWords says when an answer is due.
func (s *Screen) targetWords(c *desk.Conversation) (string, ui.Style) {
	clock := s.Session.Clock(c)
	if clock.Due.IsZero() || !c.NeedsUs() {
		return "", s.look.Text
	}
	words := "reply " + dueWords(clock.Due, s.now)
	if clock.State == "" {
		return words, s.look.Text
	}
	return s.look.Glyphs.Late + " " + words, s.look.Bad
}

// pastMost is how many past conversations are in the panel.
const pastMost = 8

// pastFacts lists the person's other conversations; while the panel has the
// keys one of them is selected.
func (s *Screen) pastFacts(f *sheet, c *desk.Conversation) {
	l, cu := s.look, &s.customer
	past := s.Session.Past(c.Contact)
	cu.past = slices.DeleteFunc(slices.Clone(past), func(p *desk.Conversation) bool { return p.ID == c.ID })
	if len(cu.past) == 0 {
		return
	}
	cu.sel = max(min(cu.sel, len(cu.past)-1), 0)
	f.lines = append(f.lines, l.Dim.Render(l.Fit("Past ("+plural(len(cu.past), "conversation")+")", f.w)))
	from := max(cu.sel-pastMost+1, 0)
	for i, p := range cu.past[from:min(from+pastMost, len(cu.past))] {
		text := p.Opened.In(l.Zone).Format("Jan 02") + " " + channelSign(p.LastChannel()) + " " + s.sign(p, false) + " " + safe.Line(rowSubject(p)).String()
		if s.focus == ui.CustomerPane && from+i == cu.sel {
			f.lines = append(f.lines, l.Select.Render(l.Glyphs.Selected+l.Fit(" "+text, f.w-1)))
			continue
		}
		f.lines = append(f.lines, l.Fit("  "+text, f.w))
	}
}

// recordFacts says what is on record of the conversation.
func (s *Screen) recordFacts(f *sheet, c *desk.Conversation) {
	l := s.look
	f.fact("Channel", channels(c), l.Text)
	f.fact("Opened", l.When(c.Opened, s.now), l.Text)
	if c.Unanswered > 0 {
		f.fact("Waiting", plural(c.Unanswered, "message"), l.Text)
	}
	if slices.Contains(c.Channels, desk.Chat) {
		f.fact("Shown", shownWords(c), l.Text)
		f.fact("Notice", noticeWords(c.Notice), l.Text)
	}
	f.fact("Account", safe.Name(c.Account).String(), l.Text)
	f.fact("Parties", partyWords(c.Parties), l.Text)
	f.fact("Number", "#"+s.Session.Short(c.ID), l.Text)
	for _, link := range []struct {
		name string
		id   desk.ID
	}{{"Follows", c.Previous}, {"Split of", c.From}} {
		if !link.id.IsZero() {
			f.fact(link.name, "#"+s.Session.Short(link.id), l.Text)
		}
	}
}

func noticeWords(n desk.NoticeRef) string {
	if n.Version == "" {
		return "none was shown"
	}
	return "version " + safe.Name(n.Version).String() + " (" + safe.Name(n.Lang).String() + ") was shown"
}

// partiesMost is how many addresses of who takes part are named.
const partiesMost = 6

// partyWords names the addresses that take part in a conversation by mail.
func partyWords(all []string) string {
	names := make([]string, 0, partiesMost+1)
	for _, a := range all[:min(len(all), partiesMost)] {
		names = append(names, safe.Name(a).String())
	}
	if more := len(all) - partiesMost; more > 0 {
		names = append(names, "and "+strconv.Itoa(more)+" more")
	}
	return strings.Join(names, "\n")
}

// noPast says why no past conversation can be opened.
func (s *Screen) noPast() string {
	if len(s.customer.past) == 0 {
		return "this customer has no other conversation"
	}
	return ""
}

// openPast opens the selected past conversation of the customer.
func (s *Screen) openPast() tea.Cmd {
	if s.customer.sel >= len(s.customer.past) {
		return nil
	}
	return s.openRow(s.customer.past[s.customer.sel], ui.ThreadPane, false)
}
