package desk

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden vectors anew")

// vector is one line of testdata/vectors.json: an event of one kind and
// version, its header and its secret as they are on disk.
type vector struct {
	Kind    string          `json:"kind"`
	Version int             `json:"version"`
	Header  string          `json:"header"`
	Secret  string          `json:"secret"`
	Body    json.RawMessage `json:"body"`
}

func fixedID(b byte) ID { return ID{0: b, 15: b} }

// samples has one body of every kind and version, with every field set.
func samples() []Body {
	return []Body{
		ConversationOpened{Contact: fixedID(1), Channel: Chat, Page: "https://shop.example/lamps", Previous: fixedID(2)},
		Message{Direction: Out, Channel: Chat, Text: "Grüße, Åsa", Author: "Ana Ek", Client: "m-1"},
		Note{Text: "both charges are AUTH, not CAPTURE"},
		Assigned{To: fixedID(3), Claim: true},
		Resolved{},
		Reopened{},
		Delivered{Channel: Chat, Ord: 7},
		DraftDiscarded{},
		ContactCreated{Name: "Ana Björk", Identities: []Identity{{VisitorToken, "00ff"}}},
		ContactNamed{Name: "A. Björk"},
		ContactReturned{Conversation: fixedID(9)},
		AccountCreated{Name: "eva", Display: "Eva Lind", Roles: []Role{RoleAgent, RoleAdmin}, UID: "1000"},
		DeskCreated{Name: "Lamps & Co", Audit: fixedID(4)},
		HubStarted{Release: "0.1.0"},
		HubStopped{},
		SessionStarted{Session: fixedID(5), Account: fixedID(6), Via: "console"},
		SessionEnded{Session: fixedID(5)},
		Viewed{Conversation: fixedID(7), Purpose: Serve, Sitting: fixedID(5), How: "open"},
		Refused{Conversation: fixedID(7), Action: ActReply, Purpose: QA},
		ConversationOpened{Contact: fixedID(1), Channel: Chat, Queue: "billing", From: fixedID(2)},
		Message{Direction: In, Channel: Chat, Text: "see this", Client: "m-2", Files: []File{{fixedID(8), "receipt.pdf", "application/pdf", 5120}}},
		Assigned{Why: "lease"},
		Tagged{Add: []string{"refund", "vip"}, Remove: []string{"billing"}},
		Prioritised{Urgent},
		Snoozed{Until: time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC)},
		Woken{},
		Merged{Into: fixedID(9)},
		Unmerged{},
		Joined{From: fixedID(9), Since: time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC), Unanswered: 2},
		Parted{From: fixedID(9)},
		MovedOut{Items: []ID{fixedID(10)}, To: fixedID(9)},
		MovedIn{
			From: fixedID(9), Item: fixedID(10), At: time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC), Who: ActorContact, WhoID: fixedID(1),
			Message: &Message{Direction: In, Channel: Chat, Text: "and the lamp?"}, Note: &Note{Text: "another matter"},
		},
		MovedBack{Items: []ID{fixedID(10)}},
		DraftHanded{To: fixedID(3)},
		Read{Ord: 4},
		NoticeShown{NoticeRef{"3", "de"}},
		Queued{Queue: "billing"},
		Offered{To: fixedID(3), Until: time.Date(2026, 11, 4, 9, 0, 30, 0, time.UTC)},
		OfferEnded{To: fixedID(3), Why: Expired},
		Breached{Target: FirstReply, Due: time.Date(2026, 11, 4, 9, 5, 0, 0, time.UTC)},
		PresenceChosen{Presence: WrapUp, Until: time.Date(2026, 11, 4, 9, 5, 0, 0, time.UTC)},
		ViewSaved{SavedView{"refunds", "tag:refund is:open"}},
		ViewRemoved{Name: "refunds"},
		Preferred{Preference{"console.theme", "dark"}},
		ContactField{Field{Name: "mail", Value: "ana@example.com", Class: Direct, Declined: true, Source: "form"}},
		LinkIssued{Link{Hash: "00ff", Expires: time.Date(2026, 12, 4, 9, 5, 0, 0, time.UTC)}},
		NoticePublished{Notice{NoticeRef{"3", "de"}, "Wir speichern, was Sie schreiben.", "00ff"}},
		Message{Direction: In, Channel: Email, Text: "Where is my lamp?\n> Hello", Mail: sampleLetter()},
		MovedIn{
			From: fixedID(9), Item: fixedID(10), At: time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC), Who: ActorContact, WhoID: fixedID(1),
			Message: &Message{Direction: In, Channel: Email, Text: "and the lamp?", Mail: sampleLetter()},
		},
		Read{Ord: 4, Mails: 2},
		Joined{From: fixedID(9), Parties: []string{"ana@example.com"}},
		MailWithdrawn{Item: fixedID(10), Before: &Standing{StatusNew, time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC), 2, true, true}},
		MailPosted{
			Item: fixedID(10), State: PostRetry, Words: "450 try again later", Tries: 2,
			Next: time.Date(2026, 11, 4, 9, 5, 0, 0, time.UTC), Failed: []Address{{"Bo", "bo@example.com"}}, Report: fixedID(12),
		},
		MailResent{Item: fixedID(10)},
		MailSettled{Item: fixedID(10), Words: "sent by post"},
		MailProposed{Conversation: fixedID(9), Evidence: []Evidence{sampleEvidence()}},
		MailDeclined{Conversation: fixedID(9)},
		MailDropped{Mail: fixedID(10), Words: "spam, cut short"},
		ContactIdentified{Identity: Identity{MailAddress, "ana@example.com"}, Evidence: []Evidence{sampleEvidence()}},
	}
}

