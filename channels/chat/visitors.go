package chat

import (
	"context"
	"slices"
	"sync"

	"hark/desk"
)

// visitor is one browser, however many tabs of it are open.
type visitor struct {
	token string

	mu       sync.Mutex
	messages bucket

	contact desk.ID // guarded by visitors.mu, as are conns
	conns   []*conn // replaced, never changed, so that readers need no lock
}

// visitors finds who is connected.
type visitors struct {
	mu        sync.RWMutex
	byToken   map[string]*visitor
	byContact map[desk.ID]*visitor
}

func newVisitors() *visitors {
	return &visitors{byToken: map[string]*visitor{}, byContact: map[desk.ID]*visitor{}}
}

func (vs *visitors) join(token string, c *conn) *visitor {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	v := vs.byToken[token]
	if v == nil {
		v = &visitor{token: token}
		vs.byToken[token] = v
	}
	v.conns = append(slices.Clip(v.conns), c)
	return v
}

func (vs *visitors) leave(v *visitor, c *conn) {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	v.conns = slices.DeleteFunc(slices.Clone(v.conns), func(o *conn) bool { return o == c })
	if len(v.conns) > 0 {
		return
	}
	delete(vs.byToken, v.token)
	if vs.byContact[v.contact] == v {
		delete(vs.byContact, v.contact)
	}
}

// identify notes which contact a visitor is, as soon as there is one.
func (vs *visitors) identify(v *visitor, contact desk.ID) {
	if contact.IsZero() {
		return
	}
	vs.mu.Lock()
	defer vs.mu.Unlock()
	if len(v.conns) > 0 {
		v.contact = contact
		vs.byContact[contact] = v
	}
}

func (vs *visitors) of(contact desk.ID) (*visitor, []*conn) {
	vs.mu.RLock()
	defer vs.mu.RUnlock()
	v := vs.byContact[contact]
	if v == nil {
		return nil, nil
	}
	return v, v.conns
}

func (vs *visitors) connsOf(v *visitor) []*conn {
	vs.mu.RLock()
	defer vs.mu.RUnlock()
	return v.conns
}

func (vs *visitors) all() []*visitor {
	vs.mu.RLock()
	defer vs.mu.RUnlock()
	all := make([]*visitor, 0, len(vs.byToken))
	for _, v := range vs.byToken {
		all = append(all, v)
	}
	return all
}

// refresh brings every tab of a visitor up to what the desk knows. The contact
// is entered before the desk is asked again, so that whatever happens from
// then on comes by the feed, and whatever happened before is in the answer.
func (s *Server) refresh(v *visitor) {
	s.visitors.identify(v, s.desk.Visitor(v.token).Contact)
	known := s.desk.Visitor(v.token)
	for _, c := range s.visitors.connsOf(v) {
		c.follow(known)
	}
}

// routeLimit is how many frames may wait for the router before it reads the
// store again.
const routeLimit = 8192

// route hands what happens to the connections that it concerns. It never waits
// for any of them.
func (s *Server) route(ctx context.Context, sub *desk.Subscription[desk.PublicFrame]) {
	defer sub.Close()
	for {
		batch, err := sub.Next(ctx)
		if err != nil {
			return
		}
		if batch.Resync {
			for _, v := range s.visitors.all() {
				s.refresh(v)
			}
		}
		for _, f := range batch.Items {
			s.hand(f)
		}
	}
}

func (s *Server) hand(f desk.PublicFrame) {
	v, conns := s.visitors.of(f.Contact)
	if v == nil {
		return
	}
	if f.Typing != nil {
		for _, c := range conns {
			c.setTyping(f.Conversation, *f.Typing)
		}
	}
	for _, c := range conns {
		if f.Read > 0 {
			c.setRead(f.Conversation, f.Read)
		}
		if f.Place != nil {
			c.setPlace(f.Conversation, *f.Place)
		}
	}
	if f.Item == nil {
		return
	}
	it, known := encodeItem(*f.Item), true
	for _, c := range conns {
		known = c.offer(f.Conversation, it) && known
	}
	if !known {
		s.refresh(v)
	}
}

// readItems reads a page of what a visitor may see, as it goes over the wire.
func (s *Server) readItems(ctx context.Context, conversation desk.ID, after uint64) ([]item, error) {
	found, err := s.publicItems(ctx, conversation, after, pageItems)
	if err != nil {
		return nil, err
	}
	items := make([]item, len(found))
	for i, it := range found {
		items[i] = encodeItem(it)
	}
	return items, nil
}
