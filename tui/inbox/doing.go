package inbox

import (
	tea "charm.land/bubbletea/v2"

	"hark/tui/compose"
	"hark/tui/ui"
)

// write gives the keys to the composer, and opens the selected conversation
// before that when the list has them.
func (s *Screen) write(note bool) tea.Cmd {
	if s.focus != ui.ListPane && s.open.thread != nil {
		return s.take(ui.ComposePane, note)
	}
	return s.openSelected(ui.ComposePane, note)
}

func (s *Screen) turnNote() tea.Cmd {
	b := &s.box
	signature := ""
	if b.mail != nil {
		signature = s.mails.signature(b.mail.Account())
	}
	b.note = !b.note
	if b.note {
		b.ed.Set(compose.Unsigned(b.ed.Text(), signature))
	} else if b.mail != nil {
		b.ed.Set(compose.Sign(b.ed.Text(), signature))
	}
	then := s.begin()
	s.keepDraft(s.open.id)
	s.writing()
	return then
}

func (s *Screen) scrollThread(by int) tea.Cmd {
	s.pane.Scroll(by * max((s.Plan().Thread.H-2)/2, 1))
	s.looking()
	return s.next()
}

func (s *Screen) toPanel() tea.Cmd {
	if s.focus == ui.CustomerPane {
		return nil
	}
	return s.togglePanel()
}

func (s *Screen) copyNumber() tea.Cmd {
	row := s.about()
	if row == nil {
		return nil
	}
	s.Toasts.Say("copied #" + s.Session.Short(row.ID) + ", if the terminal allows it")
	return tea.SetClipboard(row.ID.String())
}
