package config

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// setting is one key of the file.
type setting struct {
	key   string
	right string // what a value must be: the end of an error's sentence
	set   func(c *Config, v any) error
	show  func(c *Config) string // the value as TOML
}

// settings is the one table of keys. Reading, suggestions, `hark config show`
// and the user's guide follow it.
func settings() []setting {
	return []setting{
		text("desk.name", "a name of 1 to 120 bytes", func(c *Config) *string { return &c.Desk.Name }, deskName),

		text("chat.listen", `HOST:PORT, such as "127.0.0.1:4275"`, func(c *Config) *string { return &c.Chat.Listen }, hostPort),
		texts("chat.origins", `a list of sites, such as ["https://shop.example"]`, func(c *Config) *[]string { return &c.Chat.Origins }, Origin),
		prefixes("chat.trusted_proxies", `a list of addresses, such as ["10.0.0.7", "192.168.0.0/16"]`, func(c *Config) *[]netip.Prefix { return &c.Chat.TrustedProxies }),
		text("chat.tls.cert", "the path of a PEM file with the certificate chain", func(c *Config) *string { return &c.Chat.TLS.Cert }, absolute),
		text("chat.tls.key", "the path of a PEM file with the certificate's key", func(c *Config) *string { return &c.Chat.TLS.Key }, absolute),
		number("chat.limits.connections", 1_000_000, func(c *Config) *int { return &c.Chat.Limits.Connections }),
		number("chat.limits.per_address", 1_000_000, func(c *Config) *int { return &c.Chat.Limits.PerAddress }),
		number("chat.limits.messages_per_minute", 60_000, func(c *Config) *int { return &c.Chat.Limits.MessagesPerMinute }),
		number("chat.limits.burst", 10_000, func(c *Config) *int { return &c.Chat.Limits.Burst }),

		text("keys.backend", `"keyring", "passphrase", "systemd" or "command"`, func(c *Config) *string { return &c.Keys.Backend }, keyBackend),
		texts("keys.command", `a list of program and arguments, such as ["pass", "show", "hark"]`, func(c *Config) *[]string { return &c.Keys.Command }, notEmpty),
		text("keys.credential", "the name of a systemd credential: letters, digits, dash, underscore and dot", func(c *Config) *string { return &c.Keys.Credential }, credential),

		text("staff.socket", `an absolute path of 100 bytes at most, such as "/run/hark/desk.sock"`, func(c *Config) *string { return &c.Staff.Socket }, socketPath),
		text("staff.group", "the name of a group of this machine", func(c *Config) *string { return &c.Staff.Group }, notEmpty),
		duration("staff.idle", `a time such as "30m" or "12h", or "0s" for never`, func(c *Config) *time.Duration { return &c.Staff.Idle }),
		number("staff.max_connections", 100_000, func(c *Config) *int { return &c.Staff.MaxConnections }),

		text("console.theme", oneOf("auto", "none"), func(c *Config) *string { return &c.Console.Theme }, among("auto", "none")),
		text("console.glyphs", oneOf("unicode", "ascii"), func(c *Config) *string { return &c.Console.Glyphs }, among("unicode", "ascii")),
		flag("console.reduced_motion", func(c *Config) *bool { return &c.Console.ReducedMotion }),
	}
}

// wrongType says what a value is instead of what it must be.
func wrongType(v any, want string) error { return fmt.Errorf("is %s, not %s", typeName(v), want) }

func typeName(v any) string {
	switch v.(type) {
	case string:
		return "a text"
	case bool:
		return "true or false"
	case int64:
		return "a whole number"
	case float64:
		return "a number with a fraction"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date or time"
}

// text is a setting of one string; check returns what is wrong with it, or nil.
func text(key, right string, field func(*Config) *string, check func(string) error) setting {
	return setting{
		key: key, right: right,
		set: func(c *Config, v any) error {
			s, ok := v.(string)
			if !ok {
				return wrongType(v, "a text")
			}
			*field(c) = s
			return check(s)
		},
		show: func(c *Config) string { return quote(*field(c)) },
	}
}

// texts is a setting of a list of strings.
func texts(key, right string, field func(*Config) *[]string, check func(string) error) setting {
	return setting{
		key: key, right: right,
		set: func(c *Config, v any) error {
			list, err := stringList(v)
			if err != nil {
				return err
			}
			for _, s := range list {
				if err := check(s); err != nil {
					return err
				}
			}
			*field(c) = list
			return nil
		},
		show: func(c *Config) string { return quoteList(*field(c)) },
	}
}

func stringList(v any) ([]string, error) {
	raw, ok := v.([]any)
	if !ok {
		return nil, wrongType(v, "a list")
	}
	list := make([]string, len(raw))
	for i, e := range raw {
		s, ok := e.(string)
		if !ok {
			return nil, fmt.Errorf("holds %s where a text is needed", typeName(e))
		}
		list[i] = s
	}
	return list, nil
}

// prefixes is a setting of a list of addresses and ranges of addresses.
func prefixes(key, right string, field func(*Config) *[]netip.Prefix) setting {
	return setting{
		key: key, right: right,
		set: func(c *Config, v any) error {
			list, err := stringList(v)
			if err != nil {
				return err
			}
			var all []netip.Prefix
			for _, s := range list {
				p, err := parsePrefix(s)
				if err != nil {
					return err
				}
				all = append(all, p)
			}
			*field(c) = all
			return nil
		},
		show: func(c *Config) string {
			var list []string
			for _, p := range *field(c) {
				list = append(list, p.String())
			}
			return quoteList(list)
		},
	}
}

// number is a setting of a whole number from 1 on.
func number(key string, high int, field func(*Config) *int) setting {
	return setting{
		key: key, right: fmt.Sprintf("a whole number from 1 to %d", high),
		set: func(c *Config, v any) error {
			n, ok := v.(int64)
			switch {
			case !ok:
				return wrongType(v, "a whole number")
			case n < 1 || n > int64(high):
				return fmt.Errorf("is %d", n)
			}
			*field(c) = int(n)
			return nil
		},
		show: func(c *Config) string { return strconv.Itoa(*field(c)) },
	}
}

// flag is a setting that is true or false.
func flag(key string, field func(*Config) *bool) setting {
	return setting{
		key: key, right: "true or false, without quotes",
		set: func(c *Config, v any) error {
			b, ok := v.(bool)
			if !ok {
				return wrongType(v, "true or false")
			}
			*field(c) = b
			return nil
		},
		show: func(c *Config) string { return strconv.FormatBool(*field(c)) },
	}
}

// duration is a setting of a length of time.
func duration(key, right string, field func(*Config) *time.Duration) setting {
	return setting{
		key: key, right: right,
		set: func(c *Config, v any) error {
			s, ok := v.(string)
			if !ok {
				return wrongType(v, "a text")
			}
			d, err := time.ParseDuration(s)
			if err != nil || d < 0 || d > 10*365*24*time.Hour {
				return fmt.Errorf("is %s", quote(s))
			}
			*field(c) = d
			return nil
		},
		show: func(c *Config) string { return quote(field(c).String()) },
	}
}

func oneOf(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = quote(w)
	}
	return strings.Join(quoted[:len(quoted)-1], ", ") + " or " + quoted[len(quoted)-1]
}

func among(words ...string) func(string) error {
	return func(s string) error {
		if slices.Contains(words, s) {
			return nil
		}
		return fmt.Errorf("is %s", quote(s))
	}
}