func sampleEvidence() Evidence {
	return Evidence{Rule: RuleParticipant, Words: "bo@example.com takes no part there", Conversation: fixedID(9), Refused: true}
}

// sampleLetter has every field set.
func sampleLetter() *Letter {
	at := time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC)
	return &Letter{
		Account: "shop", MessageID: "a.1@example.com", InReplyTo: "b.2@shop.example", References: []string{"b.1@shop.example", "b.2@shop.example"},
		Subject: "Re: Lamp", From: Address{"Ana Björk", "ana@example.com"}, ReplyTo: []Address{{"", "ana@home.example"}},
		To: []Address{{"Shop", "help@shop.example"}}, Cc: []Address{{"Bo", "bo@example.com"}}, Bcc: []Address{{"", "cy@example.com"}},
		Date: at, Received: at.Add(time.Minute), Folds: []Fold{{18, 25, FoldQuote}},
		Parts:    []Part{{N: 2, ID: PartID(fixedID(10), 2), Name: "receipt.pdf", Type: "application/pdf", Size: 5120, Kind: PartFile}},
		Warnings: []string{"the sender's server does not vouch for it"}, Auth: "fail", Remote: 3, Trackers: 1, Automatic: "auto-replied", Own: []string{"help@shop.example"},
		Muted: true, Past: true, Mended: []string{"the charset was guessed"}, Evidence: []Evidence{sampleEvidence()},
		Parent: fixedID(11), Quote: true, Carry: []ID{PartID(fixedID(10), 2)}, Forward: true, Undo: at.Add(5 * time.Second), Before: &Standing{Status: StatusOpen, Since: at, Unanswered: 1, Answered: true, Breached: true},
	}
}

func vectorOf(t *testing.T, b Body) vector {
	t.Helper()
	h := Header{
		ID: fixedID(0xa1), Stream: fixedID(0xb2), Class: ClassTranscript, N: 3,
		At: time.Date(2026, 11, 3, 9, 42, 0, 125e6, time.UTC),
	}
	secret, err := AppendSecret(nil, ConversationStream, Actor{ActorAccount, fixedID(0xc3), true}, b)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return vector{b.Kind(), b.Version(), hex.EncodeToString(h.Append(nil)), hex.EncodeToString(secret), body}
}

