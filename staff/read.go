package staff

import (
	"slices"
	"time"

	"hark/desk"
)

// tailLimit is how many events may wait for a slow reader of a tail before
// they turn into a resync.
const tailLimit = 4096

// why is the purpose that opening content is put on record with.
type why struct {
	Purpose string `enum:"serve,assist,qa,train" default:"serve" help:"Why it is opened: serve, assist, qa or train. It goes on record."`
}

type catCommand struct {
	on
	why
	Numbers bool `short:"n" help:"With the numbers that hark split, hark move and hark mail take."`
	Whole   bool `help:"Mails with everything that they repeat, and with signatures."`
	JSON    bool `name:"json" help:"One JSON object a line."`
}

// Run shows the conversation.
func (c *catCommand) Run(k *call) error {
	t, err := openThread(k, c.on, c.why, "open")
	if err != nil {
		return err
	}
	defer t.Close()
	p := newPrinter(k, c.JSON)
	if err := p.head(t.Row()); err != nil {
		return err
	}
	p.numbers, p.whole = c.Numbers, c.Whole
	inOrder := true
	var last time.Time
	if _, err := t.Each(k.ctx, func(a desk.Applied) error {
		inOrder = inOrder && (a.N == 1 || !a.Said().Before(last))
		if a.N > 1 {
			last = a.Said()
		}
		return p.hide(a)
	}); err != nil {
		return err
	}
	row := t.Row()
	if inOrder {
		_, err = t.Each(k.ctx, func(a desk.Applied) error { return p.event(row, a) })
		return err
	}
	return catSorted(k, t, p)
}

// catSorted shows a conversation in the order in which its words were said, its
// beginning first.
func catSorted(k *call, t *desk.Thread, p *printer) error {
	var all []desk.Applied
	if _, err := t.Each(k.ctx, func(a desk.Applied) error {
		all = append(all, a)
		return nil
	}); err != nil {
		return err
	}
	slices.SortStableFunc(all[min(1, len(all)):], func(a, b desk.Applied) int { return a.Said().Compare(b.Said()) })
	for _, a := range all {
		if err := p.event(t.Row(), a); err != nil {
			return err
		}
	}
	return nil
}

type tailCommand struct {
	ID string `arg:"" optional:"" complete:"id" help:"The conversation; all of them without it."`
	why
	Last int  `short:"n" default:"0" help:"Begin with this many past events of the conversation."`
	JSON bool `name:"json" help:"One JSON object a line."`
}

// Run follows what happens until the client goes.
func (c *tailCommand) Run(k *call) error {
	p := newPrinter(k, c.JSON)
	if c.ID == "" {
		return tailAll(k, p, desk.Purpose(c.Purpose), c.Last)
	}
	t, err := openThread(k, on{c.ID}, c.why, "tail")
	if err != nil {
		return err
	}
	defer t.Close()
	f := follower{k: k, p: p, t: t, n: t.Row().N}
	if err := f.past(c.Last); err != nil {
		return err
	}
	return f.follow()
}

func openThread(k *call, o on, w why, how string) (*desk.Thread, error) {
	c, err := o.find(k)
	if err != nil {
		return nil, err
	}
	return k.Open(k.ctx, c.ID, desk.Purpose(w.Purpose), how, tailLimit)
}

// tailAll follows every conversation. What a slow reader missed cannot be read
// again here: a line says so.
func tailAll(k *call, p *printer, purpose desk.Purpose, last int) error {
	if last > 0 {
		return desk.Errorf(desk.Invalid, "past events are shown of one conversation: hark tail ID -n %d", last)
	}
	sub, err := k.TailAll(k.ctx, purpose, tailLimit)
	if err != nil {
		return err
	}
	defer sub.Close()
	p.following("every conversation")
	var seq uint64
	for {
		b, err := sub.Next(k.ctx)
		if err != nil {
			return err
		}
		if b.Resync {
			if err := p.gap(seq); err != nil {
				return err
			}
		}
		for _, f := range b.Items {
			if f.Event == nil {
				continue
			}
			seq = f.Seq
			if err := p.event(f.Row, *f.Event); err != nil {
				return err
			}
		}
		if err := k.out.Flush(); err != nil {
			return err
		}
	}
}

// follower prints one conversation without a gap and without a repetition.
type follower struct {
	k *call
	p *printer
	t *desk.Thread
	n uint64 // the last event that was printed
}

// past prints the last events before the tail began.
func (f *follower) past(count int) error {
	page, err := f.t.Older(f.k.ctx, count)
	if err != nil {
		return err
	}
	for _, a := range page {
		if err := f.p.event(f.t.Row(), a); err != nil {
			return err
		}
	}
	f.p.following(f.k.Short(f.t.Row().ID))
	return f.k.out.Flush()
}

func (f *follower) follow() error {
	for {
		b, err := f.t.Live().Next(f.k.ctx)
		if err != nil {
			return err
		}
		if b.Resync {
			if err := f.catchUp(); err != nil {
				return err
			}
		}
		for _, fr := range b.Items {
			if fr.Event == nil || fr.Event.N <= f.n {
				continue
			}
			if err := f.print(fr.Row, *fr.Event); err != nil {
				return err
			}
		}
		if err := f.k.out.Flush(); err != nil {
			return err
		}
	}
}

func (f *follower) print(row *desk.Conversation, a desk.Applied) error {
	f.n = a.N
	return f.p.event(row, a)
}

// catchUp reads what the live queue had to leave out.
func (f *follower) catchUp() error {
	var pages [][]desk.Applied
	f.t.Rewind()
	for {
		page, err := f.t.Older(f.k.ctx, tailLimit)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		pages = append(pages, page)
		if page[0].N <= f.n+1 {
			break
		}
	}
	for i := len(pages) - 1; i >= 0; i-- {
		for _, a := range pages[i] {
			if a.N <= f.n {
				continue
			}
			if err := f.print(f.t.Row(), a); err != nil {
				return err
			}
		}
	}
	return nil
}
