package mail

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
	"hark/desk/mailbox/mailboxtest"
	"hark/recorder/disk"
	"hark/recorder/keys"
	"hark/recorder/powercut"
)

var everyCut = flag.Bool("every-cut", false, "cut the power at every operation instead of at some")

// deed is something done to a store.
type deed struct {
	name string
	do   func(context.Context, mailbox.Store) error
	// twice: it touches two files, and a crash between them is mended by doing
	// it again.
	twice bool
}

// script is a random sequence of deeds. The same seed gives the same.
type script struct {
	rng     *rand.Rand
	uid     uint32
	ids     []desk.ID
	letters []desk.ID
}

func (c *script) id() desk.ID {
	var b [8]byte
	for i := range b {
		b[i] = byte(c.rng.Uint32())
	}
	return desk.DeriveID(b[:])
}

func (c *script) some(ids []desk.ID) desk.ID { return ids[c.rng.IntN(len(ids))] }

func (c *script) messageID() string { return fmt.Sprintf("m%d@example.com", c.rng.IntN(12)) }

func (c *script) bytes() []byte {
	b := make([]byte, c.rng.IntN(3000))
	if c.rng.IntN(6) == 0 {
		b = make([]byte, chunkSize+c.rng.IntN(chunkSize))
	}
	for i := range b {
		b[i] = byte(c.rng.Uint32())
	}
	return b
}

func inbox(uid uint32) mailbox.Place {
	return mailbox.Place{Account: "support", Box: "INBOX", Validity: 7, UID: uid}
}

func at(minutes int) time.Time { return time.Unix(1_800_000_000+int64(minutes)*60, 0).UTC() }

func (c *script) arrive() deed {
	var all []mailbox.Arrival
	for range 1 + c.rng.IntN(4) {
		c.uid++
		a := mailbox.Arrival{Place: inbox(c.uid), Received: at(c.rng.IntN(99)), Partial: c.rng.IntN(5) == 0, Bytes: c.bytes()}
		c.ids = append(c.ids, a.ID())
		all = append(all, a)
	}
	if c.rng.IntN(3) == 0 { // and one again, perhaps whole
		all = append(all, mailbox.Arrival{Place: inbox(1 + c.rng.Uint32N(c.uid)), Bytes: c.bytes()})
	}
	return deed{name: "put", do: func(ctx context.Context, s mailbox.Store) error { return s.Put(ctx, all...) }}
}

func (c *script) thread() deed {
	var all []mailbox.Threading
	for range 1 + c.rng.IntN(3) {
		t := mailbox.Threading{ID: c.some(c.ids), Conversation: c.id(), MessageID: c.messageID(), Refs: []string{c.messageID(), c.messageID()}}
		t.Identity[0] = byte(1 + c.rng.IntN(5))
		if c.rng.IntN(4) == 0 {
			t.CopyOf = c.some(c.ids)
		}
		all = append(all, t)
	}
	return deed{name: "thread", do: func(ctx context.Context, s mailbox.Store) error { return s.Thread(ctx, all...) }}
}

func (c *script) send() deed {
	l := mailbox.Letter{Item: c.id(), Conversation: c.id(), MessageID: c.messageID(), To: []string{"ana@example.com"}, Bytes: c.bytes(), At: at(len(c.letters))}
	c.letters = append(c.letters, l.Item)
	return deed{name: "prepare", do: func(ctx context.Context, s mailbox.Store) error { return s.Prepare(ctx, l) }}
}

func (c *script) mark() deed {
	item, o := c.some(c.letters), mailbox.Outcome{Tries: c.rng.IntN(9), Why: "try later", Done: []string{"ana@example.com"}}
	states := []mailbox.OutState{mailbox.Sending, mailbox.Committing, mailbox.Sent, mailbox.Retry, mailbox.Parked, mailbox.Filed}
	state := states[c.rng.IntN(len(states))]
	return deed{name: "mark", do: func(ctx context.Context, s mailbox.Store) error { return s.Mark(ctx, item, state, o) }}
}

