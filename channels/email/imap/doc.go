// Package imap is one connection to one mailbox account, by IMAP (RFC 3501
// with what RFC 9051 made of it). It knows how servers misbehave and how the
// library below it fails, so that nobody above has to: every call ends within
// its limits, with an answer or with a *Trouble that says in words what is
// the matter.
//
// What it promises, and how:
//
//   - No call waits for ever. The deadlines belong to a wrapper around the
//     socket; when one passes, the wrapper closes the socket, because a
//     connection that once fell silent cannot be trusted again.
//   - One command is in flight at a time, and its answer is read to the end,
//     so that two answers can never wait for each other.
//   - Nobody is asked to describe the structure of a mail, and lines are
//     measured before anything parses them: a server can end a connection,
//     but not the process.
//   - No answer is taken for complete because no error came with it. Raw says
//     which mails arrived whole; what is missing is for the caller to audit.
//   - What this program does not need, and what breaks the parser below, is
//     taken out of the answers on their way in.
//
// A connection that has met trouble of a kind that [Kind.Lost] names is over:
// the caller makes another. Nothing is kept here; what was seen and what must
// still be fetched lies in the caller's ledger.
package imap
