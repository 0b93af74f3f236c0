package desk

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// Files keeps the bytes of attachments, each sealed under a key of its own.
type Files interface {
	// Create seals what r gives under a new identifier and returns how many
	// bytes it was. Until Keep it may be thrown away. More than limit bytes
	// are refused with an *Error of code Invalid.
	Create(ctx context.Context, id ID, r io.Reader, limit int64) (size int64, err error)
	// Keep makes files durable for good, before a message names them. Keeping
	// one twice is no error.
	Keep(ctx context.Context, ids ...ID) error
	// Open returns the bytes, checked as they are read.
	Open(ctx context.Context, id ID) (io.ReadCloser, error)
}

// FileLimit is the largest attachment where Options names none, in bytes.
const FileLimit = 10 << 20

// Limits on attachments.
const (
	filesMax   = 10               // in one message
	pendingMax = 20               // uploaded by one and not sent yet
	pendingFor = 24 * time.Hour   // until an upload that was not sent is forgotten
	uploadWait = 10 * time.Minute // over a slow line
)

// owner says who uploaded a file: only they can send it.
type owner string

func accountOwner(id ID) owner        { return owner("account " + id.String()) }
func visitorOwner(who Identity) owner { return owner(string(who.Type) + " " + who.Value) }

// uploads knows the files that were uploaded and are not in a message yet.
type uploads struct {
	mu    sync.Mutex
	files map[ID]upload
}

type upload struct {
	File
	by   owner
	at   time.Time
	sent bool // a message names it; remembered for one that is sent twice
}

func (u *uploads) add(up upload) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.files == nil {
		u.files = map[ID]upload{}
	}
	for id, old := range u.files {
		if up.at.Sub(old.at) > pendingFor {
			delete(u.files, id)
		}
	}
	u.files[up.ID] = up
}

func (u *uploads) count(by owner) (n int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, up := range u.files {
		if up.by == by && !up.sent {
			n++
		}
	}
	return n
}

func (u *uploads) get(id ID, by owner) (File, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	up, ok := u.files[id]
	return up.File, ok && up.by == by
}

// sent says that a message names the files now.
func (u *uploads) sent(files []File) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, f := range files {
		if up, ok := u.files[f.ID]; ok {
			up.sent = true
			u.files[f.ID] = up
		}
	}
}

// upload seals what r gives. Its type is what the first bytes look like.
func (d *Desk) upload(ctx context.Context, by owner, name string, r io.Reader) (File, error) {
	if d.files == nil {
		return File{}, Errorf(Unavailable, "this desk keeps no files")
	}
	if d.uploads.count(by) >= pendingMax {
		return File{}, Errorf(Unavailable, "%d files wait to be sent; send them first", pendingMax)
	}
	ctx, cancel := context.WithTimeout(ctx, uploadWait)
	defer cancel()
	f := File{ID: NewID(), Name: SafeFileName(name)}
	look := &sniffer{r: r}
	var err error
	if f.Size, err = d.files.Create(ctx, f.ID, look, d.fileLimit); err != nil {
		return File{}, err
	}
	f.Type = look.mediaType()
	d.uploads.add(upload{File: f, by: by, at: time.Now()})
	return f, nil
}

// attached returns uploaded files for a message that is about to name them,
// kept for good.
func (d *Desk) attached(ctx context.Context, by owner, ids []ID) ([]File, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if len(ids) > filesMax {
		return nil, Errorf(Invalid, "one message holds %d files at most", filesMax)
	}
	files := make([]File, 0, len(ids))
	for _, id := range ids {
		f, ok := d.uploads.get(id, by)
		if !ok {
			return nil, Errorf(NotFound, "a file is no longer here; attach it again")
		}
		files = append(files, f)
	}
	return files, d.files.Keep(ctx, ids...)
}

// Attach seals a file for a reply of the session: see ReplyWith. name is made
// safe; the type is what the bytes look like.
func (s *Session) Attach(ctx context.Context, name string, r io.Reader) (File, error) {
	if err := s.check(ctx, ActReply, ID{}, ""); err != nil {
		return File{}, err
	}
	return s.d.upload(ctx, accountOwner(s.actor.ID), name, r)
}

