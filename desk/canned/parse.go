package canned

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"hark/desk"
)

// Limits of a reply.
const (
	FileLimit  = desk.TextLimit // bytes of a file
	titleLimit = 80             // letters
	tagLimit   = 16             // tags of a reply
)

// Problem says what is wrong with a file and what to do.
type Problem struct {
	File string
	Line int // 0 when it is about the whole file
	Msg  string
}

func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Msg
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Msg)
}

// fence stands before and behind the settings.
const fence = "+++"

// settings are the front matter of a file.
type settings struct {
	Title    string   `toml:"title"`
	Key      string   `toml:"key"`
	Tags     []string `toml:"tags"`
	Language string   `toml:"language"`
	Queue    string   `toml:"queue"`
}

var (
	keyForm  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,23}$`)
	langForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z]{2})?$`)
	wordForm = regexp.MustCompile(`^[\pL\pN][\pL\pN _.-]{0,39}$`)
)

// Parse reads the content of a file. The problem says what keeps it from being
// a reply; its File is name.
func Parse(name string, raw []byte) (Reply, *Problem) {
	front, body, line, p := cut(name, raw)
	if p != nil {
		return Reply{}, p
	}
	s, p := front.read()
	if p != nil {
		return Reply{}, p
	}
	r := Reply{
		Name: strings.TrimSuffix(name, ending), Title: s.Title, Text: strings.Trim(body, "\n"),
		Key: s.Key, Tags: s.Tags, Lang: s.Language, Queue: s.Queue,
	}
	if p := r.checkSettings(front); p != nil {
		return r, p
	}
	return r, r.checkText(name, line+len(body)-len(strings.TrimLeft(body, "\n")))
}

// matter is the front matter of a file.
type matter struct{ file, text string }

// cut parts the settings from the reply; line is where the reply begins.
func cut(name string, raw []byte) (front matter, body string, line int, p *Problem) {
	front.file = name
	switch {
	case len(raw) > FileLimit:
		return front, "", 0, &Problem{name, 0, fmt.Sprintf("the file is larger than %d bytes, which no message may be; make it shorter", FileLimit)}
	case !utf8.Valid(raw):
		return front, "", 0, &Problem{name, 0, "the file is not UTF-8; save it with that encoding"}
	}
	lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(string(raw), "\uFEFF"), "\r\n", "\n"), "\n")
	control := func(c rune) bool { return unicode.IsControl(c) && c != '\t' }
	if i := slices.IndexFunc(lines, func(l string) bool { return strings.ContainsFunc(l, control) }); i >= 0 {
		return front, "", 0, &Problem{name, i + 1, "there is a control character in this line; remove it"}
	}
	if lines[0] != fence {
		return front, "", 0, &Problem{name, 1, "the file must begin with a line +++, then title = \"…\", then another +++; the reply follows"}
	}
	end := slices.Index(lines[1:], fence)
	if end < 0 {
		return front, "", 0, &Problem{name, 1, "the settings do not end; put a line +++ before the reply"}
	}
	front.text = strings.Join(lines[1:end+1], "\n")
	return front, strings.Join(lines[end+2:], "\n"), end + 3, nil
}

// read decodes the settings; one that does not exist is a problem.
func (m matter) read() (settings, *Problem) {
	var s settings
	dec := toml.NewDecoder(strings.NewReader(m.text)).DisallowUnknownFields()
	err := dec.Decode(&s)
	var strict *toml.StrictMissingError
	var broken *toml.DecodeError
	switch {
	case err == nil:
		return s, nil
	case errors.As(err, &strict) && len(strict.Errors) > 0:
		row, _ := strict.Errors[0].Position()
		return s, &Problem{m.file, m.line(row), "there is no such setting; the settings are title, key, tags, language and queue"}
	case errors.As(err, &broken):
		row, _ := broken.Position()
		return s, &Problem{m.file, m.line(row), `this is not a setting; write for example title = "…" or tags = ["…", "…"]`}
	}
	return s, &Problem{m.file, 1, "the settings cannot be read; write them as title = \"…\", one a line"}
}

// line turns a row of the settings into a line of the file.
func (m matter) line(row int) int { return min(max(row, 1), strings.Count(m.text, "\n")+1) + 1 }

// of returns the line of the file that sets a key.
func (m matter) of(key string) int {
	for i, l := range strings.Split(m.text, "\n") {
		if before, _, ok := strings.Cut(l, "="); ok && strings.TrimSpace(before) == key {
			return i + 2
		}
	}
	return 1
}

// checkSettings returns what is wrong with the settings, which are those of m.
func (r *Reply) checkSettings(m matter) *Problem {
	key, msg := r.wrongSetting()
	if msg == "" {
		return nil
	}
	return &Problem{m.file, m.of(key), msg}
}

// wrongSetting returns the setting that is wrong, and what is wrong with it.
func (r *Reply) wrongSetting() (key, msg string) {
	switch {
	case strings.TrimSpace(r.Title) == "":
		return "title", `the title is missing; write title = "…" between the +++ lines`
	case utf8.RuneCountInString(r.Title) > titleLimit || strings.ContainsFunc(r.Title, unicode.IsControl):
		return "title", fmt.Sprintf("the title must be one line of %d letters at most", titleLimit)
	case r.Key != "" && !keyForm.MatchString(r.Key):
		return "key", "the key must be one word of a-z, 0-9 and -, of 24 letters at most"
	case r.Lang != "" && !langForm.MatchString(r.Lang):
		return "language", `the language must be written as "de" or "pt-BR"`
	case r.Queue != "" && !keyForm.MatchString(r.Queue):
		return "queue", "the queue must be the name of one in hark.toml: a-z, 0-9 and -"
	case len(r.Tags) > tagLimit:
		return "tags", fmt.Sprintf("there are more than %d tags; keep the ones that are searched for", tagLimit)
	}
	if i := slices.IndexFunc(r.Tags, func(t string) bool { return !wordForm.MatchString(t) }); i >= 0 {
		return "tags", fmt.Sprintf("the tag %.40q must be letters, digits, blanks and dashes, 40 at most", r.Tags[i])
	}
	return "", ""
}

// checkText returns what is wrong with the text, which begins at a line.
func (r *Reply) checkText(file string, line int) *Problem {
	if strings.TrimSpace(r.Text) == "" {
		return &Problem{file, line, "there is no reply under the settings; write what is to be sent"}
	}
	for _, p := range split(r.Text) {
		if msg := p.wrong(); msg != "" {
			return &Problem{file, line + strings.Count(r.Text[:p.start], "\n"), msg}
		}
	}
	return nil
}

// wrong returns what is wrong with a part of a reply.
func (p part) wrong() string {
	if p.stray {
		return "a field is written in small letters, as {order}; write {{ for a brace itself"
	}
	if strings.Contains(p.name, ".") && !slices.Contains(known(), p.name) {
		return "there is no field {" + p.name + "}; hark fills {" + strings.Join(known(), "}, {") + "}, and a field of your own has no dot"
	}
	return ""
}
