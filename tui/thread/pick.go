package thread

import (
	"slices"

	"hark/desk"

	"github.com/charmbracelet/x/ansi"
)

// Pick begins to choose messages and notes, at the newest one in sight, or ends
// that.
func (p *Pane) Pick(on bool) {
	p.picking, p.at, p.picked = on, nil, nil
	p.gen++
	if !on {
		return
	}
	p.picked = map[desk.ID]bool{}
	for i := min(p.idx, len(p.items)-1); i >= 0 && p.at == nil; i-- {
		if p.items[i].pickable() {
			p.at = p.items[i]
		}
	}
}

// Picking reports whether messages are being chosen.
func (p *Pane) Picking() bool { return p.picking }

// pickable reports whether an item can be moved elsewhere.
func (it *item) pickable() bool { return !it.quiet() && !it.sending && !it.hidden() && !it.foreign }

// origin returns the event that was said first: a copy stands for it.
func (it *item) origin() desk.ID {
	if b, ok := it.Body.(desk.MovedIn); ok {
		return b.Item
	}
	return it.ID
}

// Toggle chooses the item under the cursor, or takes that back.
func (p *Pane) Toggle() {
	if p.at == nil {
		return
	}
	if p.picked[p.at.ID] {
		delete(p.picked, p.at.ID)
	} else {
		p.picked[p.at.ID] = true
	}
	p.gen++
}

// Picked returns the events that were chosen, oldest first.
func (p *Pane) Picked() []desk.ID {
	var ids []desk.ID
	for _, it := range p.items {
		if p.picked[it.ID] {
			ids = append(ids, it.origin())
		}
	}
	return ids
}

// MovePick moves the cursor of choosing, towards the newest for a positive
// number, and keeps it in sight.
func (p *Pane) MovePick(by int) {
	step := 1
	if by < 0 {
		step, by = -1, -by
	}
	at := p.place()
	for i := at + step; i >= 0 && i < len(p.items) && by > 0; i += step {
		if p.items[i].pickable() {
			p.at, at = p.items[i], i
			by--
		}
	}
	p.show(at)
	p.gen++
}

// place returns where the cursor's item is.
func (p *Pane) place() int {
	for i, it := range p.items {
		if it == p.at {
			return i
		}
	}
	return p.idx
}

// show scrolls so that an item is in sight.
func (p *Pane) show(at int) {
	if p.look == nil || at < 0 || at >= len(p.items) {
		return
	}
	if at >= p.idx {
		p.idx, p.skip = at, 0
		p.settleEdge()
		return
	}
	lines := -p.skip
	for i := at; i <= p.idx; i++ {
		lines += p.height(i)
	}
	for lines > p.h && p.idx > at {
		lines -= p.height(p.idx) - p.skip
		p.skip = 0
		p.idx--
	}
}

// chosen draws an item that is chosen, or under the cursor of choosing, with a
// sign at its left.
func (p *Pane) chosen(lines []string, k key) []string {
	if !k.picked && !k.at {
		return lines
	}
	l := p.look
	sign := " "
	if k.picked {
		sign = l.Glyphs.Marked
	}
	for i, line := range lines {
		text := ansi.Strip(line)
		if k.at {
			lines[i] = l.Select.Render(l.Fit(l.Glyphs.Selected+sign+text, p.width))
			continue
		}
		lines[i] = l.Accent.Render(l.Fit(sign+" "+text, p.width))
	}
	return lines
}

// ForwardOf returns the message that is passed on: the one under the cursor of
// choosing, else the newest of a customer, else the newest.
func (p *Pane) ForwardOf() desk.ID {
	said := func(it *item) bool { _, ok := it.message(); return ok }
	theirs := func(it *item) bool {
		mail := it.letter()
		return said(it) && it.incoming() && (mail == nil || !mail.Muted)
	}
	if id := p.current(theirs); !id.IsZero() {
		return id
	}
	return p.current(said)
}

// MailOf returns the mail that is looked at: the one under the cursor of
// choosing, else the lowest in sight, else the newest.
func (p *Pane) MailOf() desk.ID {
	return p.current(func(it *item) bool { return it.letter() != nil })
}

func (p *Pane) current(fits func(*item) bool) desk.ID {
	usable := func(it *item) bool { return it.pickable() && fits(it) }
	if p.picking && p.at != nil && usable(p.at) {
		return p.at.ID
	}
	if p.look != nil {
		for _, it := range p.inSight() {
			if usable(it) {
				return it.ID
			}
		}
	}
	for _, it := range slices.Backward(p.items) {
		if usable(it) {
			return it.ID
		}
	}
	return desk.ID{}
}
