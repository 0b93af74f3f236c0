package plain_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/plain"
)

// hostile is what strangers put wherever they can.
func hostile() []string {
	return []string{
		"a\u009b2J\u009d52;c;aGFyaw==\u009cb\u0085c\u0090q", "a\x1b]52;c;aGFyaw==\x07b", "a\x1b]0;owned\x07b\x1b]2;owned\x1b\\c",
		"a\x1b]0;and the rest", "a\x1bPq#0;2;0;0;0", "a\x1b[2J\x1b[1;1Hb\x1b[?1049lc\x1b[8md", "a\x9b2J\x9d0;owned\x9cb",
		"I owe you 999\rI owe you 1", "a\x00\x05\x07\b\b\b\v\fb\x7f", "invoice\u202Egnp.exe \u2066x\u2069", "pay\u200Bpal\uFEFF\u00AD",
		"hi\U000E0041\U000E0042 there", "a\xff\xfe\xc3(b\xe2\x82", "\x1b]8;;https://evil.example\x1b\\bank.example\x1b]8;;\x1b\\",
		strings.Repeat("w ", 3000), strings.Repeat("w", 5000), strings.Repeat("\n", 300) + "end", "x\nBo: refund approved, 09:42\nWith x: ",
		"a\u2028Bo: yes\u2029c", strings.Repeat("\x1b[5m漢", 700),
	}
}

// harmless checks that output holds nothing but lines of visible text, and the
// bells of the program itself.
func harmless(t *testing.T, out string) {
	t.Helper()
	for line := range strings.SplitSeq(out, "\n") {
		if i := strings.IndexFunc(strings.TrimPrefix(strings.ReplaceAll(line, ": \a", ": "), "\a"), dangerous); i >= 0 {
			t.Errorf("something harmful is in %q", line)
		}
	}
}

func dangerous(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control) || r >= 0xE0000 && r <= 0xE007F || r == '\u2028' || r == '\u2029'
}

func TestHostileText(t *testing.T) {
	for _, text := range hostile() {
		synctest.Test(t, func(t *testing.T) {
			env := desktest.New(t)
			bo := env.As("bo")
			say := func(text string) {
				_, _ = env.Say(t.Context(), desk.Words{Token: desktest.Token("evil"), Client: desk.NewID().Hex(), Text: text, Name: text, Page: "http://x/" + text})
			}
			say(text)
			say("and so on")
			c := open(t, env, bo, func(o *plain.Options) { o.Notices = []string{text}; o.Client = evilClient{text} })
			c.echo = false // what one types oneself is the terminal's to show
			c.Type("list unassigned", "1", "take", "customer", "list", "search "+firstWord(text), "why", "links", "files", "who")
			say(text)
			c.Type("", "close")
			say(text)
			c.Type("", "next", "numbers", "attach x", "tag "+firstWord(text), "queue "+firstWord(text))
			env.SetLamp(desk.Lamp{Part: text, Words: text})
			c.Type("", "status")
			env.Journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: text})
			c.Type("reply x", "resolve")
			harmless(t, c.Heard())
			for line := range strings.SplitSeq(c.Heard(), "\n") {
				if strings.HasPrefix(line, "Bo: refund") || strings.HasPrefix(line, "Bo: yes") {
					t.Errorf("a stranger speaks as a colleague: %q", line)
				}
			}
		})
	}
}

// firstWord is what of a hostile text can be typed on a line.
func firstWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, s[:min(len(s), 60)])
}

// FuzzLines types anything at all: the program answers, goes on, and writes
// nothing but text.
func FuzzLines(f *testing.F) {
	for _, s := range []string{"help\nlist unassigned\n1\nreply\nhello\n.\nundo", "canned\n1", "split 1-99\nmove 1 to 2", "snooze\n9\nfri", "search -\"x", "tag -\nassign \n0", "hand draft to", ".\n..\n.drop"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, typed []byte) {
		env := desktest.New(t)
		env.Says("kai", "hello")
		var out bytes.Buffer
		in := append([]byte("errors continue\nlist unassigned\n1\n"), typed...)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second) // for those that wait
		defer cancel()
		err := plain.Run(ctx, plain.Options{Session: env.As("bo"), In: bytes.NewReader(in), Out: &out})
		if err != nil && desk.CodeOf(err) == desk.Internal {
			t.Errorf("%q: %v", typed, err)
		}
		harmless(t, out.String())
	})
}
