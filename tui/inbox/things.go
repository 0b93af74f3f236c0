package inbox

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/safe"
	"hark/tui/thread"
	"hark/tui/ui"
)

// saveLimit is how long a file may take to the person's own machine.
const saveLimit = 10 * time.Minute

// pickThing lists the links and files of the open thread. A link is shown as
// what is opened, whole; a file is saved at the person's own machine.
func (s *Screen) pickThing() tea.Cmd {
	var choices []ui.Choice
	for _, t := range s.pane.Things() {
		label := safe.Name(t.Link).String()
		if t.Link == "" {
			label = safe.Name(t.File.Name).String() + " " + s.look.Glyphs.Dot + " " + ui.FileType(t.File.Type) + " " + s.look.Glyphs.Dot + " " + ui.Bytes(t.File.Size)
		}
		choices = append(choices, ui.Choice{Label: label, Note: safe.Name(t.Name).String(), Value: t})
	}
	title := "open a link or save a file"
	if s.Client == nil {
		title = "links and files (enter copies: plain ssh cannot open)"
	}
	return s.ask(&chooser{
		title: title, choices: choices, empty: "no links and no files in what is loaded of this thread",
		preview: wholeThing, done: s.thingChosen,
	})
}

// wholeThing shows all of a link: what is opened is what was read.
func wholeThing(c ui.Choice) string {
	t, _ := c.Value.(thread.Thing)
	if t.Link != "" {
		return safe.Name(t.Link).String()
	}
	return safe.Name(t.File.Name).String() + "\n" + ui.FileType(t.File.Type) + ", " + ui.Bytes(t.File.Size)
}

func (s *Screen) thingChosen(c ui.Choice) tea.Cmd {
	t, _ := c.Value.(thread.Thing)
	switch {
	case s.Client == nil && t.Link != "":
		s.Toasts.Say("copied the link, if the terminal allows it: plain ssh cannot open it")
		return tea.SetClipboard(safe.Name(t.Link).String())
	case s.Client == nil:
		s.Toasts.Say(s.needsClient("the folder for files"))
		return nil
	case t.Link != "":
		return s.openLink(t.Link)
	}
	return s.saveFile(t.File)
}

// openLink opens a link at the person's own machine.
func (s *Screen) openLink(link string) tea.Cmd {
	client := s.Client
	return s.act("Opened "+safe.Name(link).String(), func(ctx context.Context) error {
		return outside("the link could not be opened", client.Open(ctx, link))
	}, undo{})
}

// saveFile brings a file of the open conversation to the person's own machine.
func (s *Screen) saveFile(f desk.File) tea.Cmd {
	session, client, id := s.Session, s.Client, s.open.id
	s.Toasts.Say("saving " + safe.Name(f.Name).String() + s.look.Glyphs.Sending)
	return s.command(saveLimit, func(ctx context.Context) tea.Msg {
		file, r, err := session.OpenFile(ctx, id, f.ID)
		if err != nil {
			return doneMsg{err: err}
		}
		path, err := client.Save(ctx, file.Name, r)
		if cerr := r.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return doneMsg{err: outside("the file could not be saved", err)}
		}
		return doneMsg{said: "Saved " + safe.Name(path).String()}
	})
}

// outside gives an error of the person's own machine a sentence, unless it has
// one.
func outside(what string, err error) error {
	if err == nil || desk.CodeOf(err) != desk.Internal {
		return err
	}
	return &desk.Error{Code: desk.Unavailable, Msg: what + " on your machine: " + safe.Line(err.Error()).String(), Err: err}
}
