package staff

import (
	"math"
	"strconv"
	"time"

	"hark/desk"
	"hark/tui/safe"
)

type lsCommand struct {
	View string `enum:"mine,unassigned,all,resolved" default:"all" help:"Which: mine, unassigned, all (that are not resolved) or resolved."`
	JSON bool   `name:"json" help:"One JSON object a line."`
}

// Run lists conversations.
func (c *lsCommand) Run(k *call) error {
	w, err := k.Window(desk.View(c.View), 0, math.MaxInt)
	if err != nil {
		return err
	}
	if !c.JSON {
		return k.table(rowsTable(k, w.Rows))
	}
	for _, row := range w.Rows {
		b, err := line(rowJSON(k.Session, row))
		if err != nil {
			return err
		}
		if _, err := k.out.Write(b); err != nil {
			return err
		}
	}
	return nil
}

func rowsTable(k *call, rows []*desk.Conversation) [][]string {
	t := [][]string{{"ID", "STATE", "AGE", "FOR", "CUSTOMER", "LAST WORDS"}}
	now := time.Now()
	for _, c := range rows {
		who := k.AccountName(c.Assignee)
		if who == "" {
			who = "-"
		}
		t = append(t, []string{
			k.Short(c.ID), string(c.Status), age(c.Age(now)), who,
			safe.Name(c.Name).String(), safe.Line(c.Last).String(),
		})
	}
	return t
}

// age writes how long ago something was, in its largest unit.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + "s"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + "m"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	}
	return strconv.Itoa(int(d/(24*time.Hour))) + "d"
}
