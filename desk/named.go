package desk

// Named reports whether the customer has said a name. Who has not is called
// "Visitor" and the beginning of an identifier, which is nothing to greet
// anybody with.
func (c *Conversation) Named() bool { return c.Name != "" && c.Name != visitorName("", c.Contact) }
