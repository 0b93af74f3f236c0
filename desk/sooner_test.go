package desk_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hark/desk"
	"hark/desk/desktest"
)

func TestSooner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := desktest.New(t, func(o *desk.Options) {
			r := desk.DefaultRouting()
			r.Queues = []desk.Queue{{Name: "promised", FirstReply: time.Hour, Warn: 0.75}, {Name: "other"}}
			o.Routing = &r
		})
		s := env.As("bo")
		var ids []desk.ID
		says := func(name string) desk.ID {
			id := env.Says(name, "hello")
			ids = append(ids, id)
			time.Sleep(10 * time.Minute)
			return id
		}
		urgent, patient := says("urgent"), says("patient")
		for _, id := range []desk.ID{urgent, patient} {
			if err := s.Enqueue(t.Context(), id, "other"); err != nil {
				t.Fatal(err)
			}
		}
		says("late")
		says("early")
		time.Sleep(20 * time.Minute) // late has waited 40 of 60 minutes, early 30
		if err := s.Prioritise(t.Context(), urgent, desk.Urgent); err != nil {
			t.Fatal(err)
		}
		order := func() string {
			var rows []*desk.Conversation
			for _, id := range ids {
				rows = append(rows, s.Row(id))
			}
			slices.SortFunc(rows, s.Sooner)
			var names []string
			for _, r := range rows {
				names = append(names, r.Name)
			}
			return strings.Join(names, " ")
		}
		if got := order(); got != "urgent patient late early" {
			t.Errorf("before a promise is near: %s", got)
		}
		time.Sleep(10 * time.Minute)
		if got := order(); got != "late urgent patient early" {
			t.Errorf("once one is near: %s", got)
		}
		time.Sleep(20 * time.Minute)
		if got := order(); got != "late early urgent patient" {
			t.Errorf("once one is missed: %s", got)
		}
	})
}
