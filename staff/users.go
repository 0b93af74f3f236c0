package staff

import (
	"strconv"
	"strings"

	"hark/desk"
	"hark/tui/safe"
)

type userCommand struct {
	Add userAddCommand `cmd:"" help:"Create an account."`
	Ls  userLsCommand  `cmd:"" help:"List accounts."`
}

type userAddCommand struct {
	Name    string   `arg:"" help:"The account's name: lower case, no blanks."`
	Display string   `help:"The name that customers see; the account's name without it."`
	Role    []string `default:"agent" enum:"agent,supervisor,qa,admin" help:"agent, supervisor, qa or admin; may be given several times."`
	UID     string   `name:"uid" help:"The user id on this machine that is this account."`
}

// Run creates the account.
func (c *userAddCommand) Run(k *call) error {
	if c.UID != "" {
		if _, err := strconv.ParseUint(c.UID, 10, 32); err != nil {
			return desk.Errorf(desk.Invalid, "--uid %q is not a user id: id -u NAME shows it", c.UID)
		}
	}
	display := c.Display
	if display == "" && c.Name != "" {
		display = strings.ToUpper(c.Name[:1]) + c.Name[1:]
	}
	roles := make([]desk.Role, len(c.Role))
	for i, r := range c.Role {
		roles[i] = desk.Role(r)
	}
	acc, err := k.AddAccount(k.ctx, desk.AccountCreated{Name: c.Name, Display: display, Roles: roles, UID: c.UID})
	if err != nil {
		return err
	}
	return k.tell(acc.Name + " has an account")
}

type userLsCommand struct {
	JSON bool `name:"json" help:"One JSON object a line."`
}

// Run lists the accounts.
func (c *userLsCommand) Run(k *call) error {
	accounts, err := k.Accounts(k.ctx)
	if err != nil {
		return err
	}
	if !c.JSON {
		return k.table(accountsTable(accounts))
	}
	for _, a := range accounts {
		b, err := line(struct {
			Name    string      `json:"name"`
			Display string      `json:"display"`
			Roles   []desk.Role `json:"roles"`
			UID     string      `json:"uid"`
		}{a.Name, a.Display, a.Roles, a.UID})
		if err != nil {
			return err
		}
		if _, err := k.out.Write(b); err != nil {
			return err
		}
	}
	return nil
}

func accountsTable(accounts []*desk.Account) [][]string {
	t := [][]string{{"NAME", "CUSTOMERS SEE", "USER ID", "ROLES"}}
	for _, a := range accounts {
		roles := make([]string, len(a.Roles))
		for i, r := range a.Roles {
			roles[i] = string(r)
		}
		uid := a.UID
		if uid == "" {
			uid = "-"
		}
		t = append(t, []string{a.Name, safe.Name(a.Display).String(), uid, strings.Join(roles, " ")})
	}
	return t
}
