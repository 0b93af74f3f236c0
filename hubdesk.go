package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"hark/config"
	"hark/desk"
	"hark/desk/canned"
	"hark/desk/route"
)

// openDesk opens what is kept, and the desk on it.
func (h *hub) openDesk(ctx context.Context) (err error) {
	if h.rec, err = openRecording(ctx, h); err != nil {
		return err
	}
	c := h.o.File.Config
	routing, err := c.Waiting()
	if err != nil {
		return err
	}
	h.desk = desk.New(desk.Options{
		Journal: h.rec.Journal(), State: h.rec.State(), Drafts: h.rec.Drafts(), Log: h.o.Log,
		Files: h.rec.Files(), FileLimit: int64(c.Chat.FileLimit), Routing: &routing,
		LinkLife: time.Duration(c.Chat.LinkDays) * 24 * time.Hour,
	})
	h.router = route.New(route.Options{Desk: h.desk, State: h.rec.State(), Log: h.o.Log})
	h.desk.SetRouter(h.router)
	h.lamps.light(h.desk.SetLamp)
	h.canned = canned.NewFolder(os.DirFS(cannedFolder(h.o.Place, c.Console.Canned)))
	return h.found(ctx)
}

// cannedFolder returns where the replies are that are written beforehand.
func cannedFolder(place config.Place, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(place.File), name)
}

// publish puts the words of the notice on record before any customer reads
// them, and names what the queues expect and the desk does not have.
func (h *hub) publish(ctx context.Context) error {
	n := h.o.File.Chat.Notice
	for _, lang := range slices.Sorted(maps.Keys(n.Text)) {
		if err := h.desk.Publish(ctx, desk.NoticeRef{Version: n.Version, Lang: lang}, n.Text[lang]); err != nil {
			return err
		}
	}
	for _, words := range h.strangers() {
		h.o.Log.Warn("a queue names somebody who has no account", "key", words)
	}
	return nil
}

// strangers returns the settings of queues that name accounts which there are
// not, and whom they name.
func (h *hub) strangers() []string {
	var all []string
	for _, q := range h.o.File.Queues {
		for _, handle := range q.Members {
			if h.rec.State().AccountNamed(handle) == nil {
				all = append(all, "queues."+q.Name+".members: "+handle)
			}
		}
	}
	return all
}
