package staff_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/staff"
)

func TestManyConversationsFromStandardInput(t *testing.T) {
	w := open(t)
	a, b, c := w.Says("Mo", "one"), w.Says("Ida", "two"), w.Says("Al", "three")
	input := a.String() + "\n\n  " + b.String() + " ignored words\nzzzz\n" + c.String() + "\n"
	r := w.run("ana", input, "tag", "refund", "-")
	if r.status != staff.ExitNotFound || r.err != "hark: zzzz: there is no conversation zzzz; hark ls shows them\n" {
		t.Errorf("%+v", r)
	}
	if lines := strings.Split(strings.TrimSpace(r.out), "\n"); len(lines) != 3 || !strings.HasSuffix(lines[2], " #refund") {
		t.Errorf("%q", r.out)
	}
	for _, id := range []desk.ID{a, b, c} {
		if tags := w.row(id).Tags; len(tags) != 1 || tags[0] != "refund" {
			t.Errorf("tags of %s: %v", id, tags)
		}
	}
	w.do("ana", "resolve", a.String(), b.String())
	if w.row(a).Status != desk.StatusResolved || w.row(b).Status != desk.StatusResolved || w.row(c).Status != desk.StatusNew {
		t.Error("the wrong ones are resolved")
	}
	for _, argv := range [][]string{{"assign", "-", "me"}, {"priority", "-", "high"}, {"snooze", "-", "1h"}, {"wake", "-"}, {"release", "-"}} {
		if r := w.run("ana", c.String()+"\n", argv...); r.status != 0 {
			t.Errorf("%v: %+v", argv, r)
		}
	}
	if r := w.run("ana", strings.Repeat("x", 5000), "wake", "-"); r.status != staff.ExitUsage {
		t.Errorf("a line without end: %+v", r)
	}
}

// A slow producer sees its first result before it writes its second line.
func TestResultsComeAsTheyAreReady(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "one").String()
	in, feed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	results, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _, _ = in.Close(), out.Close(), results.Close() }()
	done := make(chan int, 1)
	go func() {
		status, _ := w.dial("ana").Run(t.Context(), []string{"tag", "slow", "-"}, nil, staff.Streams{In: in, Out: out, Err: out})
		done <- status
	}()
	if _, err := feed.WriteString(id + "\n"); err != nil {
		t.Fatal(err)
	}
	if err := results.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 100)
	if n, err := results.Read(b); err != nil || !strings.Contains(string(b[:n]), "#slow") {
		t.Errorf("%q, %v", b[:n], err)
	}
	_ = feed.Close()
	if status := <-done; status != 0 {
		t.Errorf("exit %d", status)
	}
}

func TestTagsAreToldFromConversations(t *testing.T) {
	w := open(t)
	a, b := w.Says("Mo", "one"), w.Says("Ida", "two")
	for _, c := range []struct {
		argv  []string
		input string
		want  string
	}{
		{[]string{a.String(), b.String(), "+vip", "+new"}, "", "new vip"},
		{[]string{a.String(), b.String(), "-vip"}, "", "new"},
		{[]string{"-new", "+old", "-"}, a.String() + "\n" + b.String() + "\n", "old"},
		{[]string{"late", "-old", "-"}, a.String() + "\n" + b.String() + "\n", "late"},
	} {
		if r := w.run("ana", c.input, append([]string{"tag"}, c.argv...)...); r.status != 0 {
			t.Errorf("%v: %+v", c.argv, r)
		}
		for _, id := range []desk.ID{a, b} {
			if got := strings.Join(w.row(id).Tags, " "); got != c.want {
				t.Errorf("%v: tags %q, want %q", c.argv, got, c.want)
			}
		}
	}
	w.do("ana", "tag", a.String(), "one", "two")
	if got := strings.Join(w.row(a).Tags, " "); got != "late one two" {
		t.Errorf("%q", got)
	}
}

func TestSearchOnTheCommandLine(t *testing.T) {
	w := open(t)
	a, b := w.Says("Mo", "where is my parcel"), w.Says("Ida", "the parcel is broken")
	w.do("ana", "tag", a.String(), "+vip")
	w.do("ana", "claim", b.String())
	for _, c := range []struct {
		argv []string
		want int
	}{
		{[]string{"ls", "parcel"}, 2},
		{[]string{"ls", "parcel", "tag:vip"}, 1},
		{[]string{"ls", "parcel -tag:vip"}, 1},
		{[]string{"ls", "parcel", "-tag:vip", "--json"}, 1},
		{[]string{"ls", "--json", "is:mine"}, 1},
		{[]string{"ls", "--view", "mine", "broken"}, 1},
		{[]string{"ls", "--view", "unassigned", "broken"}, 0},
		{[]string{"ls", "--queue", "x"}, 0},
	} {
		out := w.do("ana", c.argv...)
		got := strings.Count(out, "parcel")
		if got != c.want {
			t.Errorf("%v shows %d, want %d:\n%s", c.argv, got, c.want, out)
		}
	}
	w.do("ana", "views", "save", "vips", "tag:vip", "parcel")
	if out := w.do("ana", "ls", "--view", "vips"); strings.Count(out, "parcel") != 1 {
		t.Errorf("a view of one's own: %s", out)
	}
	if out := w.do("ana", "views"); !strings.Contains(out, "vips") || !strings.Contains(out, "tag:vip parcel") {
		t.Errorf("views: %s", out)
	}
	w.do("ana", "views", "rm", "vips")
	if out := w.do("ana", "views", "--json"); strings.Contains(out, "vips") || !strings.Contains(out, `{"name":"unassigned","count":1,"query":""}`) {
		t.Errorf("views: %s", out)
	}
}

