package staff

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/desk"
	"hark/tui/safe"
)

type lsCommand struct {
	Query []string `arg:"" optional:"" name:"search" complete:"search" help:"What to look for: words and from: to: tag: is: ch: queue: priority: before: after:, - before one for not."`
	View  string   `complete:"view" help:"Which: mine, unassigned, all (that are not resolved), resolved, or one of your own."`
	Queue string   `complete:"queue" help:"Those of a queue only."`
	JSON  bool     `name:"json" help:"One JSON object a line."`
}

// Run lists conversations.
func (c *lsCommand) Run(k *call) error {
	rows, err := c.find(k)
	if err != nil {
		return err
	}
	if c.JSON {
		return k.rows(rows)
	}
	return k.table(rowsTable(k, rows))
}

// find returns the conversations that are asked for.
func (c *lsCommand) find(k *call) ([]*desk.Conversation, error) {
	query, err := c.query(k)
	if err != nil {
		return nil, err
	}
	var w desk.Window
	if query == "" {
		w, err = k.Window(desk.View(c.view()), 0, math.MaxInt)
	} else {
		w, err = k.Search(query, 0, math.MaxInt)
	}
	return w.Rows, err
}

// view is the view that is asked for: all of them unless a search says which.
func (c *lsCommand) view() string {
	if c.View == "" && len(c.Query) == 0 {
		return string(desk.All)
	}
	return c.View
}

// query returns the search that the command is, empty when it is a view as it
// stands.
func (c *lsCommand) query(k *call) (string, error) {
	words := slices.Clone(c.Query)
	if c.Queue != "" {
		words = append(words, "queue:"+quoted(c.Queue))
	}
	narrow, known := viewWords(c.view())
	if known && len(words) == 0 {
		return "", nil
	}
	if !known {
		i := slices.IndexFunc(k.Views(), func(v desk.SavedView) bool { return v.Name == c.View })
		if i < 0 {
			return "", desk.Errorf(desk.NotFound, "there is no view %q; hark views shows them", c.View)
		}
		narrow = k.Views()[i].Query
	}
	if narrow != "" {
		words = append(words, narrow)
	}
	return strings.Join(words, " "), nil
}

// viewWords returns the search that narrows to a view, and whether it is one
// of those that there always are.
func viewWords(view string) (string, bool) {
	switch view {
	case "":
		return "", true
	case string(desk.Mine):
		return "is:mine -is:resolved", true
	case string(desk.Unassigned):
		return "is:unassigned -is:resolved", true
	case string(desk.All):
		return "-is:resolved", true
	case string(desk.Done):
		return "is:resolved", true
	}
	return "", false
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, "") + `"` }

// rows writes conversations as JSON.
func (k *call) rows(rows []*desk.Conversation) error {
	for _, row := range rows {
		if err := k.json(rowJSON(k.Session, row)); err != nil {
			return err
		}
	}
	return nil
}

// json writes a value as one line.
func (k *call) json(v any) error {
	b, err := line(v)
	if err != nil {
		return err
	}
	_, err = k.out.Write(b)
	return err
}

func rowsTable(k *call, rows []*desk.Conversation) [][]string {
	t := [][]string{{"ID", "STATE", "AGE", "FOR", "CUSTOMER", "LAST WORDS"}}
	now := time.Now()
	for _, c := range rows {
		t = append(t, []string{
			k.Short(c.ID), state(c), age(c.Age(now)), dash(k.AccountName(c.Assignee)),
			safe.Name(c.Name).String(), labels(c) + lastWords(c),
		})
	}
	return t
}

// state writes where a conversation stands, with a mark for what is late.
func state(c *desk.Conversation) string {
	if c.Breached && c.NeedsUs() {
		return string(c.Status) + "!"
	}
	return string(c.Status)
}

// lastWords writes the last words, behind the subject of a mail.
func lastWords(c *desk.Conversation) string {
	if c.Subject == "" {
		return safe.Line(c.Last).String()
	}
	return safe.Line(c.Subject).String() + ": " + safe.Line(c.Last).String()
}

// labels writes what stands out about a conversation before its last words.
func labels(c *desk.Conversation) string {
	var b strings.Builder
	if c.Priority.Or() != desk.Normal {
		b.WriteString("(" + string(c.Priority) + ") ")
	}
	for _, t := range c.Trouble {
		b.WriteString("(mail " + string(t.State) + ") ")
	}
	for _, t := range c.Tags {
		b.WriteString("#" + printable(t) + " ")
	}
	return b.String()
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
