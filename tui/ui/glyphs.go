package ui

// Box is the pieces of a frame.
type Box struct{ TopLeft, TopRight, BottomLeft, BottomRight, H, V string }

// Glyphs are the signs that screens are drawn with. All are one cell wide, none
// is an emoji or braille, and every one has a letter in its place in ASCII.
type Glyphs struct {
	Thin, Heavy Box
	Selected    string // at the row that keys act on
	Opened      string // at the row whose thread is open
	Unread      string // the customer wrote, nobody here looked
	Unanswered  string // looked at, the next word is ours
	Done        string // resolved
	Late        string // an answer is due soon or overdue
	Trouble     string // a mail that did not arrive, as far as is known
	Snoozed     string // out of the way for a time
	Merged      string // goes on elsewhere
	Marked      string // chosen for the next act
	Folded      string // more is behind this line
	Unfolded    string
	Sent        string // kept by the desk
	Shown       string // shown to the customer
	Sending     string
	Rail        string // beside the words of a message
	NoteRail    string // beside the words of a note
	Rule        string // in separators
	Down        string // following the newest
	Dot         string // between parts of a line
	Typing      string
	Prompt      string
	NotePrompt  string
}

// Unicode returns the usual glyphs.
func Unicode() Glyphs {
	return Glyphs{
		Thin:     Box{"┌", "┐", "└", "┘", "─", "│"},
		Heavy:    Box{"┏", "┓", "┗", "┛", "━", "┃"},
		Selected: "▌", Opened: "▏", Unread: "●", Unanswered: "○", Done: "✓",
		Late: "!", Trouble: "✗", Snoozed: "z", Merged: "»", Marked: "■", Folded: "▸", Unfolded: "▾",
		Sent: "✓", Shown: "✓✓", Sending: "…", Rail: "│", NoteRail: "┆", Rule: "─",
		Down: "▼", Dot: "·", Typing: "…", Prompt: ">", NotePrompt: "#",
	}
}

// ASCII returns glyphs for terminals that draw the usual ones badly.
func ASCII() Glyphs {
	return Glyphs{
		Thin:     Box{"+", "+", "+", "+", "-", "|"},
		Heavy:    Box{"#", "#", "#", "#", "=", "#"},
		Selected: ">", Opened: "|", Unread: "*", Unanswered: "o", Done: "x",
		Late: "!", Trouble: "X", Snoozed: "z", Merged: ">", Marked: "#", Folded: "+", Unfolded: "-",
		Sent: "v", Shown: "vv", Sending: "..", Rail: "|", NoteRail: ":", Rule: "-",
		Down: "v", Dot: "-", Typing: "...", Prompt: ">", NotePrompt: "#",
	}
}
