// Package mailboxtest has a mailbox.Store in memory, for tests, and the tests
// that every store must pass.
package mailboxtest
