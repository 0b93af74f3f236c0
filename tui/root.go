package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"hark/desk"
	"hark/tui/inbox"
	"hark/tui/palette"
	"hark/tui/safe"
	"hark/tui/settings"
	"hark/tui/ui"
)

// root is the one model: it knows the terminal, sends keys where they belong
// and puts the lines of the window together.
type root struct {
	ctx     context.Context // ends with the session
	opts    Options
	session *desk.Session
	screen  *inbox.Screen
	keys    *ui.Keymap
	toasts  ui.Toasts
	notices []string

	look *ui.Look
	term terminal
	win  ui.Size
	now  time.Time

	chord    chord
	held     []tea.Msg // keys that came while a conversation was being opened
	overlays []ui.Overlay
	quit     int // the generation of a first ctrl+c, 0 for none
	gen      int
	toasted  int  // the message that has a timer
	counting bool // seconds are being counted
	lamps    []desk.Lamp

	own     map[string]string // choices that the desk does not have yet
	recent  palette.Recent
	away    away
	pointer bool    // the mouse is listened to
	stream  *stream // nil in tests without a terminal

	frame  frame
	behind behind
}

// terminal is what is known of the terminal; every part may change when it
// answers.
type terminal struct {
	dark    bool
	profile colorprofile.Profile
	measure ui.Measure
	chords  bool
}

// newRoot returns the model. follow brings the events of an opened thread.
func newRoot(ctx context.Context, o Options, follow func(int, *desk.Thread), now time.Time) *root {
	w, h := o.size()
	r := &root{
		ctx: ctx, opts: o, session: o.Session, win: ui.Size{W: w, H: h}, now: now, notices: notices(o.Notices),
		term: terminal{dark: true, profile: profile(o.Env), measure: ui.ByCodePoint()}, own: map[string]string{},
	}
	r.relook()
	r.screen = inbox.New(inbox.Deps{
		Context: ctx, Session: o.Session, Toasts: &r.toasts, Notices: r.notices, Follow: follow,
		Client: o.Client, Canned: o.Canned,
	}, r.look, now)
	r.screen.SetWindow(r.win)
	r.lamps = o.Session.Lamps()
	for _, p := range r.rekey() {
		r.toasts.Fail("a key of this desk is not taken: " + p.Error())
	}
	return r
}

// relook makes the look anew after the terminal said something about itself,
// or the person chose something else.
func (r *root) relook() {
	book := r.book()
	glyphs, measure := ui.Unicode(), r.term.measure
	if book.Value(settings.Glyphs) == "ascii" {
		glyphs, measure = ui.ASCII(), measure.InASCII()
	}
	r.pointer = book.Value(settings.Mouse) == settings.On
	r.look = &ui.Look{
		Theme: ui.NamedTheme(book.Value(settings.Theme), r.term.dark, r.term.profile), Measure: measure, Glyphs: glyphs,
		Zone: zone(r.opts.Env), Still: book.Value(settings.Motion) == settings.Reduced, Chords: r.term.chords,
	}
	if r.keys != nil {
		r.look.Bound = r.keys.First()
	}
	if r.screen != nil {
		r.screen.SetLook(r.look)
	}
}

// Init asks the terminal what it is and starts the clock.
func (r *root) Init() tea.Cmd { return tea.Batch(tea.RequestBackgroundColor, nextMinute()) }

// Update takes one message after the other; everything is changed here.
func (r *root) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	return r, tea.Batch(r.update(msg), r.timers())
}

