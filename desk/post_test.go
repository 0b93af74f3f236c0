package desk_test

import (
	"strings"
	"testing"

	"hark/desk"
)

// TestAMailFromAStrangerCanBeAnswered answers one whose subject and names hold
// what no header may carry.
func TestAMailFromAStrangerCanBeAnswered(t *testing.T) {
	p := newPost(t)
	l := letter("eve@ex.test", "Lamp\r\nBcc: all@ex.test\x00\x1b[2J"+strings.Repeat(" löng", 300))
	l.From.Name, l.Cc = "Eve\x07\r\nX: y", []desk.Address{{Name: "\x00Mo", Mail: "mo@ex.test"}}
	id := p.comes(desk.ID{}, "hello", l)
	ana := p.As("ana")
	for _, all := range []bool{false, true} {
		o, err := ana.ReplyDraft(t.Context(), id, all)
		must(t, err)
		if !strings.HasPrefix(o.Subject, "Re: Lamp Bcc: all@ex.test [2J löng") {
			t.Errorf("the subject is %q", o.Subject)
		}
		o.Text = "hi"
		_, _, err = ana.SendMail(t.Context(), id, o)
		must(t, err)
	}
}
