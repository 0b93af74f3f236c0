package staff

import "hark/desk"

// Exit statuses of every command. Scripts rely on them; they never change
// their meaning.
const (
	ExitOK          = 0 // done
	ExitFailed      = 1 // something went wrong that fits nothing below
	ExitUsage       = 2 // the command was written wrongly, or its input is impossible
	ExitNoDesk      = 3 // no hub has the desk open
	ExitDenied      = 4 // the account may not do it
	ExitNotFound    = 5 // there is no such conversation, account or file
	ExitConflict    = 6 // somebody else was first
	ExitUnavailable = 7 // it cannot be done now, but later
)

// ExitStatus returns the exit status that belongs to an error.
func ExitStatus(err error) int {
	switch desk.CodeOf(err) {
	case "":
		return ExitOK
	case desk.Invalid, desk.NeedsYes:
		return ExitUsage
	case desk.Denied:
		return ExitDenied
	case desk.NotFound:
		return ExitNotFound
	case desk.Conflict:
		return ExitConflict
	case desk.Unavailable:
		return ExitUnavailable
	case desk.Internal:
	}
	return ExitFailed
}
