package mailgen

import (
	"fmt"
	"strings"
	"time"
)

// sender is a customer.
type sender struct{ name, address string }

// person returns who begins the conversation of a mail. Customers come back.
func person(root int) sender {
	first := [...]string{"Ana", "Ben", "Chiara", "Dmitri", "Eun-ji", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Lars"}
	last := [...]string{"Ek", "Okafor", "Rossi", "Ivanov", "Kim", "Haddad", "Lindqvist", "Moreau", "Silva", "Weber", "Demir", "Berg"}
	n := root % 5003
	f, l := first[n%len(first)], last[n/len(first)%len(last)]
	return sender{f + " " + l, strings.ToLower(fmt.Sprintf("%s.%s%d@customer.example", f, l, n))}
}

// subject returns what a conversation is about.
func subject(root int) string {
	what := [...]string{
		"My lamp arrived broken", "Where is order", "Invoice needed for", "A question about the warranty of",
		"The switch does not work on", "Please change the address of", "Return of", "Wrong colour in",
	}
	return fmt.Sprintf("%s %05d", what[root%len(what)], root)
}

// head writes the header that all mails have, up to where the content is
// described.
func (m *writer) head(extra string) {
	date := m.Received(m.i)
	m.printf("Return-Path: <%s>\n", m.from.address)
	m.printf("Received: from mx.customer.example (mx.customer.example [192.0.2.%d])\n", 1+m.i%250)
	m.printf("\tby mail.shop.example with ESMTPS id %x for <%s>;\n\t%s\n", m.i, Address, date.Format(time.RFC1123Z))
	m.printf("Date: %s\n", date.Add(-3*time.Second).Format(time.RFC1123Z))
	m.printf("From: %s <%s>\nTo: Shop <%s>\n", m.from.name, m.from.address, Address)
	m.printf("Message-ID: <%s>\n", m.MessageID(m.i))
	prefix := ""
	if n := len(m.thread); n > 0 {
		prefix = "Re: "
		m.printf("In-Reply-To: <%s>\nReferences:", m.MessageID(m.thread[n-1]))
		for _, id := range m.thread {
			m.printf("\n <%s>", m.MessageID(id))
		}
		m.printf("\n")
	}
	m.printf("Subject: %s%s\n%sMIME-Version: 1.0\n", prefix, m.subject, extra)
}

// boundary returns what separates the parts of a mail.
func (m *writer) boundary(level int) string {
	return fmt.Sprintf("=_%d_%x_%d", level, m.i*104729, level)
}
