package journal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"testing"
	"time"

	"hark/desk"
)

var update = flag.Bool("update", false, "write the golden vectors anew")

// vectors is testdata/vectors.json: events and a frame as they are on disk,
// for whoever writes a reader of their own.
type vectors struct {
	Key    string   `json:"key"` // AES-256, of both events
	Events []vector `json:"events"`
	First  uint64   `json:"first"` // sequence number of the frame's first event
	Frame  string   `json:"frame"`
	Index  struct {
		Seqs  []uint64 `json:"seqs"`
		Bytes string   `json:"bytes"`
	} `json:"index"`
}

type vector struct {
	Header string `json:"header"`
	Secret string `json:"secret"`
	Nonce  string `json:"nonce"`
	Event  string `json:"event"`
	N      uint64 `json:"n"`
	At     string `json:"at"`
	Kind   string `json:"kind"`
}

// fixedNonce is AES-GCM whose nonces are known, so that vectors can be made.
type fixedNonce struct {
	cipher.AEAD
	nonce []byte
}

func (f fixedNonce) NonceSize() int { return 0 }
func (f fixedNonce) Overhead() int  { return nonceSize + tagSize }

func (f fixedNonce) Seal(dst, _, plain, about []byte) []byte {
	return f.AEAD.Seal(append(dst, f.nonce...), f.nonce, plain, about)
}