// next returns the next deed. Some are refused, by all stores alike.
func (c *script) next() deed {
	if len(c.ids) < 3 {
		return c.arrive()
	}
	if len(c.letters) == 0 {
		return c.send()
	}
	id, place, to := c.some(c.ids), inbox(1+c.rng.Uint32N(c.uid)), mailbox.Place{Account: "support", Box: "INBOX", Validity: 8, UID: 1 + c.rng.Uint32N(9)}
	minute := c.rng.IntN(99)
	switch c.rng.IntN(12) {
	case 0, 1, 2:
		return c.arrive()
	case 3, 4:
		return c.thread()
	case 5:
		return c.send()
	case 6, 7:
		return c.mark()
	case 8:
		return deed{name: "quarantine", do: func(ctx context.Context, s mailbox.Store) error {
			return s.Quarantine(ctx, mailbox.Problem{Place: place, Stage: "read", Why: "it has no end", At: at(minute), Raw: []byte("some of it")})
		}}
	case 9:
		return deed{name: "release and map", do: func(ctx context.Context, s mailbox.Store) error { return s.Map(ctx, mailbox.Move{From: place, To: to}) }}
	case 10:
		return deed{name: "erase", twice: true, do: func(ctx context.Context, s mailbox.Store) error { return s.Erase(ctx, id) }}
	}
	return deed{name: "cursor", do: func(ctx context.Context, s mailbox.Store) error {
		return s.SetCursor(ctx, mailbox.Cursor{Account: "support", Box: "INBOX", Validity: 7, Next: uint32(minute)})
	}}
}

// picture is everything that a store shows, as text.
func (c *script) picture(ctx context.Context, s mailbox.Store) (string, error) {
	var b strings.Builder
	heads, err := s.Heads(ctx, "support", "INBOX")
	if err != nil {
		return "", err
	}
	for _, h := range heads {
		content, err := digest(ctx, s, h.ID)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%+v %s\n", h, content)
	}
	for i := range 12 {
		refs, ferr := s.Find(ctx, fmt.Sprintf("m%d@example.com", i))
		var identity [32]byte
		identity[0] = byte(i)
		same, ok, serr := s.Same(ctx, identity)
		fmt.Fprintf(&b, "%+v %v %v\n", refs, same.ID, ok)
		err = errors.Join(err, ferr, serr)
	}
	for _, item := range c.letters {
		l, lerr := s.Letter(ctx, item)
		if desk.CodeOf(lerr) == desk.NotFound {
			continue
		}
		raw, rerr := s.LetterBytes(ctx, item)
		fmt.Fprintf(&b, "%+v %x\n", l, sha256.Sum256(raw))
		err = errors.Join(err, lerr, rerr)
	}
	problems, perr := s.Problems(ctx)
	cursor, cerr := s.Cursor(ctx, "support", "INBOX")
	waiting, werr := s.Waiting(ctx, 1000)
	counters, nerr := s.Counters(ctx, "support")
	fmt.Fprintf(&b, "%+v\n%+v\n%+v\n%+v\n", problems, cursor, waiting, counters)
	return b.String(), errors.Join(err, perr, cerr, werr, nerr)
}

// digest stands for the kept bytes of a mail.
func digest(ctx context.Context, s mailbox.Store, id desk.ID) (string, error) {
	r, size, err := s.Open(ctx, id)
	if desk.CodeOf(err) == desk.NotFound {
		return "none", nil
	}
	if err != nil {
		return "", err
	}
	h := sha256.New()
	n, err := io.Copy(h, r)
	return fmt.Sprintf("%d of %d bytes, %x", n, size, h.Sum(nil)), errors.Join(err, r.Close())
}

// state is what a store shows after a deed that was acknowledged.
type state struct {
	deed    deed
	after   int // how many operations of the disk there were then
	picture string
}

// cutPlace is a data folder whose power can be cut.
type cutPlace struct {
	dir string
	src keys.Source
	key []byte
}

func (p *cutPlace) open(ctx context.Context, dir string, layer disk.Layer) (*Store, *keys.Vault, error) {
	src := p.src
	src.Layer = layer
	v, err := keys.Open(ctx, dir, src)
	if err != nil {
		return nil, nil, err
	}
	s, err := Open(Options{Dir: dir, Key: p.key, Keys: v, Layer: layer})
	if err != nil {
		return nil, nil, errors.Join(err, v.Close())
	}
	return s, v, nil
}

// TestPowerCut cuts the power at the operations of keys and mails together: a
// store shows what it showed after the last deed that was acknowledged, or
// after the one that was under way, and nothing in between.
func TestPowerCut(t *testing.T) {
	wrong, _ := cutEverywhere(t, disk.Layer{}, 70)
	for _, err := range wrong {
		t.Error(err)
	}
}

