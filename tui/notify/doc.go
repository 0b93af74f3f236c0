// Package notify tells a person who looks elsewhere that something waits at the
// desk.
//
// It says how much of what kind, and never who or what: a notification is read
// by whoever stands before the screen, also when that is locked. It speaks only
// while the terminal has no focus, seldom, and sums up what happened in
// between when the person comes back. Each way of notifying stands alone: one
// that fails, even by a panic, stops no other.
package notify
