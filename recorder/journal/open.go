package journal

import (
	"crypto/cipher"
	"errors"
	"fmt"

	"hark/desk"
	"hark/recorder/keys"
)

// errSealed is for an event that is whole but cannot be opened.
var errSealed = errors.New("it was changed, or its key is not the one it was sealed under")

// opener opens sealed events. It remembers the last cipher: neighbours often
// share it.
type opener struct {
	keys Keys
	pair keys.Pair
	aead cipher.AEAD // of the pair; nil when it has no key
	some bool        // whether there is a pair
	buf  []byte
}

// at opens the event at index i of a frame. It returns false when the event's
// key was destroyed.
func (o *opener) at(f frame, i int) (desk.Event, bool, error) {
	seq := f.first + uint64(i)
	h, sealed, err := f.event(i)
	if err != nil {
		return desk.Event{}, false, damage(seq, h.ID, err)
	}
	return o.open(seq, h, sealed)
}

func (o *opener) open(seq uint64, h desk.Header, sealed []byte) (desk.Event, bool, error) {
	if err := o.unlock(keys.Pair{Stream: h.Stream, Class: h.Class}); err != nil {
		return desk.Event{}, false, fmt.Errorf("open event %d: %w", seq, err)
	}
	if o.aead == nil {
		return desk.Event{}, false, nil
	}
	secret, err := unseal(o.buf[:0], o.aead, h, sealed)
	if err != nil {
		return desk.Event{}, false, damage(seq, h.ID, errSealed)
	}
	o.buf = secret
	e, err := desk.ParseEvent(h, secret)
	if err != nil {
		return desk.Event{}, false, damage(seq, h.ID, err)
	}
	e.Seq = seq
	return e, true, nil
}

func (o *opener) unlock(p keys.Pair) error {
	if o.some && p == o.pair {
		return nil
	}
	aead, err := o.keys.AEAD(p.Stream, p.Class)
	switch {
	case errors.Is(err, keys.ErrNoKey):
		aead = nil
	case err != nil:
		return err
	}
	o.pair, o.aead, o.some = p, aead, true
	return nil
}
