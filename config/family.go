package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// family is a part of the file whose keys the file names itself: queues, the
// keys of actions, the languages of a text.
type family struct {
	prefix string // all its keys begin with it and a dot
	what   string // what a name names
	right  string // what a name must be
	name   *regexp.Regexp
	not    []string // names that are something else
	// add makes room for a name and returns the settings that come with it. It
	// may be told a name twice.
	add func(c *Config, name string) []setting
	// names returns the names that there are, in the order to show them.
	names func(c *Config) []string
}

// families is the table of them.
func families() []family {
	return []family{
		{
			prefix: "queues", what: "a queue", right: "a queue's name is 1 to 32 of a-z, 0-9, dash and underscore, a letter first",
			name: regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`), add: addQueue, names: queueNames,
		},
		{
			prefix: "mail", what: "a mail account", right: "an account's name is 1 to 32 of a-z, 0-9, dash and underscore, a letter first, and not imap, smtp or dkim: those stand behind it, as in [mail.NAME.imap]",
			name: regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`), not: []string{"imap", "smtp", "dkim"}, add: addMail, names: mailNames,
		},
		{
			prefix: "chat.notice.text", what: "a language", right: `a language is written as "en" or "pt-br"`,
			name: regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]{2,8})*$`), add: addNotice,
			names: func(c *Config) []string { return slices.Sorted(maps.Keys(c.Chat.Notice.Text)) },
		},
		{
			prefix: "console.keys", what: "an action", right: `an action's identifier is written as "assign.me"; ? in the console lists the actions`,
			name: regexp.MustCompile(`^[a-z][a-z0-9._-]{0,63}$`), add: addKey,
			names: func(c *Config) []string { return slices.Sorted(maps.Keys(c.Console.Keys)) },
		},
	}
}

func addQueue(c *Config, name string) []setting {
	if !slices.Contains(queueNames(c), name) {
		c.Queues = append(c.Queues, newQueue(name))
	}
	return queueSettings(name)
}

func queueNames(c *Config) []string {
	names := make([]string, len(c.Queues))
	for i, q := range c.Queues {
		names[i] = q.Name
	}
	return names
}

// noticeMax is the longest text of a notice, in bytes: it is read before every
// chat.
const noticeMax = 4000

func addNotice(_ *Config, name string) []setting {
	s := mapped("chat.notice.text."+join([]string{name}), fmt.Sprintf("a text of 1 to %d bytes", noticeMax),
		func(c *Config) *map[string]string { return &c.Chat.Notice.Text }, name, noticeText)
	return []setting{s}
}

func addKey(_ *Config, name string) []setting {
	s := mapped(KeyOf(name), `a key such as "ctrl+r", two in a row such as "g b", several such as "x, ctrl+x", or "" for none; an identifier with a dot stands in quotes`,
		func(c *Config) *map[string]string { return &c.Console.Keys }, name, keyPress)
	return []setting{s}
}

// KeyOf returns the key under which the file has an action's key.
func KeyOf(action string) string { return "console.keys." + join([]string{action}) }

// mapped is a setting of one entry of a map of texts.
func mapped(key, right string, field func(*Config) *map[string]string, name string, check func(string) error) setting {
	return setting{
		key: key, right: right,
		set: func(c *Config, v any) error {
			s, ok := v.(string)
			if !ok {
				return wrongType(v, "a text")
			}
			if *field(c) == nil {
				*field(c) = map[string]string{}
			}
			(*field(c))[name] = s
			return check(s)
		},
		show: func(c *Config) string { return quote((*field(c))[name]) },
	}
}

// all returns the settings that a configuration has: those of every desk, and
// those whose names it chose.
func (c *Config) all() []setting {
	known := settings()
	for _, f := range families() {
		for _, name := range f.names(c) {
			known = append(known, f.add(c, name)...)
		}
	}
	return known
}
