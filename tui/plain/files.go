package plain

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"hark/desk"
)

// errNoClient says that nothing can be done where the person sits.
var errNoClient = &desk.Error{Code: desk.Unavailable, Msg: "this connection cannot reach your files and programs; hark --plain on the desk's own machine can"}

// filesHere returns the files of the conversation at hand, oldest first, each
// with its fact.
func (s *sitting) filesHere() (files []desk.File, facts []string, err error) {
	if _, err := s.target(""); err != nil {
		return nil, nil, err
	}
	err = s.do(func(ctx context.Context) error {
		_, err := s.room.thread.Each(ctx, func(a desk.Applied) error {
			for _, f := range filesOf(a) {
				files = append(files, f)
				facts = append(facts, fileWords(f)+", from "+s.who(a.Actor)+", "+s.clock(a.At))
			}
			return nil
		})
		return err
	})
	return files, facts, err
}

func filesOf(a desk.Applied) []desk.File {
	switch b := a.Body.(type) {
	case desk.Message:
		return append(slices.Clone(b.Files), partFiles(b.Mail)...)
	case desk.MovedIn:
		if b.Message != nil {
			return append(slices.Clone(b.Message.Files), partFiles(b.Message.Mail)...)
		}
	}
	return nil
}

// cmdFiles tells the files of the conversation at hand, and those of the next
// reply.
func cmdFiles(s *sitting, _ string) error {
	files, facts, err := s.filesHere()
	if err != nil {
		return err
	}
	for i, fact := range facts {
		s.out.line(strconv.Itoa(i+1) + ". " + sentence(fact))
	}
	if len(s.room.files) > 0 {
		s.out.line("With your next reply goes " + fileList(s.room.files) + ".")
	} else if len(files) == 0 {
		s.out.line("There are no files here.")
	}
	return nil
}

// cmdSave keeps a file where the person sits, or a search as a view.
func cmdSave(s *sitting, arg string) error {
	if view, rest := cutWord(arg, "view"); view {
		return s.saveView(rest)
	}
	if s.o.Client == nil {
		return errNoClient
	}
	files, facts, err := s.filesHere()
	if err != nil {
		return err
	}
	i := number(arg) - 1
	if i < 0 {
		i = slices.IndexFunc(files, func(f desk.File) bool { return f.Name == arg })
	}
	switch {
	case len(files) == 0:
		return desk.Errorf(desk.NotFound, "there are no files here")
	case arg == "" && len(files) > 1:
		q := question{ask: "Number of the file"}
		for i, fact := range facts {
			q.choices = append(q.choices, choice{fact, func() error { return s.saveFile(files[i]) }})
		}
		return s.ask(q)
	case arg == "":
		i = 0
	}
	if i < 0 || i >= len(files) {
		return desk.Errorf(desk.NotFound, "there is no file %q here; files tells them", clip(arg))
	}
	return s.saveFile(files[i])
}

func (s *sitting) saveFile(f desk.File) error {
	if s.o.Client == nil {
		return errNoClient
	}
	ctx, cancel := context.WithTimeout(s.ctx, fileLimit)
	defer cancel()
	_, rc, err := s.desk.OpenFile(ctx, s.room.id, f.ID)
	if err != nil {
		return err
	}
	defer func() { _ = rc.Close() }() // it was only read
	path, err := s.o.Client.Save(ctx, f.Name, rc)
	if err != nil {
		return err
	}
	s.out.line("Saved as " + name(path) + ", " + sizeWords(f.Size) + ".")
	return nil
}

// cmdAttach takes a file from where the person sits along with the next reply.
func cmdAttach(s *sitting, arg string) error {
	if _, err := s.target(""); err != nil {
		return err
	}
	switch {
	case arg == "":
		return desk.Errorf(desk.Invalid, "say the path of the file, as in: attach bill.pdf")
	case strings.EqualFold(arg, "drop"):
		n := len(s.room.files)
		s.room.files = nil
		s.out.line("Took " + count(n, "file") + " off your next reply.")
		return nil
	case s.o.Client == nil:
		return errNoClient
	}
	ctx, cancel := context.WithTimeout(s.ctx, fileLimit)
	defer cancel()
	called, _, rc, err := s.o.Client.Read(ctx, arg)
	if err != nil {
		return err
	}
	defer func() { _ = rc.Close() }() // it was only read
	f, err := s.desk.Attach(ctx, called, rc)
	if err != nil {
		return err
	}
	s.room.files = append(s.room.files, f)
	s.out.line(sentence(fileWords(f) + " goes with your next reply"))
	return nil
}

// links returns the addresses in the words of the conversation at hand, each
// once, oldest first.
func (s *sitting) links() (links []string, err error) {
	if _, err := s.target(""); err != nil {
		return nil, err
	}
	err = s.do(func(ctx context.Context) error {
		_, err := s.room.thread.Each(ctx, func(a desk.Applied) error {
			for _, l := range linksIn(wordsOf(a)) {
				if !slices.Contains(links, l) {
					links = append(links, l)
				}
			}
			return nil
		})
		return err
	})
	return links, err
}

func wordsOf(a desk.Applied) string {
	switch b := a.Body.(type) {
	case desk.Message:
		return b.Text
	case desk.Note:
		return b.Text
	}
	return ""
}

// linksIn returns what in a text is an address of the web. An address is ASCII
// here: one that looks like another by its letters is not opened.
func linksIn(text string) (links []string) {
	for w := range strings.FieldsSeq(text) {
		w = strings.Trim(w, `<>()[]{}"'`)
		w = strings.TrimRight(w, ".,;:!?")
		low := strings.ToLower(w)
		if !strings.HasPrefix(low, "http://") && !strings.HasPrefix(low, "https://") {
			continue
		}
		if strings.IndexFunc(w, func(r rune) bool { return r <= ' ' || r > '~' }) < 0 {
			links = append(links, w)
		}
	}
	return links
}

// cmdLinks tells the addresses in a conversation, or opens one where the
// person sits: "links 2".
func cmdLinks(s *sitting, arg string) error {
	links, err := s.links()
	if err != nil {
		return err
	}
	if arg == "" {
		for i, l := range links {
			s.out.line(strconv.Itoa(i+1) + ". " + l)
		}
		if len(links) == 0 {
			s.out.line("There are no links here.")
			return nil
		}
		s.out.line("Links and a number opens one in your browser.")
		return nil
	}
	n := number(arg)
	switch {
	case n < 1 || n > len(links):
		return desk.Errorf(desk.NotFound, "there is no link %s here; links tells them", clip(arg))
	case s.o.Client == nil:
		return errNoClient
	}
	if err := s.do(func(ctx context.Context) error { return s.o.Client.Open(ctx, links[n-1]) }); err != nil {
		return err
	}
	s.out.line("Opened " + links[n-1] + " in your browser.")
	return nil
}
