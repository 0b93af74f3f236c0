package ui

// The windows at which the layout changes.
const (
	minW, minH     = 40, 10
	smallW, smallH = 60, 16
	twoW           = 80
	threeW         = 120
	tallH          = 30
)

// Pane names a part of the inbox that can have the keys.
type Pane uint8

// The panes, in the order of their numbers.
const (
	ListPane Pane = iota + 1
	ThreadPane
	CustomerPane
	ComposePane
)

// Want is what the screen would like to show.
type Want struct {
	Focus    Pane
	Lines    int  // of the text in the composer
	Head     int  // lines of a mail's head above that text; 0 for what is no mail
	Customer bool // the customer, where it is not there anyway
	Open     bool // a conversation is open
}

// Plan says where everything goes. Empty places are not drawn.
type Plan struct {
	Window   Size
	TooSmall bool
	Top      bool // there is a line at the top
	Toast    bool // there is a line for messages above the status line
	List     Rect
	Thread   Rect
	Customer Rect
	Composer Rect
}

// Body returns the height between the top line and the lines at the bottom.
func (p Plan) Body() int {
	h := p.Window.H - 1
	if p.Top {
		h--
	}
	if p.Toast {
		h--
	}
	return h
}

// Layout arranges a window. It is a pure function of its arguments.
func Layout(win Size, want Want) Plan {
	p := Plan{Window: win}
	if win.W < minW || win.H < minH {
		p.TooSmall = true
		return p
	}
	small := win.W < smallW || win.H < smallH
	p.Top = !small
	p.Toast = win.H >= tallH
	y := 0
	if p.Top {
		y = 1
	}
	area := Rect{0, y, win.W, p.Body()}
	switch {
	case small || win.W < twoW:
		p.one(area, want)
	case win.W < threeW:
		p.two(area, want)
	default:
		p.three(area, want)
	}
	return p
}

// one shows the pane that has the keys; the composer goes with the thread.
func (p *Plan) one(area Rect, want Want) {
	switch {
	case want.Customer:
		p.Customer = area
	case want.Focus == ListPane || !want.Open:
		p.List = area
	default:
		p.Thread, p.Composer = p.stack(area, want)
	}
}

// two shows the list beside the thread or the customer.
func (p *Plan) two(area Rect, want Want) {
	const list = 28
	p.List = Rect{area.X, area.Y, list, area.H}
	right := Rect{area.X + list, area.Y, area.W - list, area.H}
	upper, lower := p.stack(right, want)
	p.Composer = lower
	if want.Customer {
		p.Customer = upper
		return
	}
	p.Thread = upper
}

// three shows everything, with the composer below.
func (p *Plan) three(area Rect, want Want) {
	upper, lower := p.stack(area, want)
	p.Composer = lower
	list, customer := 38, 30
	if area.W >= 160 {
		list, customer = 46, 36
	}
	p.List = Rect{upper.X, upper.Y, list, upper.H}
	p.Thread = Rect{upper.X + list, upper.Y, upper.W - list - customer, upper.H}
	p.Customer = Rect{upper.X + upper.W - customer, upper.Y, customer, upper.H}
}

// stack puts the composer under something.
func (p *Plan) stack(area Rect, want Want) (upper, lower Rect) {
	least, most := 2, 6
	switch {
	case p.Window.H >= tallH:
		least, most = 3, 10
	case p.Window.H < smallH:
		least, most = 1, 3
	}
	if want.Head > 0 { // a mail is longer than a line of chat
		least, most = least+1, most+4
	}
	h := min(min(max(want.Lines, least), most)+want.Head, area.H/2) + 2
	upper = Rect{area.X, area.Y, area.W, area.H - h}
	lower = Rect{area.X, area.Y + upper.H, area.W, h}
	return upper, lower
}
