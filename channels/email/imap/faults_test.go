package imap

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hark/channels/email/imap/imaptest"
)

// fault is a way to misbehave, and what its victim must see. Where nothing
// else is said, the victim selects INBOX and fetches the mails 1 to 3.
type fault struct {
	name   string
	script imaptest.Script
	mails  []imaptest.Mail // three letters when nil

	do   func(context.Context, Box) ([]uint32, error)
	got  []uint32 // what arrives
	kind Kind     // of the trouble; empty: none
	says string   // part of the trouble's words
	dial bool     // the trouble comes before anybody is signed in
}

var allThree = []uint32{1, 2, 3}

// fetchAll is what a victim does when nothing else is said.
func fetchAll(ctx context.Context, b Box) ([]uint32, error) {
	if _, err := b.Select(ctx, "INBOX"); err != nil {
		return nil, err
	}
	return b.Raw(ctx, allThree, false, 1<<20, swallow)
}

func swallow(_ Meta, r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// idleFor waits for news, briefly.
func idleFor(ctx context.Context, b Box) ([]uint32, error) {
	if _, err := b.Select(ctx, "INBOX"); err != nil {
		return nil, err
	}
	changed, err := b.Idle(ctx, 100*time.Millisecond)
	if changed {
		return nil, errors.New("woken by nothing")
	}
	return nil, err
}

// body returns the wire form of a FETCH of letter n, with items around it.
func body(n string, before, after string) string {
	raw := imaptest.Letter("mail")
	return "* " + n + " FETCH (" + before + "BODY[] {" + strconv.Itoa(len(raw)) + "}\r\n" + raw + after + ")\r\n"
}

func faults() []fault {
	return slices.Concat(waits(), breaks(), lies(), oddities(), refusals(), greetings(), idles())
}

func waits() []fault {
	return []fault{
		{name: "silence to a command", script: imaptest.Script{"UID FETCH": imaptest.Silence("")}, kind: Timeout, says: "silent for 1 s"},
		{name: "silence to SELECT", script: imaptest.Script{"SELECT": imaptest.Silence("")}, kind: Timeout},
		{
			name:   "stall inside a literal",
			script: imaptest.Script{"UID FETCH": imaptest.Silence(body("1", "UID 1 ", "") + "* 2 FETCH (UID 2 BODY[] {900}\r\nSubject")},
			got:    []uint32{1}, kind: Timeout,
		},
		{name: "stall inside a line", script: imaptest.Script{"UID FETCH": imaptest.Silence("* 1 FETCH (UID 1 ")}, kind: Timeout},
		{
			name:   "a line that drips",
			script: imaptest.Script{"UID FETCH": imaptest.Drip("* 1 FETCH (UID 1 FLAGS (\\Seen \\Answered) BODY[] {9}\r\n", 150*time.Millisecond)},
			kind:   Timeout,
		},
		{
			name: "a literal that drips",
			script: imaptest.Script{"UID FETCH": func(c *imaptest.Conn) {
				c.Raw("* 1 FETCH (UID 1 BODY[] {90}\r\n")
				imaptest.Drip(strings.Repeat("x", 90), 50*time.Millisecond)(c)
			}},
			kind: Timeout,
		},
		{
			name:   "a literal that swallows what follows",
			script: imaptest.Script{"UID FETCH": imaptest.After("* 1 FETCH (UID 1 BODY[] {90}\n")},
			got:    []uint32{1}, kind: Protocol,
		},
		{name: "talk without end", script: imaptest.Script{"UID FETCH": talk}, kind: Timeout, says: "come to an end"},
		{
			name:   "a literal shorter than announced",
			script: imaptest.Script{"UID FETCH": imaptest.Silence("* 1 FETCH (UID 1 BODY[] {500}\r\nshort)\r\nTAG OK done\r\n")},
			kind:   Timeout,
		},
	}
}

// talk says something all the time and never ends.
func talk(c *imaptest.Conn) {
	for {
		if _, err := io.WriteString(c, "* OK still here\r\n"); err != nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func breaks() []fault {
	return []fault{
		{name: "hang-up instead of an answer", script: imaptest.Script{"UID FETCH": imaptest.HangUp("")}, kind: Network, says: "closed the connection"},
		{
			name:   "hang-up inside a literal",
			script: imaptest.Script{"UID FETCH": imaptest.HangUp(body("1", "UID 1 ", "") + "* 2 FETCH (UID 2 BODY[] {900}\r\nSubject")},
			got:    []uint32{1}, kind: Network,
		},
		{
			name:   "hang-up with words",
			script: imaptest.Script{"UID FETCH": imaptest.HangUp("* BYE Server shutting down\r\n")},
			kind:   Network, says: "Server shutting down",
		},
		{
			name:   "hang-up because of too many",
			script: imaptest.Script{"UID FETCH": imaptest.HangUp("* BYE Too many simultaneous connections\r\n")},
			kind:   Throttled, says: "Too many",
		},
		{name: "a literal of 1 TB", script: imaptest.Script{"UID FETCH": imaptest.Silence("* 1 FETCH (UID 1 BODY[] {1099511627776}\r\nx")}, kind: TooBig},
		{name: "a literal beyond numbers", script: imaptest.Script{"UID FETCH": imaptest.Silence("* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\nx")}, kind: TooBig},
		{name: "a line of 8 MB", script: imaptest.Script{"UID FETCH": imaptest.Silence("* 1 FETCH (BODYSTRUCTURE " + strings.Repeat("(", 8<<20))}, kind: Protocol},
		{name: "another command's tag", script: imaptest.Script{"UID FETCH": imaptest.Say("T999 OK done\n")}, kind: Protocol},
		{name: "an answer that is none", script: imaptest.Script{"UID FETCH": imaptest.Say("TAG PERHAPS\n")}, kind: Protocol},
		{name: "words of another protocol", script: imaptest.Script{"UID FETCH": imaptest.Say("HTTP/1.1 502 Bad Gateway\n\n<html>\n")}, kind: Protocol},
	}
}

// lies are answers without an error that do not hold what was asked.
func lies() []fault {
	raw := imaptest.Letter("mail")
	size := strconv.Itoa(len(raw))
	return []fault{
		{name: "UID after the body", script: imaptest.Script{"UID FETCH": imaptest.Raw(body("1", "", " UID 1") + body("2", "UID 2 ", "") + "TAG OK done\r\n")}, got: []uint32{2}},
		{name: "no UID", script: imaptest.Script{"UID FETCH": imaptest.Raw(body("1", "", "") + body("2", "UID 2 ", "") + "TAG OK done\r\n")}, got: []uint32{2}},
		{name: "a body that is NIL", script: imaptest.Script{"UID FETCH": imaptest.Raw("* 1 FETCH (UID 1 BODY[] NIL)\r\n" + body("2", "UID 2 ", "") + "TAG OK done\r\n")}, got: []uint32{2}},
		{name: "nothing at all", script: imaptest.Script{"UID FETCH": imaptest.Say("TAG OK done\n")}},
		{
			name:   "flags in a line of their own before the body",
			script: imaptest.Script{"UID FETCH": imaptest.After("* 1 FETCH (UID 1 FLAGS (\\Seen))\n* 2 FETCH (FLAGS () UID 2 MODSEQ (9))\n")},
			got:    allThree,
		},
		{
			name:   "the same mail twice",
			script: imaptest.Script{"UID FETCH": imaptest.Raw(body("1", "UID 1 ", "") + body("1", "UID 1 ", "") + body("2", "UID 2 ", "") + "TAG OK done\r\n")},
			got:    []uint32{1, 2},
		},
		{
			name:   "mails that nobody asked for",
			script: imaptest.Script{"UID FETCH": imaptest.Raw(body("7", "UID 77 ", "") + body("2", "UID 2 ", "") + body("1", "UID 1 ", "") + "TAG OK done\r\n")},
			got:    []uint32{1, 2},
		},
		{name: "the name of an older protocol", script: imaptest.Script{"UID FETCH": imaptest.Raw("* 1 FETCH (UID 1 RFC822 {" + size + "}\r\n" + raw + ")\r\nTAG OK done\r\n")}, got: []uint32{1}},
		{name: "a body as a quoted string", script: imaptest.Script{"UID FETCH": imaptest.Raw("* 1 FETCH (UID 1 BODY[] \"Subject: \\\"x\\\"\")\r\nTAG OK done\r\n")}, got: []uint32{1}},
		{name: "an empty body", script: imaptest.Script{"UID FETCH": imaptest.Raw("* 1 FETCH (UID 1 BODY[] {0}\r\n)\r\nTAG OK done\r\n")}, got: []uint32{1}},
	}
}

// oddities are answers that end the connection of the library as it is.
func oddities() []fault {
	deep := strings.Repeat("(", 100_000) + strings.Repeat(")", 100_000)
	before := func(text string) imaptest.Script { return imaptest.Script{"UID FETCH": imaptest.After(text)} }
	within := func(items string) imaptest.Script {
		return imaptest.Script{"UID FETCH": imaptest.Raw(body("1", "UID 1 "+items+" ", " "+items) + body("2", "UID 2 ", "") + "TAG OK done\r\n")}
	}
	two := []uint32{1, 2}
	return []fault{
		{name: "VANISHED", script: before("* VANISHED (EARLIER) 41,43:116\n"), got: allThree},
		{name: "an unknown response", script: before("* XNEWS (\"a\" b {3}\nc d (e)) f\n"), got: allThree},
		{name: "an empty line", script: before("\n"), got: allThree},
		{name: "a request to go on", script: before("+ go on\n"), got: allThree},
		{name: "mails that go meanwhile", script: before("* 3 EXPUNGE\n* 2 EXISTS\n* 0 RECENT\n"), got: allThree},
		{name: "an unknown item", script: within(`X-GM-LABELS ("\\Inbox" \Sent "a)b") X-GM-MSGID 99 EMAILID (M6d9) THREADID NIL`), got: two},
		{name: "an unknown item with a literal", script: within("X-NOTE ({4}\r\n)) ( \"x\" (y)) PREVIEW {3}\r\n((("), got: two},
		{name: "a bad date", script: within(`INTERNALDATE "31-Foo-2026 25:61:00"`), got: two},
		{name: "a date without end", script: within(`INTERNALDATE "02-Nov-2026`), got: []uint32{2}},
		{name: "a structure that is none", script: within(`BODYSTRUCTURE ("ALTERNATIVE") BODY (NIL "x" ("boundary" NIL) ())`), got: two},
		{name: "a structure with quotes unescaped", script: within(`BODYSTRUCTURE (("text" "plain" ("name" "a"b"c")) "mixed")`), got: two},
		{name: "a deep structure", script: within("BODYSTRUCTURE " + deep), got: two},
		{name: "a deep structure without end", script: before("* 1 FETCH (UID 1 BODYSTRUCTURE " + deep[:100_000] + "\n"), got: allThree},
		{name: "odd flags", script: within(`FLAGS (\Seen [odd] a{b \* %x "quoted" é)`), got: two},
		{name: "odd numbers", script: within(`RFC822.SIZE -1 MODSEQ (99999999999999999999999) UID 0 UID x`), got: two},
		{
			name: "odd codes",
			script: imaptest.Script{
				"SELECT": imaptest.Say("* OK [UIDVALIDITY x] ok\n* OK [UIDNEXT -1] ok\n* OK [HIGHESTMODSEQ 99999999999999999999] ok\n" +
					"* OK [PERMANENTFLAGS (\\Seen [x] {)] ok\n* FLAGS (\\Seen [x\n* 3 EXISTS\n* OK [[x]] y\n* OK [\n" +
					"TAG OK [Error=\"UserNotConnected\" State=x] selected\n"),
			}, got: allThree,
		},
		{name: "lines that end in LF", script: imaptest.Script{"UID FETCH": imaptest.Raw(strings.ReplaceAll(body("1", "UID 1 ", ""), "}\r\n", "}\n") + "TAG OK done\n")}, got: []uint32{1}},
		{
			name: "NUL and 8-bit bytes in a mail", mails: []imaptest.Mail{{UID: 1, Raw: "Subject: \xff\x00\r\n\r\n\x00\x01\x1b{5}\r\n* BYE\r\n"}},
			do: func(ctx context.Context, b Box) ([]uint32, error) {
				if _, err := b.Select(ctx, "INBOX"); err != nil {
					return nil, err
				}
				return b.Raw(ctx, allThree, false, 1<<20, func(_ Meta, r io.Reader) error {
					got, err := io.ReadAll(r)
					if want := "Subject: \xff\x00\r\n\r\n\x00\x01\x1b{5}\r\n* BYE\r\n"; string(got) != want {
						return errors.New("the mail came out as " + string(bytes.ToValidUTF8(got, []byte("?"))))
					}
					return err
				})
			}, got: []uint32{1},
		},
	}
}

func refusals() []fault {
	// lives fetches after a first try that is refused.
	lives := func(ctx context.Context, b Box) ([]uint32, error) {
		if _, err := fetchAll(ctx, b); KindOf(err) != Refused {
			return nil, errors.New("the first try was not refused")
		}
		return fetchAll(ctx, b)
	}
	return []fault{
		{name: "NO", script: imaptest.Script{"UID FETCH": imaptest.Say("TAG NO [SERVERBUG2] not now\n")}, kind: Refused, says: "refused to show mails: not now"},
		{name: "NO, and the connection lives", script: imaptest.Script{"UID FETCH": imaptest.Once(imaptest.Say("TAG NO not now\n"))}, do: lives, got: allThree},
		{name: "BAD, and the connection lives", script: imaptest.Script{"UID FETCH": imaptest.Once(imaptest.Say("TAG BAD what?\n"))}, do: lives, got: allThree},
		{name: "NO without words", script: imaptest.Script{"UID FETCH": imaptest.Once(imaptest.Say("TAG NO\n"))}, do: lives, got: allThree},
		{name: "the words of Microsoft for a pause", script: imaptest.Script{"SELECT": imaptest.Say("TAG BAD User is authenticated but not connected.\n")}, kind: Throttled},
		{name: "a pause by its code", script: imaptest.Script{"SELECT": imaptest.Say("TAG NO [UNAVAILABLE] later\n")}, kind: Throttled, says: "asks for a pause: later"},
		{
			name: "an upload refused", script: imaptest.Script{"APPEND": imaptest.Say("TAG NO [OVERQUOTA] full\n")}, kind: Refused, says: "refused to file the mail: full",
			do: func(ctx context.Context, b Box) ([]uint32, error) {
				err := b.Append(ctx, "Sent", nil, time.Time{}, 5, strings.NewReader("hello"))
				if _, err := fetchAll(ctx, b); err != nil {
					return nil, err
				}
				return nil, err
			},
		},
		{
			name: "an upload that ends too early", kind: "",
			do: func(ctx context.Context, b Box) ([]uint32, error) {
				err := b.Append(ctx, "Sent", nil, time.Time{}, 500, strings.NewReader("hello"))
				if !errors.Is(err, io.ErrUnexpectedEOF) {
					return nil, errors.New("half a mail was filed")
				}
				return nil, nil
			},
		},
	}
}

func greetings() []fault {
	return []fault{
		{name: "no greeting", script: imaptest.Script{"GREETING": imaptest.Silence("")}, kind: Timeout, dial: true},
		{name: "hang-up at once", script: imaptest.Script{"GREETING": imaptest.HangUp("")}, kind: Network, dial: true},
		{name: "a greeting of farewell", script: imaptest.Script{"GREETING": imaptest.HangUp("* BYE closed for maintenance\r\n")}, kind: Network, says: "maintenance", dial: true},
		{name: "a greeting of another protocol", script: imaptest.Script{"GREETING": imaptest.Say("220 mail.example.com ESMTP\n")}, kind: Protocol, dial: true},
		{name: "a greeting without end", script: imaptest.Script{"GREETING": imaptest.Silence("* OK " + strings.Repeat("x", 2<<20))}, kind: Protocol, dial: true},
		{name: "a greeting without words", script: imaptest.Script{"GREETING": imaptest.Say("* OK\n")}, got: allThree},
		{name: "capabilities never said", script: imaptest.Script{"CAPABILITY": imaptest.Say("TAG OK done\n")}, kind: Protocol, dial: true},
		{name: "a password refused", script: imaptest.Script{"AUTHENTICATE": imaptest.Say("TAG NO [AUTHENTICATIONFAILED] wrong\n")}, kind: AuthRefused, says: "refused the name or the password: wrong", dial: true},
		{name: "no sign-in for now", script: imaptest.Script{"AUTHENTICATE": imaptest.Say("TAG NO [UNAVAILABLE] try later\n")}, kind: Throttled, dial: true},
		{name: "questions without end", script: imaptest.Script{"AUTHENTICATE": func(c *imaptest.Conn) {
			for range 2 * maxTalk {
				c.Say("+ \n")
			}
			c.Sound()
		}}, kind: Protocol, dial: true},
		{name: "talk without end before anybody is in", script: imaptest.Script{"AUTHENTICATE": talk}, kind: Timeout, says: "come to an end", dial: true},
		{name: "the code of Microsoft", script: imaptest.Script{"AUTHENTICATE": func(c *imaptest.Conn) {
			c.Say("+ \nTAG OK [Error=\"AuthFailed\" AuthResultFromPopImapEnd=0 Proxy=X:1993:SSL] AUTHENTICATE completed.\n")
		}}, got: allThree},
		{name: "already in", script: imaptest.Script{"GREETING": imaptest.Say("* PREAUTH [CAPABILITY IMAP4rev1] hello\n")}, got: allThree},
	}
}

func idles() []fault {
	return []fault{
		{name: "IDLE never acknowledged", script: imaptest.Script{"IDLE": imaptest.Silence("")}, do: idleFor, kind: Timeout},
		{name: "IDLE that never ends", script: imaptest.Script{"IDLE": imaptest.Silence("+ idling\r\n")}, do: idleFor, kind: Timeout},
		{name: "IDLE refused", script: imaptest.Script{"IDLE": imaptest.Say("TAG NO not today\n")}, do: idleFor, kind: Refused},
		{name: "hang-up in IDLE", script: imaptest.Script{"IDLE": imaptest.HangUp("+ idling\r\n* BYE idle for too long\r\n")}, do: idleFor, kind: Network, says: "idle for too long"},
		{name: "IDLE that tells nothing", do: idleFor},
		{
			name: "IDLE that ends by itself", script: imaptest.Script{"IDLE": imaptest.Say("+ idling\nTAG OK enough\n")},
			do: func(ctx context.Context, b Box) ([]uint32, error) {
				if _, err := b.Select(ctx, "INBOX"); err != nil {
					return nil, err
				}
				if changed, err := b.Idle(ctx, 50*time.Millisecond); !changed || err != nil {
					return nil, errors.New("it does not say that there may be news")
				}
				return fetchAll(ctx, b)
			}, got: allThree,
		},
	}
}

func TestFaults(t *testing.T) {
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			f.play(t)
		})
	}
}

