package keys

import (
	"container/list"
	"crypto/cipher"
	"sync"
)

// cache keeps the ciphers used last. It is safe for concurrent use.
type cache struct {
	mu    sync.Mutex
	max   int
	order *list.List // of cached, the one used last in front
	at    map[slot]*list.Element
}

// slot names a cipher.
type slot struct {
	Pair
	use Use
}

type cached struct {
	slot
	cipher cipher.AEAD
}

func newCache(max int) *cache {
	return &cache{max: max, order: list.New(), at: map[slot]*list.Element{}}
}

// get returns a cipher, or nil.
func (c *cache) get(p Pair, use Use) cipher.AEAD {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.at[slot{p, use}]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*cached).cipher
}

func (c *cache) put(p Pair, use Use, aead cipher.AEAD) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := slot{p, use}
	if e := c.at[s]; e != nil {
		e.Value = &cached{s, aead}
		c.order.MoveToFront(e)
		return
	}
	c.at[s] = c.order.PushFront(&cached{s, aead})
	if c.order.Len() > c.max {
		c.remove(c.order.Back())
	}
}

// drop forgets every cipher of a pair.
func (c *cache) drop(p Pair) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, use := range uses() {
		if e := c.at[slot{p, use}]; e != nil {
			c.remove(e)
		}
	}
}

func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.order.Init()
	clear(c.at)
}

func (c *cache) remove(e *list.Element) {
	entry := c.order.Remove(e).(*cached)
	delete(c.at, entry.slot)
}
