package config

import (
	"net/netip"
	"time"
)

// Config is everything that hark.toml says.
type Config struct {
	Desk    Desk
	Chat    Chat
	Keys    Keys
	Staff   Staff
	Console Console
}

// Desk is the section on the desk itself.
type Desk struct {
	Name string // what a first run calls the desk; the journal keeps it from then on
}

// Chat is the section on the website chat.
type Chat struct {
	Listen         string         // HOST:PORT of the public web server
	Origins        []string       // sites that may carry the widget, as browsers name them
	TrustedProxies []netip.Prefix // whose forwarded addresses count
	TLS            TLS
	Limits         Limits
}

// TLS names the files of a certificate and its key, both or neither.
type TLS struct {
	Cert string
	Key  string
}

// Limits bound what strangers can cost.
type Limits struct {
	Connections       int // open at once, in all
	PerAddress        int // open at once, of one address
	MessagesPerMinute int // that a visitor writes
	Burst             int // messages that a visitor writes at once
}

// Keys is the section on where the desk's key is kept.
type Keys struct {
	Backend    string   // keyring, passphrase, systemd or command
	Command    []string // prints the key: program and arguments, run without a shell
	Credential string   // the systemd credential's name
}

// Staff is the section on how members of staff reach the desk.
type Staff struct {
	Socket         string        // the hub's socket; empty for one in the runtime folder
	Group          string        // whose members may use the socket too
	Idle           time.Duration // after which an untouched console is closed; 0 for never
	MaxConnections int
}

// Console is the section on what the console looks like.
type Console struct {
	Theme         string // auto: as the terminal's background; none: without colour
	Glyphs        string // unicode, or ascii for terminals without box characters
	ReducedMotion bool
}

// Default returns the configuration of an empty file.
func Default() Config {
	return Config{
		Desk: Desk{Name: "Help desk"},
		Chat: Chat{
			Listen: "127.0.0.1:4275",
			Limits: Limits{Connections: 20_000, PerAddress: 100, MessagesPerMinute: 60, Burst: 20},
		},
		Keys:    Keys{Backend: "keyring", Credential: "hark"},
		Staff:   Staff{Idle: 12 * time.Hour, MaxConnections: 256},
		Console: Console{Theme: "auto", Glyphs: "unicode"},
	}
}
