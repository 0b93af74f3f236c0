package mail

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/mailbox"
)

var update = flag.Bool("update", false, "write testdata/vectors.json anew")

// vectors is testdata/vectors.json: what docs/mail-format.md says, in bytes.
type vectors struct {
	Key     string            `json:"key"`      // of the store
	Rows    string            `json:"rows"`     // seals rows
	LookUp  string            `json:"look_up"`  // of the hashes
	MailKey string            `json:"mail_key"` // of a mail
	Subkey  string            `json:"subkey"`   // for its bytes
	Nonce   string            `json:"nonce"`    // of everything sealed here
	Hashes  map[string]string `json:"hashes"`
	Sealed  []vector          `json:"sealed"`
}

// vector is one sealed value.
type vector struct {
	What   string `json:"what"`
	Under  string `json:"under"` // "rows" or "subkey"
	About  string `json:"about"`
	Plain  string `json:"plain"`
	Sealed string `json:"sealed"`
}

// plainly computes what the page says, with none of the store's code.
type plainly struct{ t *testing.T }

func (p plainly) unhex(s string) []byte {
	p.t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		p.t.Fatal(err)
	}
	return b
}

func (p plainly) expand(key, info string) string {
	p.t.Helper()
	b, err := hkdf.Expand(sha256.New, p.unhex(key), info, 32)
	if err != nil {
		p.t.Fatal(err)
	}
	return hex.EncodeToString(b)
}

