// Package files keeps what is attached to messages, sealed: each file under a
// key of its own, so that it can be destroyed alone.
//
// A file arrives as pending, is kept when the message that names it is about
// to be journaled, and is destroyed with its key when nobody kept it for a day.
// No byte of a file touches the disk in the clear. It is sealed in chunks that
// know their place and which of them is the last, so that a chunk that was
// changed, moved or cut off is noticed and located, and a reader never gets a
// byte that is not what was written. The layout is in docs/file-format.md.
package files
