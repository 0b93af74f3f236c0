package read

import (
	"strings"

	"hark/channels/email/read/entity"
	"hark/channels/email/read/fold"
	"hark/desk"
)

// collector gathers the words and the parts of a mail.
type collector struct {
	mail  *Mail
	names map[string]string // of pictures, by Content-ID
	notes []string          // words of ours that stand below the text
	lies  map[string]bool   // links that were warned about
}

// content is what an entity says: words, and what hangs on it.
type content struct {
	text    string // clean
	marks   []desk.Fold
	visible int  // characters that are no blanks
	html    bool // the words were HTML
	parts   []*entity.Entity
}

// body reads the words and the parts of a mail.
func (c *collector) body(t *entity.Tree) {
	c.survey(t.Root)
	whole := c.compose(t.Root, nil)
	for _, e := range whole.parts {
		c.mail.Parts = append(c.mail.Parts, c.describe(e))
		c.explain(e)
	}
	c.inWords(t.Root.Header, whole.text)
	if whole.visible == 0 && len(c.notes) == 0 {
		whole = c.lastResort(t, whole)
	}
	c.write(whole)
}

// survey notes the names of the pictures, so that the text can say them.
func (c *collector) survey(e *entity.Entity) {
	if e.Leaf() && e.ContentID != "" {
		if c.names == nil {
			c.names = map[string]string{}
		}
		c.names[e.ContentID] = partName(e)
	}
	for _, child := range e.Children {
		c.survey(child)
	}
}

// compose reads an entity. parent is what it stands in.
func (c *collector) compose(e, parent *entity.Entity) content {
	switch {
	case e.Leaf():
		return c.leaf(e, parent)
	case e.Is("multipart/alternative"):
		return c.alternative(e)
	case e.Is("multipart/related"):
		return c.related(e)
	case e.Is("multipart/encrypted"):
		c.mail.Encrypted = true
	case e.Is("multipart/signed"):
		c.mail.Signed = true
	}
	var whole content
	for _, child := range e.Children {
		whole.add(c.compose(child, e))
	}
	return whole
}

// add puts another content below.
func (a *content) add(b content) {
	a.parts = append(a.parts, b.parts...)
	if b.visible == 0 {
		return
	}
	if a.visible > 0 {
		a.text = strings.TrimRight(a.text, "\n") + "\n\n"
	}
	for _, m := range b.marks {
		m.From, m.To = m.From+len(a.text), m.To+len(a.text)
		a.marks = append(a.marks, m)
	}
	a.text += b.text
	a.visible += b.visible
	a.html = a.html || b.html
}

// thin is how much less text/plain may say than the HTML beside it before it
// is taken for an empty one: a fifth.
const thin = 5

// alternative chooses between the forms of one text. What hangs on any of them
// hangs on the mail.
func (c *collector) alternative(e *entity.Entity) content {
	var plain, rich content
	var parts []*entity.Entity
	for _, child := range e.Children {
		one := c.compose(child, e)
		parts = append(parts, one.parts...)
		switch {
		case one.html && one.visible > 0:
			rich = one
		case !one.html && plain.visible == 0:
			plain = one
		}
	}
	best := plain
	if plain.visible*thin < rich.visible {
		best = rich
	}
	best.parts = parts
	return best
}

// related reads the text, which is the first part unless another is named, and
// what the text shows.
func (c *collector) related(e *entity.Entity) content {
	start := strings.Trim(e.Media.Params["start"], "<> ")
	root := 0
	for i, child := range e.Children {
		if start != "" && child.ContentID == start {
			root = i
		}
	}
	var whole content
	for i, child := range e.Children {
		one := c.compose(child, e)
		if i != root && child.Leaf() && one.visible > 0 && child.Name != "" { // a named text beside the first is a file
			one = content{parts: []*entity.Entity{child}}
		}
		whole.add(one)
	}
	return whole
}

// write puts the words into the mail, cut to what one message holds, and folds
// what they repeat.
func (c *collector) write(whole content) {
	m := c.mail
	text := strings.TrimLeft(whole.text, "\n")
	lead := len(whole.text) - len(text)
	text = strings.TrimRight(text, "\n ")
	notes := strings.Join(c.notes, "\n")
	if most := desk.TextLimit - len(notes) - len(cutNote) - 2; len(text) > most {
		text = cutLine(text, most)
		notes = strings.TrimPrefix(notes+"\n", "\n") + cutNote
		m.mended("the text is cut; the raw mail has the rest")
	}
	m.Forwarded = m.Forwarded || isForward(m.Subject) || fold.Forwards(text)
	m.Folds = fold.Find(text, fold.Options{
		Marks:   shifted(whole.marks, lead, len(text)),
		Answer:  m.InReplyTo != "" || len(m.References) > 0 || isReply(m.Subject),
		Forward: m.Forwarded,
	})
	m.Text = text
	switch {
	case notes != "" && text != "":
		m.Text += "\n\n" + notes
	case notes != "":
		m.Text = notes
	case text == "":
		m.Text = noWords
	}
	m.Quoted = append(m.Quoted, quotedIDs(text)...)
}

// Words of ours.
const (
	cutNote = "[The text goes on in the raw mail.]"
	noWords = "[This mail has no words.]"
)

// shifted moves marks with their text and keeps those within it.
func shifted(marks []desk.Fold, lead, end int) []desk.Fold {
	var all []desk.Fold
	for _, f := range marks {
		f.From, f.To = max(f.From-lead, 0), f.To-lead
		if f.To >= end { // the last line has lost its break
			f.To = end
		}
		if f.From < f.To {
			all = append(all, f)
		}
	}
	return all
}