func (p plainly) hash(key string, parts ...string) string {
	mac := hmac.New(sha256.New, p.unhex(key))
	for _, part := range parts {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		mac.Write([]byte(part))
	}
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

func (p plainly) seal(key, nonce, about, plain string) string {
	p.t.Helper()
	block, err := aes.NewCipher(p.unhex(key))
	if err != nil {
		p.t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		p.t.Fatal(err)
	}
	return hex.EncodeToString(gcm.Seal(p.unhex(nonce), p.unhex(nonce), p.unhex(plain), p.unhex(about)))
}

func ascii(s string) string { return hex.EncodeToString([]byte(s)) }

// text is a text in front of which stands its length.
func text(s string) string {
	return hex.EncodeToString(binary.BigEndian.AppendUint32(nil, uint32(len(s)))) + ascii(s)
}

// What the vectors are about.
const (
	vectorID           = "f1e00000000000000000000000000001"
	vectorConversation = "c0000000000000000000000000000002"
	vectorIdentity     = "1d00000000000000000000000000000000000000000000000000000000000003"
)

func TestVectors(t *testing.T) {
	const name = "testdata/vectors.json"
	p := plainly{t}
	v := vectors{
		Key:     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
		MailKey: "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f",
		Nonce:   "d0d1d2d3d4d5d6d7d8d9dadb",
	}
	v.Rows, v.LookUp = p.expand(v.Key, "hark mail rows 1"), p.expand(v.Key, "hark mail look-up 1")
	v.Subkey = p.expand(v.MailKey, "hark mail 1")
	v.Hashes = map[string]string{
		"box support INBOX":          p.hash(v.LookUp, "box", "support", "INBOX"),
		"account support":            p.hash(v.LookUp, "account", "support"),
		"place support INBOX 7 12":   p.hash(v.LookUp, "place", "support", "INBOX", "\x00\x00\x00\x07\x00\x00\x00\x0c"),
		"step fetch":                 p.hash(v.LookUp, "step", "fetch"),
		"message-id one@example.com": p.hash(v.LookUp, "message-id", "one@example.com"),
		"identity":                   p.hash(v.LookUp, "identity", string(p.unhex(vectorIdentity))),
		"buried":                     p.hash(v.LookUp, "buried", string(p.unhex(vectorIdentity))),
		"tick auto ana@example.com":  p.hash(v.LookUp, "tick", "auto ana@example.com"),
	}
	v.Sealed = p.sealed(v)
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	raw = append(raw, '\n')
	if *update {
		if err := os.WriteFile(name, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := os.ReadFile(name); err != nil || !bytes.Equal(kept, raw) {
		t.Errorf("the page's layout gives other bytes than %s, %v", name, err)
	}
	holdsTo(t, p, v)
}

// sealed are the values as the page writes them.
func (p plainly) sealed(v vectors) (all []vector) {
	box, ref := v.Hashes["box support INBOX"], v.Hashes["message-id one@example.com"]
	noon := "0000019b4dd93200" // 2025-12-23 16:00:00 UTC
	for _, s := range []vector{
		{"box", "rows", ascii("mail box 1|") + box, text("support") + text("INBOX"), ""},
		{"cursor", "rows", ascii("mail cursor 1|") + box, "00000007" + "0000000d" + "0000000000000063" + noon + "01", ""},
		{"head", "rows", ascii("mail head 1|") + vectorID + box + "00000007" + "0000000c" + "02", noon + "000000000000000c" + "000000000000000c" + "02" + vectorConversation, ""},
		{"ref", "rows", ascii("mail ref 1|") + ref + "00" + vectorID, vectorConversation, ""},
		{"note", "subkey", ascii("mail note 1|") + vectorID, vectorIdentity + text("one@example.com") + text("") + text("") + "8000000000000000" + "00000000", ""},
		{"chunk", "subkey", ascii("mail chunk 1|") + vectorID + "0000000000000000" + "01", ascii("Grüße, Ana\n"), ""},
		{"letter", "subkey", ascii("letter 1|") + vectorID, vectorConversation + noon + "000000000000000c" + text("support") + text("out@example.com") + text("help@example.com") + "00000001" + text("ana@example.com"), ""},
		{"outcome", "subkey", ascii("letter state 1|") + vectorID + "06", "00000002" + noon + text("try later") + "00000001" + text("ana@example.com"), ""},
		{"letter chunk", "subkey", ascii("letter chunk 1|") + vectorID + "0000000000000000" + "01", ascii("To: ana\r\n\r\n"), ""},
	} {
		key := v.Rows
		if s.Under == "subkey" {
			key = v.Subkey
		}
		s.Sealed = p.seal(key, v.Nonce, s.About, s.Plain)
		all = append(all, s)
	}
	return all
}

// holdsTo holds the store's code to the vectors.
func holdsTo(t *testing.T, p plainly, v vectors) {
	t.Helper()
	s, err := newSealer(p.unhex(v.Key))
	if err != nil {
		t.Fatal(err)
	}
	id, conversation := desk.ID(p.unhex(vectorID)), desk.ID(p.unhex(vectorConversation))
	identity := [32]byte(p.unhex(vectorIdentity))
	noon := time.UnixMilli(0x19b4dd93200).UTC()
	box, ref := s.hashBox("support", "INBOX"), s.hashMessageID("one@example.com")
	for what, got := range map[string][]byte{
		"box support INBOX": box, "message-id one@example.com": ref, "account support": s.hash("account", []byte("support")),
		"place support INBOX 7 12": s.hashPlace(mailbox.Place{Account: "support", Box: "INBOX", Validity: 7, UID: 12}),
		"step fetch":               s.hash("step", []byte("fetch")), "identity": s.hash("identity", identity[:]),
		"buried": s.hash("buried", identity[:]), "tick auto ana@example.com": s.hash("tick", []byte("auto ana@example.com")),
	} {
		if hex.EncodeToString(got) != v.Hashes[what] {
			t.Errorf("the hash of %s is %x", what, got)
		}
	}
	letter := mailbox.Letter{Conversation: conversation, At: noon, Account: "support", MessageID: "out@example.com", From: "help@example.com", To: []string{"ana@example.com"}}
	values := map[string][2][]byte{ // associated data and content, as the store writes them
		"box":          {aboutBox(box), encodeNames("support", "INBOX")},
		"cursor":       {aboutCursor(box), encodeCursor(mailbox.Cursor{Validity: 7, Next: 13, ModSeq: 99, FirstSync: noon, Done: true})},
		"head":         {aboutHead(id, box, 7, 12, stageNumber(mailbox.Threaded)), head{received: noon, size: 12, kept: 12, past: true, conversation: conversation}.encode()},
		"ref":          {aboutRef(ref, false, id), conversation[:]},
		"note":         {aboutNote(id), note{identity: identity, messageID: "one@example.com"}.encode()},
		"chunk":        {aboutChunk(mailHeap().word, id, 0, true), []byte("Grüße, Ana\n")},
		"letter":       {aboutLetter(id), encodeLetter(letter, 12)},
		"outcome":      {aboutOutcome(id, stateNumber(mailbox.Retry)), encodeOutcome(mailbox.Outcome{Tries: 2, Next: noon, Why: "try later", Done: letter.To})},
		"letter chunk": {aboutChunk(letterHeap().word, id, 0, true), []byte("To: ana\r\n\r\n")},
	}
	block, err := aes.NewCipher(p.unhex(v.Subkey))
	if err != nil {
		t.Fatal(err)
	}
	own, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		t.Fatal(err)
	}
	for _, sealed := range v.Sealed {
		aead := s.rows
		if sealed.Under == "subkey" {
			aead = own
		}
		want := values[sealed.What]
		if got := hex.EncodeToString(want[0]); got != sealed.About {
			t.Errorf("%s: the store binds it to\n%s and not\n%s", sealed.What, got, sealed.About)
		}
		if plain, err := aead.Open(nil, nil, p.unhex(sealed.Sealed), want[0]); err != nil || !bytes.Equal(plain, want[1]) {
			t.Errorf("%s: the store writes\n%x and not\n%x, %v", sealed.What, want[1], plain, err)
		}
	}
}
