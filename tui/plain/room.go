package plain

import (
	"context"
	"slices"
	"strconv"

	"hark/desk"
)

// Sizes of what is told at once.
const (
	tellItems = 10  // messages and notes
	pageSize  = 100 // events that are read at once
)

// room is the open conversation.
type room struct {
	id     desk.ID
	gen    int
	thread *desk.Thread
	seen   uint64             // the newest event that was told, or waits to be
	heard  uint64             // the newest event that the person had been told when they began to answer
	mine   uint64             // one's own acts up to here need not be told
	past   []desk.Applied     // events read but not told, oldest first
	begun  bool               // past goes back to the beginning
	gone   map[desk.ID]bool   // what was moved elsewhere
	files  []desk.File        // of the next reply
	mails  map[desk.ID]string // mails of ours that were told: to whom they went
}

// openRoom passes the door and makes the conversation the one at hand.
func (s *sitting) openRoom(id desk.ID) error {
	s.closeRoom()
	return s.do(func(ctx context.Context) error {
		t, err := s.desk.Open(ctx, id, s.purpose(), "open", feedLimit)
		if err != nil {
			return err
		}
		s.gen++
		row := t.Row()
		s.room = &room{id: id, gen: s.gen, thread: t, seen: row.N, heard: row.N, mine: row.N, gone: map[desk.ID]bool{}}
		go s.pump(s.gen, t.Live())
		s.header(row)
		return s.tellPast(ctx, tellItems, false)
	})
}

func (s *sitting) closeRoom() {
	if s.room == nil {
		return
	}
	s.desk.Typing(s.room.id, false)
	s.room.thread.Close()
	s.room = nil
}

// purpose is why this account opens conversations.
func (s *sitting) purpose() desk.Purpose {
	if acc := s.desk.Account(); acc != nil {
		for _, p := range desk.Purposes() {
			if desk.MayRead(acc.Roles, p) {
				return p
			}
		}
	}
	return desk.Serve
}

// header says what the conversation at hand is.
func (s *sitting) header(row *desk.Conversation) {
	s.out.line("Conversation " + s.desk.Short(row.ID) + " with " + name(row.Name) + ": " + s.about(row) + ".")
	if n := len(row.Sources); n > 0 {
		s.out.line(count(n, "conversation") + " went into it: " + s.shorts(row.Sources) + ". Open one to hear it.")
	}
	if !row.Merged.IsZero() {
		s.out.line("It goes on in " + s.desk.Short(row.Merged) + ".")
	}
}

func (s *sitting) shorts(ids []desk.ID) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = s.desk.Short(id)
	}
	return series(all, "and")
}

// tellPast tells up to n more messages and notes of the past, with what
// happened between them, in their order; numbered puts their numbers first.
func (s *sitting) tellPast(ctx context.Context, n int, numbered bool) error {
	r := s.room
	if err := s.readPast(ctx, n); err != nil {
		return err
	}
	from := r.cutPast(n)
	for _, a := range r.past[from:] {
		s.tellPastEvent(a, numbered)
	}
	r.past = r.past[:from]
	switch {
	case from > 0 || !r.begun:
		s.out.line("There is more before this: say older.")
	default:
		s.out.line("This was all, from the beginning.")
	}
	s.tellMarks()
	return nil
}

func (s *sitting) tellPastEvent(a desk.Applied, numbered bool) {
	fact := s.fact(a)
	if fact == "" || s.room.gone[a.ID] {
		return
	}
	if numbered && isItem(a) {
		fact = strconv.FormatUint(a.N, 10) + ". " + fact
	}
	s.out.line(fact)
}

// readPast reads until there are n messages and notes to tell, or no more.
func (s *sitting) readPast(ctx context.Context, n int) error {
	r := s.room
	for !r.begun && r.items() < n+1 {
		page, err := r.thread.Older(ctx, pageSize)
		if err != nil {
			return err
		}
		r.begun = len(page) == 0 || page[0].N == 1
		for _, a := range slices.Backward(page) {
			r.hide(a)
		}
		page = slices.DeleteFunc(page, func(a desk.Applied) bool { return a.N > r.seen })
		r.past = append(page, r.past...)
	}
	inOrder(r.past)
	return nil
}

