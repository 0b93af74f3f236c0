package staff

import (
	"strconv"
	"strings"
	"time"

	"hark/desk"
	"hark/desk/when"
	"hark/tui/safe"
)

type offersCommand struct {
	JSON bool `name:"json" help:"One JSON object a line."`
}

// Run lists what one is asked to take.
func (c *offersCommand) Run(k *call) error {
	offers := k.Offers()
	if c.JSON {
		return k.rows(offers)
	}
	now := time.Now()
	t := [][]string{{"ID", "QUEUE", "YOURS FOR", "CUSTOMER", "LAST WORDS"}}
	for _, o := range offers {
		t = append(t, []string{
			k.Short(o.ID), dash(o.Queue), age(max(o.Offer.Until.Sub(now), 0)), safe.Name(o.Name).String(), safe.Line(o.Last).String(),
		})
	}
	return k.table(t)
}

// offered are conversations of a command about offers.
type offered struct {
	IDs []string `arg:"" name:"id" complete:"offer" help:"The conversations; - reads them from standard input, one a line."`
}

func (o offered) reads() bool { return hasStdin(o.IDs) }

type acceptCommand struct{ offered }

// Run takes what is offered.
func (c *acceptCommand) Run(k *call) error {
	return k.each(c.IDs, func(row *desk.Conversation) (string, error) {
		if row.Offer.To != k.Actor().ID && row.Assignee != k.Actor().ID {
			return "", desk.Errorf(desk.Conflict, "it is not offered to you; hark claim takes what nobody has")
		}
		return " is yours", k.Claim(k.ctx, row.ID)
	})
}

type declineCommand struct{ offered }

// Run says no to offers.
func (c *declineCommand) Run(k *call) error {
	return k.each(c.IDs, func(row *desk.Conversation) (string, error) {
		return " goes to somebody else", k.Decline(k.ctx, row.ID)
	})
}

type statusCommand struct {
	Status string   `arg:"" optional:"" complete:"status" help:"available, busy, wrap-up or away; what it is now without one."`
	Until  []string `arg:"" optional:"" name:"until" help:"Until when: 30m, 14:00, tomorrow."`
}

// Run says or chooses how one is there.
func (c *statusCommand) Run(k *call) error {
	now := time.Now().In(k.zone)
	if c.Status != "" {
		p, err := desk.ParsePresence(c.Status)
		if err != nil {
			return err
		}
		var until time.Time
		if len(c.Until) > 0 {
			if until, err = when.Parse(strings.Join(c.Until, " "), now); err != nil {
				return err
			}
		}
		if err := k.SetPresence(k.ctx, p, until); err != nil {
			return err
		}
	}
	acc := k.Account()
	words := string(acc.PresenceAt(now))
	if acc.PresenceAt(now) == acc.Presence && !acc.Until.IsZero() {
		words += " until " + when.Say(acc.Until, now)
	}
	return k.tell(words)
}

type whoCommand struct {
	JSON bool `name:"json" help:"One JSON object a line."`
}

// Run shows who answers customers, and how they are there.
func (c *whoCommand) Run(k *call) error {
	if why := k.Why(desk.ActListUser); why != nil {
		return why
	}
	now := time.Now().In(k.zone)
	t := [][]string{{"NAME", "STATUS", "SINCE", "HAS", "WAITING", "CUSTOMERS SEE"}}
	for _, a := range k.Who() {
		if c.JSON {
			if err := k.json(agentJSON(a)); err != nil {
				return err
			}
			continue
		}
		since := "-"
		if a.Connected() {
			since = age(now.Sub(a.Duty.Since))
		}
		status := string(a.Presence)
		if !a.Until.IsZero() {
			status += " until " + when.Say(a.Until, now)
		}
		t = append(t, []string{a.Account.Name, status, since, strconv.Itoa(load(a)), strconv.Itoa(a.Waiting), safe.Name(a.Account.Display).String()})
	}
	if c.JSON {
		return nil
	}
	return k.table(t)
}

func load(a desk.AgentNow) (n int) {
	for _, of := range a.Load {
		n += of
	}
	return n
}

func agentJSON(a desk.AgentNow) any {
	return struct {
		Name     string               `json:"name"`
		Status   desk.Presence        `json:"status"`
		Until    string               `json:"until,omitempty"`
		Sessions int                  `json:"sessions"`
		Since    string               `json:"since,omitempty"`
		Has      map[desk.Channel]int `json:"has"`
		Waiting  int                  `json:"waiting"`
	}{a.Account.Name, a.Presence, stampOf(a.Until), a.Duty.Sessions, stampOf(a.Duty.Since), a.Load, a.Waiting}
}

// stampOf writes a time, nothing for none.
func stampOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

type queuesCommand struct {
	JSON bool `name:"json" help:"One JSON object a line."`
}

// Run shows the queues as they are now.
func (c *queuesCommand) Run(k *call) error {
	now := time.Now().In(k.zone)
	t := [][]string{{"NAME", "OPEN", "WAITING", "LONGEST", "AGENTS", "TITLE"}}
	for _, q := range k.Queues() {
		if c.JSON {
			if err := k.json(queueJSON(q)); err != nil {
				return err
			}
			continue
		}
		open, longest := "yes", "-"
		if !q.Open {
			open = "no"
			if !q.Opens.IsZero() {
				open = "opens " + when.Say(q.Opens.In(k.zone), now)
			}
		}
		if !q.Oldest.IsZero() {
			longest = age(now.Sub(q.Oldest))
		}
		t = append(t, []string{dash(q.Queue.Name), open, strconv.Itoa(q.Waiting), longest, strconv.Itoa(q.Agents), safe.Name(q.Queue.Title).String()})
	}
	if c.JSON {
		return nil
	}
	return k.table(t)
}

func queueJSON(q desk.QueueInfo) any {
	return struct {
		Name    string `json:"name"`
		Title   string `json:"title"`
		Open    bool   `json:"open"`
		Opens   string `json:"opens,omitempty"`
		Waiting int    `json:"waiting"`
		Oldest  string `json:"oldest,omitempty"`
		Agents  int    `json:"agents"`
	}{q.Queue.Name, q.Queue.Title, q.Open, stampOf(q.Opens), q.Waiting, stampOf(q.Oldest), q.Agents}
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
