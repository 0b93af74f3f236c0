package main

import (
	"sync"

	"hark/desk"
)

// lampPost keeps the lamps that parts set before there is a desk to show them,
// and hands them on from then on.
type lampPost struct {
	mu    sync.Mutex
	early []desk.Lamp
	show  func(desk.Lamp)
}

func (l *lampPost) set(lamp desk.Lamp) {
	l.mu.Lock()
	show := l.show
	if show == nil {
		l.early = append(l.early, lamp)
	}
	l.mu.Unlock()
	if show != nil {
		show(lamp)
	}
}

// light shows what was set so far and everything that follows.
func (l *lampPost) light(show func(desk.Lamp)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.show = show
	for _, lamp := range l.early {
		show(lamp)
	}
	l.early = nil
}