// OpenFile passes the door and returns a file of a conversation. The caller
// closes it.
func (s *Session) OpenFile(ctx context.Context, conversation, file ID) (File, io.ReadCloser, error) {
	if s.d.state.Conversation(conversation) == nil {
		return File{}, nil, Errorf(NotFound, "there is no such conversation; hark ls shows them")
	}
	if err := s.enter(ctx, conversation, s.purposeFor(conversation), "open"); err != nil {
		return File{}, nil, err
	}
	var found File
	var part mailPart
	err := s.d.each(ctx, conversation, func(e Event) {
		if f, ok := fileOf(e.Body, file); ok {
			found = f
		}
		if p, ok := partOf(e, file); ok {
			part = p
		}
	})
	if err != nil {
		return File{}, nil, err
	}
	if !part.ID.IsZero() {
		return s.d.openPart(ctx, part)
	}
	return s.d.openFile(ctx, found)
}

// mailPart is a part and the mail that it hangs on.
type mailPart struct {
	Part
	mail ID
}

// partOf returns the part of a mail, also of one that was moved.
func partOf(e Event, id ID) (mailPart, bool) {
	m := messageOf(e)
	if m == nil || m.Mail == nil {
		return mailPart{}, false
	}
	i := slices.IndexFunc(m.Mail.Parts, func(p Part) bool { return p.ID == id })
	if i < 0 {
		return mailPart{}, false
	}
	p := mailPart{m.Mail.Parts[i], e.ID}
	if in, ok := e.Body.(MovedIn); ok {
		p.mail = in.Item
	}
	return p, true
}

// openPart opens what hangs on a mail; its bytes are in the raw mail.
func (d *Desk) openPart(ctx context.Context, p mailPart) (File, io.ReadCloser, error) {
	room, err := d.room()
	if err != nil {
		return File{}, nil, err
	}
	r, err := room.Part(ctx, p.mail, p.N)
	return File{ID: p.ID, Name: SafeFileName(p.Name), Type: p.Type, Size: p.Size}, r, err
}

// purposeFor returns for what the sitting has opened the conversation, or the
// first purpose that its roles allow.
func (s *Session) purposeFor(id ID) Purpose {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range Purposes() {
		if s.entered[entry{id, p}] {
			return p
		}
	}
	for _, p := range Purposes() {
		if acc := s.d.state.Account(s.actor.ID); acc != nil && MayRead(acc.Roles, p) {
			return p
		}
	}
	return Serve
}

// fileOf returns the file of a message, also of one that was moved.
func fileOf(b Body, id ID) (File, bool) {
	var files []File
	switch b := b.(type) {
	case Message:
		files = b.Files
	case MovedIn:
		if b.Message != nil {
			files = b.Message.Files
		}
	}
	if i := slices.IndexFunc(files, func(f File) bool { return f.ID == id }); i >= 0 {
		return files[i], true
	}
	return File{}, false
}

func (d *Desk) openFile(ctx context.Context, f File) (File, io.ReadCloser, error) {
	if f.ID.IsZero() || d.files == nil {
		return File{}, nil, Errorf(NotFound, "there is no such file in this conversation")
	}
	r, err := d.files.Open(ctx, f.ID)
	return f, r, err
}

// Upload seals a file that a visitor wants to send: see Words.Files.
func (d *Desk) Upload(ctx context.Context, token, name string, r io.Reader) (File, error) {
	if !ValidToken(token) {
		return File{}, Errorf(Invalid, "the visitor's token is malformed")
	}
	return d.upload(ctx, visitorOwner(TokenHash(token)), name, r)
}

// FileFor returns a file that the visitor sent or was sent. The caller closes
// it.
func (d *Desk) FileFor(ctx context.Context, token string, file ID) (File, io.ReadCloser, error) {
	contact := d.state.ContactBy(TokenHash(token))
	if contact == nil {
		return File{}, nil, Errorf(NotFound, "there is no such file")
	}
	f, err := d.publicFile(ctx, contact, file)
	if err != nil {
		return File{}, nil, err
	}
	return d.openFile(ctx, f)
}

// publicFile finds a file among what the customer may see.
func (d *Desk) publicFile(ctx context.Context, contact *Contact, file ID) (found File, err error) {
	for _, id := range slices.Backward(contact.Conversations) {
		err := d.each(ctx, id, func(e Event) {
			if f, ok := fileOf(e.Body, file); ok && Public(e.Body) {
				found = f
			}
		})
		if err != nil || !found.ID.IsZero() {
			return found, err
		}
	}
	return File{}, nil
}

// validWords is validText for words that may be nothing but files.
func validWords(text string, files []ID) (string, error) {
	if len(files) > 0 && strings.TrimSpace(text) == "" {
		return "", nil
	}
	return validText(text)
}