// TestVectors holds every kind and version to the bytes it was first written
// as, and those bytes to what they first meant.
func TestVectors(t *testing.T) {
	const file = "testdata/vectors.json"
	if *update {
		var all []vector
		for _, b := range samples() {
			all = append(all, vectorOf(t, b))
		}
		raw, err := json.MarshalIndent(all, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want []vector
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	got := map[kindVersion]Body{}
	for _, b := range samples() {
		got[kindVersion{b.Kind(), b.Version()}] = b
	}
	for _, v := range want {
		checkVector(t, v, got[kindVersion{v.Kind, v.Version}])
		delete(got, kindVersion{v.Kind, v.Version})
	}
	for k := range got {
		t.Errorf("%s version %d has no golden vector", k.kind, k.version)
	}
	for k := range decoders {
		if _, ok := got[k]; ok || !hasVector(want, k) {
			t.Errorf("%s version %d can be read but has no golden vector", k.kind, k.version)
		}
	}
}

func hasVector(all []vector, k kindVersion) bool {
	for _, v := range all {
		if v.Kind == k.kind && v.Version == k.version {
			return true
		}
	}
	return false
}

func checkVector(t *testing.T, v vector, sample Body) {
	t.Helper()
	if sample == nil {
		t.Errorf("%s version %d has no sample", v.Kind, v.Version)
		return
	}
	if now := vectorOf(t, sample); now.Header != v.Header || now.Secret != v.Secret {
		t.Errorf("%s version %d is written differently now:\n%s\n%s", v.Kind, v.Version, now.Secret, v.Secret)
	}
	header, _ := hex.DecodeString(v.Header)
	secret, _ := hex.DecodeString(v.Secret)
	h, err := ParseHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ParseEvent(h, secret)
	if err != nil {
		t.Fatalf("%s: %v", v.Kind, err)
	}
	if !reflect.DeepEqual(e.Body, sample) {
		t.Errorf("%s is read as %#v, not %#v", v.Kind, e.Body, sample)
	}
	if e.N != 3 || e.Actor != (Actor{ActorAccount, fixedID(0xc3), true}) || e.Stream.ID != fixedID(0xb2) {
		t.Errorf("%s: envelope is read as %+v", v.Kind, e)
	}
}

func TestUnknownKindIsCarried(t *testing.T) {
	raw := []byte(`{"colour":"mauve","depth":3}`)
	secret, err := AppendSecret(nil, ConversationStream, Hub(), Unknown{"mood", 9, raw})
	if err != nil {
		t.Fatal(err)
	}
	e, err := ParseEvent(Header{N: 1}, secret)
	if err != nil {
		t.Fatal(err)
	}
	again, err := AppendSecret(nil, ConversationStream, Hub(), e.Body)
	if err != nil || !bytes.Equal(secret, again) {
		t.Errorf("an unknown kind came back as %q, %v", again, err)
	}
}

func TestForeignFormatIsNamed(t *testing.T) {
	_, err := ParseHeader([]byte{9, 1, 2})
	if err == nil || err.Error() != "event has format 9; this program knows format 1" {
		t.Errorf("a later format gives %v", err)
	}
}

func FuzzParseEvent(f *testing.F) {
	for _, b := range samples() {
		secret, err := AppendSecret(nil, ContactStream, Hub(), b)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(secret)
	}
	f.Fuzz(func(t *testing.T, secret []byte) {
		e, err := ParseEvent(Header{N: 1}, secret)
		if err != nil {
			return
		}
		again, err := AppendSecret(nil, e.Stream.Type, e.Actor, e.Body)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if _, err := ParseEvent(Header{N: 1}, again); err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
	})
}

func FuzzParseHeader(f *testing.F) {
	f.Add(Header{ID: fixedID(1), Stream: fixedID(2), Class: ClassDesk, N: 1, At: time.UnixMilli(1).UTC()}.Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := ParseHeader(b)
		if err == nil && !bytes.Equal(h.Append(nil), b[:HeaderSize]) {
			t.Fatalf("%x is read as %+v", b, h)
		}
	})
}

func FuzzParseID(f *testing.F) {
	f.Add("00000000000000000000000000")
	f.Add(NewID().String())
	f.Fuzz(func(t *testing.T, s string) {
		id, err := ParseID(s)
		if err != nil {
			return
		}
		if again, err := ParseID(id.String()); err != nil || again != id {
			t.Fatalf("%q is read as %v, then as %v, %v", s, id, again, err)
		}
	})
}

func TestIDsSortAsTheirText(t *testing.T) {
	a, b := ID{0: 1}, ID{0: 1, 15: 1}
	if a.String() >= b.String() {
		t.Errorf("%s is not before %s", a, b)
	}
	if id, err := ParseID(b.String()); err != nil || id != b {
		t.Errorf("%s is read as %s, %v", b, id, err)
	}
}
