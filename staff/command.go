package staff

import (
	"bufio"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"hark/desk"
)

// commands is the command set: what `hark NAME` and `ssh HOST NAME` know.
type commands struct {
	Ls       lsCommand       `cmd:"" help:"List conversations, newest first, or search them."`
	Views    viewsCommand    `cmd:"" help:"The views: those that there are, and searches that were kept."`
	Cat      catCommand      `cmd:"" help:"Show a conversation from its beginning."`
	Tail     tailCommand     `cmd:"" help:"Follow what happens, in one conversation or in all."`
	Send     sendCommand     `cmd:"" help:"Write to the customer. It takes a conversation that nobody has."`
	Reply    replyCommand    `cmd:"" help:"Answer the newest mail of a conversation."`
	Forward  forwardCommand  `cmd:"" help:"Pass a mail on to somebody else, in a conversation of its own."`
	Attach   attachCommand   `cmd:"" help:"Send files to the customer."`
	Files    filesCommand    `cmd:"" help:"List the files of a conversation."`
	Save     saveCommand     `cmd:"" help:"Save a file of a conversation."`
	Note     noteCommand     `cmd:"" help:"Write to the team. No customer sees it."`
	Claim    claimCommand    `cmd:"" help:"Take conversations that nobody has."`
	Release  releaseCommand  `cmd:"" help:"Let go of conversations."`
	Assign   assignCommand   `cmd:"" as:"ID… NAME" then:"name" help:"Give conversations to somebody: ID… NAME, me or nobody."`
	Tag      tagCommand      `cmd:"" as:"ID… +TAG… -TAG…" help:"Add and remove tags: ID… +tag -tag, or tag - with conversations on standard input."`
	Priority priorityCommand `cmd:"" as:"ID… PRIORITY" then:"priority" help:"Say how urgent conversations are: ID… low, normal, high or urgent."`
	Snooze   snoozeCommand   `cmd:"" help:"Put a conversation away until a time or a reply."`
	Wake     wakeCommand     `cmd:"" help:"End snoozes before their time."`
	Queue    queueCommand    `cmd:"" as:"ID… QUEUE" then:"queue" help:"Put conversations into a queue: ID… NAME."`
	Merge    mergeCommand    `cmd:"" help:"Make a conversation go on in another of the same customer."`
	Unmerge  unmergeCommand  `cmd:"" help:"Take a merge back."`
	Split    splitCommand    `cmd:"" help:"Put messages and notes into a conversation of their own."`
	Unsplit  unsplitCommand  `cmd:"" help:"Take a split back."`
	Move     moveCommand     `cmd:"" help:"Move messages and notes to another conversation of the same customer."`
	Resolve  resolveCommand  `cmd:"" help:"Mark conversations as done."`
	Reopen   reopenCommand   `cmd:"" help:"Take resolved conversations up again."`
	Offers   offersCommand   `cmd:"" help:"List what you are asked to take."`
	Accept   acceptCommand   `cmd:"" help:"Take what you are offered."`
	Decline  declineCommand  `cmd:"" help:"Say no to offers; somebody else is asked."`
	Status   statusCommand   `cmd:"" help:"Say or choose how you are there: available, busy, wrap-up or away."`
	Who      whoCommand      `cmd:"" help:"Show who answers customers, and how they are there."`
	Why      whyCommand      `cmd:"" help:"Say who is asked to take a conversation, or why nobody is."`
	Queues   queuesCommand   `cmd:"" help:"Show the queues as they are now."`
	Mail     mailCommand     `cmd:"" help:"Mail accounts, single mails and mail that could not be taken in."`
	User     userCommand     `cmd:"" help:"Accounts: add one, list them."`
	Doctor   doctorCommand   `cmd:"" help:"Say how the hub is: sockets, files, keys."`
	Stop     stopCommand     `cmd:"" help:"Close the desk for everybody."`
	Complete completeCommand `cmd:"" hidden:"" help:"List what can be typed, for a shell."`
}

// call is a command at work.
type call struct {
	*desk.Session
	ctx   context.Context
	s     *Server
	in    io.Reader
	out   *bufio.Writer
	err   io.Writer
	width int            // of the client's terminal in cells; 0 when the output is no terminal
	zone  *time.Location // in which people read times
	seat  *Seat          // what can be done where the person is; nil over plain ssh
}

// Command is a command line that was understood.
type Command struct {
	Name  string // "ls", "user add"
	Input bool   // it reads standard input
	Files bool   // it saves or reads files where the person is
	Here  *Here  // what it needs of the person's machine first; nil for nothing
	run   func(*call) error
}

