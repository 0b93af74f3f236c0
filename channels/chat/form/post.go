package form

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Post is what came back from a page's fields.
type Post struct {
	Link, ID, Lang, Page, Notice string
	Name, Mail, Text             string
}

// Limits on fields, in bytes. They bound memory; what is too long for a person
// is said by Check.
const (
	fieldMost = 4 << 10
	textMost  = 64 << 10
	plainMost = 128 << 10 // a body that is not in parts
	partsMost = 64
)

// Errors of Read. They are not for people: a browser that was served one of
// our pages causes none of them.
var (
	ErrKind  = errors.New("the body is no form")
	ErrField = errors.New("the form has a field that is unknown, too long, there twice or not text")
)

// Read reads what a page sent. take gets each file, in order, with the fields
// that stand before it; its error ends the reading and comes back as it is.
func Read(contentType string, body io.Reader, take func(p *Post, name string, r io.Reader) error) (p Post, err error) {
	kind, params, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
		return p, ErrKind
	case kind == "application/x-www-form-urlencoded":
		return p, p.readPlain(body)
	case kind != "multipart/form-data" || params["boundary"] == "":
		return p, ErrKind
	}
	return p, p.readParts(multipart.NewReader(body, params["boundary"]), take)
}

// readPlain reads a form without files.
func (p *Post) readPlain(body io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(body, plainMost+1))
	if err != nil {
		return err
	}
	if len(raw) > plainMost {
		return ErrField
	}
	fields, err := url.ParseQuery(string(raw))
	if err != nil {
		return ErrKind
	}
	seen := map[string]bool{}
	for name, values := range fields {
		if len(values) != 1 {
			return ErrField
		}
		if err := p.set(name, values[0], seen); err != nil {
			return err
		}
	}
	return nil
}

func (p *Post) readParts(parts *multipart.Reader, take func(p *Post, name string, r io.Reader) error) error {
	seen := map[string]bool{}
	for range partsMost {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if part.FormName() == "file" {
			err = p.takeFile(part, take)
		} else {
			err = p.readField(part, seen)
		}
		if err != nil {
			return err
		}
	}
	return ErrField
}

// takeFile hands a file on, unless none was chosen.
func (p *Post) takeFile(part *multipart.Part, take func(p *Post, name string, r io.Reader) error) error {
	name := part.FileName()
	if name == "" || name == "." {
		n, err := io.Copy(io.Discard, io.LimitReader(part, 1))
		if n > 0 {
			return ErrField
		}
		return err
	}
	return take(p, name, part)
}

func (p *Post) readField(part *multipart.Part, seen map[string]bool) error {
	raw, err := io.ReadAll(io.LimitReader(part, textMost+1))
	if err != nil {
		return err
	}
	return p.set(part.FormName(), string(raw), seen)
}

// set puts a value into its field.
func (p *Post) set(name, value string, seen map[string]bool) error {
	to, most := p.field(name)
	if to == nil || seen[name] || len(value) > most || !utf8.ValidString(value) {
		return ErrField
	}
	seen[name] = true
	*to = strings.ReplaceAll(strings.ReplaceAll(value, "\r\n", "\n"), "\r", "\n")
	return nil
}

func (p *Post) field(name string) (to *string, most int) {
	switch name {
	case "link":
		return &p.Link, fieldMost
	case "id":
		return &p.ID, fieldMost
	case "lang":
		return &p.Lang, fieldMost
	case "page":
		return &p.Page, fieldMost
	case "notice":
		return &p.Notice, fieldMost
	case "name":
		return &p.Name, fieldMost
	case "mail":
		return &p.Mail, fieldMost
	case "text":
		return &p.Text, textMost
	}
	return nil, 0
}
