package main

import (
	"os"
	"strings"

	"hark/desk"
)

// globals are the flags that every command knows. They say which desk is meant
// and who acts, and never reach the hub.
type globals struct {
	data   string // --data: the desk's folder
	as     string // --as: the account to act as
	socket string // --socket: the hub of another user of this machine
	help   bool   // --help or -h without a command
	// accessible: questions come line by line, for terminals that are read aloud
	accessible bool
	plain      bool // --plain: a console of lines, for terminals that are read aloud
}

// parseGlobals takes the global flags out of a command line, wherever they
// stand before a --.
func parseGlobals(args []string) (g globals, rest []string, err error) {
	g.accessible = accessibleByEnv(os.Getenv("ACCESSIBLE"))
	values := map[string]*string{"--data": &g.data, "--as": &g.as, "--socket": &g.socket}
	for len(args) > 0 {
		if args[0] == "--" {
			return g, append(rest, args...), nil
		}
		name, value, joined := strings.Cut(args[0], "=")
		field := values[name]
		switch {
		case args[0] == "--accessible":
			g.accessible = true
		case args[0] == "--plain":
			g.plain, g.accessible = true, true
		case field == nil:
			rest = append(rest, args[0])
		case joined:
			*field = value
		case len(args) == 1:
			return g, nil, desk.Errorf(desk.Invalid, "%s needs a value", name)
		default:
			*field = args[1]
			args = args[1:]
		}
		args = args[1:]
	}
	if len(rest) > 0 && (rest[0] == "--help" || rest[0] == "-h") {
		g.help = true
	}
	return g, rest, nil
}
