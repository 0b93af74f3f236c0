package inbox

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/ui"
)

// bench is a screen without a program: commands wait until a test runs them.
type bench struct {
	*Screen
	t      *testing.T
	env    *desktest.Env
	toasts *ui.Toasts
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, env: desktest.New(t), toasts: &ui.Toasts{}}
	session := b.env.As("ana")
	for _, name := range []string{"Bea", "Al"} {
		if err := session.Claim(t.Context(), b.env.Says(name, "hello")); err != nil {
			t.Fatal(err)
		}
	}
	look := &ui.Look{Theme: ui.NewTheme(true, colorprofile.NoTTY), Measure: ui.ByGrapheme(), Glyphs: ui.Unicode(), Zone: time.UTC}
	b.Screen = New(Deps{Context: t.Context(), Session: session, Toasts: b.toasts, Follow: func(int, *desk.Thread) {}}, look, time.Now())
	b.SetWindow(ui.Size{W: 120, H: 40})
	return b
}

// run runs a command and what follows from it.
func (b *bench) run(cmd tea.Cmd) {
	for cmd != nil {
		cmd = b.Update(cmd())
	}
}

func (b *bench) row(name string) *desk.Conversation {
	return b.env.State.Conversation(b.env.Visitor(desktest.Token(name)).Conversation)
}

func (b *bench) write(name string, note bool) { b.run(b.openRow(b.row(name), ui.ComposePane, note)) }

func (b *bench) draft(name string) desk.Draft {
	b.t.Helper()
	d, err := b.Session.Draft(b.t.Context(), b.row(name).ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

// letterOnItsWay sends "first" to Al, writes "rest" behind it, and returns the
// command that has not run yet.
func letterOnItsWay(b *bench) tea.Cmd {
	b.write("Al", false)
	b.typed("first")
	cmd := b.send()
	b.typed("rest")
	return cmd
}

func TestWhatIsOnItsWayStaysInTheDraft(t *testing.T) {
	b := newBench(t)
	cmd := letterOnItsWay(b)
	if got := b.draft("Al").Text; got != "first\nrest" {
		t.Errorf("before it has arrived the draft is %q", got)
	}
	b.run(cmd)
	if got := b.draft("Al").Text; got != "rest" || b.row("Al").Last != "first" {
		t.Errorf("the draft is %q, the last words %q", got, b.row("Al").Last)
	}
}

func TestLeavingWhileALetterIsOnItsWay(t *testing.T) {
	b := newBench(t)
	cmd := letterOnItsWay(b)
	b.write("Bea", false)
	if b.box.ed.Text() != "" {
		t.Fatalf("Bea's composer holds %q", b.box.ed.Text())
	}
	b.run(cmd)
	if got := b.draft("Al").Text; got != "rest" {
		t.Errorf("the draft is %q, want what was not sent", got)
	}
	b.write("Al", false)
	if got := b.box.ed.Text(); got != "rest" {
		t.Errorf("the composer holds %q", got)
	}
}

func TestLetterThatFailsAfterLeavingIsKept(t *testing.T) {
	b := newBench(t)
	cmd := letterOnItsWay(b)
	b.write("Bea", false)
	b.env.Journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: "not now"})
	b.run(cmd)
	if got := b.draft("Al"); got.Text != "first\nrest" || got.Note {
		t.Errorf("the draft is %+v", got)
	}
	if got := b.toasts.Now().Text; got != "the reply to Al was not sent; the text is kept as its draft: not now" {
		t.Errorf("the person is told %q", got)
	}
}

func TestComingBackDoesNotOfferTheLetterAgain(t *testing.T) {
	b := newBench(t)
	cmd := letterOnItsWay(b)
	b.write("Bea", false)
	b.write("Al", false)
	if got := b.box.ed.Text(); got != "rest" {
		t.Fatalf("the composer holds %q while the letter is on its way", got)
	}
	b.env.Journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: "not now"})
	b.run(cmd)
	if got := b.box.ed.Text(); got != "first\nrest" {
		t.Errorf("after it failed the composer holds %q", got)
	}
}

func TestNoteThatComesBackStaysANote(t *testing.T) {
	b := newBench(t)
	b.write("Al", false)
	b.typed("a reply")
	cmd := b.send()
	b.run(b.turnNote())
	b.typed("a note")
	if second := b.send(); second != nil {
		t.Fatal("two letters are on their way at once")
	}
	b.env.Journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: "not now"})
	b.run(cmd)
	if !b.box.note || b.box.ed.Text() != "a reply\na note" {
		t.Errorf("the composer holds %q, as a note: %v; words for the team must not become a reply", b.box.ed.Text(), b.box.note)
	}
	if d := b.draft("Al"); !d.Note {
		t.Errorf("the draft is %+v", d)
	}
}

func TestLettersArriveInOrder(t *testing.T) {
	b := newBench(t)
	b.write("Al", false)
	var cmds []tea.Cmd
	for _, words := range []string{"one", "two", "three"} {
		b.typed(words)
		cmds = append(cmds, b.send())
	}
	if cmds[1] != nil || cmds[2] != nil {
		t.Fatal("letters overtake each other")
	}
	b.run(cmds[0])
	items, err := b.env.PublicItems(t.Context(), b.row("Al").ID, 1, 10)
	if err != nil || len(items) != 3 || items[0].Text != "one" || items[1].Text != "two" || items[2].Text != "three" {
		t.Errorf("the customer has %+v, %v", items, err)
	}
}

func TestLateAnswerIsDropped(t *testing.T) {
	b := newBench(t)
	late := b.openRow(b.row("Al"), ui.ThreadPane, false)
	b.run(b.openRow(b.row("Bea"), ui.ThreadPane, false))
	b.run(late)
	if got := b.pane.Row().Name; got != "Bea" {
		t.Errorf("the thread is that of %s", got)
	}
}

func TestFailedOpeningLeavesTheListInReach(t *testing.T) {
	b := newBench(t)
	b.env.Journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: "the disk is full"})
	b.run(b.openRow(b.row("Al"), ui.ComposePane, false))
	if b.focus != ui.ListPane || b.pane.Row() != nil {
		t.Errorf("the keys go to pane %d", b.focus)
	}
	if got := b.toasts.Now().Text; got != "the conversation could not be opened: the disk is full" {
		t.Errorf("the person is told %q", got)
	}
	b.env.Journal.Fail(nil)
	if b.run(b.openRow(b.row("Al"), ui.ComposePane, false)); b.pane.Row() == nil {
		t.Error("a second try does not open it")
	}
}

func TestGapIsReadAgain(t *testing.T) {
	b := newBench(t)
	b.run(b.openRow(b.row("Al"), ui.ThreadPane, false))
	for range 3 {
		b.env.Says("Al", "more")
	}
	row := b.row("Al")
	last := desk.Applied{Event: desk.Event{N: row.N, Seq: 999, Body: desk.Message{Direction: desk.In, Text: "more"}}, Row: row, Ord: row.Ord}
	b.run(b.Update(Arrived{Gen: b.open.gen, Thread: []desk.Frame{{Seq: 999, Row: row, Event: &last}}}))
	if got := b.pane.Newest(); got != row.N {
		t.Errorf("the newest event is %d, want %d", got, row.N)
	}
}
