package config

import (
	"net/netip"
	"time"

	"hark/desk"
)

// setting is one key of the file.
type setting struct {
	key   string
	right string // what a value must be: the end of an error's sentence
	set   func(c *Config, v any) error
	show  func(c *Config) string // the value as TOML
}

// settings is the one table of keys that every desk has; families (family.go)
// add those whose names the file chooses. Reading, suggestions, `hark config
// show` and the guide's table follow it.
func settings() []setting {
	all := deskSettings()
	all = append(all, chatSettings()...)
	all = append(all, keysSettings()...)
	all = append(all, staffSettings()...)
	return append(all, consoleSettings()...)
}

func deskSettings() []setting {
	return []setting{
		text("desk.name", "a name of 1 to 120 bytes", func(c *Config) *string { return &c.Desk.Name }, deskName),
		text("desk.zone", `a time zone such as "Europe/Berlin"; without one the machine's counts`, func(c *Config) *string { return &c.Desk.Zone }, zone),

		flag("routing.offers", func(c *Config) *bool { return &c.Routing.Offers }),
		length("routing.accept_within", 5*time.Second, time.Hour, func(c *Config) *time.Duration { return &c.Routing.AcceptWithin }),
		length("routing.grace", time.Second, time.Hour, func(c *Config) *time.Duration { return &c.Routing.Grace }),
		choice("routing.strategy", func(c *Config) *string { return &c.Routing.Strategy }, string(desk.LongestIdle), string(desk.LeastBusy)),
		number("routing.chats", 100, func(c *Config) *int { return &c.Routing.Chats }),
		flag("routing.offer_mails", func(c *Config) *bool { return &c.Routing.OfferMails }),
		number("routing.mails", 1000, func(c *Config) *int { return &c.Routing.Mails }),
		length("routing.wrap_up", 0, time.Hour, func(c *Config) *time.Duration { return &c.Routing.WrapUp }),
	}
}

func chatSettings() []setting {
	return []setting{
		text("chat.listen", `HOST:PORT, such as "127.0.0.1:4275"`, func(c *Config) *string { return &c.Chat.Listen }, hostPort),
		texts("chat.origins", `a list of sites, such as ["https://shop.example"]`, func(c *Config) *[]string { return &c.Chat.Origins }, Origin),
		prefixes("chat.trusted_proxies", `a list of addresses, such as ["10.0.0.7", "192.168.0.0/16"]`, func(c *Config) *[]netip.Prefix { return &c.Chat.TrustedProxies }),
		flag("chat.files", func(c *Config) *bool { return &c.Chat.Files }),
		number("chat.file_limit", 100<<20, func(c *Config) *int { return &c.Chat.FileLimit }),
		flag("chat.preview", func(c *Config) *bool { return &c.Chat.Preview }),
		flag("chat.read_marks", func(c *Config) *bool { return &c.Chat.ReadMarks }),
		number("chat.link_days", 365, func(c *Config) *int { return &c.Chat.LinkDays }),
		text("chat.tls.cert", "the path of a PEM file with the certificate chain", func(c *Config) *string { return &c.Chat.TLS.Cert }, absolute),
		text("chat.tls.key", "the path of a PEM file with the certificate's key", func(c *Config) *string { return &c.Chat.TLS.Key }, absolute),
		number("chat.limits.connections", 1_000_000, func(c *Config) *int { return &c.Chat.Limits.Connections }),
		number("chat.limits.per_address", 1_000_000, func(c *Config) *int { return &c.Chat.Limits.PerAddress }),
		number("chat.limits.messages_per_minute", 60_000, func(c *Config) *int { return &c.Chat.Limits.MessagesPerMinute }),
		number("chat.limits.burst", 10_000, func(c *Config) *int { return &c.Chat.Limits.Burst }),
		text("chat.notice.version", "a name of 1 to 40 letters, digits, dots and dashes", func(c *Config) *string { return &c.Chat.Notice.Version }, version),
	}
}

func keysSettings() []setting {
	return []setting{
		text("keys.backend", `"keyring", "passphrase", "systemd" or "command"`, func(c *Config) *string { return &c.Keys.Backend }, keyBackend),
		texts("keys.command", `a list of program and arguments, such as ["pass", "show", "hark"]`, func(c *Config) *[]string { return &c.Keys.Command }, notEmpty),
		text("keys.credential", "the name of a systemd credential: letters, digits, dash, underscore and dot", func(c *Config) *string { return &c.Keys.Credential }, credential),
	}
}

func staffSettings() []setting {
	return []setting{
		text("staff.socket", `an absolute path of 100 bytes at most, such as "/run/hark/desk.sock"`, func(c *Config) *string { return &c.Staff.Socket }, socketPath),
		text("staff.group", "the name of a group of this machine", func(c *Config) *string { return &c.Staff.Group }, notEmpty),
		duration("staff.idle", `a time such as "30m" or "12h", or "0s" for never`, func(c *Config) *time.Duration { return &c.Staff.Idle }),
		number("staff.max_connections", 100_000, func(c *Config) *int { return &c.Staff.MaxConnections }),
	}
}

func consoleSettings() []setting {
	return []setting{
		choice("console.theme", func(c *Config) *string { return &c.Console.Theme }, "auto", "light", "dark", "contrast", "16", "none"),
		choice("console.glyphs", func(c *Config) *string { return &c.Console.Glyphs }, "unicode", "ascii"),
		flag("console.reduced_motion", func(c *Config) *bool { return &c.Console.ReducedMotion }),
		flag("console.mouse", func(c *Config) *bool { return &c.Console.Mouse }),
		choice("console.notify", func(c *Config) *string { return &c.Console.Notify }, "auto", "off", "bell", "osc9", "osc777", "osc99"),
		flag("console.enter_sends", func(c *Config) *bool { return &c.Console.EnterSends }),
		text("console.canned", "the path of a folder, absolute or from the folder of hark.toml", func(c *Config) *string { return &c.Console.Canned }, notEmpty),
	}
}
