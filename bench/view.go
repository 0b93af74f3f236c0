package main

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/tui"
)

// view measures what a key press costs the hub to draw: the model's Update and
// View at 120x40, on a desk in memory, without a terminal.
func (p *plan) view(ctx context.Context, name string, count int) error {
	_, session, err := memoryDesk(ctx, count)
	if err != nil {
		return err
	}
	model, done, err := tui.NewModel(ctx, tui.Options{
		Session: session, Width: 120, Height: 40, Env: terminalEnv(),
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
