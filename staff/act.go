package staff

import (
	"context"
	"io"
	"strings"

	"hark/desk"
	"hark/tui/safe"
)

// on is the conversation a command is about: the beginning of its identifier.
type on struct {
	ID string `arg:"" help:"The conversation, as hark ls names it; the first letters are enough."`
}

// find returns the conversation.
func (o on) find(k *call) (*desk.Conversation, error) { return k.Resolve(o.ID) }

// words is a text to send.
type words struct {
	Text []string `arg:"" help:"The text; - reads standard input."`
}

func (w words) reads() bool { return len(w.Text) == 1 && w.Text[0] == "-" }

// read returns the text, from standard input where - was given.
func (w words) read(k *call) (string, error) {
	if !w.reads() {
		return strings.Join(w.Text, " "), nil
	}
	b, err := io.ReadAll(io.LimitReader(k.in, desk.TextLimit+1))
	if err != nil {
		return "", desk.Errorf(desk.Unavailable, "standard input ended early")
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}

type sendCommand struct {
	on
	words
}

// Run writes to the customer.
func (c *sendCommand) Run(k *call) error {
	return c.write(k, c.words, k.Reply, "sent to ")
}

type noteCommand struct {
	on
	words
}

// Run writes to the team.
func (c *noteCommand) Run(k *call) error {
	return c.write(k, c.words, k.Note, "noted on ")
}

type claimCommand struct{ on }

// Run takes the conversation.
func (c *claimCommand) Run(k *call) error {
	return c.act(k, func(id desk.ID) error { return k.Claim(k.ctx, id) }, " is yours")
}

type releaseCommand struct{ on }

// Run lets go of the conversation.
func (c *releaseCommand) Run(k *call) error {
	return c.act(k, func(id desk.ID) error { return k.Release(k.ctx, id) }, " is nobody's")
}

type resolveCommand struct{ on }

// Run marks the conversation as done.
func (c *resolveCommand) Run(k *call) error {
	return c.act(k, func(id desk.ID) error { return k.End(k.ctx, id) }, " is resolved")
}

type reopenCommand struct{ on }

// Run takes the conversation up again.
func (c *reopenCommand) Run(k *call) error {
	return c.act(k, func(id desk.ID) error { return k.Reopen(k.ctx, id) }, " is open again")
}

type assignCommand struct {
	on
	Name string `arg:"" help:"The account's name, or nobody."`
}

// Run gives the conversation to the account.
func (c *assignCommand) Run(k *call) error {
	var to desk.ID
	if c.Name != "nobody" {
		acc := k.s.o.Accounts.AccountNamed(c.Name)
		if acc == nil {
			return desk.Errorf(desk.NotFound, "there is no account %q; hark user ls shows them", c.Name)
		}
		to = acc.ID
	}
	return c.act(k, func(id desk.ID) error { return k.Assign(k.ctx, id, to) }, " is for "+c.Name)
}

// act finds the conversation, does something to it and says so.
func (o on) act(k *call, do func(desk.ID) error, done string) error {
	c, err := o.find(k)
	if err != nil {
		return err
	}
	if err := do(c.ID); err != nil {
		return err
	}
	return k.tell(k.Short(c.ID) + done)
}

// write finds the conversation, writes the text in it and says so.
func (o on) write(k *call, w words, do func(context.Context, desk.ID, string) error, done string) error {
	c, err := o.find(k)
	if err != nil {
		return err
	}
	text, err := w.read(k)
	if err != nil {
		return err
	}
	if err := do(k.ctx, c.ID, text); err != nil {
		return err
	}
	return k.tell(done + k.Short(c.ID) + ", " + safe.Name(c.Name).String())
}

// tell writes a line of result.
func (k *call) tell(line string) error {
	_, err := k.out.WriteString(line + "\n")
	return err
}
