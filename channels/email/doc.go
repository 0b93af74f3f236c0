// Package email brings a shared mailbox into the desk and the desk's answers
// out of it.
//
// It joins its rooms, for every account: mailsync keeps a sealed ledger equal to
// what the server shows, intake turns the ledger's mails into messages of the
// desk, outbox sends what the desk has journaled. Trouble with one account
// touches no other. A Server is also the desk's mailroom: it opens raw mail and
// its parts, signs Message-IDs, and says how every account is.
package email
