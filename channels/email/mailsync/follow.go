package mailsync

import (
	"slices"
	"time"

	"hark/channels/email/imap"
	"hark/desk"
	"hark/desk/mailbox"
)

// follow is what the syncer knows of one mailbox. It outlives sessions, so that
// what was learnt of bad mails is not learnt again.
type follow struct {
	name     string
	cursor   mailbox.Cursor // as it should be kept
	kept     mailbox.Cursor // as it is kept
	loaded   bool           // cursor was read from the ledger
	closed   bool           // the server does not let it be selected
	excluded bool           // it shows the mails of the others once more
	resumed  bool           // partial mails of earlier times were queued again
	compared bool           // with the server, in this process
	odd      string         // what is odd about it, in words for people
	doubted  bool           // the server named fewer mails than it says there are
	reused   bool           // the server gave a UID twice
	sifting  bool           // what is fetched is what was not recognised after UIDVALIDITY changed
	top      uint32         // the lowest UID that was not seen yet
	upTo     uint32         // top when the whole was compared last
	total    int            // mails on the server
	due      time.Time      // when the whole is compared next

	took time.Duration // the last comparison

	gone   []uint32  // what the server no longer showed lately: it may have been moved
	goneAt time.Time // when that was noticed last

	// For recognising mails by content.
	twins    map[uint32][]mailbox.Head // rows that a mail may be, if their bytes are the same
	taken    map[desk.ID]bool          // rows among them that were found
	shrunk   int                       // how often fewer headers are asked for at a time
	faceless map[uint32]bool           // mails whose headers break the connection

	// What is left to fetch, in the order of urgency.
	fresh  []uint32   // just arrived
	groups [][]uint32 // suspects: one of each may be what breaks connections
	ready  []window   // measured
	todo   []uint32   // the rest, in descending order
	alone  []*suspect // these failed alone; last, for each may cost a connection

	proofs []uint32 // some that arrived: what a server that works can give
	barren int      // connections lost while fetching since one arrived
}

func newFollow(name string) *follow { return &follow{name: name} }

// window is what one command fetches.
type window struct {
	uids []uint32
	meta map[uint32]imap.Meta // of those that the server told the size of
	news bool                 // it has just arrived
}

// urgent reports whether what comes next has just arrived.
func (f *follow) urgent() bool { return len(f.fresh) > 0 || len(f.ready) > 0 && f.ready[0].news }

// behind reports whether something is left to fetch over the first connection.
func (f *follow) behind() bool {
	return len(f.fresh) > 0 || len(f.groups) > 0 || len(f.ready) > 0 || len(f.todo) > 0 || len(f.alone) > 0
}

// left counts what is to be fetched over the first connection.
func (f *follow) left() int {
	n := len(f.fresh) + len(f.todo) + len(f.alone)
	for _, g := range f.groups {
		n += len(g)
	}
	for _, w := range f.ready {
		n += len(w.uids)
	}
	return n
}

// lowest returns the lowest UID that is left, or none.
func (f *follow) lowest() (least uint32) {
	see := func(uids ...uint32) {
		for _, uid := range uids {
			if least == 0 || uid < least {
				least = uid
			}
		}
	}
	see(f.fresh...)
	see(f.todo...)
	for _, g := range f.groups {
		see(g...)
	}
	for _, w := range f.ready {
		see(w.uids...)
	}
	for _, bad := range f.alone {
		see(bad.uid)
	}
	return least
}

// plan replaces what is to be fetched by missing, but for what is known to be
// difficult.
func (f *follow) plan(missing []uint32) {
	want := make(map[uint32]bool, len(missing))
	for _, uid := range missing {
		want[uid] = true
	}
	keep := func(uid uint32) bool {
		yes := want[uid]
		delete(want, uid)
		return yes
	}
	f.alone = slices.DeleteFunc(f.alone, func(bad *suspect) bool { return !keep(bad.uid) })
	for i, g := range f.groups {
		f.groups[i] = slices.DeleteFunc(g, func(uid uint32) bool { return !keep(uid) })
	}
	f.groups = slices.DeleteFunc(f.groups, func(g []uint32) bool { return len(g) == 0 })
	f.fresh, f.ready, f.todo = nil, nil, make([]uint32, 0, len(want))
	for _, uid := range slices.Backward(missing) {
		if want[uid] {
			f.todo = append(f.todo, uid)
		}
	}
}

// arrive notes mails that are new.
func (f *follow) arrive(uids []uint32) {
	for _, uid := range uids {
		if uid >= f.top {
			f.fresh, f.top = append(f.fresh, uid), uid+1
			f.total++
		}
	}
}

// soon has the whole compared not later than in a while. A mailbox so large
// that this takes long is compared less often.
func (f *follow) soon(wait time.Duration) {
	wait = max(wait, 20*f.took)
	if at := time.Now().Add(wait); at.Before(f.due) {
		f.due = at
	}
}

// past reports whether a mail is history that came with the first sync, or
// later for want of recognition.
func (f *follow) past(received time.Time, history time.Duration) bool {
	return history > 0 && (!f.cursor.Done || f.sifting) && !received.IsZero() && received.Before(f.cursor.FirstSync.Add(-history))
}

// vanished remembers for a while what the server no longer shows.
func (f *follow) vanished(uids []uint32) {
	const enough = 1000
	f.gone = append(f.gone, uids[max(0, len(uids)-enough):]...)
	f.gone = f.gone[max(0, len(f.gone)-enough):]
	f.goneAt = time.Now()
}

// proved remembers some mails that arrived.
func (f *follow) proved(uid uint32) {
	const enough = 8
	f.barren = 0
	if len(f.proofs) >= enough {
		f.proofs = f.proofs[:copy(f.proofs, f.proofs[1:])]
	}
	f.proofs = append(f.proofs, uid)
}

// take notes that a row was recognised.
func (f *follow) take(id desk.ID) {
	if f.taken == nil {
		f.taken = map[desk.ID]bool{}
	}
	f.taken[id] = true
}
