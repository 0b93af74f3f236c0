// Package mailbox says what is kept of mail before anyone has read it, and of
// letters until they are with a mail server.
//
// Every mail that a server shows becomes a row in a ledger, together with its
// exact bytes and before anything looks into it; so a mail that cannot be read
// is an odd row and never a lost mail. A row is named by its Place: account,
// mailbox, UIDVALIDITY and UID are what IMAP (RFC 3501, section 2.3.1.1) says
// never names two mails. Flags such as \Seen are no part of it: people share
// the mailbox.
//
// A Store holds the ledger, the mails' bytes, what is known of Message-IDs, the
// outbox and a few counters. An implementation is right when it passes
// mailboxtest.TestStore; mailboxtest.New is one in memory, for tests.
package mailbox