func TestSnoozeByPhrase(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "one")
	if out := w.do("ana", "snooze", id.String(), "in", "2", "hours"); !strings.Contains(out, "sleeps until") {
		t.Error(out)
	}
	row := w.row(id)
	if d := time.Until(row.Until); row.Status != desk.StatusSnoozed || d < 119*time.Minute || d > 2*time.Hour {
		t.Errorf("%v %v", row.Status, d)
	}
	w.do("ana", "wake", id.String())
	if out := w.do("ana", "snooze", id.String(), "reply"); !strings.Contains(out, "until a reply") || w.row(id).Status != desk.StatusSnoozed {
		t.Error(out)
	}
}

func TestStatusAndWho(t *testing.T) {
	w := open(t)
	if out := w.do("ana", "status"); out != "available\n" {
		t.Error(out)
	}
	if out := w.do("ana", "status", "busy", "30m"); !strings.HasPrefix(out, "busy until ") {
		t.Error(out)
	}
	if out := w.do("ana", "who", "--json"); !strings.Contains(out, `"name":"ana","status":"offline"`) {
		t.Errorf("a command is no work: %s", out)
	}
}

func TestItemsOfOneCustomerMove(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "about shoes")
	w.Says("Mo", "about hats")
	w.do("ana", "note", id.String(), "a hat person")
	cat := w.do("ana", "cat", "-n", id.String())
	if !strings.Contains(cat, "   3  > about hats") || !strings.Contains(cat, "   4  # a hat person") {
		t.Fatalf("no numbers: %s", cat)
	}
	out := w.do("ana", "split", id.String(), "3-4")
	split, _, ok := strings.Cut(out, " has 2 items of ")
	if !ok {
		t.Fatal(out)
	}
	if cat := w.do("ana", "cat", id.String()); strings.Contains(cat, "hats") || !strings.Contains(cat, "[moved 2 items to "+split+"]") {
		t.Errorf("the old place: %s", cat)
	}
	if cat := w.do("ana", "cat", split); !strings.Contains(cat, "> about hats [moved here from ") || !strings.Contains(cat, "# a hat person") {
		t.Errorf("the new place: %s", cat)
	}
	if r := w.run("ana", "", "split", id.String(), "1"); r.status != staff.ExitNotFound {
		t.Errorf("what is no item: %+v", r)
	}
	w.do("ana", "unsplit", split)
	if cat := w.do("ana", "cat", id.String()); !strings.Contains(cat, "hats") {
		t.Errorf("taken back: %s", cat)
	}
	out = w.do("ana", "split", id.String(), "3")
	other, _, _ := strings.Cut(out, " has ")
	if out := w.do("ana", "merge", other, id.String()); !strings.Contains(out, " goes on in ") {
		t.Error(out)
	}
	gone, _, _ := strings.Cut(w.do("ana", "ls"), " goes") // the list has one row again
	if strings.Count(gone, "Mo") != 1 {
		t.Errorf("%s", gone)
	}
}

func TestFilesFromAndToWhereThePersonIs(t *testing.T) {
	w := open(t)
	id := w.Says("Mo", "send me the invoice").String()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("invoice.txt", []byte("100 euros"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(input string, argv ...string) result {
		var out, errOut strings.Builder
		status, err := w.dial("ana").Run(t.Context(), argv, nil, staff.Streams{In: strings.NewReader(input), Out: &out, Err: &errOut, Files: true})
		if err != nil {
			t.Fatal(err)
		}
		return result{out.String(), errOut.String(), status}
	}
	if r := run("", "attach", id, "invoice.txt", "-m", "Here it is"); r.status != 0 || !strings.HasPrefix(r.out, "sent 1 file to ") {
		t.Fatalf("%+v", r)
	}
	if r := run("some bytes", "attach", id, "-", "--name", "note.txt"); r.status != 0 {
		t.Fatalf("%+v", r)
	}
	if out := w.do("ana", "files", id); !strings.Contains(out, "invoice.txt") || !strings.Contains(out, "note.txt") {
		t.Errorf("%s", out)
	}
	if r := run("", "save", id, "invoice.txt"); r.status != 0 || !strings.Contains(r.out, "invoice (2).txt") {
		t.Errorf("%+v", r)
	}
	if b, err := os.ReadFile("invoice (2).txt"); err != nil || string(b) != "100 euros" {
		t.Errorf("%q, %v", b, err)
	}
	if out := w.do("ana", "save", id, "2", "-"); out != "some bytes" {
		t.Errorf("%q", out)
	}
	if r := w.run("ana", "", "attach", id, "invoice.txt"); r.status != staff.ExitUnavailable || !strings.Contains(r.err, "plain ssh cannot read your files") {
		t.Errorf("without a client: %+v", r)
	}
}
