package staff

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"hark/desk"
)

// sharedFile is a file of a conversation, and who sent it when.
type sharedFile struct {
	desk.File
	from desk.Actor
	at   time.Time
}

// sharedFiles reads the files of a conversation, the oldest first.
func (k *call) sharedFiles(id string, w why) (*desk.Conversation, []sharedFile, error) {
	t, err := openThread(k, on{id}, w, "open")
	if err != nil {
		return nil, nil, err
	}
	defer t.Close()
	var all []sharedFile
	_, err = t.Each(k.ctx, func(a desk.Applied) error {
		switch b := a.Body.(type) {
		case desk.Message:
			all = append(all, sent(filesOf(b), a.Actor, a.At)...)
		case desk.MovedIn:
			if b.Message != nil {
				all = append(all, sent(filesOf(*b.Message), desk.Actor{Kind: b.Who, ID: b.WhoID}, b.At)...)
			}
		}
		return nil
	})
	return t.Row(), all, err
}

// filesOf returns what came along with a message: its files, and what hangs on
// a mail.
func filesOf(m desk.Message) []desk.File {
	if m.Mail == nil {
		return m.Files
	}
	all := m.Files[:len(m.Files):len(m.Files)]
	for _, p := range m.Mail.Parts {
		all = append(all, desk.File{ID: p.ID, Name: p.Name, Type: p.Type, Size: p.Size})
	}
	return all
}

func sent(files []desk.File, by desk.Actor, at time.Time) []sharedFile {
	all := make([]sharedFile, len(files))
	for i, f := range files {
		all[i] = sharedFile{f, by, at}
	}
	return all
}

type filesCommand struct {
	on
	why
	JSON bool `name:"json" help:"One JSON object a line."`
}

// Run lists the files of a conversation.
func (c *filesCommand) Run(k *call) error {
	_, all, err := k.sharedFiles(c.ID, c.why)
	if err != nil {
		return err
	}
	t := [][]string{{"NUMBER", "SIZE", "FROM", "SENT", "TYPE", "NAME"}}
	for i, f := range all {
		if c.JSON {
			if err := k.json(fileJSON(k, i+1, f)); err != nil {
				return err
			}
			continue
		}
		t = append(t, []string{
			strconv.Itoa(i + 1), sizeWords(f.Size), printable(k.ActorName(f.from)),
			f.at.In(k.zone).Format("2006-01-02 15:04"), printable(f.Type), printable(f.Name),
		})
	}
	if c.JSON {
		return nil
	}
	return k.table(t)
}

func fileJSON(k *call, n int, f sharedFile) any {
	return struct {
		Number int    `json:"number"`
		ID     string `json:"id"`
		Name   string `json:"name"`
		Type   string `json:"type"`
		Size   int64  `json:"size"`
		From   string `json:"from"`
		At     string `json:"at"`
	}{n, f.ID.String(), f.Name, f.Type, f.Size, k.ActorName(f.from), stamp(f.at)}
}

type saveCommand struct {
	on
	File string `arg:"" help:"The file: its number or name, as hark files shows them."`
	To   string `arg:"" optional:"" help:"- writes the bytes to standard output; without it they go into a new file in the current folder."`
	why
}

// Run saves a file where the person is.
func (c *saveCommand) Run(k *call) error {
	if c.To != "" && c.To != stdin {
		return desk.Errorf(desk.Invalid, "where to is - for standard output, or nothing for the current folder; %s is neither", printable(c.To))
	}
	row, all, err := k.sharedFiles(c.ID, c.why)
	if err != nil {
		return err
	}
	wanted, err := pickFile(all, c.File, k.Short(row.ID))
	if err != nil {
		return err
	}
	f, r, err := k.OpenFile(k.ctx, row.ID, wanted.ID)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // it was only read
	if c.To == stdin {
		_, err := io.Copy(k.out, r)
		return err
	}
	if k.seat == nil {
		return desk.Errorf(desk.Unavailable, "plain ssh cannot save files; hark save %s %s - writes the bytes to standard output", k.Short(row.ID), printable(c.File))
	}
	path, err := k.seat.Save(k.ctx, f.Name, r)
	if err != nil {
		return err
	}
	return k.tell(path)
}

// pickFile finds a file by its number, its name or its identifier.
func pickFile(all []sharedFile, word, where string) (sharedFile, error) {
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(all) {
		return all[n-1], nil
	}
	for i := len(all) - 1; i >= 0; i-- { // of several with a name the latest
		if all[i].Name == word || all[i].ID.String() == word {
			return all[i], nil
		}
	}
	return sharedFile{}, desk.Errorf(desk.NotFound, "there is no file %q in %s; hark files %s shows them", word, where, where)
}

type attachCommand struct {
	on
	Files []string `arg:"" name:"file" complete:"file" help:"The files, where you are; - reads one from standard input."`
	Text  string   `short:"m" help:"What to write with them."`
	Name  string   `default:"file" help:"What to call the file of standard input."`
}

func (c *attachCommand) reads() bool { return hasStdin(c.Files) }

// Run sends files to the customer.
func (c *attachCommand) Run(k *call) error {
	row, err := c.find(k)
	if err != nil {
		return err
	}
	var ids []desk.ID
	for _, path := range c.Files {
		f, err := k.upload(path, c.Name)
		if err != nil {
			return err
		}
		ids = append(ids, f.ID)
	}
	if err := k.ReplyWith(k.ctx, row.ID, c.Text, ids); err != nil {
		return err
	}
	return k.tell(fmt.Sprintf("sent %s to %s, %s", filesWord(len(ids)), k.Short(row.ID), printable(row.Name)))
}

func filesWord(n int) string {
	if n == 1 {
		return "1 file"
	}
	return strconv.Itoa(n) + " files"
}

// upload seals a file of the person, or one on standard input.
func (k *call) upload(path, name string) (desk.File, error) {
	if path == stdin {
		return k.Attach(k.ctx, name, k.in)
	}
	if k.seat == nil {
		return desk.File{}, desk.Errorf(desk.Unavailable, "plain ssh cannot read your files; send one through standard input: hark attach ID - --name %s < %s", printable(path), printable(path))
	}
	base, _, r, err := k.seat.Read(k.ctx, path)
	if err != nil {
		return desk.File{}, err
	}
	defer func() { _ = r.Close() }() // it was only read
	return k.Attach(k.ctx, base, r)
}

// describeFiles names the files of a message.
func describeFiles(files []desk.File) string {
	var b strings.Builder
	for _, f := range files {
		b.WriteString("\n[file: " + printable(f.Name) + ", " + sizeWords(f.Size) + "]")
	}
	return b.String()
}
