package outbox

import (
	"bufio"
	"context"
	"net"
	"strings"
	"testing"
	"time"
	"unicode"

	"hark/channels/email/imap"
	"hark/desk"
	"hark/desk/mailbox"
)

// FuzzAnswers plays a server that says anything, one line for each line of the
// client: no answer may hang or end the outbox, reach a screen as a control, or
// count as a delivery unless the mail's end was confirmed.
func FuzzAnswers(f *testing.F) {
	f.Add("220 hi\n250 ok\n250 ok\n250 ok\n354 go\n250 done\n")
	f.Add("220 hi\n250-a\n250-SIZE 3\n250 AUTH PLAIN\n235 in\n250 ok\n")
	f.Add("220 hi\n250-x\n250 STARTTLS\n421 \x1b[2Jbye\n")
	f.Add("220 hi\n250 ok\n451 later\n550\n")
	f.Add("999\n-1 x\n250-\n250-\n")
	f.Add("220 hi\n250 ok\n250 ok\n550 \u202eno\n250 ok\n")
	f.Add("220 hi\n250 ok\n250 ok\n250 ok\n354 go\n" + strings.Repeat("250-x\n", 2000))
	const limit = 50 * time.Millisecond
	f.Fuzz(func(t *testing.T, said string) {
		p := newPost(&Outbox{o: Options{Limits: Limits{Command: limit, Stall: limit, Final: limit}.withDefaults()}}, &Account{
			Host: "127.0.0.1", Security: imap.Plain, Secret: func(context.Context) (string, error) { return "secret", nil },
		})
		p.out.o.Dial = func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			go play(there, said)
			return here, nil
		}
		if trouble := talk(t, p); trouble != nil {
			shown := strings.IndexFunc(trouble.words, func(r rune) bool { return unicode.IsControl(r) || r == '\u202e' })
			if shown >= 0 || len(trouble.words) > saidMax+100 || strings.Contains(trouble.words, "secret") {
				t.Errorf("people would read %q", trouble.words)
			}
		}
	})
}

// talk offers one mail and ends it.
func talk(t *testing.T, p *post) *trouble {
	s, trouble := p.open(t.Context())
	if trouble != nil {
		return trouble
	}
	defer s.drop()
	l := mailbox.Letter{From: "help@shop.test", To: []string{"ana@home.test", "ben@home.test"}}
	r, trouble := s.offer(&l, []byte("Subject: x\r\n\r\ny\r\n"), desk.Address{Mail: "help@shop.test"})
	if trouble != nil || r.data == nil {
		return trouble
	}
	verdict, trouble := r.end(s)
	if (verdict == took) != (trouble == nil) {
		t.Errorf("verdict %v with trouble %v", verdict, trouble)
	}
	return trouble
}

// play says a line for each line that it hears, and hangs up at the end. Lines
// that an answer goes on with are said at once.
func play(c net.Conn, said string) {
	defer c.Close()
	heard := bufio.NewReader(c)
	for line := range strings.Lines(said) {
		if _, err := c.Write([]byte(strings.TrimRight(line, "\r\n") + "\r\n")); err != nil {
			return
		}
		if len(line) > 3 && line[3] == '-' {
			continue
		}
		if _, err := heard.ReadString('\n'); err != nil {
			return
		}
	}
}
