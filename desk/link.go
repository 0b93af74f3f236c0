package desk

import (
	"context"
	"io"
	"time"
)

// renewAfter is how much of a link's life passes before words written with it
// begin the life anew: one event a day at most.
const renewAfter = 24 * time.Hour

// link is the event of a link that lives from now on.
func (d *Desk) link(who Identity) LinkIssued {
	return LinkIssued{Link{who.Value, time.Now().Add(d.linkLife).Truncate(time.Millisecond).UTC()}}
}

// renewal returns what begins the life of a link anew when its owner writes.
func (d *Desk) renewal(contact *Contact, who Identity) []Entry {
	next := d.link(who)
	if next.Expires.Sub(contact.expiry(who)) < renewAfter {
		return nil
	}
	return []Entry{contactEntry(contact.ID, AnyN, Actor{Kind: ActorContact, ID: contact.ID}, next)}
}

// LinkUpload is Upload for who writes by a link, which may be new.
func (d *Desk) LinkUpload(ctx context.Context, token, name string, r io.Reader) (File, error) {
	if !ValidToken(token) {
		return File{}, Errorf(Invalid, "the link is malformed")
	}
	if _, err := d.linked(token); err != nil {
		return File{}, err
	}
	return d.upload(ctx, visitorOwner(linkHash(token)), name, r)
}

// LinkFileFor is FileFor for who reads by a link.
func (d *Desk) LinkFileFor(ctx context.Context, token string, file ID) (File, io.ReadCloser, error) {
	contact, err := d.linked(token)
	if err != nil {
		return File{}, nil, err
	}
	if contact == nil {
		return File{}, nil, Errorf(NotFound, "there is no such file")
	}
	f, err := d.publicFile(ctx, contact, file)
	if err != nil {
		return File{}, nil, err
	}
	return d.openFile(ctx, f)
}
