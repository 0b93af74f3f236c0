package staff

import (
	"strconv"
	"strings"

	"hark/desk"
)

type viewsCommand struct {
	Ls   viewsLsCommand   `cmd:"" default:"withargs" help:"List the views and how many conversations they hold."`
	Save viewsSaveCommand `cmd:"" help:"Keep a search under a name; hark ls --view NAME shows it."`
	Rm   viewsRmCommand   `cmd:"" help:"Forget a search that was kept."`
}

type viewsLsCommand struct {
	JSON bool `name:"json" help:"One JSON object a line."`
}

// viewRow is a view and what it shows.
type viewRow struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
	Query string `json:"query"` // empty for the views that there always are
}

// Run lists the views.
func (c *viewsLsCommand) Run(k *call) error {
	rows, err := k.viewRows()
	if err != nil {
		return err
	}
	t := [][]string{{"NAME", "HOLDS", "SEARCH"}}
	for _, r := range rows {
		if c.JSON {
			if err := k.json(r); err != nil {
				return err
			}
			continue
		}
		t = append(t, []string{printable(r.Name), strconv.Itoa(r.Count), dash(printable(r.Query))})
	}
	if c.JSON {
		return nil
	}
	return k.table(t)
}

func (k *call) viewRows() ([]viewRow, error) {
	var rows []viewRow
	counts := k.Counts()
	for _, v := range []desk.View{desk.Mine, desk.Unassigned, desk.All, desk.Done} {
		rows = append(rows, viewRow{Name: string(v), Count: counts[v]})
	}
	for _, v := range k.Views() {
		w, err := k.Search(v.Query, 0, 0)
		if err != nil {
			return nil, err
		}
		rows = append(rows, viewRow{v.Name, w.Total, v.Query})
	}
	return rows, nil
}

type viewsSaveCommand struct {
	Name  string   `arg:"" help:"What to call it."`
	Query []string `arg:"" help:"The search, as for hark ls."`
}

// Run keeps a search.
func (c *viewsSaveCommand) Run(k *call) error {
	if err := k.SaveView(k.ctx, c.Name, strings.Join(c.Query, " ")); err != nil {
		return err
	}
	return k.tell(printable(c.Name) + " is a view; hark ls --view shows it")
}

type viewsRmCommand struct {
	Name string `arg:"" complete:"view" help:"The view."`
}

// Run forgets a search.
func (c *viewsRmCommand) Run(k *call) error {
	if err := k.RemoveView(k.ctx, c.Name); err != nil {
		return err
	}
	return k.tell(printable(c.Name) + " is forgotten")
}
