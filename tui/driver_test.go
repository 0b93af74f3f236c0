package tui

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"hark/desk"
	"hark/desk/canned"
	"hark/desk/desktest"
)

// console is a person at a terminal: the whole program, drawing to a terminal
// emulator on fake time. What a test sees is the emulator's screen.
type console struct {
	t     *testing.T
	env   *desktest.Env
	term  *terminalScreen
	keys  *io.PipeWriter
	table map[string][]string // keys of actions
	sizes chan Size
	ended chan error
	stop  context.CancelFunc
}

// setup is how a console begins.
type setup struct {
	size    Size
	as      string
	roles   []desk.Role
	env     []string
	notices []string
	leaving string
	ascii   bool
	// background is the colour that the terminal says it has; dark when empty.
	background string
	desk       func(*desktest.Env)
	canned     func() canned.Replies
	keys       map[string]string
	file       Console
	facts      []DeskSetting
	filePath   string
	client     Client
	local      bool
}

// at runs a story in a bubble of fake time, with identifiers that are the same
// each time.
func at(t *testing.T, s setup, story func(*console)) {
	t.Helper()
	cryptotest.SetGlobalRandom(t, 1)
	synctest.Test(t, func(t *testing.T) {
		c := start(t, s)
		defer c.close()
		story(c)
	})
}

func start(t *testing.T, s setup) *console {
	t.Helper()
	time.Sleep(12*time.Hour + 42*time.Minute) // a time of day that reads well
	env := desktest.New(t)
	if s.desk != nil {
		s.desk(env)
	}
	if s.size == (Size{}) {
		s.size = Size{W: 120, H: 40}
	}
	if s.as == "" {
		s.as = "ana"
	}
	if s.env == nil {
		s.env = []string{"TERM=xterm-256color", "COLORTERM=truecolor", "TZ=UTC"}
	}
	c := &console{t: t, env: env, term: newTerminal(s.size), sizes: make(chan Size, 1), ended: make(chan error, 1)}
	if s.background != "" {
		c.term.emu.SetDefaultBackgroundColor(ansi.XParseColor(s.background))
	}
	c.run(s, env.As(s.as, s.roles...))
	c.settle()
	return c
}

func (c *console) run(s setup, session *desk.Session) {
	in, keys := io.Pipe()
	c.keys = keys
	o := Options{
		Session: session, In: in, Out: c.term, Width: s.size.W, Height: s.size.H, Env: s.env, Resize: c.sizes,
		Notices: s.notices, Leaving: s.leaving, ASCII: s.ascii, Keys: s.keys, Console: s.file, Client: s.client, Local: s.local,
		DeskSettings: s.facts, File: s.filePath, Canned: s.canned,
	}
	c.table = map[string][]string{}
	for _, a := range newRoot(c.t.Context(), o, nil, time.Now()).keys.All() {
		c.table[a.ID] = a.Keys
	}
	ctx, cancel := context.WithCancel(c.t.Context())
	c.stop = cancel
	go c.term.answer(keys)
	go func() { c.ended <- Run(ctx, o) }()
	synctest.Wait()
	// The emulator counts by grapheme clusters and does not say so.
	c.Send("\x1b[?2027;2$y")
}

// close ends the program and lets its timers run out.
func (c *console) close() {
	c.stop()
	_ = c.keys.Close()
	<-c.ended
	c.term.close()
	time.Sleep(2 * time.Minute) // the clock's last tick
}

// settle lets everything happen that is on its way, and the screen be drawn.
func (c *console) settle() {
	synctest.Wait()
	time.Sleep(200 * time.Millisecond)
	synctest.Wait()
}

// Press presses the key that is bound to an action.
func (c *console) Press(action string) *console {
	c.t.Helper()
	keys := c.table[action]
	if len(keys) == 0 {
		c.t.Fatalf("no key does %q", action)
	}
	for k := range strings.SplitSeq(keys[0], " ") {
		c.Key(k)
	}
	return c
}

// Key presses a key by its name.
func (c *console) Key(name string) *console {
	c.t.Helper()
	return c.Send(encode(c.t, name))
}

// Type types words.
func (c *console) Type(words string) *console { return c.Send(words) }

// Paste pastes as a terminal does.
func (c *console) Paste(text string) *console { return c.Send("\x1b[200~" + text + "\x1b[201~") }

// Send writes bytes as a terminal would.
func (c *console) Send(raw string) *console {
	c.t.Helper()
	if _, err := io.WriteString(c.keys, raw); err != nil {
		c.t.Fatal(err)
	}
	c.settle()
	return c
}

// Wait lets time pass.
func (c *console) Wait(d time.Duration) *console {
	time.Sleep(d)
	c.settle()
	return c
}

// Resize changes the window.
func (c *console) Resize(s Size) *console {
	c.term.resize(s)
	c.sizes <- s
	c.settle()
	return c
}

// Sees checks that words are on the screen.
func (c *console) Sees(words ...string) *console {
	c.t.Helper()
	screen := c.term.text()
	for _, w := range words {
		if !strings.Contains(screen, w) {
			c.t.Fatalf("%q is not on the screen:\n%s", w, screen)
		}
	}
	return c
}

// Misses checks that words are not on the screen.
func (c *console) Misses(words ...string) *console {
	c.t.Helper()
	screen := c.term.text()
	for _, w := range words {
		if strings.Contains(screen, w) {
			c.t.Fatalf("%q is on the screen:\n%s", w, screen)
		}
	}
	return c
}