// play lets the fault happen, and sees whether the next connection is well.
func (f fault) play(t *testing.T) {
	mails := f.mails
	if mails == nil {
		mails = imaptest.Letters(3)
	}
	s := imaptest.Serve(t, mails, f.script)
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	f.suffer(ctx, t, scripted(s))
	healthy := scripted(s)
	healthy.Limits = Limits{}
	b, err := Dial(ctx, healthy)
	if err != nil {
		t.Fatalf("the next connection fails: %v", err)
	}
	defer b.Close() //nolint:errcheck // nothing is left to be told
	got, err := fetchAll(ctx, b)
	if err != nil || len(got) != len(mails) {
		t.Errorf("the next connection gets %v, %v", got, err)
	}
}

// suffer is the connection to which the fault happens.
func (f fault) suffer(ctx context.Context, t *testing.T, o Options) {
	b, err := Dial(ctx, o)
	if f.dial {
		f.judge(t, nil, err)
		return
	}
	if err != nil {
		t.Fatalf("it fails before the fault: %v", err)
	}
	defer b.Close() //nolint:errcheck // nothing is left to be told
	do := f.do
	if do == nil {
		do = fetchAll
	}
	got, err := do(ctx, b)
	slices.Sort(got)
	f.judge(t, got, err)
	if f.kind != "" && f.kind.Lost() {
		if _, again := b.Noop(ctx); KindOf(again) != f.kind {
			t.Errorf("the connection is over because of %v, but then says %v", err, again)
		}
	}
}

// judge compares what the victim saw.
func (f fault) judge(t *testing.T, got []uint32, err error) {
	if !slices.Equal(got, f.got) {
		t.Errorf("%v arrived, want %v", got, f.got)
	}
	if KindOf(err) != f.kind || f.kind == "" && err != nil {
		t.Errorf("the trouble is %q: %v, want %q", KindOf(err), err, f.kind)
	}
	if f.says != "" && (err == nil || !strings.Contains(err.Error(), f.says)) {
		t.Errorf("it says %v, want %q in it", err, f.says)
	}
}

// scripted reaches a scripted server, with little patience.
func scripted(s *imaptest.Server) Options {
	return Options{
		Host: "127.0.0.1", Port: s.Port(), Security: Plain, User: "ann",
		Secret: func(context.Context) (string, error) { return "secret", nil },
		Limits: Limits{Dial: time.Second, Silence: time.Second, Stall: time.Second, Command: 3 * time.Second},
	}
}
