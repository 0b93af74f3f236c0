// Package posting kills a desk that sends mail, again and again, and counts
// what arrives: no mail twice, none lost. It has tests only.
package posting
