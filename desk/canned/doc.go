// Package canned reads replies that are written beforehand.
//
// Each is a text file in one folder, so that they are edited, reviewed and
// kept like everything else that is text. A file begins with a few settings
// between +++ lines, and the rest of it is the reply:
//
//	+++
//	title = "Refund promised"
//	key = "refund"
//	tags = ["money"]
//	language = "en"
//	queue = "billing"
//	+++
//	Hello {customer.first|there},
//	your order {order} is refunded.
//
// A word in braces is a field. Those with a dot, {conversation} and {date} are
// filled by hark; every other is filled by the agent, and one that is still
// open keeps the text from being sent. {field|words} stands for the words
// where nothing is known, and {{ is a brace itself.
//
// A file that is not right is named together with its line and what to do; the
// others are there all the same.
package canned
