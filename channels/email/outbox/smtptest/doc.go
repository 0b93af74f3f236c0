// Package smtptest is a real SMTP server for tests and for the demo desk: it
// speaks RFC 5321 on loopback, keeps and counts what it took over, and fails
// where its script tells it to, as real servers do on bad days.
//
// A server has taken a mail over when it has read the final dot, whatever it
// answers then: that is what a sender can never know for sure, and what
// Deliveries counts.
package smtptest
