package chat

import (
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// frame is what a visitor's browser sends.
type frame struct {
	T            string // hello, say, typing, unsent, seen, read, leave, beat
	Token        string
	Conversation string
	Ord          uint64
	ID           string
	Text         string
	Name         string
	Page         string
	Mail         string
	Notice       string
	Lang         string
	Files        []string
	On           bool
}

// field is a set of a frame's fields.
type field uint16

const (
	fieldT field = 1 << iota
	fieldToken
	fieldConversation
	fieldOrd
	fieldID
	fieldText
	fieldName
	fieldPage
	fieldMail
	fieldNotice
	fieldLang
	fieldFiles
	fieldOn
)

// shape says which fields a type of frame may have, and must have.
type shape struct{ may, must field }

var shapes = map[string]shape{
	"hello":  {may: fieldToken | fieldConversation | fieldOrd, must: fieldToken},
	"say":    {may: fieldID | fieldText | fieldName | fieldPage | fieldMail | fieldNotice | fieldLang | fieldFiles, must: fieldID | fieldText},
	"typing": {may: fieldOn, must: fieldOn},
	"unsent": {may: fieldText, must: fieldText},
	"seen":   {may: fieldOrd, must: fieldOrd},
	"read":   {may: fieldOrd, must: fieldOrd},
	"leave":  {},
	"beat":   {},
}

// What can be wrong with a frame. The words go into the reason of the close.
var (
	errNotObject  = errors.New("a frame is one JSON object")
	errFieldName  = errors.New("a frame has an unknown field")
	errTwice      = errors.New("a frame has a field twice")
	errString     = errors.New("a frame has a malformed string")
	errNumber     = errors.New("a frame has a malformed number")
	errBool       = errors.New("a frame has a malformed true or false")
	errList       = errors.New("a frame has a malformed list, or one that is too long")
	errType       = errors.New("a frame has an unknown type")
	errFieldShape = errors.New("a frame lacks a field or has one of another type")
)

// maxOrd is the largest number that a browser counts exactly.
const maxOrd = 1<<53 - 1

// maxList is how many strings a list may have.
const maxList = 10

// parseFrame reads a frame. It takes less than JSON allows: one flat object
// with known fields, each once and of its own type, in valid UTF-8, and one
// level of nesting for a list of strings. Depth,
// duplicates and surprises of case cannot occur, so they cannot hurt.
func parseFrame(b []byte) (frame, error) {
	if !utf8.Valid(b) {
		return frame{}, errString
	}
	p := parser{b: b}
	f, has, err := p.object()
	if err != nil {
		return frame{}, err
	}
	s, ok := shapes[f.T]
	switch {
	case !ok:
		return frame{}, errType
	case has&^(s.may|fieldT) != 0 || s.must&^has != 0:
		return frame{}, errFieldShape
	}
	return f, nil
}

type parser struct {
	b []byte
	i int
}

func (p *parser) object() (f frame, has field, err error) {
	if !p.accept('{') {
		return f, has, errNotObject
	}
	for first := true; !p.accept('}'); first = false {
		if !first && !p.accept(',') {
			return f, has, errNotObject
		}
		one, err := p.member(&f)
		if err != nil {
			return f, has, err
		}
		if has&one != 0 {
			return f, has, errTwice
		}
		has |= one
	}
	p.space()
	if p.i != len(p.b) {
		return f, has, errNotObject
	}
	return f, has, nil
}

// member reads one name and its value into f.
func (p *parser) member(f *frame) (field, error) {
	name, err := p.text()
	if err != nil {
		return 0, err
	}
	if !p.accept(':') {
		return 0, errNotObject
	}
	switch name {
	case "ord":
		f.Ord, err = p.number()
		return fieldOrd, err
	case "on":
		f.On, err = p.truth()
		return fieldOn, err
	case "files":
		f.Files, err = p.list()
		return fieldFiles, err
	}
	to, which := f.stringField(name)
	if to == nil {
		return 0, errFieldName
	}
	*to, err = p.text()
	return which, err
}

func (f *frame) stringField(name string) (*string, field) {
	switch name {
	case "t":
		return &f.T, fieldT
	case "token":
		return &f.Token, fieldToken
	case "conversation":
		return &f.Conversation, fieldConversation
	case "id":
		return &f.ID, fieldID
	case "text":
		return &f.Text, fieldText
	case "name":
		return &f.Name, fieldName
	case "page":
		return &f.Page, fieldPage
	case "mail":
		return &f.Mail, fieldMail
	case "notice":
		return &f.Notice, fieldNotice
	case "lang":
		return &f.Lang, fieldLang
	}
	return nil, 0
}

func (p *parser) space() {
	for p.i < len(p.b) {
		switch p.b[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return
		}
	}
}

// accept passes over white space and c, if it comes next.
func (p *parser) accept(c byte) bool {
	p.space()
	if p.i >= len(p.b) || p.b[p.i] != c {
		return false
	}
	p.i++
	return true
}

func (p *parser) truth() (bool, error) {
	p.space()
	for _, word := range []string{"true", "false"} {
		if rest := p.b[p.i:]; len(rest) >= len(word) && string(rest[:len(word)]) == word {
			p.i += len(word)
			return word == "true", nil
		}
	}
	return false, errBool
}

// number reads a whole number that is not negative.
func (p *parser) number() (uint64, error) {
	p.space()
	start := p.i
	for p.i < len(p.b) && p.b[p.i] >= '0' && p.b[p.i] <= '9' {
		p.i++
	}
	digits := p.b[start:p.i]
	if len(digits) == 0 || len(digits) > 16 || digits[0] == '0' && len(digits) > 1 {
		return 0, errNumber
	}
	n, err := strconv.ParseUint(string(digits), 10, 64)
	if err != nil || n > maxOrd {
		return 0, errNumber
	}
	return n, nil
}

// list reads strings in brackets.
func (p *parser) list() ([]string, error) {
	if !p.accept('[') {
		return nil, errList
	}
	var all []string
	for !p.accept(']') {
		if len(all) > 0 && !p.accept(',') || len(all) == maxList {
			return nil, errList
		}
		one, err := p.text()
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// text reads a string. The bytes are known to be valid UTF-8.
func (p *parser) text() (string, error) {
	if !p.accept('"') {
		return "", errString
	}
	start := p.i
	for ; p.i < len(p.b); p.i++ {
		switch c := p.b[p.i]; {
		case c == '"':
			p.i++
			return string(p.b[start : p.i-1]), nil
		case c == '\\':
			return p.escaped(append([]byte(nil), p.b[start:p.i]...))
		case c < ' ':
			return "", errString
		}
	}
	return "", errString
}

// escaped reads the rest of a string in which the first escape is next.
func (p *parser) escaped(out []byte) (string, error) {
	for p.i < len(p.b) {
		c := p.b[p.i]
		p.i++
		switch {
		case c == '"':
			return string(out), nil
		case c < ' ':
			return "", errString
		case c != '\\':
			out = append(out, c)
		default:
			r, ok := p.escape()
			if !ok {
				return "", errString
			}
			out = utf8.AppendRune(out, r)
		}
	}
	return "", errString
}

// escape reads what stands behind a backslash.
func (p *parser) escape() (rune, bool) {
	if p.i >= len(p.b) {
		return 0, false
	}
	c := p.b[p.i]
	p.i++
	switch c {
	case '"', '\\', '/':
		return rune(c), true
	case 'b':
		return '\b', true
	case 'f':
		return '\f', true
	case 'n':
		return '\n', true
	case 'r':
		return '\r', true
	case 't':
		return '\t', true
	case 'u':
		return p.unicode()
	}
	return 0, false
}

// unicode reads four hexadecimal digits, and four more where the first make
// half a character. Half a character alone is refused.
func (p *parser) unicode() (rune, bool) {
	r, ok := p.hex()
	if !ok || !utf16.IsSurrogate(r) {
		return r, ok
	}
	if p.i+2 > len(p.b) || p.b[p.i] != '\\' || p.b[p.i+1] != 'u' {
		return 0, false
	}
	p.i += 2
	low, ok := p.hex()
	r = utf16.DecodeRune(r, low)
	return r, ok && r != utf8.RuneError
}

func (p *parser) hex() (rune, bool) {
	if p.i+4 > len(p.b) {
		return 0, false
	}
	var r rune
	for _, c := range p.b[p.i : p.i+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	p.i += 4
	return r, true
}
