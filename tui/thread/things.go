package thread

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hark/desk"
)

// Thing is something in a thread that can be opened at the person's own
// machine: a link, or a file.
type Thing struct {
	Link string // as it was written
	File desk.File
	Name string // of who sent it
}

// links finds what can be opened. What is shown is what is opened: nothing that
// hides behind other words.
var links = regexp.MustCompile(`(?i)\b(?:https?://[^\s<>"'` + "`" + `\x00-\x1f]+|mailto:[^\s<>"']+@[^\s<>"']+|tel:\+?[0-9() -]{4,30})`)

// thingsMost is how many things are listed.
const thingsMost = 100

// Things returns the links and files of what is loaded, newest first, each
// once.
func (p *Pane) Things() []Thing {
	var all []Thing
	seen := map[string]bool{}
	add := func(key string, t Thing) {
		if !seen[key] && len(all) < thingsMost {
			seen[key] = true
			all = append(all, t)
		}
	}
	for i := len(p.items) - 1; i >= 0; i-- {
		it := p.items[i]
		if it.hidden() || it.quiet() {
			continue
		}
		text, files := it.words()
		_, who := it.said()
		for _, f := range append(slices.Clone(files), partFiles(it.letter())...) {
			add("file "+f.ID.String(), Thing{File: f, Name: p.names(who)})
		}
		for _, link := range links.FindAllString(text, -1) {
			link = strings.TrimRight(link, ".,;:!?)]}\u2026")
			add(link, Thing{Link: link, Name: p.names(who)})
		}
	}
	return all
}

// partFiles returns what hangs on a mail as files.
func partFiles(mail *desk.Letter) []desk.File {
	if mail == nil {
		return nil
	}
	var files []desk.File
	for _, part := range mail.Parts {
		files = append(files, PartFile(part))
	}
	return files
}

// PartFile returns a part of a mail as the file that it is saved as.
func PartFile(part desk.Part) desk.File {
	name := part.Name
	if name == "" {
		name = string(part.Kind) + " " + strconv.Itoa(part.N)
	}
	return desk.File{ID: part.ID, Name: name, Type: part.Type, Size: part.Size}
}

// words returns what was written and the files with it.
func (it *item) words() (string, []desk.File) {
	if m, ok := it.message(); ok {
		return m.Text, m.Files
	}
	n, _ := it.noted()
	return n.Text, nil
}
