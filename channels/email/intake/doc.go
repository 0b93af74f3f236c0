// Package intake turns the mails of the ledger into messages of the desk.
//
// A pool reads them side by side; one sequencer decides in which conversation
// each belongs, and knows of its own decisions at once; conversations then go
// into the journal side by side, each in its order; and last the ledger notes,
// many at a time, where its mails are. A mail stays in stage Raw until then, so
// that a crash anywhere has it read again; its event's identifier is derived
// from it, so that it is journaled once.
//
// What is fetched is threaded, a copy, in quarantine, or waiting: nothing is
// passed over. A mail that nothing can read becomes a conversation that says
// so, and the same mail in a second box of an account becomes a copy.
//
// Memory is bounded: mails are read from the disk in pieces, large ones one at
// a time, and a fixed number is on its way.
package intake
