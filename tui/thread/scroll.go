package thread

// Bottom goes to the newest and follows it.
func (p *Pane) Bottom() {
	p.idx, p.skip = max(len(p.items)-1, 0), 0
	p.gen++
}

// Following reports whether the newest is in sight, so that the next one will
// be too.
func (p *Pane) Following() bool { return p.idx >= len(p.items)-1 && p.skip == 0 }

// Top goes to the oldest item that is here.
func (p *Pane) Top() {
	p.idx, p.skip = 0, 0
	p.settleEdge()
	p.gen++
}

// Scroll moves by lines, towards the past for a positive number.
func (p *Pane) Scroll(by int) {
	if p.look == nil || len(p.items) == 0 {
		return
	}
	p.gen++
	if by > 0 {
		p.up(by)
	} else {
		p.down(-by)
	}
	p.settleEdge()
}

func (p *Pane) up(by int) {
	p.skip += by
	for p.idx > 0 && p.skip >= p.height(p.idx) {
		p.skip -= p.height(p.idx)
		p.idx--
	}
	if p.idx == 0 {
		p.skip = min(p.skip, p.height(0))
	}
}

func (p *Pane) down(by int) {
	p.skip -= by
	for p.skip < 0 && p.idx < len(p.items)-1 {
		p.idx++
		p.skip += p.height(p.idx)
	}
	p.skip = max(p.skip, 0)
	for p.skip == 0 && p.idx < len(p.items)-1 && p.items[p.idx+1].hidden() {
		p.idx++
	}
}

// settleEdge moves the lower edge down until the pane is full or the newest is
// in sight: nobody scrolls past the beginning.
func (p *Pane) settleEdge() {
	if p.look == nil {
		return
	}
	if missing := p.page() - p.above(p.page()); missing > 0 {
		p.down(missing)
	}
}

// page returns the lines that items have.
func (p *Pane) page() int { return max(p.h-len(p.notes())-len(p.top()), 1) }

// above returns how many lines there are above the lower edge, counting up to
// most.
func (p *Pane) above(most int) int {
	if len(p.items) == 0 || p.look == nil {
		return 0
	}
	n := p.height(p.idx) - p.skip
	for i := p.idx - 1; i >= 0 && n < most; i-- {
		n += p.height(i)
	}
	return n
}

func (p *Pane) height(i int) int { return len(p.lines(p.items[i])) }
