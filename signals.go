package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// signals returns a context that a signal ends; a second one ends the process
// at once. ctrl+c is not for us while an editor has the terminal.
func (p *program) signals() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	came := make(chan os.Signal, 1)
	signal.Notify(came, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		for sig := range came {
			if sig == os.Interrupt && p.lent.Load() {
				continue
			}
			signal.Stop(came)
			cancel()
			return
		}
	}()
	return ctx
}
