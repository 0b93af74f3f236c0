// Package loop tells automatic mail from a person's and keeps the desk from
// answering machines, and machines that answer from being answered for ever.
//
// Marks are those of RFC 3834 and what programs use besides. A mail that bears
// one gets no automatic answer; those that are automatic answers or delivery
// reports are muted too: kept and shown, but they neither reopen nor notify. A
// contact form's mail is automatic and still a customer's: it is not muted.
//
// Marks are lost on the way and some programs write none, so automatic answers
// are counted as well: a Guard allows one a day for an address and three for a
// conversation, and none at all while an address or the whole desk gets more
// mail than people write. The counts outlive a restart.
package loop
