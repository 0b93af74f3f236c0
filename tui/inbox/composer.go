package inbox

import (
	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/compose"
	"hark/tui/safe"
	"hark/tui/ui"
)

// box is the composer of the open conversation.
type box struct {
	ed     *compose.Editor
	note   bool
	saved  int    // generation of the text that the drafts have
	warned string // what was warned of before sending, once
	since  uint64 // the newest event when the text was begun
	drawn  composerDrawing
}

// load fills the composer with what was written before.
func (b *box) load(d desk.Draft) {
	b.ed.Set(d.Text)
	b.note = d.Note && d.Text != ""
	b.saved = b.ed.Gen()
	b.warned = ""
	b.since = 0
}

func (b *box) clear() { b.load(desk.Draft{}) }

// turn makes an empty composer one for notes or for replies. What is written
// already stays what it is: a note never becomes a reply by itself.
func (b *box) turn(note bool) (turned bool) {
	if b.ed.Empty() {
		b.note = note
	}
	return b.note == note
}

// lines returns how many rows the text takes in the composer.
func (b *box) lines(s *Screen) int {
	if s.pane.Row() == nil {
		return 1
	}
	return b.ed.Rows(s.look.Measure, s.composeWidth())
}

// composeWidth is the width of a row: the frame and a cell for the cursor
// behind the last letter are left out.
func (s *Screen) composeWidth() int {
	w := s.win.W
	if w >= 80 && w < 120 && s.win.H >= 16 {
		w -= 28
	}
	return max(w-3, 1)
}

// Paste writes pasted text. It never sends and never acts.
func (s *Screen) Paste(text string) {
	if s.finder != nil {
		s.finder.typed(text)
		return
	}
	if !s.Writing() {
		s.Toasts.Say("pasted text goes into a reply or a note: press r or n first")
		return
	}
	s.typed(text)
}

// Type writes what a key stands for. A slash at the beginning of an empty line
// asks for a canned reply.
func (s *Screen) Type(k tea.KeyPressMsg) tea.Cmd {
	if k.Text == "/" && s.box.ed.AtLineStart() && s.noCanned() == "" {
		return s.pickCanned()
	}
	s.typed(k.Text)
	return nil
}

func (s *Screen) typed(text string) {
	if text == "" {
		return
	}
	s.typedInField()
	if !s.box.ed.Insert(text) {
		s.Toasts.Fail("one message holds 65,536 bytes at most: send what is there, then go on")
	}
	s.edited()
}

// edited follows up a change of the text.
func (s *Screen) edited() {
	s.writing()
	s.saveDraft()
}

// saveDraft keeps what is written. The desk writes it down at most once a
// second, so every change may be given to it.
func (s *Screen) saveDraft() {
	if s.open.thread == nil || s.box.saved == s.box.ed.Gen() {
		return
	}
	s.box.saved = s.box.ed.Gen()
	unsent, note := s.outbox.unsent(s.open.id)
	s.Session.SaveDraft(s.open.id, s.box.note || note, unsent+s.box.ed.Text())
}

// composerKey is everything that the composer's drawing depends on.
type composerKey struct {
	look     *ui.Look
	w, h     int
	gen, pos int
	note     bool
	files    string
	writing  bool
	row      *desk.Conversation
}

// composerDrawing is the composer's last drawing; the cursor is at x, y in it,
// (-1, -1) for nowhere.
type composerDrawing struct {
	key   composerKey
	lines []string
	x, y  int
}

// drawComposer draws the composer in its frame.
func (s *Screen) drawComposer(w, h int) composerDrawing {
	k := composerKey{s.look, w, h, s.box.ed.Gen(), s.box.ed.Pos(), s.box.note, s.filesWords(), s.Writing(), s.pane.Row()}
	if d := s.box.drawn; d.lines != nil && d.key == k {
		return d
	}
	d := composerDrawing{key: k, x: -1, y: -1}
	if k.writing {
		rows, x, y := s.box.ed.Draw(s.look.Measure, w-3, h-2)
		for i := range rows {
			rows[i] += " " // for the cursor behind the last letter
		}
		d.lines, d.x, d.y = s.look.Frame(s.composerEdge(w), w, rows), x+1, y+1
	} else {
		d.lines = s.look.Frame(s.composerEdge(w), w, ui.Fill(s.preview(w-2), w-2, h-2))
	}
	s.box.drawn = d
	return d
}

// preview shows a draft while the keys are elsewhere.
func (s *Screen) preview(w int) []string {
	l := s.look
	if s.pane.Row() == nil || s.box.ed.Empty() {
		return nil
	}
	text := "draft: " + safe.Line(s.box.ed.Text()).String()
	if s.box.note {
		text = "draft of a note: " + safe.Line(s.box.ed.Text()).String()
	}
	return []string{l.Dim.Render(l.Fit(text, w))}
}

// composerEdge says in the frame what happens with the text: a note is never
// taken for a reply.
func (s *Screen) composerEdge(w int) ui.Edge {
	dot := " " + s.look.Glyphs.Dot + " "
	row := s.pane.Row()
	if row == nil {
		return ui.Edge{Title: "reply" + dot + "open a conversation first"}
	}
	name := safe.Name(row.Name).String()
	l := s.look
	switch {
	case !s.Writing() && s.box.note:
		return ui.Edge{Title: l.Join([]string{"note", l.Hint(ActNote, "to write")}, dot, w-6), Note: true}
	case !s.Writing():
		return ui.Edge{Title: l.Join([]string{"reply", l.Hint(ActReply, "to write"), s.filesWords()}, dot, w-6)}
	case s.box.note:
		title := []string{l.Glyphs.NotePrompt + " note about " + name, "only the team sees it", l.Hint(ActSend, "keeps it"), s.newline()}
		return ui.Edge{Title: l.Join(title, dot, w-6), Foot: l.Hint("turn", "reply instead"), Focus: true, Note: true}
	}
	title := []string{
		"reply to " + name + " in " + safe.Line(string(row.LastChannel())).String(), l.Hint(ActSend, "sends"), s.newline(),
	}
	foot := []string{l.Hint(ActCanned, "canned"), l.Hint("turn", "note")}
	if files := s.filesWords(); files != "" {
		foot = append([]string{files}, foot...)
	}
	return ui.Edge{Title: l.Join(title, dot, w-6), Foot: l.Join(foot, "  ", w-6), Focus: true}
}

// newline says which key makes a new line at this terminal.
func (s *Screen) newline() string {
	if s.look.Chords {
		return "shift+enter new line"
	}
	return s.look.Hint(ActNewline, "new line")
}
