package inbox

import (
	"context"
	"io"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/compose"
	"hark/tui/safe"
	"hark/tui/ui"
)

// The messages of what happens at the person's own machine.
type (
	attachedMsg struct {
		to   desk.ID // the conversation
		file desk.File
		err  error
	}
	editedMsg struct {
		to   desk.ID
		gen  int // of the text that was given away
		text string
		err  error
	}
)

func (s *Screen) cannotAttach() string {
	if s.box.note {
		return "a note has no files; ctrl+n makes it a reply"
	}
	return s.needsClient("the file")
}

func (s *Screen) nothingAttached() string {
	if len(s.files[s.open.id]) == 0 && s.carries() == 0 {
		return "no file is attached"
	}
	return ""
}

// attach asks for the path of a file at the person's own machine.
func (s *Screen) attach() tea.Cmd {
	return s.ask(&chooser{
		title: "attach a file of your machine", empty: "type the path, such as ~/Desktop/invoice.pdf",
		other: func(typed string) (ui.Choice, bool) {
			return ui.Choice{Label: "attach " + safe.Name(typed).String(), Value: typed}, strings.TrimSpace(typed) != ""
		},
		done: func(c ui.Choice) tea.Cmd {
			path, _ := c.Value.(string)
			return s.readFile(path)
		},
	})
}

// readFile brings a file to the desk, where it waits sealed for the reply.
func (s *Screen) readFile(path string) tea.Cmd {
	session, client, to := s.Session, s.Client, s.open.id
	s.Toasts.Say("attaching " + safe.Name(path).String() + s.look.Glyphs.Sending)
	return s.command(saveLimit, func(ctx context.Context) tea.Msg {
		name, _, rc, err := client.Read(ctx, path)
		if err != nil {
			return attachedMsg{to: to, err: outside("the file could not be read", err)}
		}
		file, err := session.Attach(ctx, name, io.Reader(rc))
		if cerr := rc.Close(); err == nil && cerr != nil {
			err = outside("the file could not be read to its end", cerr)
		}
		return attachedMsg{to, file, err}
	})
}

func (s *Screen) attached(m attachedMsg) tea.Cmd {
	switch {
	case m.err != nil:
		s.fail("the file was not attached", m.err)
	default:
		s.files[m.to] = append(s.files[m.to], m.file)
		words := "attached " + safe.Name(m.file.Name).String() + ", " + ui.Bytes(m.file.Size)
		if m.to != s.open.id {
			words += ", in the conversation that you have left"
		}
		s.Toasts.Say(words)
	}
	return nil
}

// detach takes the last file off the reply.
func (s *Screen) detach() tea.Cmd {
	files := s.files[s.open.id]
	if len(files) == 0 {
		s.box.mail.Drop()
		s.box.saved = -1
		s.saveDraft()
		s.Toasts.Say("what hung on the mail stays behind")
		return nil
	}
	last := files[len(files)-1]
	s.files[s.open.id] = slices.Clone(files[:len(files)-1])
	s.Toasts.Say("took " + safe.Name(last.Name).String() + " off")
	return nil
}

// editor gives the text to the person's own editor and takes back what it was
// made into.
func (s *Screen) editor() tea.Cmd {
	client, parent := s.Client, s.Context
	text, to, gen := s.box.ed.Text(), s.open.id, s.box.gen()
	if s.box.byMail() {
		text = s.box.mail.Format(text)
	}
	var edited string
	return ui.Aside(func() (err error) {
		edited, err = client.Edit(parent, text)
		return err
	}, func(err error) tea.Msg {
		return editedMsg{to, gen, edited, outside("the editor did not run", err)}
	})
}

func (s *Screen) editorDone(m editedMsg) tea.Cmd {
	switch {
	case m.err != nil:
		s.fail("the text is as it was", m.err)
		return nil
	case m.to != s.open.id:
		s.Session.SaveDraft(m.to, false, m.text)
		s.Toasts.Say("what you edited is kept as the draft of its conversation")
		return nil
	}
	if s.box.byMail() {
		return s.editedMail(m.text)
	}
	s.box.ed.Set(strings.TrimRight(m.text, "\n"))
	s.edited()
	return nil
}

// editedMail takes a mail from the editor, head and all. A line of the head
// that cannot be read is told; no word of the text is lost by it.
func (s *Screen) editedMail(text string) tea.Cmd {
	mail, words, err := compose.ReadLetter(text)
	if err == nil {
		_, at, wrong := mail.Outgoing("")
		if err = wrong; wrong != nil {
			mail.GoTo(at)
		}
	}
	s.box.mail = mail
	s.box.ed.Set(strings.TrimRight(words, "\n"))
	s.edited()
	if err != nil {
		s.fail("look at the head of the mail", err)
	}
	return s.compare()
}

// filesWords names the attached files, for the composer's frame.
func (s *Screen) filesWords() string {
	files := s.files[s.open.id]
	if len(files) == 0 {
		return ""
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = safe.Name(f.Name).String() + " " + ui.Bytes(f.Size)
	}
	return "+ " + strings.Join(names, ", ")
}
