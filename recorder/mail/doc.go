// Package mail keeps mail in mail.db: which mails there are, their exact bytes,
// what is known of their Message-IDs, and letters until a server has them.
//
// No address, subject, Message-ID or word of a mail is in the file in the
// clear. Bytes and what was read of them are sealed under a key that each mail
// has for itself in keys.db, so that a mail is erased, in every copy of the
// file, by destroying that key. What is looked up by is a keyed hash. The rest
// of a row is sealed under the store's own key, and bound to its place. The
// layout is in docs/mail-format.md.
//
// One connection writes and reads. It is never held while a mail is parsed or
// a server is asked, and a mail is read in pieces: a large one neither blocks
// the others for long nor lies in memory as a whole.
package mail
