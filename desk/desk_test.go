package desk_test

import (
	"testing"

	"hark/desk"
	"hark/desk/desktest"
)

func TestVisitorIsAnswered(t *testing.T) {
	env := desktest.New(t)
	id := env.Says("Mo", "do you ship to Åland?")
	bo := env.As("bo")
	if err := bo.Reply(t.Context(), id, "We do."); err != nil {
		t.Fatal(err)
	}
	row := bo.Row(id)
	if row.Status != desk.StatusWaiting || row.Assignee != bo.Actor().ID || row.Last != "We do." {
		t.Errorf("row after the reply: %+v", row)
	}
	items, err := env.PublicItems(t.Context(), id, 0, 100)
	if err != nil || len(items) != 2 || items[1].Text != "We do." || items[1].Author != "Bo" {
		t.Errorf("what the customer sees: %+v, %v", items, err)
	}
}
