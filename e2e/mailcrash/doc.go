// Package mailcrash kills a desk while it takes mail in, again and again, and
// looks at what is left: the ledger, the journal and the threads. It has tests
// only.
package mailcrash