func vectorKey(t testing.TB) (key []byte, gcm cipher.AEAD) {
	t.Helper()
	key = make([]byte, 32)
	for i := range key {
		key[i] = byte(i)
	}
	block, err := aes.NewCipher(key)
	if err == nil {
		gcm, err = cipher.NewGCM(block)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key, gcm
}

func makeVectors(t *testing.T) vectors {
	t.Helper()
	key, gcm := vectorKey(t)
	v := vectors{Key: hex.EncodeToString(key), First: 41}
	var events []byte
	var ends []int
	for i, body := range []desk.Body{
		desk.Message{Direction: desk.In, Channel: desk.Chat, Text: "Grüße", Client: "m-1"},
		desk.Resolved{},
	} {
		h := desk.Header{
			ID: desk.ID{0: 0xa1, 15: byte(i)}, Stream: desk.ID{0: 0xb2, 15: 1}, Class: desk.ClassTranscript,
			N: uint64(i) + 7, At: time.Date(2026, 11, 3, 9, 42, 0, 125e6, time.UTC),
		}
		secret, err := desk.AppendSecret(nil, desk.ConversationStream, desk.Actor{Kind: desk.ActorContact, ID: desk.ID{0: 0xc3}}, body)
		if err != nil {
			t.Fatal(err)
		}
		nonce := bytes.Repeat([]byte{byte(i) + 0xd0}, nonceSize)
		start := len(events)
		events = appendSealed(events, fixedNonce{gcm, nonce}, h, secret)
		ends = append(ends, len(events))
		v.Events = append(v.Events, vector{
			Header: hex.EncodeToString(h.Append(nil)), Secret: hex.EncodeToString(secret), Nonce: hex.EncodeToString(nonce),
			Event: hex.EncodeToString(events[start:]), N: h.N, At: h.At.Format(time.RFC3339Nano), Kind: body.Kind(),
		})
	}
	v.Frame = hex.EncodeToString(appendFrame(nil, v.First, events, ends))
	v.Index.Seqs = []uint64{41, 42, 300, 70000}
	v.Index.Bytes = hex.EncodeToString(appendSeqs(nil, v.Index.Seqs))
	return v
}

// TestVectors holds what is written to the bytes that it was first written as.
func TestVectors(t *testing.T) {
	const name = "testdata/vectors.json"
	now, err := json.MarshalIndent(makeVectors(t), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	now = append(now, '\n')
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(name, now, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	then, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(now, then) {
		t.Errorf("events or frames are written differently now:\n%s", now)
	}
}

// TestVectorsAreRead reads the frame of the vectors as a stranger would, and
// as hark does.
func TestVectorsAreRead(t *testing.T) {
	raw, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	b, err := hex.DecodeString(v.Frame)
	if err != nil {
		t.Fatal(err)
	}
	f, err := parseFrame(b)
	if err != nil || f.first != 41 || f.count != 2 || f.last() != 42 {
		t.Fatalf("the frame is read as %+v, %v", f, err)
	}
	_, gcm := vectorKey(t)
	for i, want := range v.Events {
		event := b[frameHead+2*frameEntry+frameCheck:]
		if i == 1 {
			event = event[len(v.Events[0].Event)/2:]
		}
		event = event[:len(want.Event)/2]
		secret, err := gcm.Open(nil, event[desk.HeaderSize:][:nonceSize], event[desk.HeaderSize+nonceSize:], event[:desk.HeaderSize])
		if err != nil || hex.EncodeToString(secret) != want.Secret {
			t.Errorf("event %d is opened as %x, %v", i, secret, err)
		}
		h, sealed, err := f.event(i)
		if err != nil || h.N != want.N || h.At.Format(time.RFC3339Nano) != want.At {
			t.Errorf("event %d has the header %+v, %v", i, h, err)
		}
		secret, err = unseal(nil, gcm, h, sealed)
		if err != nil {
			t.Fatal(err)
		}
		e, err := desk.ParseEvent(h, secret)
		if err != nil || e.Body.Kind() != want.Kind {
			t.Errorf("event %d is %+v, %v", i, e, err)
		}
	}
}

// TestSealCoversTheHeader changes each byte of a sealed event.
func TestSealCoversTheHeader(t *testing.T) {
	_, gcm := vectorKey(t)
	h := desk.Header{ID: desk.NewID(), Stream: desk.NewID(), Class: desk.ClassDesk, N: 1, At: time.UnixMilli(1).UTC()}
	event := appendSealed(nil, gcm, h, []byte("secret"))
	if again := appendSealed(nil, gcm, h, []byte("secret")); bytes.Equal(event, again) {
		t.Error("the same nonce was used twice")
	}
	for at := range event {
		broken := append([]byte(nil), event...)
		broken[at] ^= 1
		h, err := desk.ParseHeader(broken)
		if err == nil {
			_, err = unseal(nil, gcm, h, broken[desk.HeaderSize:])
		}
		if err == nil {
			t.Errorf("byte %d can be changed unseen", at)
		}
	}
}

func FuzzFrame(f *testing.F) {
	_, gcm := vectorKey(f)
	var events []byte
	var ends []int
	for i := range 3 {
		events = appendSealed(events, gcm, desk.Header{ID: desk.NewID(), N: uint64(i), At: time.UnixMilli(0).UTC()}, []byte("x"))
		ends = append(ends, len(events))
	}
	f.Add(appendFrame(nil, 1, events, ends))
	f.Add(appendFrame(nil, 1<<62, events[:ends[0]], ends[:1]))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, b []byte) {
		for range 2 { // once as it is, once with a check sum that is right
			fr, err := parseFrame(b)
			if err == nil {
				readFrame(t, b, fr)
			}
			if b = checked(b); b == nil {
				return
			}
		}
	})
}

// checked makes the check sum of a frame's head right, so that fuzzing gets
// behind it.
func checked(b []byte) []byte {
	if len(b) < frameHead {
		return nil
	}
	head := frameHead + int(binary.BigEndian.Uint16(b[1:]))*frameEntry
	if len(b) < head+frameCheck {
		return nil
	}
	b = bytes.Clone(b)
	binary.BigEndian.PutUint32(b[head:], check(b[:head]))
	return b
}

// readFrame takes everything out of a frame and packs it again.
func readFrame(t *testing.T, b []byte, fr frame) {
	t.Helper()
	var events []byte
	var ends []int
	for i := range fr.count {
		if _, _, err := fr.event(i); err != nil {
			return
		}
		events = append(events, fr.at(i)...)
		ends = append(ends, len(events))
	}
	if again := appendFrame(nil, fr.first, events, ends); !bytes.Equal(again, b) {
		t.Errorf("a frame was read from %x and written as %x", b, again)
	}
}

func FuzzSeqs(f *testing.F) {
	f.Add(appendSeqs(nil, []uint64{1, 2, 3, 1 << 40}))
	f.Fuzz(func(t *testing.T, b []byte) {
		seqs, ok := parseSeqs(b)
		if !ok {
			return
		}
		for i := 1; i < len(seqs); i++ {
			if seqs[i] <= seqs[i-1] {
				t.Fatalf("%x gives %v", b, seqs)
			}
		}
		if again, ok := parseSeqs(appendSeqs(nil, seqs)); !ok || len(again) != len(seqs) {
			t.Fatalf("%v is written so that it is read as %v", seqs, again)
		}
	})
}
