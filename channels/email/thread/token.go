package thread

import (
	"strings"

	"hark/desk"
)

// Lengths of a token, in letters: 26 + 16 + 2 + 16 and three dots are 63, one
// less than a local part may have (RFC 5321, section 4.5.3.1.1).
const (
	itemLetters = 16 // 80 bits of the message's identifier
	macLetters  = 16 // 80 bits of the HMAC
)

// Token is what our own Message-ID says: in which conversation it stands, and
// the beginning of the message's identifier.
type Token struct {
	Conversation desk.ID
	item         string
}

// Of reports whether the token is of the message item.
func (t Token) Of(item desk.ID) bool {
	return !item.IsZero() && item.String()[:itemLetters] == t.item
}

// Token returns the token of a message in a conversation. It stands in the
// mail's X-Hark-Id and before the @ of its Message-ID.
func (k *Keys) Token(conversation, item desk.ID) string {
	key := k.all[0]
	beginning := item.String()[:itemLetters]
	return strings.Join([]string{
		conversation.String(), beginning, key.id,
		key.mac(macLetters, []byte("message-id"), conversation[:], []byte(beginning)),
	}, ".")
}

// MessageID returns the Message-ID of a message of ours, without angle
// brackets.
func (k *Keys) MessageID(conversation, item desk.ID, domain string) string {
	return k.Token(conversation, item) + "@" + domain
}

// Read returns the token in a Message-ID or in an X-Hark-Id, and whether it is
// one that we signed. The domain is not looked at: desks move.
func (k *Keys) Read(messageID string) (Token, bool) {
	local, _, _ := strings.Cut(strings.Trim(messageID, "<> \t"), "@")
	parts := strings.Split(strings.ToLower(local), ".")
	if len(parts) != 4 || !isLetters(parts[1], itemLetters) || !isLetters(parts[2], 2) || !isLetters(parts[3], macLetters) {
		return Token{}, false
	}
	conversation, ok := wholeID(parts[0])
	if !ok {
		return Token{}, false
	}
	for _, key := range k.all {
		if key.id == parts[2] && key.proves(parts[3], []byte("message-id"), conversation[:], []byte(parts[1])) {
			return Token{Conversation: conversation, item: parts[1]}, true
		}
	}
	return Token{}, false
}

// plusLetters is the length of the signature in a plus address.
const plusLetters = 8

// Plus returns the address of the desk that leads to a conversation:
// support+c<identifier>.<signature>@domain (subaddressing, RFC 5233).
func (k *Keys) Plus(address string, conversation desk.ID) string {
	local, domain, _ := cutAddress(address)
	mac := k.all[0].mac(plusLetters, []byte("plus"), conversation[:])
	return local + "+c" + conversation.String() + "." + mac + "@" + domain
}

// ReadPlus returns the conversation that a plus address of ours leads to.
func (k *Keys) ReadPlus(address string) (desk.ID, bool) {
	local, _, _ := cutAddress(strings.ToLower(address))
	_, tag, ok := strings.Cut(local, "+c")
	text, mac, dot := strings.Cut(tag, ".")
	if !ok || !dot || !isLetters(mac, plusLetters) {
		return desk.ID{}, false
	}
	conversation, ok := wholeID(text)
	if !ok {
		return desk.ID{}, false
	}
	for _, key := range k.all {
		if key.proves(mac, []byte("plus"), conversation[:]) {
			return conversation, true
		}
	}
	return desk.ID{}, false
}

// cutAddress cuts an address at its last @.
func cutAddress(address string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(address, '@')
	if i < 0 {
		return address, "", false
	}
	return address[:i], address[i+1:], true
}

// Bare returns an address without its plus part.
func Bare(address string) string {
	local, domain, ok := cutAddress(address)
	if !ok {
		return address
	}
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}
