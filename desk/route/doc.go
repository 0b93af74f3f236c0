// Package route finds an agent for every customer who waits.
//
// An Engine follows the desk's state. Its core decides without a clock or a
// disk of its own: given the rows, who is there and what time it is, it says
// what to do next. The engine does it through the desk, so that every offer,
// its end, a wake-up or a breach is an event like any other, and a decision
// that comes too late is a conflict that is decided again.
//
// The promise: a conversation in which a customer waits has a live offer to an
// agent, or a reason in words why not. Explain gives the reason, Check looks
// whether the promise is kept.
package route
