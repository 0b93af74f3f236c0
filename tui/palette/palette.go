package palette

import (
	"context"
	"strings"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
)

// findLimit is how long a finder may look.
const findLimit = 2 * time.Second

// foundMost is how many items a finder adds at most.
const foundMost = 50

// Palette is the overlay. It is made each time that it opens.
type Palette struct {
	ctx     context.Context
	items   []Item // what the sources offered
	finder  Finder
	recent  *Recent
	query   string
	found   []Item // what the finder found
	gen     int    // of the query
	hits    []hit
	at, off int
	rows    int // of the last drawing
	refused func(why string) tea.Cmd
}

// foundMsg is what a finder found for a query.
type foundMsg struct {
	of    *Palette
	gen   int
	items []Item
}

// New returns a palette of what the sources offer. finder may be nil; refused
// follows when something is chosen that cannot be done now.
func New(ctx context.Context, sources []Source, finder Finder, recent *Recent, refused func(why string) tea.Cmd) *Palette {
	p := &Palette{ctx: ctx, finder: finder, recent: recent, refused: refused}
	for _, s := range sources {
		p.items = append(p.items, s.Commands()...)
	}
	p.rank()
	return p
}

// Mode is what the palette is called in the status line.
func (p *Palette) Mode() string { return "FIND" }

// Key moves, chooses or types.
func (p *Palette) Key(k tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	switch k.String() {
	case "esc", "ctrl+c", "ctrl+k":
		return nil, true
	case "enter":
		return p.choose()
	case "up", "ctrl+p", "shift+tab":
		p.move(-1)
	case "down", "ctrl+n", "tab":
		p.move(1)
	case "home":
		p.at = 0
	case "end":
		p.move(len(p.hits))
	case "pgdown", "ctrl+d":
		p.move(max(p.rows-1, 1))
	case "pgup", "ctrl+u":
		if p.query != "" && k.String() == "ctrl+u" {
			return p.ask(""), false
		}
		p.move(-max(p.rows-1, 1))
	case "backspace", "ctrl+h":
		if r := []rune(p.query); len(r) > 0 {
			return p.ask(string(r[:len(r)-1])), false
		}
	case "ctrl+w", "alt+backspace":
		return p.ask(lessWord(p.query)), false
	default:
		return p.typed(k.Text), false
	}
	return nil, false
}

// Paste adds text to what is looked for.
func (p *Palette) Paste(text string) {
	p.query = clean(p.query + text)
	p.found = nil
	p.gen++
	p.at, p.off = 0, 0
	p.rank()
}

// Wheel moves.
func (p *Palette) Wheel(by int) { p.move(by) }

func (p *Palette) typed(text string) tea.Cmd {
	if text == "" {
		return nil
	}
	return p.ask(clean(p.query + text))
}

// ask looks for something else from now on.
func (p *Palette) ask(query string) tea.Cmd {
	if query == p.query {
		return nil
	}
	p.query, p.at, p.off = query, 0, 0
	p.gen++
	if strings.TrimSpace(query) == "" {
		p.found = nil
	}
	p.rank()
	if p.finder == nil || strings.TrimSpace(query) == "" {
		return nil
	}
	gen, finder, ctx := p.gen, p.finder, p.ctx
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, findLimit)
		defer cancel()
		return foundMsg{p, gen, finder(ctx, query)}
	}
}

// Update takes what a finder found, unless something else is looked for by now.
func (p *Palette) Update(msg tea.Msg) tea.Cmd {
	m, ok := msg.(foundMsg)
	if !ok || m.of != p || m.gen != p.gen {
		return nil
	}
	var before string
	if p.at < len(p.hits) {
		before = p.hits[p.at].item.ID
	}
	p.found = m.items[:min(len(m.items), foundMost)]
	p.rank()
	p.stay(before)
	return nil
}

// stay keeps the row that keys act on when others came in between: nobody
// chooses what appeared under their finger.
func (p *Palette) stay(id string) {
	if p.at == 0 {
		return
	}
	for i, h := range p.hits {
		if h.item.ID == id {
			p.at = i
		}
	}
}

// rank puts what was found by the finder behind what the letters match by
// name, both by quality.
func (p *Palette) rank() {
	p.hits = rank(p.query, p.items, p.recent)
	if strings.TrimSpace(p.query) != "" && len(p.found) > 0 {
		p.hits = merge(p.hits, found(p.query, p.found, p.recent))
	}
	p.at = max(min(p.at, len(p.hits)-1), 0)
}

// found ranks what a finder found: it fits by what the finder knows of it, so
// nothing is left out.
func found(query string, items []Item, recent *Recent) []hit {
	out := make([]hit, 0, len(items))
	for i, it := range items {
		h, ok := matched(query, it)
		if !ok || it.Weak {
			h = hit{item: it, score: -i}
		}
		if !it.Weak {
			h.score += recent.bonus(it.ID)
		}
		out = append(out, h)
	}
	return out
}

// merge joins two lists: what can be done by score, then what cannot.
func merge(a, b []hit) []hit {
	all := append(append([]hit{}, a...), b...)
	sortHits(all)
	return all
}

func (p *Palette) move(by int) { p.at = max(min(p.at+by, len(p.hits)-1), 0) }

func (p *Palette) choose() (tea.Cmd, bool) {
	if p.at >= len(p.hits) {
		return nil, false
	}
	it := p.hits[p.at].item
	if it.Why != "" {
		return p.refused(it.Why), false
	}
	p.recent.Use(it.ID)
	if it.Do == nil {
		return nil, true
	}
	return it.Do(), true
}

// clean keeps what can be looked for, on one line and within bounds.
func clean(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if r == '\n' || r == '\t' {
			r = ' '
		}
		if unicode.IsPrint(r) && n < queryMost {
			b.WriteRune(r)
			n++
		}
	}
	return b.String()
}

func lessWord(s string) string {
	s = strings.TrimRight(s, " ")
	return s[:strings.LastIndexByte(s, ' ')+1]
}
