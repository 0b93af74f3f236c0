// Package journal is the SQLite engine of the desk's journal.
//
// What is kept is in two files. journal.db is the record: each commit adds one
// row or a few, each a frame of sealed events in the order of their sequence
// numbers, and nothing is ever changed. journal-index.db is disposable: it
// finds an event by its identifier or by its place in a stream, is written
// behind the record, and is built anew from it when it is missing or damaged.
// So an append costs one row, one write and one wait for the disk, however
// many appends share the commit. docs/journal-format.md has the layouts.
//
// One goroutine writes. It takes what waits, refuses what is a duplicate or a
// conflict, gives the rest their numbers and their time, seals them, commits,
// calls the followers and answers. Readers have connections of their own and
// never hold it up; a second goroutine moves the write-ahead log into the
// record and keeps the index.
//
// When the disk is full or read-only the writer lets go of the file, finds out
// what became of the events in flight, refuses new ones with a sentence, and
// goes on by itself once the cause is gone. When the disk failed to keep
// something, nothing more is written until a restart: what a second attempt
// would report could not be believed. Reading goes on in either case.
package journal
