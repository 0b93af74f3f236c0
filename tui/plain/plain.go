package plain

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"hark/desk"
	"hark/desk/canned"
)

// Limits of waiting.
const (
	actLimit  = 20 * time.Second // a command
	fileLimit = 10 * time.Minute // a file on its way
	feedLimit = 1024             // changes that wait to be told before they are read again as a whole
)

// Client is what the program can ask for where the person sits. It is nil
// where nobody can be asked.
type Client interface {
	Open(ctx context.Context, url string) error
	Save(ctx context.Context, name string, r io.Reader) (path string, err error)
	Read(ctx context.Context, path string) (name string, size int64, rc io.ReadCloser, err error)
}

// Options are what a console is made of.
type Options struct {
	Session *desk.Session
	In      io.Reader
	Out     io.Writer
	// Terminal says that a person types at a terminal which edits and echoes
	// the line; otherwise In and Out are pipes.
	Terminal bool
	Zone     *time.Location // of the person; nil for the machine's
	Client   Client         // nil for none
	Canned   *canned.Folder // nil for none
	Notices  []string       // what the hub wants said at the beginning
	Leaving  string         // what quitting means, such as "the desk stays open"
}

// Run reads commands and tells facts until the person quits, the input ends or
// ctx does. On a pipe it returns the error of the first command that failed,
// which it has told already.
func Run(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if o.Zone == nil {
		o.Zone = time.Local
	}
	s := &sitting{
		o: o, desk: o.Session, ctx: ctx, out: &speaker{w: o.Out}, table: table(),
		heard: make(chan heard), marks: map[desk.ID]mark{}, scope: newsMine,
	}
	defer s.leave()
	if err := s.begin(); err != nil {
		return err
	}
	return s.run(readLines(ctx, o.In))
}

// sitting is one run of the console. One goroutine owns it.
type sitting struct {
	o     Options
	desk  *desk.Session
	ctx   context.Context // of the whole sitting
	out   *speaker
	table []command

	heard     chan heard
	marks     map[desk.ID]mark // what has been told of the rows
	news      []string         // what waits for the next enter
	bell      bool
	scope     newsScope
	alone     []alone // what nobody had when it began
	listening bool
	rung      bool // the bell has rung for what waits
	toldNow   bool // this line brought something new
	fresh     int  // facts that were told since the last wait

	gen      int // of the open conversation
	list     listing
	room     *room     // the open conversation; nil for none
	writing  *writing  // a text in several lines; nil for none
	question *question // what the next line answers; nil for nothing
	undo     []undo

	quit   bool
	goOn   bool  // a failure does not end a script
	failed error // the first failure of a script
}

// begin says where the person is.
func (s *sitting) begin() error {
	changes, err := s.desk.Changes(feedLimit)
	if err != nil {
		s.out.line(sentence(desk.Sentence(err)))
		return err
	}
	context.AfterFunc(s.ctx, changes.Close)
	s.bell = s.desk.Preference(bellPreference) != "off"
	s.mark()
	go s.pump(0, changes)
	acc := s.desk.Account()
	if acc == nil {
		return desk.Errorf(desk.Denied, "your account is gone")
	}
	s.out.line(name(s.desk.Desk().Name) + ". You are " + name(acc.Display) + ", " + string(acc.PresenceAt(time.Now())) + ".")
	for _, n := range s.o.Notices {
		s.out.line(n)
	}
	s.tellMailboxes()
	s.out.line(s.overview() + " Say help for the commands.")
	return nil
}

// run is the loop: a line, or something that happened.
func (s *sitting) run(lines <-chan typed) error {
	tick := time.NewTicker(desk.TypingFor / 2)
	defer tick.Stop()
	s.prompt()
	for !s.quit && s.out.err == nil && s.failed == nil {
		select {
		case l := <-lines:
			s.typed(l)
		case h := <-s.heard:
			s.take(h)
		case <-tick.C:
			s.stillWriting()
			s.stillAlone()
			s.present()
		case <-s.ctx.Done():
			return nil
		}
	}
	return s.failed
}

// typed does what a line says, behind what has happened before it.
func (s *sitting) typed(l typed) {
	s.rung = true // what comes until the next prompt is told before it
	s.drain()
	s.tellNews()
	heardAll := s.listening
	s.listening = false
	if l.end {
		s.ended(l.err)
		return
	}
	if heardAll && strings.TrimSpace(l.text) == "" {
		s.out.line("Stopped listening.")
	} else if err := s.obey(l); err != nil {
		s.fail(err)
	}
	if !s.quit {
		s.settle()
		s.prompt()
	}
}

// obey gives a line to whoever waits for it.
func (s *sitting) obey(l typed) error {
	switch {
	case l.err != nil:
		return l.err
	case s.writing != nil:
		return s.compose(l.text)
	case s.question != nil:
		return s.answer(l.text)
	}
	return s.command(l.text)
}

// command does a command.
func (s *sitting) command(line string) error {
	word, arg := cut(line)
	switch {
	case word == "" && s.o.Terminal:
		if !s.toldNow {
			s.out.line("Nothing new.")
		}
		return nil
	case word == "", word == "#":
		return nil // a comment in a script
	case number(word) > 0 && arg == "":
		return s.openConversation(word)
	}
	c, err := find(s.table, word)
	if err != nil {
		return err
	}
	return c.do(s, arg)
}

// ended is what the end of the input comes to.
func (s *sitting) ended(err error) {
	s.quit = true
	switch {
	case s.writing != nil:
		s.keepWriting()
		s.fail(desk.Errorf(desk.Invalid, "the input ended before a dot ended the text; it is kept as the draft"))
	case err != nil && !errors.Is(err, io.EOF):
		s.fail(err)
	case s.o.Terminal:
		s.goodbye()
	}
}

// fail says what went wrong. It ends a script.
func (s *sitting) fail(err error) {
	if s.ctx.Err() != nil {
		return
	}
	words := desk.Sentence(err)
	if errors.Is(err, context.DeadlineExceeded) && desk.CodeOf(err) == desk.Internal {
		words = "it took too long; try again"
	}
	s.out.line(sentence(words))
	if !s.o.Terminal && !s.goOn && s.failed == nil {
		s.failed = err
	}
}

// prompt says in words where the person is. A pipe needs none.
func (s *sitting) prompt() {
	if !s.o.Terminal || s.quit || s.listening {
		return
	}
	s.rung = false
	switch {
	case s.writing != nil && s.writing.mail != nil:
		s.out.prompt("Mail to " + addresses(s.writing.mail.o.To) + ":")
	case s.writing != nil:
		s.out.prompt(s.writing.kind() + " " + s.roomName() + ":")
	case s.question != nil:
		s.out.prompt(s.question.ask + ":")
	case s.room != nil:
		s.out.prompt("With " + s.roomName() + ":")
	default:
		s.out.prompt("Inbox:")
	}
}

// leave ends what the sitting began.
func (s *sitting) leave() {
	s.closeRoom()
}

func (s *sitting) goodbye() {
	s.quit = true
	words := "Goodbye."
	if s.o.Leaving != "" {
		words += " " + sentence(s.o.Leaving)
	}
	s.out.line(words)
}

// act returns a context for one command at the desk.
func (s *sitting) act() (context.Context, context.CancelFunc) {
	return context.WithTimeout(s.ctx, actLimit)
}

// do runs a command at the desk with its limit of time.
func (s *sitting) do(f func(context.Context) error) error {
	ctx, cancel := s.act()
	defer cancel()
	return f(ctx)
}
