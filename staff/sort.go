package staff

import (
	"strings"
	"time"

	"hark/desk"
	"hark/desk/when"
)

type tagCommand struct {
	Words []string `arg:"" name:"word" complete:"tag" help:"ID… +tag -tag, ID tag…, or tag… - with the conversations on standard input."`
}

func (c *tagCommand) reads() bool { return hasStdin(c.Words) }

// Run adds and removes tags.
func (c *tagCommand) Run(k *call) error {
	ids, add, remove := tagWords(c.Words)
	if len(ids) == 0 || len(add)+len(remove) == 0 {
		return desk.Errorf(desk.Invalid, "a conversation and a tag are needed: hark tag ID +refund -new, or hark tag refund - with the conversations on standard input")
	}
	return k.each(ids, func(row *desk.Conversation) (string, error) {
		if err := k.Tag(k.ctx, row.ID, add, remove); err != nil {
			return "", err
		}
		return tagged(k.Row(row.ID)), nil
	})
}

// tagWords tells conversations from tags. With - the conversations come from
// standard input, and every other word is a tag; otherwise words with a sign
// are tags, and without any sign all words behind the first are.
func tagWords(words []string) (ids, add, remove []string) {
	signed := func(w string) bool { return len(w) > 1 && (w[0] == '+' || w[0] == '-') }
	input, signs := hasStdin(words), false
	for _, w := range words {
		signs = signs || signed(w)
	}
	for i, w := range words {
		switch {
		case w == stdin:
			ids = append(ids, w)
		case signed(w) && w[0] == '-':
			remove = append(remove, w[1:])
		case signed(w):
			add = append(add, w[1:])
		case input, !signs && i > 0:
			add = append(add, w)
		default:
			ids = append(ids, w)
		}
	}
	return ids, add, remove
}

func tagged(row *desk.Conversation) string {
	if row == nil || len(row.Tags) == 0 {
		return " has no tags"
	}
	return " #" + strings.Join(row.Tags, " #")
}

type priorityCommand struct{ trailing }

// Run says how urgent conversations are.
func (c *priorityCommand) Run(k *call) error {
	ids, word, err := last(c.Words, "low, normal, high or urgent")
	if err != nil {
		return err
	}
	p, err := desk.ParsePriority(word)
	if err != nil {
		return err
	}
	return k.each(ids, func(row *desk.Conversation) (string, error) {
		return " has priority " + string(p), k.Prioritise(k.ctx, row.ID, p)
	})
}

type snoozeCommand struct {
	ID   string   `arg:"" complete:"id" help:"The conversation; - reads several from standard input."`
	When []string `arg:"" name:"when" help:"Until when: 1h, 14:00, tomorrow, fri 14:00, 24 dec, or reply."`
}

func (c *snoozeCommand) reads() bool { return c.ID == stdin }

// Run puts conversations away for a while.
func (c *snoozeCommand) Run(k *call) error {
	now := time.Now().In(k.zone)
	until, err := when.Parse(strings.Join(c.When, " "), now)
	if err != nil {
		return err
	}
	words := " sleeps until a reply"
	if !until.IsZero() {
		words = " sleeps until " + when.Say(until, now)
	}
	return k.each([]string{c.ID}, func(row *desk.Conversation) (string, error) {
		return words, k.Snooze(k.ctx, row.ID, until)
	})
}

type wakeCommand struct{ many }

// Run ends snoozes before their time.
func (c *wakeCommand) Run(k *call) error {
	return k.each(c.IDs, func(row *desk.Conversation) (string, error) { return " is awake", k.Wake(k.ctx, row.ID) })
}

type queueCommand struct{ trailing }

// Run puts conversations into a queue.
func (c *queueCommand) Run(k *call) error {
	ids, name, err := last(c.Words, "a queue's name")
	if err != nil {
		return err
	}
	return k.each(ids, func(row *desk.Conversation) (string, error) {
		return " waits in " + printable(name), k.Enqueue(k.ctx, row.ID, name)
	})
}
