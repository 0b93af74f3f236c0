// Package mailsync keeps the ledger of one mail account equal to what its
// server shows: every mail is in the ledger with its bytes, or in quarantine
// with a reason, and neither twice.
//
// An [Engine] has three connections. The first, the syncer's, is the only one
// that asks and changes what a mailbox holds; it fetches in windows, newest
// first. The second waits for news (IDLE, RFC 2177). The third fetches large
// mails, so that none of them delays the others. A supervisor keeps them alive.
//
// What it relies on, and what not:
//
//   - The ledger alone says what has arrived. What is to be fetched is the
//     difference between the server's UIDs and the ledger's, found anew at each
//     start, every quarter of an hour and after each change; so it does not
//     matter where the process died, and the cursor is only a short cut.
//   - No answer is complete because no error came with it. After every window
//     what was asked is compared with what arrived. What is missing though it
//     exists is fetched in smaller and smaller windows, then alone, then with
//     nothing but its body, then its beginning only; what still does not come
//     is quarantined, once another mail has shown that the server does give
//     mails.
//   - A UIDVALIDITY that changed, or is none, means that the mails must be
//     recognised by their content. Only unknown ones are fetched.
//   - Flags are no state. \Seen and \Answered are written late, for the people
//     who read the mailbox elsewhere.
package mailsync
