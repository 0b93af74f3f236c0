// Package mailgen writes the mailbox that mail is measured with: the same bytes
// each time, mixed as the shared mailbox of a support team is. Most mails are
// plain or have a plain and an HTML side; some bring a PDF, come from Outlook
// with pictures in the text, are written in Japanese or Russian charsets of
// their time, are delivery reports or automatic answers. Four of ten answer an
// earlier mail. A few are very large.
package mailgen
