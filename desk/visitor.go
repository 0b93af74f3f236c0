package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// LinkLife is how long a link opens where Options say nothing.
const LinkLife = 30 * 24 * time.Hour

// TokenHash returns the identity of a visitor's secret: the secret itself is
// never kept.
func TokenHash(token string) Identity {
	return secretHash(VisitorToken, "hark visitor", token)
}

// linkHash returns the identity of a link's secret.
func linkHash(token string) Identity { return secretHash(LinkToken, "hark link", token) }

func secretHash(t IdentityType, domain, secret string) Identity {
	sum := sha256.Sum256([]byte(domain + "\x00" + secret))
	return Identity{t, hex.EncodeToString(sum[:])}
}

// Visitor returns what the desk knows of a token; all zero for a new one.
func (d *Desk) Visitor(token string) Visitor { return d.visitor(d.state.ContactBy(TokenHash(token))) }

// LinkVisitor returns what the desk knows of a link's secret.
func (d *Desk) LinkVisitor(token string) (Visitor, error) {
	contact, err := d.linked(token)
	if err != nil {
		return Visitor{}, err
	}
	if contact == nil {
		return Visitor{}, Errorf(NotFound, "this link opens nothing; it may be mistyped")
	}
	v := d.visitor(contact)
	v.Expires = contact.expiry(linkHash(token))
	return v, nil
}

// linked returns the contact of a link's secret, nil for a new one.
func (d *Desk) linked(token string) (*Contact, error) {
	who := linkHash(token)
	contact := d.state.ContactBy(who)
	if contact != nil && time.Now().After(contact.expiry(who)) {
		return nil, Errorf(Denied, "this link has expired; please write to us anew")
	}
	return contact, nil
}

// expiry returns when a link of the contact ends.
func (c *Contact) expiry(who Identity) time.Time {
	for _, l := range c.Links {
		if l.Hash == who.Value {
			return l.Expires
		}
	}
	return time.Time{}
}

func (d *Desk) visitor(contact *Contact) Visitor {
	if contact == nil {
		return Visitor{}
	}
	v := Visitor{Contact: contact.ID}
	if c := d.current(contact); c != nil {
		v.Conversation, v.Ord, v.Status, v.Read, v.Notice = c.ID, c.Ord, c.Status, c.SeenBy, c.Notice
	}
	return v
}

// current returns the contact's conversation that a new message belongs to or
// would follow: the newest that the customer began, where it goes on now. What
// staff split off is theirs alone.
func (d *Desk) current(c *Contact) *Conversation {
	for _, id := range slices.Backward(c.Conversations) {
		now := d.state.Conversation(id)
		if now == nil || !now.From.IsZero() {
			continue
		}
		for range c.Conversations { // a merge of merges
			next := d.state.Conversation(now.Merged)
			if next == nil {
				break
			}
			now = next
		}
		return now
	}
	return nil
}
