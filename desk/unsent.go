package desk

import (
	"strings"
	"unicode/utf8"
)

// Preview tells staff who have opened the conversation what the customer has
// typed and not sent. It is of the moment: nothing of it is kept.
func (d *Desk) Preview(conversation ID, text string) {
	c := d.state.Conversation(conversation)
	if c == nil {
		return
	}
	d.feed.signal(Signal{
		Kind: SignalUnsent, Conversation: conversation, Who: c.Name, Customer: true,
		Active: text != "", Text: hideDigits(Mask(cutBytes(text, visitorTxt))),
	})
}

// cutBytes returns the beginning of s of up to n bytes, of whole characters.
func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// digitsShown is how many digits in a row a preview shows at most: a card
// number that is still being typed is not a card number yet.
const digitsShown = 4

// hideDigits puts a dot in the place of each digit of a long number, also of
// one with blanks and dashes between.
func hideDigits(s string) string {
	var r run
	var out strings.Builder
	done := 0
	for i := 0; i < len(s); {
		r.read(s, i)
		if len(r.digits) == 0 {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
			continue
		}
		end := r.ends[len(r.ends)-1]
		if len(r.digits) > digitsShown {
			out.WriteString(s[done:r.starts[0]])
			out.WriteString(strings.Repeat("·", len(r.digits)))
			done = end
		}
		i = end
	}
	out.WriteString(s[done:])
	return out.String()
}
