// Package outbox brings outgoing mail to mail servers: none twice, none lost.
//
// A mail is journaled by the desk before anyone knows of it, and can be taken
// back for a few seconds. Then the outbox takes it, composes its bytes once and
// stores them; every attempt sends those. An attempt has two phases. Up to the
// last byte of the text a mail can be dropped and sent again, for a server
// forgets what has no end. Then "committing" is made durable, the final dot
// goes out, and the answer is made durable as "sent". What is found committing
// after a crash, or after a line that broke while the answer was due, may have
// arrived, and SMTP has no way to ask: it is parked and shown, and never sent
// again by itself. It is resolved when a copy of it turns up in the Sent
// mailbox, in a report or in an answer, or when a person decides.
//
// A copy lies in the Sent mailbox once: it is looked for before one is put
// there, since some servers file what they deliver.
//
// Each account works alone: trouble with one server delays no other. Every wait
// has a limit. What servers say is shown to people without control characters
// and never logged.
package outbox
