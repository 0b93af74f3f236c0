package config

import (
	"net/netip"
	"time"

	"hark/desk"
)

// Config is everything that hark.toml says.
type Config struct {
	Desk    Desk
	Routing Routing
	Queues  []Queue // in the order of the file
	Chat    Chat
	Mail    []Mail // in the order of the file
	Keys    Keys
	Staff   Staff
	Console Console
}

// Desk is the section on the desk itself.
type Desk struct {
	Name string // what a first run calls the desk; the journal keeps it from then on
	Zone string // in which hours and holidays are meant; empty for the machine's
}

// Routing is the section on how a customer gets to an agent.
type Routing struct {
	Offers       bool          // conversations are offered to agents; otherwise they wait to be taken
	AcceptWithin time.Duration // after which an offer goes on to the next agent
	Grace        time.Duration // for an agent whose console is gone to come back
	Strategy     string        // a desk.Strategy
	Chats        int           // that an agent has at once before no more are offered
	OfferMails   bool          // mails are offered like chats; otherwise they wait to be taken
	Mails        int           // that an agent has at once before no more are offered
	WrapUp       time.Duration // without offers behind a resolved conversation; 0 for none
}

// Chat is the section on the website chat.
type Chat struct {
	Listen         string         // HOST:PORT of the public web server
	Origins        []string       // sites that may carry the widget, as browsers name them
	TrustedProxies []netip.Prefix // whose forwarded addresses count
	Files          bool           // files may be sent, by both sides
	FileLimit      int            // the largest, in bytes
	Preview        bool           // staff see what a visitor types before it is sent
	ReadMarks      bool           // visitors see what staff have read
	LinkDays       int            // that a customer's link is good for
	TLS            TLS
	Limits         Limits
	Notice         Notice
}

// Notice is what visitors read before the chat, by language.
type Notice struct {
	Version string
	Text    map[string]string
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

// Console is the section on what the console looks like and how it answers.
type Console struct {
	Theme         string // auto: as the terminal's background; none: without colour
	Glyphs        string // unicode, or ascii for terminals without box characters
	ReducedMotion bool
	Mouse         bool
	Notify        string            // how a terminal that is not looked at is told; auto finds out what it can
	EnterSends    bool              // otherwise enter is a new line, and ctrl+s sends
	Canned        string            // the folder of reply files, absolute or from the folder of hark.toml
	Keys          map[string]string // an action's identifier and its key, or two keys parted by a blank
}

// Default returns the configuration of an empty file.
func Default() Config {
	return Config{
		Desk: Desk{Name: "Help desk"},
		Routing: Routing{
			Offers: true, AcceptWithin: 30 * time.Second, Grace: time.Minute, Strategy: string(desk.LongestIdle), Chats: 5, Mails: 20,
		},
		Chat: Chat{
			Listen: "127.0.0.1:4275", Files: true, FileLimit: 10 << 20, ReadMarks: true, LinkDays: 30,
			Limits: Limits{Connections: 20_000, PerAddress: 100, MessagesPerMinute: 60, Burst: 20},
		},
		Keys:    Keys{Backend: "keyring", Credential: "hark"},
		Staff:   Staff{Idle: 12 * time.Hour, MaxConnections: 256},
		Console: Console{Theme: "auto", Glyphs: "unicode", Mouse: true, Notify: "auto", EnterSends: true, Canned: "canned"},
	}
}
