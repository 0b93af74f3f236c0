package posting

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"hark/desk"
	"hark/desk/desktest"
	"hark/recorder"
	"hark/recorder/keys"
)

// shop is the desk's mail account.
var shop = desk.MailAccount{Name: "shop", Address: desk.Address{Name: "Lamp shop", Mail: "help@shop.test"}}

// place is where a desk's folder lies.
type place struct{ dir string }

func (p *place) keyFile() string { return filepath.Join(filepath.Dir(p.dir), "key") }

func (p *place) options() recorder.Options {
	return recorder.Options{Dir: p.dir, Key: keys.Source{Backend: keys.BackendCommand, Command: []string{"cat", p.keyFile()}}}
}

// office is an open desk.
type office struct {
	*desk.Desk
	rec *recorder.Recorder
}

func (p *place) open(t *testing.T) *office {
	t.Helper()
	rec, err := recorder.Open(t.Context(), p.options())
	must(t, err)
	return newOffice(rec)
}

func newOffice(rec *recorder.Recorder) *office {
	d := desk.New(desk.Options{Journal: rec.Journal(), State: rec.State(), Drafts: rec.Drafts(), Files: rec.Files()})
	desktest.NewMailroom(&desktest.Env{Desk: d}, shop)
	return &office{d, rec}
}

func (o *office) close(t *testing.T) {
	t.Helper()
	o.Close()
	must(t, o.rec.Close())
}

// item is a mail that was journaled.
type item struct{ conversation, id desk.ID }

// write makes a desk and journals mails to be sent.
func (p *place) write(t *testing.T, n int) []item {
	t.Helper()
	rec, err := recorder.Create(t.Context(), p.options())
	must(t, err)
	o := newOffice(rec)
	defer o.close(t)
	owner := desk.AccountCreated{Name: "ana", Display: "Ana", Roles: []desk.Role{desk.RoleAgent}}
	must(t, o.Create(t.Context(), "Lamp shop", owner))
	ana, err := o.SignIn(t.Context(), desk.SignIn{Account: rec.State().AccountNamed("ana").ID, Via: "test"})
	must(t, err)
	items := make([]item, n)
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := worker; i < n; i += 8 {
				var err error
				items[i].conversation, items[i].id, err = ana.SendMail(t.Context(), desk.ID{}, desk.Outgoing{
					Account: shop.Name, To: []desk.Address{{Mail: fmt.Sprintf("customer%d@home.test", i)}},
					Subject: fmt.Sprint("Lamp ", i), Text: "It is on its way.",
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	return items
}
