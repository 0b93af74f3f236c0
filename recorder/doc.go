// Package recorder opens everything that a desk keeps: the lock on its data
// folder, the keys, the journal, the state that the journal adds up to, and
// unsent drafts, in this order, and closes it in the reverse.
//
// Create makes a new folder a desk's; Open opens what is there. Neither does
// the other's work: a folder that lost a file must not become a new, empty desk
// by being opened, and a desk must not be founded on what another left.
package recorder
