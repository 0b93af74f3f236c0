package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui"
)

// view measures what a key press costs the hub to draw: the model's Update and
// View at 120x40, on a desk in memory, without a terminal.
func (p *plan) view(ctx context.Context, name string, count int) error {
	session, err := memoryDesk(ctx, count)
	if err != nil {
		return err
	}
	model, done, err := tui.NewModel(ctx, tui.Options{
		Session: session, Width: 120, Height: 40, Env: []string{"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8"},
	})
	if err != nil {
		return err
	}
	defer done()
	presses := 400
	if p.quick {
		presses = 10
	}
	var took samples
	for i := range presses {
		key := 'j'
		if i%40 >= 20 {
			key = 'k'
		}
		start := time.Now()
		model, _ = model.Update(tea.KeyPressMsg{Code: key, Text: string(key)})
		if model.View().Content == "" {
			return fmt.Errorf("the console drew nothing")
		}
		took = append(took, time.Since(start))
	}
	return p.print(figure{Bench: "tui", Figure: "view", Case: name, Value: took.quantile(0.5), Unit: "ms"})
}

// memoryDesk is a desk in memory with conversations, and an agent's session.
func memoryDesk(ctx context.Context, count int) (*desk.Session, error) {
	j, s := desktest.NewJournal(), desk.NewState()
	if err := j.Follow(ctx, 1, s.Apply); err != nil {
		return nil, err
	}
	d := desk.New(desk.Options{Journal: j, State: s, Drafts: &desktest.Drafts{}})
	owner := desk.AccountCreated{Name: "bench", Display: "Bench", Roles: []desk.Role{desk.RoleAdmin, desk.RoleAgent}}
	if err := d.Create(ctx, "Bench", owner); err != nil {
		return nil, err
	}
	for i := range count {
		token := desk.DeriveID([]byte("bench"), []byte(strconv.Itoa(i))).Hex()
		_, err := d.Say(ctx, desk.Words{Token: token, Client: "c", Text: words(i), Name: "Visitor " + strconv.Itoa(i)})
		if err != nil {
			return nil, err
		}
	}
	return d.SignIn(ctx, desk.SignIn{Account: s.AccountNamed("bench").ID, Via: "bench"})
}
