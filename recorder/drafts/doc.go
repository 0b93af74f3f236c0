// Package drafts keeps what staff have written and not yet sent: one slot for
// each conversation and author, in drafts.db.
//
// A draft is a person's work, so its commits wait for the disk; it changes with
// every key press, so the disk sees it once a second at most.
//
// Each draft is sealed under a subkey of its conversation's transcript key. A
// class of its own would be one more key row for every conversation that
// somebody began to answer, and one more that erasure must not forget; this
// way destroying the transcript destroys the drafts about it in the same
// moment, in every copy of drafts.db. A conversation whose key is gone takes no
// drafts any more. In the clear stand two random identifiers.
package drafts
