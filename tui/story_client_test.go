package tui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/inbox"
)

// machine is the person's own machine, in memory.
type machine struct {
	opened []string
	saved  map[string]string
	files  map[string]string
	edit   func(string) string
}

func (m *machine) Open(_ context.Context, url string) error {
	m.opened = append(m.opened, url)
	return nil
}

func (m *machine) Save(_ context.Context, name string, r io.Reader) (string, error) {
	b, err := io.ReadAll(r)
	if m.saved == nil {
		m.saved = map[string]string{}
	}
	m.saved[name] = string(b)
	return "~/Downloads/" + name, err
}

func (m *machine) Edit(_ context.Context, text string) (string, error) {
	if m.edit == nil {
		return "", errors.New("vi: not found")
	}
	return m.edit(text), nil
}

func (m *machine) Read(_ context.Context, path string) (string, int64, io.ReadCloser, error) {
	text, ok := m.files[path]
	if !ok {
		return "", 0, nil, errors.New("no such file")
	}
	return path[strings.LastIndexByte(path, '/')+1:], int64(len(text)), io.NopCloser(bytes.NewBufferString(text)), nil
}

func TestALinkIsOpenedAsItIsRead(t *testing.T) {
	m := &machine{}
	at(t, setup{desk: full, client: m}, func(c *console) {
		open(c, "Ana Björk")
		c.Press("things").Sees("https://bank.example/receipt/8812", "receipt.pdf · pdf · 18 B")
		c.Type("bank").Key("enter").Sees("Opened https://bank.example/receipt/8812")
		if len(m.opened) != 1 || m.opened[0] != "https://bank.example/receipt/8812" {
			t.Errorf("the machine opened %q", m.opened)
		}
	})
}

func TestAFileIsSavedAtThePersonsMachine(t *testing.T) {
	m := &machine{}
	at(t, setup{desk: full, client: m}, func(c *console) {
		open(c, "Ana Björk")
		c.Press("things").Type("pdf").Key("enter").Sees("Saved ~/Downloads/receipt.pdf")
		if m.saved["receipt.pdf"] != "%PDF-1.7 a receipt" {
			t.Errorf("the machine has %q", m.saved)
		}
	})
}

func TestPlainSSHSaysWhatIsMissing(t *testing.T) {
	at(t, setup{desk: full}, func(c *console) {
		open(c, "Ana Björk")
		c.Press("things").Sees("plain ssh cannot open").Type("bank").Key("enter").Sees("copied the link")
		c.Press(inbox.ActReply).Press("attach").Sees("plain ssh does not reach: connect with hark connect")
		c.Press("editor").Sees("your editor is on your own machine")
	})
}

func TestAFileGoesWithAReply(t *testing.T) {
	m := &machine{files: map[string]string{"/tmp/invoice.pdf": "%PDF-1.7 invoice"}}
	at(t, setup{desk: full, client: m}, func(c *console) {
		open(c, "Ana Björk")
		c.Press(inbox.ActReply).Press("attach").Type("/tmp/none.pdf").Key("enter").Sees("the file was not attached", "no such file")
		c.Press("attach").Type("/tmp/invoice.pdf").Key("enter").Sees("attached invoice.pdf", "+ invoice.pdf 16 B")
		c.Type("here it is").Press(inbox.ActSend).Sees("[invoice.pdf · pdf · 16 B]").Misses("+ invoice.pdf")
		row := c.row("Ana Björk")
		items, err := c.env.PublicItems(c.t.Context(), row.ID, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		if last := items[len(items)-1]; len(last.Files) != 1 || last.Files[0].Name != "invoice.pdf" || last.Text != "here it is" {
			t.Errorf("the customer gets %+v", last)
		}
	})
}

func TestAFileCanGoAloneAndBeTakenOff(t *testing.T) {
	m := &machine{files: map[string]string{"a.pdf": "%PDF-1.7 a", "b.pdf": "%PDF-1.7 b"}}
	at(t, setup{desk: full, client: m}, func(c *console) {
		open(c, "Ana Björk")
		c.Press(inbox.ActReply).Press("detach").Sees("no file is attached").Press(inbox.ActSend).Sees("nothing is written yet")
		c.Press("attach").Type("a.pdf").Key("enter").Press("attach").Type("b.pdf").Key("enter").Sees("a.pdf 10 B, b.pdf 10 B")
		c.Press("detach").Sees("took b.pdf off").Press(inbox.ActSend).Sees("[a.pdf · pdf · 10 B]").Misses("[b.pdf")
	})
}

func TestFilesWaitWithTheirConversation(t *testing.T) {
	m := &machine{files: map[string]string{"a.pdf": "%PDF-1.7 a"}}
	at(t, setup{desk: full, client: m}, func(c *console) {
		open(c, "Ana Björk")
		c.Press(inbox.ActReply).Press("attach").Type("a.pdf").Key("enter").Type("see there").Sees("+ a.pdf").Key("esc").Key("esc").Key("esc")
		c.Key("g").Key("a").Key("j").Key("enter").Press(inbox.ActReply).Misses("+ a.pdf").Key("esc").Key("esc")
		open(c, "Ana Björk")
		c.Press(inbox.ActReply).Sees("┃see there", "+ a.pdf").Press(inbox.ActSend).Sees("[a.pdf · pdf · 10 B]").Misses("+ a.pdf")
	})
}

func TestFilesComeBackWithALetterThatWasNotSent(t *testing.T) {
	m := &machine{files: map[string]string{"a.pdf": "%PDF-1.7 a"}}
	at(t, setup{desk: full, client: m}, func(c *console) {
		open(c, "Ana Björk")
		c.Press(inbox.ActReply).Press("attach").Type("a.pdf").Key("enter").Type("see there")
		c.env.Journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: "the disk is full"})
		c.Press(inbox.ActSend).Sees("was not sent", "┃see there", "+ a.pdf")
		c.env.Journal.Fail(nil)
		c.Press(inbox.ActSend).Sees("[a.pdf · pdf · 10 B]")
	})
}

func TestTheEditorOfTheMachineIsUsed(t *testing.T) {
	m := &machine{edit: func(text string) string { return text + " and more\n" }}
	at(t, setup{desk: shop, client: m}, func(c *console) {
		c.Press(inbox.ActReply).Type("words").Press("editor").Wait(time.Second).Sees("┃words and more").Press(inbox.ActSend)
		if got := c.row("Lea Grün").Last; got != "words and more" {
			t.Errorf("the desk has %q", got)
		}
	})
}

func TestAnEditorThatFailsLeavesTheText(t *testing.T) {
	at(t, setup{desk: shop, client: &machine{}}, func(c *console) {
		c.Press(inbox.ActReply).Type("words").Press("editor").Wait(time.Second).Sees("┃words", "the editor did not run on your machine")
	})
}

func TestFilesInAThreadAreNameTypeAndSize(t *testing.T) {
	at(t, setup{desk: func(e *desktest.Env) {
		f, err := e.Upload(context.Background(), desktest.Token("Eve"), "\u202egnp.exe", strings.NewReader("MZ not a picture"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Say(context.Background(), desk.Words{Token: desktest.Token("Eve"), Client: "c1", Name: "Eve", Files: []desk.ID{f.ID}}); err != nil {
			t.Fatal(err)
		}
	}}, func(c *console) {
		c.Press(inbox.ActOpen).Misses("\u202e").Sees("gnp.exe", "16 B]")
	})
}
