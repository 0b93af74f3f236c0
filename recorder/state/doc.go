// Package state keeps what the journal adds up to in state.db, so that a start
// folds only what happened since.
//
// The file is disposable. Rows are sealed under a key derived from the desk's,
// each bound to its name and to the version of the rows; the mark, sealed too,
// says which event they stand for and sums them up, so that a row can be
// neither changed, nor dropped, nor put back to an older form unnoticed. A file
// that is missing, of another version, damaged, of another journal or ahead of
// it, is thrown away and the state is folded from the beginning; nobody has to
// do anything about it. For the same reason the disk is not waited for: a power
// cut may take the newest seconds back, and they are folded again.
package state
