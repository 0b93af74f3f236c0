package imap

import (
	"strings"
	"time"
)

// Quirks are what is odd about a server, as far as it concerns us. The zero
// value is a server as the standards describe it.
type Quirks struct {
	Name string // of the kind of server, for people; empty when it has no quirks
	// FilesSent: mail that was handed to the provider's SMTP server appears in
	// Sent by itself, some seconds later. Look before appending.
	FilesSent bool
	// IdleLimit is the time after which an IDLE must be renewed on this server;
	// 0 when the usual limit does.
	IdleLimit time.Duration
	// AllMail: one mail is in several mailboxes at once, and removing it from
	// INBOX archives it. The mailbox of RoleAll must not be synchronised too.
	AllMail bool
	// UnstableUIDs: UIDs can change although UIDVALIDITY did not; compare by
	// content.
	UnstableUIDs bool
}

// quirk says how to know a kind of server and what is odd about it.
type quirk struct {
	sign string // upper-case part of capabilities, greeting or server id
	Quirks
}

// quirks is the only place that knows servers by name. The first sign that
// fits decides.
func quirks() []quirk {
	return []quirk{
		{"X-GM-EXT-1", Quirks{Name: "Gmail", FilesSent: true, AllMail: true}},
		{"MICROSOFT EXCHANGE", Quirks{Name: "Microsoft 365", FilesSent: true}},
		{"MICROSOFT.EXCHANGE", Quirks{Name: "Microsoft 365", FilesSent: true}},
		{"OUTLOOK.COM", Quirks{Name: "Microsoft 365", FilesSent: true}},
		{"COREMAIL", Quirks{Name: "163.com", IdleLimit: 9 * time.Minute}},
		{"NETEASE", Quirks{Name: "163.com", IdleLimit: 9 * time.Minute}},
		{"QQMAIL", Quirks{Name: "QQ Mail", IdleLimit: 9 * time.Minute}},
		{"XYMHIGHESTMODSEQ", Quirks{Name: "Yahoo", IdleLimit: 4 * time.Minute}},
		{"YAHOO", Quirks{Name: "Yahoo", IdleLimit: 4 * time.Minute}},
		{"XAPPLEPUSHSERVICE", Quirks{Name: "iCloud", IdleLimit: 9 * time.Minute}},
		{"PROTON", Quirks{Name: "Proton Bridge", UnstableUIDs: true}},
		{"DAVMAIL", Quirks{Name: "DavMail", UnstableUIDs: true}},
	}
}

// quirksOf returns the quirks of a server by anything it said of itself.
func quirksOf(said ...string) Quirks {
	all := strings.ToUpper(strings.Join(said, "\n"))
	for _, q := range quirks() {
		if strings.Contains(all, q.sign) {
			return q.Quirks
		}
	}
	return Quirks{}
}
