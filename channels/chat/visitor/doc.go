// Package visitor is a visitor of the website without a browser: a client of
// the visitor socket that queues what is said, sends it again until the hub
// has it, reconnects, and resumes by ordinal. The sample desk's customers, the
// load driver and tests are made of it.
//
// It shares no code with the hub's side of the socket on purpose: where the
// two disagree about docs/visitor-protocol.md, a test fails.
package visitor
