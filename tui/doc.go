// Package tui is the console that staff see: one Bubble Tea program for each
// person who is attached, drawn by the hub to whatever terminal is at the
// other end.
//
// There is one model, the root. Screens are changed by calls from its Update
// and hold no lock; what takes time runs in commands with a limit and comes
// back as a message; what happens at the desk comes through the feed, gathered,
// so that a busy desk cannot flood a slow terminal. The package imports the
// desk and no adapter.
package tui