// Line returns the line of the screen that holds words.
func (c *console) Line(words string) string {
	c.t.Helper()
	for line := range strings.SplitSeq(c.term.text(), "\n") {
		if strings.Contains(line, words) {
			return line
		}
	}
	c.t.Fatalf("%q is not on the screen:\n%s", words, c.term.text())
	return ""
}

// row returns the only conversation of a visitor.
func (c *console) row(name string) *desk.Conversation {
	return c.env.State.Conversation(c.env.Visitor(desktest.Token(name)).Conversation)
}

// encode returns what a terminal sends for a key.
func encode(t *testing.T, name string) string {
	named := map[string]string{
		"enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f", "delete": "\x1b[3~",
		"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
		"pgup": "\x1b[5~", "pgdown": "\x1b[6~", "f1": "\x1bOP", "f5": "\x1b[15~", "alt+enter": "\x1b\r", "shift+enter": "\x1b[13;2u",
	}
	if raw, ok := named[name]; ok {
		return raw
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok && len(letter) == 1 {
		return string(rune(letter[0] & 0x1f))
	}
	if letter, ok := strings.CutPrefix(name, "alt+"); ok && len(letter) == 1 {
		return "\x1b" + letter
	}
	if len([]rune(name)) == 1 {
		return name
	}
	t.Fatalf("nobody knows how to press %q", name)
	return ""
}

// terminalScreen is a terminal emulator that counts what it is sent and
// remembers what it was asked to do besides drawing.
type terminalScreen struct {
	mu     sync.Mutex
	emu    *vt.Emulator
	bytes  int
	writes int
	titles []string
	raw    strings.Builder
}

func newTerminal(s Size) *terminalScreen {
	ts := &terminalScreen{emu: vt.NewEmulator(s.W, s.H)}
	ts.emu.SetCallbacks(vt.Callbacks{Title: func(title string) { ts.titles = append(ts.titles, title) }})
	return ts
}

// Write draws.
func (ts *terminalScreen) Write(p []byte) (int, error) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.bytes += len(p)
	ts.writes++
	ts.raw.Write(p)
	return ts.emu.Write(p)
}

// answer hands the terminal's replies to the program.
func (ts *terminalScreen) answer(to io.Writer) { _, _ = io.Copy(to, ts.emu) }

func (ts *terminalScreen) close() { _ = ts.emu.Close() }

func (ts *terminalScreen) resize(s Size) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.emu.Resize(s.W, s.H)
}

// text returns the screen without styles, each line with all its cells.
func (ts *terminalScreen) text() string {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	var lines []string
	for y := range ts.emu.Height() {
		var b strings.Builder
		for x := 0; x < ts.emu.Width(); {
			cell := ts.emu.CellAt(x, y)
			if cell == nil || cell.Content == "" {
				b.WriteByte(' ')
				x++
				continue
			}
			b.WriteString(cell.Content)
			x += max(cell.Width, 1)
		}
		lines = append(lines, b.String())
	}
	return strings.Join(lines, "\n")
}

// styled returns the screen with its styles.
func (ts *terminalScreen) styled() string {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	return ts.emu.Render()
}

func (ts *terminalScreen) cursor() (x, y int) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	p := ts.emu.CursorPosition()
	return p.X, p.Y
}

// sent returns how many bytes the terminal was sent, and begins to count anew.
func (ts *terminalScreen) sent() int {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	n := ts.bytes
	ts.bytes = 0
	return n
}

// written returns how often the terminal was written to.
func (ts *terminalScreen) written() int {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	return ts.writes
}

// sentText returns all that the terminal was ever sent.
func (ts *terminalScreen) sentText() string {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	return ts.raw.String()
}

// expect checks whether the terminal was ever sent a sequence.
func (ts *terminalScreen) expect(t *testing.T, sequence string, want bool) {
	t.Helper()
	if got := strings.Contains(ts.sentText(), sequence); got != want {
		t.Fatalf("sent %q: %v, want %v", sequence, got, want)
	}
}

// shop is a desk with some conversations, a minute apart.
func shop(e *desktest.Env) {
	bo := e.As("bo")
	ana := e.As("ana")
	say := func(name, text string) desk.ID {
		time.Sleep(time.Minute)
		return e.Says(name, text)
	}
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	ctx := context.Background()
	mo := say("Mo Farouk", "Hello, the parcel came damaged. I have photos.")
	must(bo.Claim(ctx, mo))
	say("K. Tanaka", "thanks! that solved it")
	say("Visitor 8841", "do you ship to Åland?")
	b := say("Ana Björk", "Hi! My payment failed twice but my bank says both went through.")
	must(ana.Claim(ctx, b))
	time.Sleep(time.Minute)
	must(ana.Reply(ctx, b, "Sorry about that, Ana. Let me look at the two charges."))
	v := e.Visitor(desktest.Token("Ana Björk"))
	e.Seen(b, v.Ord)
	time.Sleep(2 * time.Second)
	must(bo.Note(ctx, b, "both charges are AUTH, not CAPTURE"))
	say("Ana Björk", "ok thank you")
	lea := say("Lea Grün", "can I change the address?")
	must(ana.Claim(ctx, lea))
	for i := range 3 {
		id := say(fmt.Sprintf("Old %d", i), "bye")
		must(bo.End(ctx, id))
	}
}
