// Package entity finds the parts of a mail (RFC 5322, RFC 2045 to 2049) in one
// pass over its bytes.
//
// What comes out is an outline: for each part its fields and where its bytes
// lie. A part is decoded when somebody reads it, so a mail of 35 MB takes a few
// buffers.
//
// Parsers that descend once a level and keep what they find are brought down
// by strangers: enmime, which the tests hold this one against and which guesses
// charsets for us, was still busy after a minute with a mail of a few KB whose
// parts nest a hundred deep, and asked for 870 MB over 4 MB of text that was
// not the base 64 it claimed to be.
//
// Nothing here fails: what is malformed is read in the way that keeps most of
// it, and Tree.Notes says so in words.
package entity

// What is read of one mail at most. Real mail stays far below.
const (
	// MaxDepth is how deep multiparts are followed. A multipart below is one part.
	MaxDepth = 50
	// MaxParts is how many parts are listed. What follows belongs to the last.
	MaxParts = 1000
	// MaxHeader is how many bytes of the mail's own fields are kept.
	MaxHeader = 1 << 20
	// MaxPartHeader is how many bytes of the fields of one part are kept.
	MaxPartHeader = 16 << 10
	// MaxFields is how many fields of one header are kept.
	MaxFields = 2000
)
