package chat

// SetQueue makes the router's queue as short as a test needs it.
func (s *Server) SetQueue(n int) { s.queue = n }
