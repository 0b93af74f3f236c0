package inbox

import (
	"context"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/ui"
)

// mails is how the desk's mail accounts were when that was last asked.
type mails struct {
	accounts []desk.MailAccount
	at       time.Time
	gen      int
}

// mailsEvery is how often the accounts are asked while things happen.
const mailsEvery = time.Second

// askMails asks how the mail accounts are, unless that was done just now.
func (s *Screen) askMails(force bool) {
	now := time.Now()
	if !force && now.Sub(s.mails.at) < mailsEvery {
		return
	}
	s.mails.accounts, s.mails.at = s.Session.MailAccounts(), now
	s.mails.gen++
}

// signature returns what stands below the mails of an account, of the only one
// for "".
func (m *mails) signature(account string) string {
	for _, a := range m.accounts {
		if a.Name == account || account == "" && len(m.accounts) == 1 {
			return a.Signature
		}
	}
	return ""
}

// freshFor is how long an account may be silent before that is said: a mailbox
// is asked or heard of more often than this.
const freshFor = 2 * time.Minute

// mailWords says of each account what a person should know of it without being
// asked: what keeps it from being up to date, and how far the first
// synchronisation is. Nothing is said of accounts that are well.
func (s *Screen) mailWords() []string {
	var out []string
	for _, a := range s.mails.accounts {
		if words := s.accountNews(a); words != "" {
			out = append(out, words)
		}
	}
	return out
}

func (s *Screen) accountNews(a desk.MailAccount) string {
	name := "mail " + safe.Name(a.Name).String()
	switch {
	case a.State == desk.MailSyncing && a.Done < a.Total:
		return name + " " + progress(a)
	case !a.State.Well() && a.Fresh.IsZero():
		return name + " not reached yet"
	case !a.Fresh.IsZero() && s.now.Sub(a.Fresh) > freshFor:
		return name + " as of " + ui.Age(s.now.Sub(a.Fresh)) + " ago"
	}
	return ""
}

// progress says how far the first synchronisation is.
func progress(a desk.MailAccount) string {
	text := ui.Count(a.Done) + " of " + ui.Count(a.Total)
	if a.Rate >= 1 {
		text += ", " + ui.Count(int(a.Rate)) + "/s"
		if left := time.Duration(float64(a.Total-a.Done)/a.Rate) * time.Second; left >= time.Minute {
			text += ", " + ui.Age(left) + " to go"
		}
	}
	return text
}

// openMailboxes shows how every mail account is, with what was fetched and
// what became of it.
func (s *Screen) openMailboxes() tea.Cmd {
	s.askMails(true)
	var b strings.Builder
	for _, a := range s.mails.accounts {
		b.WriteString(s.accountWords(a) + "\n\n")
	}
	if len(s.mails.accounts) == 0 {
		b.WriteString("This desk has no mail account. A [mail.NAME] in hark.toml makes one.")
	}
	return s.ask(&ui.Pager{
		Title: "mailboxes", Text: strings.TrimRight(b.String(), "\n"), Foot: "r try now " + s.look.Glyphs.Dot + " x quarantine",
		Act: func(key string) (tea.Cmd, bool) {
			switch key {
			case "r":
				return s.poke(), false
			case "x":
				return s.openQuarantine(), true
			}
			return nil, false
		},
	})
}

// accountWords says how an account is, in a few lines.
func (s *Screen) accountWords(a desk.MailAccount) string {
	c := a.Counters
	lines := []string{
		safe.Name(a.Name).String() + "  " + safe.Name(a.Address.String()).String(),
		"  " + safe.Line(stateWords(a)).String() + ", since " + s.look.When(a.Since, s.now),
	}
	if a.Fresh.IsZero() {
		lines = append(lines, "  never up to date yet")
	} else {
		lines = append(lines, "  up to date as of "+s.look.When(a.Fresh, s.now))
	}
	if a.Done < a.Total {
		lines = append(lines, "  first synchronisation: "+progress(a))
	}
	parts := []string{ui.Count(c.Threaded) + " in conversations"}
	for _, part := range []struct {
		n    int
		what string
	}{{c.Copies, "copies"}, {c.Waiting, "not read yet"}, {c.Quarantined, "in quarantine"}, {c.Dropped, "given up"}} {
		if part.n > 0 {
			parts = append(parts, ui.Count(part.n)+" "+part.what)
		}
	}
	lines = append(lines, "  "+ui.Count(c.Fetched)+" fetched = "+strings.Join(parts, " + "))
	if a.Posting > 0 {
		lines = append(lines, "  "+plural(a.Posting, "mail")+" of ours on the way out")
	}
	return strings.Join(lines, "\n")
}

func stateWords(a desk.MailAccount) string {
	if a.Words != "" {
		return a.Words
	}
	return string(a.State)
}

// poke makes every mail account try now.
func (s *Screen) poke() tea.Cmd {
	session := s.Session
	return s.act("Every mailbox is asked now", func(ctx context.Context) error { return session.PokeMail(ctx, "") }, undo{})
}

// quarantineWords says how many mails are in quarantine, nothing for none.
func (s *Screen) quarantineWords() string {
	if n := quarantined(s.mails.accounts); n > 0 {
		return "quarantine " + strconv.Itoa(n)
	}
	return ""
}