// Parse reads a command line. With ok false there is nothing to run: help or a
// complaint has been written, and the process ends with the status.
func Parse(argv []string, out, errOut io.Writer) (c *Command, status int, ok bool) {
	var set commands
	done := false
	k, err := kong.New(&set, kong.Name("hark"), kong.Writers(out, errOut),
		kong.Exit(func(int) { done = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		panic(err) // the table above is wrong; every test would see it
	}
	ctx, err := k.Parse(verbatim(argv))
	switch {
	case done:
		return nil, ExitOK, false
	case err != nil:
		complain(errOut, err)
		return nil, ExitUsage, false
	}
	c = &Command{Name: commandName(ctx), run: func(k *call) error { return ctx.Run(k) }}
	if r, reads := ctx.Selected().Target.Addr().Interface().(interface{ reads() bool }); reads {
		c.Input = r.reads()
	}
	if h, ok := ctx.Selected().Target.Addr().Interface().(interface{ here() Here }); ok {
		here := h.here()
		c.Here = &here
	}
	c.Files = slices.Contains([]string{"save", "attach", "reply", "forward", "mail send"}, c.Name)
	return c, ExitOK, true
}

// verbatim marks what is text or a search, so that nothing in it is taken for a
// flag: everything behind the conversation of send and note, all words of tag,
// and the search of ls, in which a dash is a not.
func verbatim(argv []string) []string {
	if len(argv) == 0 || slices.Contains(argv, "--") {
		return argv
	}
	const text = 2
	switch name := argv[0]; {
	case (name == "send" || name == "note") && len(argv) > text && !strings.HasPrefix(argv[1], "-"):
		return slices.Insert(slices.Clone(argv), text, "--")
	case name == "tag" && len(argv) > 1 && !asksHelp(argv[1]):
		return slices.Insert(slices.Clone(argv), 1, "--")
	case name == "ls":
		var flags, words []string
		for i := 1; i < len(argv); i++ {
			w := argv[i]
			switch {
			case w == "-h", strings.HasPrefix(w, "--"):
				flags = append(flags, w)
				if (w == "--view" || w == "--queue") && i+1 < len(argv) {
					i++
					flags = append(flags, argv[i])
				}
			default:
				words = append(words, w)
			}
		}
		return slices.Concat([]string{name}, flags, []string{"--"}, words)
	}
	return argv
}

func asksHelp(w string) bool { return w == "--help" || w == "-h" }

// Known reports whether the command set has a command of the name.
func Known(name string) bool {
	return slices.ContainsFunc(Commands(), func(n *kong.Node) bool { return n.Name == name })
}

// Commands returns the grammar of the command set, in the order of help.
func Commands() []*kong.Node {
	k, err := kong.New(&commands{}, kong.Name("hark"))
	if err != nil {
		panic(err) // the table above is wrong; every test would see it
	}
	return k.Model.Children
}

// commandName returns the words of the command without its arguments.
func commandName(ctx *kong.Context) string {
	var words []string
	for _, w := range strings.Fields(ctx.Command()) {
		if !strings.HasPrefix(w, "<") {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

// complain writes how the command line is wrong and where to read more.
func complain(w io.Writer, err error) {
	hint := "hark --help"
	var p *kong.ParseError
	if errors.As(err, &p) && p.Context != nil {
		if name := commandName(p.Context); name != "" {
			hint = "hark " + name + " --help"
		}
	}
	_, _ = io.WriteString(w, "hark: "+err.Error()+"; "+hint+" shows how it is written\n")
}

// exec runs one command of the session and returns its exit status.
func (s *session) exec(ctx context.Context, line string) int {
	stdout, stderr := s.output()
	out := bufio.NewWriterSize(stdout, 32<<10)
	defer out.Flush() //nolint:errcheck // the client is gone then
	argv, err := Split(line)
	if err != nil {
		_, _ = io.WriteString(stderr, "hark: "+err.Error()+"\n")
		return ExitUsage
	}
	command, status, ok := Parse(argv, out, stderr)
	if !ok {
		return status
	}
	sess, err := s.signIn(ctx, "command: "+command.Name, false)
	if err == nil {
		defer s.signOut(ctx, sess)
		k := &call{
			Session: sess, ctx: ctx, s: s.c.s, in: s.ch, out: out, err: stderr,
			width: s.columns(), zone: s.zone(),
		}
		if s.seat {
			k.seat = newSeat(s.c.ssh, s.c.s.o.FileLimit, func() {})
		}
		err = command.run(k)
	}
	return s.ended(ctx, command, stderr, err)
}

// ended tells the person about an error and returns the exit status.
func (s *session) ended(ctx context.Context, c *Command, stderr io.Writer, err error) int {
	var silent quiet
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &silent):
		return int(silent)
	case ctx.Err() != nil:
		_, _ = io.WriteString(stderr, "hark: the desk is closed\n")
		return ExitUnavailable
	}
	if desk.CodeOf(err) == desk.Internal {
		s.c.s.o.Log.Error("a command failed", "command", c.Name, "error", err)
	}
	_, _ = io.WriteString(stderr, "hark: "+desk.Sentence(err)+"\n")
	return ExitStatus(err)
}

// quiet is an exit status whose reason the command has told already.
type quiet int

func (q quiet) Error() string { return "exit status " + strconv.Itoa(int(q)) }

// output returns the two ways out; a terminal needs its newlines turned.
func (s *session) output() (stdout, stderr io.Writer) {
	if s.pty {
		return &crlf{w: s.ch}, &crlf{w: s.ch}
	}
	return s.ch, s.ch.Stderr()
}

func (s *session) columns() int {
	if s.pty {
		return s.size.Width
	}
	n, err := strconv.Atoi(s.getEnv("COLUMNS"))
	if err != nil || n < 0 {
		return 0
	}
	return min(n, maxWidth)
}

// zone returns the client's time zone where it names one.
func (s *session) zone() *time.Location {
	name := strings.TrimPrefix(s.getEnv("TZ"), ":")
	if name == "" {
		return time.Local
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.Local
	}
	return loc
}