func (r *root) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
		return r.input(msg)
	case tea.MouseClickMsg, tea.MouseWheelMsg:
		return r.mouse(msg)
	case tea.WindowSizeMsg:
		r.win = ui.Size{W: msg.Width, H: msg.Height}
		r.screen.SetWindow(r.win)
	case tea.FocusMsg, tea.BlurMsg:
		return r.watched(msg)
	case tea.BackgroundColorMsg, tea.ColorProfileMsg, tea.KeyboardEnhancementsMsg, tea.ModeReportMsg:
		r.learn(msg)
	case ui.OpenMsg:
		r.open(msg.Overlay)
	case ui.AsideMsg:
		return r.aside(msg)
	case minuteMsg:
		r.now = time.Time(msg)
		r.screen.Minute(r.now)
		return nextMinute()
	case secondMsg:
		r.counting = false
		r.screen.Tick(time.Time(msg))
	case prefixMsg, toastMsg, quitMsg, noticeMsg:
		return r.expire(msg)
	case inbox.Arrived:
		r.lamp(msg)
		return tea.Batch(r.screen.Update(msg), r.happened(msg))
	default:
		return tea.Batch(r.answer(msg), r.screen.Update(msg), r.release())
	}
	return nil
}

// answer takes what the root's own commands and the overlays' bring.
func (r *root) answer(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	default:
	case chosenMsg:
		r.chosen(msg)
	case toldMsg:
		r.told(msg)
	case backMsg:
		return back(msg)
	}
	return r.listen(msg)
}

// learn takes what the terminal says about itself.
func (r *root) learn(msg tea.Msg) {
	before := r.term
	switch msg := msg.(type) {
	case tea.BackgroundColorMsg:
		r.term.dark = msg.IsDark()
	case tea.ColorProfileMsg:
		if lookup(r.opts.Env, "NO_COLOR") == "" {
			r.term.profile = msg.Profile
		}
	case tea.KeyboardEnhancementsMsg:
		r.term.chords = msg.SupportsKeyDisambiguation()
	case tea.ModeReportMsg:
		// The renderer changes its way of counting on the same answer.
		if msg.Mode == ansi.ModeUnicodeCore && !msg.Value.IsNotRecognized() && !msg.Value.IsPermanentlyReset() {
			r.term.measure = ui.ByGrapheme()
		}
	}
	if r.term != before {
		r.relook()
	}
}

// lamp takes how the parts of the hub are.
func (r *root) lamp(a inbox.Arrived) {
	for i := range a.Rows {
		if sig := a.Rows[i].Signal; sig != nil && sig.Kind == desk.SignalLamp || a.Resync {
			r.lamps = r.session.Lamps()
			return
		}
	}
}

// paste is text wherever it goes: it never acts.
func (r *root) paste(text string) {
	if o := r.top(); o != nil {
		if p, ok := o.(ui.Paster); ok {
			p.Paste(text)
		}
		return
	}
	r.chord = chord{}
	r.screen.Paste(text)
}

// expire takes a timer that has run out, if it is still wanted.
func (r *root) expire(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case prefixMsg:
		if r.chord.gen == int(msg) {
			r.chord.open = r.chord.prefix != ""
		}
	case toastMsg:
		r.toasts.Expire(int(msg))
	case quitMsg:
		if r.quit == int(msg) {
			r.quit = 0
		}
	case noticeMsg:
		return r.notify(int(msg))
	}
	return nil
}

// timers starts the timer of a new message, and the one that counts seconds
// while there are some to be counted.
func (r *root) timers() tea.Cmd {
	return tea.Batch(r.messageTimer(), r.secondTimer())
}

func (r *root) messageTimer() tea.Cmd {
	gen, t := r.toasts.Gen(), r.toasts.Now()
	switch {
	case gen == r.toasted:
		return nil
	case !t.Until.IsZero():
		r.toasted = gen
		return untilTimer(gen, t.Until)
	case r.look.Still:
		return nil
	}
	r.toasted = gen
	return toastTimer(gen)
}

func (r *root) secondTimer() tea.Cmd {
	now := time.Now()
	if r.counting || r.look.Still || !r.screen.Counting(now) && !r.toasts.Now().Until.After(now) {
		return nil
	}
	r.counting = true
	return nextSecond()
}

// deskName is the desk's name, fit for a terminal.
func (r *root) deskName() string { return safe.Name(r.session.Desk().Name).String() }
