package route

import (
	"testing"
	"time"

	"hark/desk"
)

func TestEngineThatStandsStillIsFound(t *testing.T) {
	inWorld(t, quick(1), func(w *world) {
		w.stop()
		w.comesQuietly("ana")
		id := w.saysQuietly("Mo")
		time.Sleep(still + time.Second)
		found := w.engine.Check()
		if len(found) != 1 || found[0].Conversation != id {
			t.Errorf("the watchdog finds %v", found)
		}
		w.open()
		w.comes("ana")
		if found := w.engine.Check(); len(found) != 0 {
			t.Errorf("the watchdog finds %v", found)
		}
	})
}

func (w *world) comesQuietly(name string) {
	w.t.Helper()
	_, err := w.desk.SignIn(w.t.Context(), desk.SignIn{Account: w.account(name).ID, Via: "console", Works: true})
	w.must(err)
}

func (w *world) saysQuietly(name string) desk.ID {
	w.t.Helper()
	id, err := w.desk.Say(w.t.Context(), desk.Words{Token: desk.NewID().Hex(), Client: "c", Text: "hello", Name: name})
	w.must(err)
	return id
}
