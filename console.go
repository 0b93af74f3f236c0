package main

import (
	"context"
	"fmt"

	"hark/config"
	"hark/desk"
	"hark/desk/canned"
	"hark/staff"
	"hark/tui"
)

// localFPS is how often a second the screen of a terminal on this machine is
// written at most: a key waits half of that time for its picture.
const localFPS = 120

// console draws the screens for one terminal.
func (h *hub) console(ctx context.Context, t staff.Terminal) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	sizes := make(chan tui.Size)
	go passSizes(ctx, t.Resize, sizes)
	c := h.o.File.Console
	o := tui.Options{
		Session: t.Session, In: t.In, Out: t.Out, Width: t.Size.Width, Height: t.Size.Height,
		Env: t.Env, Resize: sizes, FPS: localFPS,
		Notices: h.o.Notices, Leaving: h.leaving(), ASCII: c.Glyphs == "ascii",
		Keys: c.Keys, Console: consoleDefaults(c), DeskSettings: h.deskSettings(), File: h.o.File.Path,
		Canned: h.cannedReplies, Local: t.Seat != nil,
	}
	if t.Seat != nil { // an interface that holds nothing is not nil
		o.Client = t.Seat
	}
	return tui.Run(ctx, o)
}

// consoleDefaults are what each person can choose otherwise, as the settings of
// the console write it.
func consoleDefaults(c config.Console) tui.Console {
	return tui.Console{
		Theme: c.Theme, Glyphs: c.Glyphs, Motion: motionWord(c.ReducedMotion),
		Mouse: onOff(c.Mouse), Notify: c.Notify, EnterSends: onOff(c.EnterSends),
	}
}

// deskSettings lists what is in force and where it is set.
func (h *hub) deskSettings() []tui.DeskSetting {
	var all []tui.DeskSetting
	for _, v := range h.o.File.Values() {
		where := ""
		if v.Line > 0 {
			where = fmt.Sprintf("%s:%d", h.o.File.Path, v.Line)
		}
		all = append(all, tui.DeskSetting{Key: v.Key, Value: v.TOML, Where: where})
	}
	return all
}

// cannedReplies returns the replies that are written beforehand as they are
// now.
func (h *hub) cannedReplies() canned.Replies {
	replies, _ := h.canned.Replies() // what is wrong with them is in hark doctor
	return replies
}

// passSizes hands the latest size on until ctx ends.
func passSizes(ctx context.Context, from <-chan staff.Size, to chan<- tui.Size) {
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-from:
			select {
			case <-ctx.Done():
				return
			case to <- tui.Size{W: s.Width, H: s.Height}:
			}
		}
	}
}

// leaving says what closing the console means.
func (h *hub) leaving() string {
	if h.o.Ends {
		return "the demo ends"
	}
	return "the desk stays open"
}

// farewell is the line that stays on the terminal when a console was left.
func (h *hub) farewell(s *desk.Session) string {
	if h.o.Ends {
		return "The demo desk closes with its console."
	}
	return "The desk stays open for customers (" + goingOn(s) + "). hark brings the console back, hark stop closes the desk."
}

// goingOn says in words what happens without a console.
func goingOn(s *desk.Session) string {
	switch n := s.Counts()[desk.All]; n {
	case 0:
		return "no conversation is open"
	case 1:
		return "1 conversation is open"
	default:
		return fmt.Sprintf("%d conversations are open", n)
	}
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

func motionWord(reduced bool) string {
	if reduced {
		return "reduced"
	}
	return "full"
}
