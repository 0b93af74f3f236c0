package notify

import (
	"strconv"
	"strings"
)

// Kind is what happened, as far as a notification tells.
type Kind uint8

// The kinds, in the order in which they are told: the most urgent first.
const (
	Offer  Kind = iota // a conversation is offered, and somebody waits for the answer
	Breach             // a promise of an answer was not kept
	New                // a conversation in which a customer wrote
	kinds              // how many there are
)

// words returns what the kind is called.
func (k Kind) words(n int) string {
	one := [...]string{"offer", "overdue", "new"}[k]
	if k == Offer && n != 1 {
		return "offers"
	}
	return one
}

// Counts is how often each kind happened.
type Counts [kinds]int

// Any reports whether anything happened.
func (c Counts) Any() bool { return c != Counts{} }

// String says it in words: "1 offer, 2 new".
func (c Counts) String() string {
	var parts []string
	for k, n := range c {
		if n > 0 {
			parts = append(parts, strconv.Itoa(n)+" "+Kind(k).words(n))
		}
	}
	return strings.Join(parts, ", ")
}
