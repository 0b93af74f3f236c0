package ui

import (
	"testing"
)

func TestLayout(t *testing.T) {
	tests := []struct {
		name string
		win  Size
		want Want
		plan Plan
	}{
		{
			"three columns",
			Size{W: 120, H: 40},
			Want{Focus: ListPane, Open: true},
			Plan{Top: true, Toast: true, List: Rect{0, 1, 38, 32}, Thread: Rect{38, 1, 52, 32}, Customer: Rect{90, 1, 30, 32}, Composer: Rect{0, 33, 120, 5}},
		},
		{
			"a wide window",
			Size{W: 200, H: 60},
			Want{Focus: ListPane},
			Plan{Top: true, Toast: true, List: Rect{0, 1, 46, 52}, Thread: Rect{46, 1, 118, 52}, Customer: Rect{164, 1, 36, 52}, Composer: Rect{0, 53, 200, 5}},
		},
		{
			"two columns",
			Size{W: 80, H: 24},
			Want{Focus: ListPane, Open: true},
			Plan{Top: true, List: Rect{0, 1, 28, 22}, Thread: Rect{28, 1, 52, 18}, Composer: Rect{28, 19, 52, 4}},
		},
		{
			"the customer takes the thread's place",
			Size{W: 80, H: 24},
			Want{Focus: CustomerPane, Open: true, Customer: true},
			Plan{Top: true, List: Rect{0, 1, 28, 22}, Customer: Rect{28, 1, 52, 18}, Composer: Rect{28, 19, 52, 4}},
		},
		{
			"the composer grows to six lines",
			Size{W: 80, H: 24},
			Want{Focus: ComposePane, Open: true, Lines: 50},
			Plan{Top: true, List: Rect{0, 1, 28, 22}, Thread: Rect{28, 1, 52, 14}, Composer: Rect{28, 15, 52, 8}},
		},
		{
			"the head of a mail stands above its text",
			Size{W: 80, H: 24},
			Want{Focus: ComposePane, Open: true, Lines: 2, Head: 4},
			Plan{Top: true, List: Rect{0, 1, 28, 22}, Thread: Rect{28, 1, 52, 13}, Composer: Rect{28, 14, 52, 9}},
		},
		{"one pane: the list", Size{W: 70, H: 20}, Want{Focus: ListPane, Open: true}, Plan{Top: true, List: Rect{0, 1, 70, 18}}},
		{
			"one pane: the thread with its composer",
			Size{W: 70, H: 20},
			Want{Focus: ThreadPane, Open: true},
			Plan{Top: true, Thread: Rect{0, 1, 70, 14}, Composer: Rect{0, 15, 70, 4}},
		},
		{"a small window has no top line", Size{W: 50, H: 14}, Want{Focus: ListPane}, Plan{List: Rect{0, 0, 50, 13}}},
		{
			"a small window: thread and composer",
			Size{W: 50, H: 14},
			Want{Focus: ComposePane, Open: true, Lines: 9},
			Plan{Thread: Rect{0, 0, 50, 8}, Composer: Rect{0, 8, 50, 5}},
		},
		{
			"wide but low",
			Size{W: 120, H: 15},
			Want{Focus: ThreadPane, Open: true},
			Plan{Thread: Rect{0, 0, 120, 11}, Composer: Rect{0, 11, 120, 3}},
		},
		{"the smallest", Size{W: 40, H: 10}, Want{Focus: ListPane}, Plan{List: Rect{0, 0, 40, 9}}},
		{"too narrow", Size{W: 39, H: 40}, Want{}, Plan{TooSmall: true}},
		{"too low", Size{W: 120, H: 9}, Want{}, Plan{TooSmall: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.plan.Window = tt.win
			if got := Layout(tt.win, tt.want); got != tt.plan {
				t.Errorf("got  %+v\nwant %+v", got, tt.plan)
			}
		})
	}
}

// FuzzLayout holds every window to this: each cell of the body belongs to
// exactly one pane.
func FuzzLayout(f *testing.F) {
	for _, s := range []Size{{40, 10}, {60, 20}, {80, 24}, {100, 30}, {120, 40}, {200, 60}} {
		f.Add(uint16(s.W), uint16(s.H), uint8(1), uint8(3), true, false)
	}
	f.Fuzz(func(t *testing.T, w, h uint16, focus, lines uint8, open, customer bool) {
		win := Size{int(w % 500), int(h % 300)}
		want := Want{Focus: Pane(focus%4) + ListPane, Lines: int(lines), Head: int(lines) % 6, Open: open, Customer: customer}
		p := Layout(win, want)
		if p.TooSmall {
			if win.W >= minW && win.H >= minH {
				t.Fatalf("%v is too small", win)
			}
			return
		}
		cells := 0
		for _, r := range []Rect{p.List, p.Thread, p.Customer, p.Composer} {
			if r == (Rect{}) {
				continue
			}
			if r.W < 4 || r.H < 3 || r.X < 0 || r.Y < 0 || r.X+r.W > win.W || r.Y+r.H > win.H {
				t.Fatalf("%v: a pane is at %+v", win, r)
			}
			cells += r.W * r.H
		}
		if cells != win.W*p.Body() {
			t.Fatalf("%v with %+v: panes have %d cells of %d: %+v", win, want, cells, win.W*p.Body(), p)
		}
	})
}