// hide takes note of what is shown elsewhere. Events come newest first: a move
// that was taken back is heard of before it.
func (r *room) hide(a desk.Applied) {
	switch b := a.Body.(type) {
	case desk.MovedBack:
		for _, id := range b.Items {
			if _, known := r.gone[id]; !known {
				r.gone[id] = false
			}
		}
	case desk.MovedOut:
		for _, id := range b.Items {
			if _, known := r.gone[id]; !known {
				r.gone[id] = true
			}
		}
	}
}

// move takes note of a move that happens now.
func (r *room) move(a desk.Applied) {
	switch b := a.Body.(type) {
	case desk.MovedBack:
		for _, id := range b.Items {
			r.gone[id] = false
		}
	case desk.MovedOut:
		for _, id := range b.Items {
			r.gone[id] = true
		}
	}
}

// isItem reports whether an event is a message or a note.
func isItem(a desk.Applied) bool {
	switch a.Body.(type) {
	case desk.Message, desk.Note, desk.MovedIn:
		return true
	}
	return false
}

func (r *room) items() (n int) {
	for _, a := range r.past {
		if isItem(a) && !r.gone[a.ID] {
			n++
		}
	}
	return n
}

// cutPast returns where the last n messages and notes of the past begin.
func (r *room) cutPast(n int) int {
	for i, a := range slices.Backward(r.past) {
		if isItem(a) && !r.gone[a.ID] {
			if n--; n < 0 {
				return i + 1
			}
		}
	}
	return 0
}

// tellMarks says how far the last words of the desk have got.
func (s *sitting) tellMarks() {
	row := s.desk.Row(s.room.id)
	if row == nil || row.Side != desk.Out {
		return
	}
	switch {
	case row.ReadBy >= row.Ord:
		s.out.line("The customer has read it.")
	case row.Delivered >= row.Ord:
		s.out.line("The customer's device has it.")
	}
}

// rewind makes the past begin at the newest event again.
func (r *room) rewind() {
	r.thread.Rewind()
	r.past, r.begun, r.gone = nil, false, map[desk.ID]bool{}
	if row := r.thread.Row(); row != nil {
		r.seen = max(r.seen, row.N)
	}
}

// events makes facts of what happened in the conversation at hand.
func (s *sitting) events(b desk.Batch[desk.Frame]) {
	if b.Resync {
		s.missed()
	}
	for _, f := range b.Items {
		if f.Event != nil {
			s.event(*f.Event)
		}
	}
}

// event keeps one fact. What was told before, by the past or by the answer to
// one's own command, is not told again.
func (s *sitting) event(a desk.Applied) {
	r := s.room
	if a.N <= r.seen {
		return
	}
	r.seen = a.N
	r.move(a)
	if a.Actor == s.desk.Actor() && a.N <= r.mine {
		return
	}
	if fact := s.fact(a); fact != "" {
		s.add(fact)
	}
}

// missed reads what a slow terminal was not handed.
func (s *sitting) missed() {
	r := s.room
	err := s.do(func(ctx context.Context) error {
		_, err := r.thread.Each(ctx, func(a desk.Applied) error {
			s.event(a)
			return nil
		})
		return err
	})
	if err != nil {
		s.add("Some of what happened here could not be read; say read")
	}
}

// seen says that what was told of the conversation at hand has been read.
func (s *sitting) seen() {
	if s.room != nil && s.desk.Why(desk.ActReply) == nil {
		s.desk.MarkRead(s.room.id)
	}
}

// settle takes what a command brought about as told.
func (s *sitting) settle() {
	if s.room != nil {
		s.touch(s.room.id)
	}
	s.drain()
	s.tellNews()
	if s.room != nil && s.writing == nil {
		s.room.heard = s.room.seen
	}
}
