package staff

import (
	"errors"
	"fmt"
	"strings"
)

// argvLimit is the longest command line that is taken, in bytes. It leaves room
// for the longest message, and fits in a packet of SSH.
const argvLimit = 128 << 10

func tooLong(n int) error {
	return fmt.Errorf("the command has %d bytes; at most %d are taken, longer text goes through standard input (-)", n, argvLimit)
}

// Quote writes arguments as one line that Split reads back, and that a shell
// would read the same way. SSH carries a command as one string.
func Quote(argv []string) string {
	var b strings.Builder
	for i, a := range argv {
		if i > 0 {
			b.WriteByte(' ')
		}
		if a != "" && strings.IndexFunc(a, special) < 0 {
			b.WriteString(a)
			continue
		}
		b.WriteByte('\'')
		b.WriteString(strings.ReplaceAll(a, "'", `'\''`))
		b.WriteByte('\'')
	}
	return b.String()
}

// special reports whether a letter must be quoted. All but a few are.
func special(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return false
	}
	return !strings.ContainsRune("@%+=:,./-_", r)
}

// Split reads a command line as a POSIX shell would split it, and does nothing
// else that a shell does: no variable, no pattern, no substitution. Words are
// parted by space, tab and newline; quotes and backslashes work as in sh.
func Split(line string) ([]string, error) {
	if len(line) > argvLimit {
		return nil, tooLong(len(line))
	}
	var argv []string
	s := splitter{rest: line}
	for s.skipBlanks() {
		word, err := s.word()
		if err != nil {
			return nil, err
		}
		argv = append(argv, word)
	}
	return argv, nil
}

type splitter struct {
	rest string
	b    strings.Builder
}

const blanks = " \t\n"

// skipBlanks goes to the next word and reports whether there is one.
func (s *splitter) skipBlanks() bool {
	s.rest = strings.TrimLeft(s.rest, blanks)
	return s.rest != ""
}

func (s *splitter) word() (string, error) {
	s.b.Reset()
	for s.rest != "" && !strings.ContainsRune(blanks, rune(s.rest[0])) {
		c := s.rest[0]
		s.rest = s.rest[1:]
		var err error
		switch c {
		case '\'':
			err = s.single()
		case '"':
			err = s.double()
		case '\\':
			err = s.escaped()
		default:
			s.b.WriteByte(c)
		}
		if err != nil {
			return "", err
		}
	}
	return s.b.String(), nil
}

// single takes everything up to the closing quote as it stands.
func (s *splitter) single() error {
	text, rest, ok := strings.Cut(s.rest, "'")
	if !ok {
		return errors.New("a ' in the command is never closed")
	}
	s.b.WriteString(text)
	s.rest = rest
	return nil
}

// double takes everything up to the closing quote; a backslash escapes what a
// shell would treat specially and stands for itself otherwise.
func (s *splitter) double() error {
	for s.rest != "" {
		c := s.rest[0]
		s.rest = s.rest[1:]
		switch {
		case c == '"':
			return nil
		case c == '\\' && s.rest != "" && strings.ContainsRune("\\\"$`\n", rune(s.rest[0])):
			if err := s.escaped(); err != nil {
				return err
			}
		default:
			s.b.WriteByte(c)
		}
	}
	return errors.New(`a " in the command is never closed`)
}

// escaped takes the next byte as it stands; an escaped newline is nothing.
func (s *splitter) escaped() error {
	if s.rest == "" {
		return errors.New(`the command ends in a \ that escapes nothing`)
	}
	if s.rest[0] != '\n' {
		s.b.WriteByte(s.rest[0])
	}
	s.rest = s.rest[1:]
	return nil
}
