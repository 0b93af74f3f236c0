package inbox

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/compose"
	"hark/tui/ui"
)

// box is the composer of the open conversation.
type box struct {
	ed     *compose.Editor
	note   bool
	mail   *compose.Letter // the head of what goes out by mail; nil for the chat
	begun  string          // the text of a mail before anybody wrote: the signature
	saved  int             // generation of what the drafts have
	warned string          // what was warned of before sending, once
	since  uint64          // the newest event when the text was begun
	differ differ          // whom a mail reaches, against the last one
	drawn  composerDrawing
}

// load fills the composer with what was written before.
func (b *box) load(d desk.Draft) {
	b.mail, b.begun = nil, ""
	text := d.Text
	if !d.Note && desk.IsOutgoing(text) {
		b.mail, text, _ = compose.ReadLetter(text) // what cannot be read of the head is lost, no word of the text
	}
	b.ed.Set(text)
	b.note = d.Note && d.Text != ""
	b.saved = b.gen()
	b.warned = ""
	b.since = 0
	b.differ = differ{}
}

func (b *box) clear() { b.load(desk.Draft{}) }

// loadDraft fills the composer with what was written before. The cursor of a
// mail stands behind the words, above the signature.
func (s *Screen) loadDraft(d desk.Draft) {
	b := &s.box
	b.load(d)
	if b.mail == nil {
		return
	}
	signature := s.mails.signature(b.mail.Account())
	b.begun = compose.Sign("", signature)
	b.ed.GoTo(len(compose.Unsigned(b.ed.Text(), signature)))
}

// byMail reports whether what is written goes out by mail.
func (b *box) byMail() bool { return b.mail != nil && !b.note }

// inHead reports whether the keys are in the head of a mail.
func (b *box) inHead() bool { return b.byMail() && b.mail.At() != compose.Text }

// field returns the editor that the keys go to.
func (b *box) field() *compose.Editor {
	if b.inHead() {
		return b.mail.Line(b.mail.At())
	}
	return b.ed
}

// toText gives the keys to the text of a mail.
func (b *box) toText() {
	if b.mail != nil {
		b.mail.GoTo(compose.Text)
	}
}

// gen changes whenever what is written does.
func (b *box) gen() int {
	if b.mail == nil {
		return b.ed.Gen()
	}
	return b.ed.Gen() + b.mail.Gen()
}

// pristine reports whether nobody has written anything: a signature and an
// address that were there from the beginning are no draft.
func (b *box) pristine() bool {
	if !b.byMail() {
		return b.ed.Empty()
	}
	return !b.mail.Changed() && strings.TrimSpace(b.ed.Text()) == strings.TrimSpace(b.begun)
}

// draft returns what is written as the drafts keep it.
func (b *box) draft() string {
	switch {
	case b.pristine():
		return ""
	case b.byMail():
		return b.mail.Format(b.ed.Text())
	}
	return b.ed.Text()
}

// turn makes an empty composer one for notes or for replies. What is written
// already stays what it is: a note never becomes a reply by itself.
func (b *box) turn(note bool) (turned bool) {
	if b.note != note && b.pristine() {
		b.clear()
		b.note = note
	}
	return b.note == note
}

// lines returns how many rows the text takes in the composer, and how many the
// head above it.
func (b *box) lines(s *Screen) (text, head int) {
	if !s.composable() {
		return 1, 0
	}
	return b.ed.Rows(s.look.Measure, s.composeWidth()), len(s.headRows())
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

// composable reports whether there is something that can be written to.
func (s *Screen) composable() bool { return s.pane.Row() != nil || s.open.fresh }

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
	if k.Text == "/" && !s.box.inHead() && s.box.ed.AtLineStart() && s.noCanned() == "" {
		return s.pickCanned()
	}
	s.typed(k.Text)
	return s.compare()
}

func (s *Screen) typed(text string) {
	if text == "" {
		return
	}
	if s.box.inHead() {
		s.box.mail.Type(text)
		s.edited()
		return
	}
	s.typedInField()
	if !s.box.ed.Insert(text) {
		s.Toasts.Fail("one message holds 65,536 bytes at most: send what is there, then go on")
	}
	s.edited()
}

// edited follows up a change of what is written.
func (s *Screen) edited() {
	s.writing()
	s.saveDraft()
}

// saveDraft keeps what is written. The desk writes it down at most once a
// second, so every change may be given to it.
func (s *Screen) saveDraft() {
	if s.open.thread == nil && !s.open.fresh || s.box.saved == s.box.gen() {
		return
	}
	s.box.saved = s.box.gen()
	unsent, note := s.outbox.unsent(s.open.id)
	draft := s.box.draft()
	if s.box.byMail() {
		unsent, note = "", false // what is on its way in the chat is none of the mail
	}
	s.Session.SaveDraft(s.open.id, s.box.note || note, unsent+draft)
}

// composerKey is everything that the composer's drawing depends on.
type composerKey struct {
	look     *ui.Look
	w, h     int
	gen, pos int
	note     bool
	mail     *compose.Letter
	at       compose.Field
	differ   *desk.Recipients
	files    string
	writing  bool
	row      *desk.Conversation
	fresh    bool
}

// composerDrawing is the composer's last drawing; the cursor is at x, y in it,
// (-1, -1) for nowhere.
type composerDrawing struct {
	key   composerKey
	lines []string
	x, y  int
}

func (s *Screen) composerKey(w, h int) composerKey {
	b := &s.box
	k := composerKey{
		look: s.look, w: w, h: h, gen: b.gen(), pos: b.field().Pos(), note: b.note, mail: b.mail, differ: b.differ.found,
		files: s.filesWords(), writing: s.Writing(), row: s.pane.Row(), fresh: s.open.fresh,
	}
	if b.mail != nil {
		k.at = b.mail.At()
	}
	return k
}

// drawComposer draws the composer in its frame.
func (s *Screen) drawComposer(w, h int) composerDrawing {
	k := s.composerKey(w, h)
	if d := s.box.drawn; d.lines != nil && d.key == k {
		return d
	}
	d := composerDrawing{key: k, x: -1, y: -1}
	if k.writing {
		var rows []string
		rows, d.x, d.y = s.composerRows(w-3, h-2)
		for i := range rows {
			rows[i] += " " // for the cursor behind the last letter
		}
		d.lines = s.look.Frame(s.composerEdge(w), w, rows)
		d.x, d.y = d.x+1, d.y+1
	} else {
		d.lines = s.look.Frame(s.composerEdge(w), w, ui.Fill(s.preview(w-2), w-2, h-2))
	}
	s.box.drawn = d
	return d
}

// composerRows draws what is written, the head of a mail above its text, and
// says where the cursor is.
func (s *Screen) composerRows(w, h int) (rows []string, x, y int) {
	if !s.box.byMail() {
		return s.box.ed.Draw(s.look.Measure, w, h)
	}
	head := s.headRows()
	head = head[:min(len(head), max(h-1, 0))]
	x, y = 0, 0
	for i, row := range head {
		line, at := s.drawHeadRow(row, w)
		rows = append(rows, line)
		if row.field == s.box.mail.At() && !row.differ {
			x, y = at, i
		}
	}
	text, tx, ty := s.box.ed.Draw(s.look.Measure, w, h-len(rows))
	if !s.box.inHead() {
		x, y = tx, ty+len(rows)
	}
	return append(rows, text...), x, y
}
