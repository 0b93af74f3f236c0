// Package desk says what a support desk is: contacts, conversations, events,
// accounts and roles, and the rules that join them.
//
// Everything that happens is an event, journaled before anyone is told. A Desk
// takes commands, decides them against the State (a fold over the journal),
// appends the outcome and hands it to whoever follows the feed. The package
// imports none of hark's other packages: where the events are kept is behind
// the Journal interface, where they are shown is behind the feed.
package desk
