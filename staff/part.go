package staff

import (
	"slices"
	"strconv"
	"strings"

	"hark/desk"
)

type mergeCommand struct {
	From string `arg:"" complete:"id" help:"The conversation that goes on in the other."`
	Into string `arg:"" complete:"id" help:"The other, of the same customer."`
}

// Run merges a conversation into another one. Which of them stays is the
// desk's to say: a chat stays where the customer writes.
func (c *mergeCommand) Run(k *call) error {
	from, into, err := k.two(c.From, c.Into)
	if err != nil {
		return err
	}
	stays, err := k.Merge(k.ctx, from.ID, into.ID)
	if err != nil {
		return err
	}
	gone := from
	if stays == from.ID {
		gone = into
	}
	return k.tell(k.Short(gone.ID) + " goes on in " + k.Short(stays))
}

// two finds two conversations.
func (k *call) two(a, b string) (*desk.Conversation, *desk.Conversation, error) {
	first, err := k.Resolve(a)
	if err != nil {
		return nil, nil, err
	}
	second, err := k.Resolve(b)
	return first, second, err
}

type unmergeCommand struct{ on }

// Run takes a merge back.
func (c *unmergeCommand) Run(k *call) error {
	return k.one(c.ID, func(row *desk.Conversation) (string, error) {
		return " stands by itself again", k.Unmerge(k.ctx, row.ID)
	})
}

// items are messages and notes of a conversation.
type items struct {
	Items []string `arg:"" name:"item" help:"The messages and notes: their numbers as hark cat -n shows them (3, 5-8), or their identifiers."`
}

type splitCommand struct {
	on
	items
}

// Run puts messages and notes into a conversation of their own.
func (c *splitCommand) Run(k *call) error {
	row, ids, err := c.locate(k, c.ID)
	if err != nil {
		return err
	}
	split, err := k.Split(k.ctx, row.ID, ids)
	if err != nil {
		return err
	}
	return k.tell(k.Short(split) + " has " + counted(len(ids)) + " of " + k.Short(row.ID))
}

type unsplitCommand struct{ on }

// Run takes a split back.
func (c *unsplitCommand) Run(k *call) error {
	return k.one(c.ID, func(row *desk.Conversation) (string, error) {
		return " is back where it was split from", k.Unsplit(k.ctx, row.ID)
	})
}

type moveCommand struct {
	From string `arg:"" complete:"id" help:"The conversation that they stand in."`
	To   string `arg:"" complete:"id" help:"The conversation, of the same customer, that they belong in."`
	items
	Back bool `help:"Take the move back instead."`
}

// Run moves messages and notes to another conversation.
func (c *moveCommand) Run(k *call) error {
	row, ids, err := c.locate(k, c.From)
	if err != nil {
		return err
	}
	to, err := k.Resolve(c.To)
	if err != nil {
		return err
	}
	if c.Back {
		if err := k.MoveBack(k.ctx, row.ID, to.ID, ids); err != nil {
			return err
		}
		return k.tell(k.Short(row.ID) + " has " + counted(len(ids)) + " back")
	}
	if err := k.Move(k.ctx, row.ID, to.ID, ids); err != nil {
		return err
	}
	return k.tell(k.Short(to.ID) + " has " + counted(len(ids)) + " of " + k.Short(row.ID))
}

func counted(n int) string {
	if n == 1 {
		return "1 item"
	}
	return strconv.Itoa(n) + " items"
}

// locate returns the conversation and the identifiers of its items.
func (i items) locate(k *call, id string) (*desk.Conversation, []desk.ID, error) {
	row, err := k.Resolve(id)
	if err != nil {
		return nil, nil, err
	}
	wanted, numbers, err := i.parse()
	if err != nil {
		return nil, nil, err
	}
	if len(numbers) == 0 {
		return row, wanted, nil
	}
	t, err := k.Open(k.ctx, row.ID, desk.Serve, "open", 1)
	if err != nil {
		return nil, nil, err
	}
	defer t.Close()
	_, err = t.Each(k.ctx, func(a desk.Applied) error {
		if _, ok := numbers[a.N]; ok && isItem(a.Body) {
			wanted = append(wanted, a.ID)
			delete(numbers, a.N)
		}
		return nil
	})
	for n := range numbers {
		return nil, nil, desk.Errorf(desk.NotFound, "number %d of %s is no message and no note; hark cat -n %s shows the numbers", n, k.Short(row.ID), k.Short(row.ID))
	}
	return row, wanted, err
}

// isItem reports whether an event can be moved.
func isItem(b desk.Body) bool {
	switch b.(type) {
	case desk.Message, desk.Note, desk.MovedIn:
		return true
	}
	return false
}

// itemsMax is how many items one command names.
const itemsMax = 200

// parse reads numbers, spans of numbers and identifiers.
func (i items) parse() (ids []desk.ID, numbers map[uint64]struct{}, err error) {
	numbers = map[uint64]struct{}{}
	for _, w := range i.Items {
		if id, err := desk.ParseID(w); err == nil {
			ids = append(ids, id)
			continue
		}
		low, high, span := strings.Cut(w, "-")
		if !span {
			high = low
		}
		a, errA := strconv.ParseUint(low, 10, 32)
		b, errB := strconv.ParseUint(high, 10, 32)
		if errA != nil || errB != nil || a == 0 || b < a {
			return nil, nil, desk.Errorf(desk.Invalid, "%q is no item: name its number, as in 3 or 5-8, or its identifier", w)
		}
		for n := a; n <= b && len(numbers) <= itemsMax; n++ {
			numbers[n] = struct{}{}
		}
	}
	if len(ids)+len(numbers) > itemsMax {
		return nil, nil, desk.Errorf(desk.Invalid, "at most %d items are moved at once", itemsMax)
	}
	slices.SortFunc(ids, func(a, b desk.ID) int { return strings.Compare(a.String(), b.String()) })
	return slices.Compact(ids), numbers, nil
}
