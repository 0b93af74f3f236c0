package staff

import (
	"fmt"
	"strconv"
	"time"

	"hark/desk"
	"hark/desk/when"
	"hark/tui/safe"
)

// mailCommand are the commands about mail accounts and single mails.
type mailCommand struct {
	Status     mailStatusCommand     `cmd:"" help:"Say how the mail accounts are, and what became of every mail they fetched."`
	Send       mailSendCommand       `cmd:"" help:"Write a new mail."`
	Undo       mailUndoCommand       `cmd:"" help:"Take a mail back that was sent a moment ago."`
	Raw        mailRawCommand        `cmd:"" help:"Write a mail's bytes as they came or went."`
	Resend     mailResendCommand     `cmd:"" help:"Send a mail again that failed, or of which nobody knows whether it left."`
	Settle     mailSettleCommand     `cmd:"" help:"Say that a mail that failed or came back is dealt with."`
	Join       mailJoinCommand       `cmd:"" help:"Join a conversation with the one that it may belong to."`
	Quarantine mailQuarantineCommand `cmd:"" help:"Mails that could not be taken in: list them, read one, try again or give up."`
	Import     mailImportCommand     `cmd:"" help:"Bring an mbox file or a Maildir in. What is here already is left out."`
	Check      mailCheckCommand      `cmd:"" help:"Make accounts try their servers now."`
	Password   mailPasswordCommand   `cmd:"" help:"Put an account's password into the OS keyring; it is asked for here, or read from standard input."`
}

type mailStatusCommand struct {
	JSON bool `name:"json" help:"One JSON object a line."`
}

// Run says how the mail accounts are.
func (c *mailStatusCommand) Run(k *call) error {
	if why := k.Why(desk.ActList); why != nil {
		return why
	}
	accounts := k.MailAccounts()
	if len(accounts) == 0 && !c.JSON {
		return desk.Errorf(desk.NotFound, "this desk has no mail account; add a [mail.NAME] to hark.toml, in which the comments show how")
	}
	t := [][]string{{"ACCOUNT", "STATE", "SEEN WELL", "FETCHED", "= THREADED", "+ COPIES", "+ WAITING", "+ QUARANTINED", "+ DROPPED", "HOW IT IS"}}
	for _, a := range accounts {
		if c.JSON {
			if err := k.json(a); err != nil {
				return err
			}
			continue
		}
		t = append(t, accountRow(a, time.Now()))
	}
	if c.JSON {
		return nil
	}
	return k.table(t)
}

// accountRow writes an account for people.
func accountRow(a desk.MailAccount, now time.Time) []string {
	fresh := "never"
	if !a.Fresh.IsZero() {
		fresh = age(max(now.Sub(a.Fresh), 0)) + " ago"
	}
	n := a.Counters
	row := []string{printable(a.Name), string(a.State), fresh}
	for _, count := range []int{n.Fetched, n.Threaded, n.Copies, n.Waiting, n.Quarantined, n.Dropped} {
		row = append(row, strconv.Itoa(count))
	}
	return append(row, accountWords(a))
}

// accountWords says how an account is, and how far its first sync has come.
func accountWords(a desk.MailAccount) string {
	words := safe.Line(a.Words).String()
	if words == "" {
		words = safe.Name(a.Address.Mail).String()
	}
	if n := a.Counters; n.Fetched != n.Threaded+n.Copies+n.Waiting+n.Quarantined+n.Dropped {
		words = "THE SUM IS WRONG: a mail is missing; " + words
	}
	if a.Posting > 0 {
		words += fmt.Sprintf("; %d to go out", a.Posting)
	}
	if progress := progressWords(a); progress != "" {
		words += "; " + progress
	}
	return words
}

// progressWords says how long the first sync of an account takes, "" when it is
// over.
func progressWords(a desk.MailAccount) string {
	if a.Rate < 1 || a.Done >= a.Total {
		return ""
	}
	return when.Long(time.Duration(float64(a.Total-a.Done)/a.Rate*float64(time.Second))) + " to go"
}

type mailCheckCommand struct {
	Account string `arg:"" optional:"" complete:"account" help:"The account; all of them without it."`
}

// Run makes accounts try now.
func (c *mailCheckCommand) Run(k *call) error {
	if err := k.knowsAccount(c.Account); err != nil {
		return err
	}
	if err := k.PokeMail(k.ctx, c.Account); err != nil {
		return err
	}
	return k.tell("asked; hark mail status shows what comes of it")
}

// knowsAccount refuses the name of an account that there is not; "" stands for
// all of them.
func (k *call) knowsAccount(name string) error {
	if name == "" {
		return nil
	}
	for _, a := range k.MailAccounts() {
		if a.Name == name {
			return nil
		}
	}
	return desk.Errorf(desk.NotFound, "there is no mail account %q; hark mail status shows them", name)
}

type mailPasswordCommand struct {
	Account string `arg:"" complete:"account" help:"The account, by its name in hark.toml."`
}

func (c *mailPasswordCommand) here() Here { return Here{Account: c.Account} }

// Run refuses: the keyring is the person's, and so is the terminal to ask on.
func (c *mailPasswordCommand) Run(*call) error {
	return desk.Errorf(desk.Invalid, "the password goes into the keyring of the machine that the desk runs on; run hark mail password there")
}
