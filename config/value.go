package config

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

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
		show: func(c *Config) string { return quote(brief(*field(c))) },
	}
}

// length is a setting of a length of time between two bounds.
func length(key string, low, high time.Duration, field func(*Config) *time.Duration) setting {
	s := duration(key, fmt.Sprintf(`a time from "%s" to "%s"`, brief(low), brief(high)), field)
	set := s.set
	s.set = func(c *Config, v any) error {
		if err := set(c, v); err != nil {
			return err
		}
		if d := *field(c); d < low || d > high {
			return fmt.Errorf("is %s", quote(brief(d)))
		}
		return nil
	}
	return s
}

// brief writes a length of time without the units that are nothing: 5m, not
// 5m0s.
func brief(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// choice is a setting of one of a few words.
func choice(key string, field func(*Config) *string, words ...string) setting {
	return text(key, oneOf(words...), field, among(words...))
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
