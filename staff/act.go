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
	ID string `arg:"" complete:"id" help:"The conversation, as hark ls names it; the first letters are enough."`
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

type claimCommand struct{ many }

// Run takes the conversations.
func (c *claimCommand) Run(k *call) error {
	return k.each(c.IDs, func(c *desk.Conversation) (string, error) { return " is yours", k.Claim(k.ctx, c.ID) })
}

type releaseCommand struct{ many }

// Run lets go of the conversations.
func (c *releaseCommand) Run(k *call) error {
	return k.each(c.IDs, func(c *desk.Conversation) (string, error) { return " is nobody's", k.Release(k.ctx, c.ID) })
}

type resolveCommand struct{ many }

// Run marks the conversations as done.
func (c *resolveCommand) Run(k *call) error {
	return k.each(c.IDs, func(c *desk.Conversation) (string, error) { return " is resolved", k.End(k.ctx, c.ID) })
}

type reopenCommand struct{ many }

// Run takes the conversations up again.
func (c *reopenCommand) Run(k *call) error {
	return k.each(c.IDs, func(c *desk.Conversation) (string, error) { return " is open again", k.Reopen(k.ctx, c.ID) })
}

// trailing are conversations and, as the last word, something about them.
type trailing struct {
	Words []string `arg:"" name:"id" complete:"id" help:"The conversations (- reads them from standard input), and behind them what the command is about."`
}

func (t trailing) reads() bool { return len(t.Words) > 0 && hasStdin(t.Words[:len(t.Words)-1]) }

type assignCommand struct {
	trailing
}

// Run gives the conversations to an account.
func (c *assignCommand) Run(k *call) error {
	ids, name, err := last(c.Words, "a name, me or nobody")
	if err != nil {
		return err
	}
	to, name, err := k.account(name)
	if err != nil {
		return err
	}
	return k.each(ids, func(c *desk.Conversation) (string, error) {
		if to == k.Actor().ID {
			return " is yours", k.Take(k.ctx, c.ID)
		}
		return " is for " + name, k.Assign(k.ctx, c.ID, to)
	})
}

// account finds an account by its name; me and nobody are names too. Nobody is
// the zero ID.
func (k *call) account(name string) (desk.ID, string, error) {
	switch name {
	case "nobody":
		return desk.ID{}, name, nil
	case "me":
		return k.Actor().ID, k.AccountName(k.Actor().ID), nil
	}
	acc := k.s.o.Accounts.AccountNamed(name)
	if acc == nil {
		return desk.ID{}, "", desk.Errorf(desk.NotFound, "there is no account %q; hark who shows them", name)
	}
	return acc.ID, acc.Name, nil
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
