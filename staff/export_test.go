package staff

// MakeForeign makes the client believe that another user runs its hub.
func (c *Client) MakeForeign() { c.foreign = true }
