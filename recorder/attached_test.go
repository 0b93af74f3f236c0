package recorder

import (
	"io"
	"strings"
	"testing"

	"hark/desk"
	"hark/desk/desktest"
	"hark/recorder/files"
)

// TestAttachedFilesSurviveARestart: what was said with a message is there, and
// nothing of it is readable in the folder.
func TestAttachedFilesSurviveARestart(t *testing.T) {
	p := newPlace(t)
	o := p.create(t)
	const words = "the number on the back is 4711"
	token := desktest.Token("mo")
	f, err := o.Upload(t.Context(), token, "note.txt", strings.NewReader(words))
	if err == nil {
		_, err = o.Say(t.Context(), desk.Words{Token: token, Client: "1", Files: []desk.ID{f.ID}})
	}
	if err != nil {
		t.Fatal(err)
	}
	o.close()
	o = p.open(t)
	defer o.close()
	got, r, err := o.FileFor(t.Context(), token, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil || string(b) != words || got != f {
		t.Errorf("after a restart it is %q as %+v, %v", b, got, err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	for _, c := range o.rec.Checks(t.Context()) {
		if c.Part == files.Folder && (!c.OK || c.Words != "1 attached, 0 more that no message has yet" || c.Size == 0) {
			t.Errorf("the check says %+v", c)
		}
	}
	// Sent again by a browser that never heard the answer, it is the same.
	if _, err := o.Say(t.Context(), desk.Words{Token: token, Client: "1", Files: []desk.ID{f.ID}}); err != nil {
		t.Errorf("sent again after a restart: %v", err)
	}
	if v := o.Visitor(token); v.Ord != 1 {
		t.Errorf("there are %d items", v.Ord)
	}
}
