// Package read turns the raw bytes of a mail into what a desk shows of it.
//
// Mail comes from strangers and from thirty years of programs that each broke
// the formats in their own way, so reading has no error: every mail shows
// something, and what had to be mended is said in Mail.Mended. Nothing here
// reaches the network, and no control, direction or invisible character of the
// sender comes out in any text.
package read