// TestPowerCutIsNotBlind runs the same without waiting for the disk, and must
// see losses.
func TestPowerCutIsNotBlind(t *testing.T) {
	if wrong, cuts := cutEverywhere(t, disk.Layer{Sync: disk.Off}, 25); len(wrong) == 0 {
		t.Errorf("%d power cuts, and nothing is lost although nothing waits for the disk", cuts)
	}
}

func cutEverywhere(t *testing.T, layer disk.Layer, cuts int) (wrong []error, n int) {
	t.Helper()
	p := &cutPlace{dir: t.TempDir(), key: make([]byte, 32), src: keys.Source{Backend: keys.BackendMemory, Memory: keys.NewMemory()}}
	v, err := keys.Create(t.Context(), p.dir, p.src)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	d := powercut.New(t, p.dir)
	layer.VFS = d.VFS()
	seed := uint64(time.Now().UnixNano())
	c := &script{rng: rand.New(rand.NewPCG(seed, 1))}
	states := p.play(t, c, d, layer)
	replay, rng := d.Replay(), rand.New(rand.NewPCG(seed, 2))
	t.Logf("seed %d, %d operations, %d deeds", seed, replay.Len(), len(states)-1)
	if *everyCut {
		cuts = replay.Len()
	}
	for i := range cuts {
		from, to := i*replay.Len()/cuts, (i+1)*replay.Len()/cuts
		at := min(from+1+rng.IntN(max(1, to-from)), replay.Len())
		replay.Advance(at)
		if err := p.survives(t, c, replay, at, states, rng); err != nil {
			op, _ := replay.Next()
			wrong = append(wrong, fmt.Errorf("power cut at %d, before the %v of %s: %w", at, op.Kind, op.File, err))
		}
	}
	return wrong, cuts
}

// play has a store and one in memory do the same, in two sittings.
func (p *cutPlace) play(t *testing.T, c *script, d *powercut.Disk, layer disk.Layer) []state {
	t.Helper()
	model, states := mailboxtest.New(), []state{{}}
	states[0].picture, _ = c.picture(t.Context(), model)
	for range 2 {
		s, v, err := p.open(t.Context(), p.dir, layer)
		if err != nil {
			t.Fatal(err)
		}
		for range 30 {
			do := c.next()
			want, got := do.do(t.Context(), model), do.do(t.Context(), s)
			if desk.CodeOf(want) != desk.CodeOf(got) {
				t.Fatalf("%s gives %v, in memory %v", do.name, got, want)
			}
			picture, err := c.picture(t.Context(), model)
			if err != nil {
				t.Fatal(err)
			}
			if shown, err := c.picture(t.Context(), s); err != nil || shown != picture {
				t.Fatalf("after %s: %v, %s", do.name, err, differ(shown, picture))
			}
			states = append(states, state{do, d.Len(), picture})
		}
		if err := errors.Join(s.Close(), v.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return states
}

// survives opens what a power cut leaves and compares what it shows.
func (p *cutPlace) survives(t *testing.T, c *script, r *powercut.Replay, at int, states []state, rng *rand.Rand) (err error) {
	t.Helper()
	dir := t.TempDir()
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := r.Write(dir, rng); err != nil {
		return err
	}
	if !disk.Exists(filepath.Join(dir, File)) && at < states[1].after {
		return nil // it was not yet made
	}
	s, v, err := p.open(t.Context(), dir, disk.Layer{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(), v.Close()) }()
	last := 0
	for last+1 < len(states) && states[last+1].after <= at {
		last++
	}
	return c.compare(t.Context(), s, states[last:min(last+2, len(states))])
}

// compare checks that a store shows one of the states: the last that was
// acknowledged, or the one after it.
func (c *script) compare(ctx context.Context, s *Store, states []state) error {
	got, err := c.picture(ctx, s)
	if err != nil {
		return err
	}
	next := states[len(states)-1]
	if got == states[0].picture || got == next.picture {
		return nil
	}
	if next.deed.twice {
		if err := next.deed.do(ctx, s); err != nil {
			return err
		}
		if got, err = c.picture(ctx, s); err != nil || got == next.picture {
			return err
		}
	}
	return fmt.Errorf("after %q and during %q %s; %s", states[0].deed.name, next.deed.name, differ(got, states[0].picture), differ(got, next.picture))
}

// differ names the first line in which two pictures differ.
func differ(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("it shows\n%s\nand not\n%s", a[i], b[i])
		}
	}
	return fmt.Sprintf("it shows %d lines and not %d", len(a), len(b))
}
