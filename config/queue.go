package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/desk"
)

// Queue is a section [queues.NAME].
type Queue struct {
	Name       string
	Title      string            // what people read; the name without it
	Members    []string          // handles of the agents who serve it; empty: every agent
	Pages      []string          // paths that begin with one of these are its pages; empty: all that no other queue has
	Hours      map[string]string // spans of the days mon to sun; nil: always open
	Holidays   []string          // days as 2026-12-25 on which it is closed
	FirstReply time.Duration
	NextReply  time.Duration // 0 for no target
	MailReply  time.Duration // of every answer by mail; 0 for no target
	Warn       int           // percent of a target after which it is warned of
}

// days are the names of the days as the file has them, Monday first.
func days() []string { return []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} }

// opens reports whether the queue opens at all.
func (q Queue) opens() bool {
	_, err := q.hours(time.UTC)
	return err == nil
}

// hours returns when the queue is open.
func (q Queue) hours(zone *time.Location) (desk.Hours, error) {
	return desk.ParseHours(zone, q.Hours, q.Holidays)
}

// newQueue is a queue of which only the name is known.
func newQueue(name string) Queue {
	return Queue{Name: name, FirstReply: 5 * time.Minute, NextReply: 15 * time.Minute, MailReply: 8 * time.Hour, Warn: 75}
}

// queue returns the queue of a name; of one that the file does not have, such
// as in the defaults that another file is compared with, what holds of any.
func (c *Config) queue(name string) *Queue {
	i := slices.IndexFunc(c.Queues, func(q Queue) bool { return q.Name == name })
	if i < 0 {
		q := newQueue(name)
		return &q
	}
	return &c.Queues[i]
}

// queueSettings are the keys of one queue.
func queueSettings(name string) []setting {
	key := "queues." + name + "."
	at := func(c *Config) *Queue { return c.queue(name) }
	const target = 90 * 24 * time.Hour
	all := []setting{
		text(key+"title", "a name of 1 to 120 bytes", func(c *Config) *string { return &at(c).Title }, deskName),
		texts(key+"members", `a list of account names, such as ["ana", "bo"]`, func(c *Config) *[]string { return &at(c).Members }, notEmpty),
		texts(key+"pages", `a list of beginnings of paths, such as ["/billing"]`, func(c *Config) *[]string { return &at(c).Pages }, pagePrefix),
		texts(key+"holidays", `a list of days in quotes, such as ["2026-12-25"]`, func(c *Config) *[]string { return &at(c).Holidays }, holiday),
		length(key+"first_reply", 0, target, func(c *Config) *time.Duration { return &at(c).FirstReply }),
		length(key+"next_reply", 0, target, func(c *Config) *time.Duration { return &at(c).NextReply }),
		length(key+"mail_reply", 0, target, func(c *Config) *time.Duration { return &at(c).MailReply }),
		percent(key+"warn", func(c *Config) *int { return &at(c).Warn }),
	}
	for _, day := range days() {
		all = append(all, mapped(key+"hours."+day, `spans such as "09:00-12:30, 13:30-17:00", or "" for closed`,
			func(c *Config) *map[string]string { return &at(c).Hours }, day, span))
	}
	return all
}

func pagePrefix(s string) error {
	if !strings.HasPrefix(s, "/") || strings.ContainsAny(s, "?#") {
		return fmt.Errorf("holds %s, which is not the beginning of a path", quote(s))
	}
	return nil
}

func holiday(s string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return fmt.Errorf("holds %s, which is not a day", quote(s))
	}
	return nil
}

func span(s string) error {
	if strings.TrimSpace(s) == "" {
		return nil // closed
	}
	if _, err := desk.ParseHours(nil, map[string]string{"mon": s}, nil); err != nil {
		return is(s)
	}
	return nil
}

// percent is a setting of a share such as "75%".
func percent(key string, field func(*Config) *int) setting {
	return setting{
		key: key, right: `a share from "1%" to "100%"`,
		set: func(c *Config, v any) error {
			s, ok := v.(string)
			if !ok {
				return wrongType(v, "a text")
			}
			digits, sign := strings.CutSuffix(s, "%")
			n, err := strconv.ParseUint(digits, 10, 7)
			if !sign || err != nil || n < 1 || n > 100 {
				return is(s)
			}
			*field(c) = int(n) //nolint:gosec // at most 100
			return nil
		},
		show: func(c *Config) string { return quote(strconv.Itoa(*field(c)) + "%") },
	}
}
