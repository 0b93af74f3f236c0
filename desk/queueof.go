package desk

// QueueOf returns the name of the queue in which a conversation is: its own,
// or the default one where it says none or one that is gone. It is empty where
// the desk has no queues.
func (s *Session) QueueOf(c *Conversation) string { return s.d.routing.Queue(c.Queue).Name }
