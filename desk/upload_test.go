package desk_test

import (
	"io"
	"strings"
	"testing"

	"hark/desk"
	"hark/desk/desktest"
)

func TestFilesGoBothWaysAndOnlyToTheirCustomer(t *testing.T) {
	env := desktest.New(t)
	bo := env.As("bo")
	token := desktest.Token("Mo")
	sent, err := env.Upload(t.Context(), token, `..\..\parcel.png`, strings.NewReader("\x89PNG\x0D\x0A\x1A\x0A…"))
	must(t, err)
	if sent.Name != "parcel.png" || sent.Type != "image/png" || sent.Size != 11 {
		t.Errorf("the file is %+v", sent)
	}
	w := desk.Words{Token: token, Client: "1", Name: "Mo", Files: []desk.ID{sent.ID}}
	id, err := env.Say(t.Context(), w)
	must(t, err)
	if row := bo.Row(id); row.Last != "parcel.png" || !env.Files.Kept(sent.ID) {
		t.Errorf("the row says %q; kept: %v", row.Last, env.Files.Kept(sent.ID))
	}
	if again, err := env.Say(t.Context(), w); err != nil || again != id {
		t.Errorf("sent again it is %v, %v", again, err)
	}

	answer, err := bo.Attach(t.Context(), "label.pdf", strings.NewReader("%PDF-1.7"))
	must(t, err)
	must(t, bo.ReplyWith(t.Context(), id, "", []desk.ID{answer.ID}))
	read(t, func() (desk.File, io.ReadCloser, error) { return env.FileFor(t.Context(), token, answer.ID) }, "%PDF-1.7")
	read(t, func() (desk.File, io.ReadCloser, error) { return bo.OpenFile(t.Context(), id, sent.ID) }, "\x89PNG\x0D\x0A\x1A\x0A…")

	env.Says("Lea", "hello")
	_, _, err = env.FileFor(t.Context(), desktest.Token("Lea"), answer.ID)
	refused(t, err, desk.NotFound, "no such file")
	stolen := desk.Words{Token: desktest.Token("Lea"), Client: "2", Files: []desk.ID{sent.ID}}
	_, err = env.Say(t.Context(), stolen)
	refused(t, err, desk.NotFound, "attach it again")
	refused(t, bo.ReplyWith(t.Context(), id, "", []desk.ID{sent.ID}), desk.NotFound, "attach it again")
	refused(t, bo.Reply(t.Context(), id, " "), desk.Invalid, "empty")
}

func read(t *testing.T, open func() (desk.File, io.ReadCloser, error), want string) {
	t.Helper()
	f, r, err := open()
	must(t, err)
	defer r.Close()
	if b, err := io.ReadAll(r); err != nil || string(b) != want {
		t.Errorf("%s is %q, %v", f.Name, b, err)
	}
}

func TestOpeningAFileIsOnRecord(t *testing.T) {
	env := desktest.New(t)
	f, err := env.Upload(t.Context(), desktest.Token("Mo"), "a.txt", strings.NewReader("a"))
	must(t, err)
	id, err := env.Say(t.Context(), desk.Words{Token: desktest.Token("Mo"), Client: "1", Files: []desk.ID{f.ID}})
	must(t, err)
	kim := env.As("kim", desk.RoleQA)
	_, r, err := kim.OpenFile(t.Context(), id, f.ID)
	must(t, err)
	_ = r.Close()
	events, err := env.Journal.ReadStream(t.Context(), env.Info().Audit, 1, 10)
	must(t, err)
	v, ok := events[len(events)-1].Body.(desk.Viewed)
	if !ok || v.Conversation != id || v.Purpose != desk.QA {
		t.Errorf("the record says %+v", events[len(events)-1].Body)
	}
	admin := env.As("adm", desk.RoleAdmin)
	_, _, err = admin.OpenFile(t.Context(), id, f.ID)
	refused(t, err, desk.Denied, "read needs")
}

func TestUploadsHaveLimits(t *testing.T) {
	env := desktest.New(t, func(o *desk.Options) { o.FileLimit = 4 })
	_, err := env.Upload(t.Context(), desktest.Token("Mo"), "a", strings.NewReader("12345"))
	refused(t, err, desk.Invalid, "larger than 4")
	for range 20 {
		_, err = env.Upload(t.Context(), desktest.Token("Mo"), "a", strings.NewReader("1"))
		must(t, err)
	}
	_, err = env.Upload(t.Context(), desktest.Token("Mo"), "a", strings.NewReader("1"))
	refused(t, err, desk.Unavailable, "send them first")
}
