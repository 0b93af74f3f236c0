// Package charset turns bytes of a mail into UTF-8.
//
// The declared charset is believed when the bytes fit it. Wrong declarations
// are common, so the next ones to be asked are UTF-8, whose texts cannot be
// taken for anything else, then a guess by the frequency of letters, and last
// Windows-1252, in which every byte means something.
package charset
