package journal

import (
	"bytes"
	"context"
	"crypto/cipher"
	"fmt"
	"time"

	"hark/desk"
	"hark/recorder/keys"
)

// eventLimit bounds one event's secret, in bytes: far above what a desk says
// in one breath, far below what SQLite takes.
const eventLimit = 16 << 20

// appendLimit bounds one Append, in entries, so that the lengths of all its
// streams are remembered while it is decided: see headsLimit.
const appendLimit = 10_000

// request is one Append on its way through the writer.
type request struct {
	entries  []desk.Entry
	secrets  []byte // what is to be sealed, one after the other
	ends     []int  // where each secret ends
	ciphers  []cipher.AEAD
	bodies   []desk.Body // as they will be read
	reserved bool        // may use the space that is held back

	events []desk.Event
	err    error
	done   chan struct{} // capacity 1: the writer does not wait for who left
}

// secret returns what is to be sealed of the entry at index i.
func (r *request) secret(i int) []byte {
	if i == 0 {
		return r.secrets[:r.ends[0]]
	}
	return r.secrets[r.ends[i-1]:r.ends[i]]
}

// size returns about how many bytes the events will have.
func (r *request) size() int { return len(r.secrets) + len(r.entries)*minEvent }

// encode does everything for an Append that does not need the writer: masking,
// encoding, making the keys. It runs in the caller's goroutine.
func (j *Journal) encode(ctx context.Context, entries []desk.Entry) (*request, error) {
	n := len(entries)
	if n > appendLimit {
		return nil, desk.Errorf(desk.Invalid, "%d events at once are too many: %d at most", n, appendLimit)
	}
	r := &request{
		entries: entries, reserved: true, done: make(chan struct{}, 1),
		ends: make([]int, n), bodies: make([]desk.Body, n),
	}
	for i := range entries {
		if err := r.add(i); err != nil {
			return nil, err
		}
	}
	var err error
	r.ciphers, err = j.ciphers(ctx, entries)
	return r, err
}

// secretRoom is room for the secret of an event of usual size.
const secretRoom = 768

// add masks and encodes the entry at index i.
func (r *request) add(i int) (err error) {
	e := &r.entries[i]
	if r.secrets == nil {
		r.secrets = make([]byte, 0, secretRoom)
	}
	start := len(r.secrets)
	body := e.Body.Masked(desk.Mask)
	if r.secrets, err = desk.AppendSecret(r.secrets, e.Stream.Type, e.Actor, body); err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if len(r.secrets)-start > eventLimit {
		return desk.Errorf(desk.Invalid, "this is too long to be kept: %d MB at most", eventLimit>>20)
	}
	r.ends[i], r.reserved = len(r.secrets), r.reserved && e.Reserved
	r.bodies[i], err = asRead(body, e, r.secrets[start:])
	return err
}

// asRead returns the body as a reader of the journal will get it. That is the
// body itself unless it has text that is not UTF-8, which JSON replaces: live
// followers and those that read later must see the same.
func asRead(body desk.Body, e *desk.Entry, secret []byte) (desk.Body, error) {
	if !bytes.Contains(secret, []byte(`\ufffd`)) {
		return body, nil
	}
	ev, err := desk.ParseEvent(desk.Header{ID: e.ID, Stream: e.Stream.ID, Class: e.Class}, secret)
	return ev.Body, err
}

// ciphers returns the cipher of each entry. Keys that are missing are made, in
// one go, and durable when it returns.
func (j *Journal) ciphers(ctx context.Context, entries []desk.Entry) ([]cipher.AEAD, error) {
	pairs := make([]keys.Pair, len(entries))
	for i := range entries {
		pairs[i] = keys.Pair{Stream: entries[i].Stream.ID, Class: entries[i].Class}
	}
	// To ask for them first would wait for the keys of others on their way to
	// the disk, and then again for these.
	if err := j.keys.Ensure(ctx, pairs); err != nil {
		return nil, err
	}
	all := make([]cipher.AEAD, len(entries))
	for i, p := range pairs {
		var err error
		if all[i], err = j.keys.AEAD(p.Stream, p.Class); err != nil {
			return nil, fmt.Errorf("append: %w", err)
		}
	}
	return all, nil
}

// header returns the header of the entry's event.
func header(e *desk.Entry, n uint64, at time.Time) desk.Header {
	return desk.Header{ID: e.ID, Stream: e.Stream.ID, Class: e.Class, N: n, At: at}
}
