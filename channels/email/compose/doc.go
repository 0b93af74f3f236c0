// Package compose turns an outgoing mail into the exact bytes that travel
// (RFC 5322, MIME), once: what is stored before the first attempt is what every
// attempt sends.
//
// What people type comes into headers only through Compose, which refuses
// control characters there with a sentence that names the field, so that no
// text can begin another header. What strangers wrote, such as the identifiers
// of a thread, is left out where it does not fit. Nothing is random: the same
// mail gives the same bytes.
package compose
