package chat_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"hark/channels/chat"
	"hark/channels/chat/visitor"
	"hark/desk/desktest"
)

func huge(first byte, n uint64) []byte {
	return append(binary.BigEndian.AppendUint64([]byte{first, 0xff}, n), 0, 0, 0, 0)
}

func TestHostileFramesEndTheirOwnConnectionOnly(t *testing.T) {
	h := startHub(t)
	mo := h.visit(visitor.Options{})
	text := func(s string) []byte { return masked(0x81, s) }
	for name, c := range map[string]struct {
		bytes []byte
		code  int
	}{
		"not JSON":             {text("hello"), 1008},
		"empty":                {text(""), 1008},
		"an array":             {text("[]"), 1008},
		"deep nesting":         {text(strings.Repeat("[", 9000)), 1008},
		"deep in a field":      {text(`{"t":"say","id":` + strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1001)), 1008},
		"unknown type":         {text(`{"t":"admin"}`), 1008},
		"no type":              {text(`{"ord":1}`), 1008},
		"unknown field":        {text(`{"t":"seen","ord":1,"x":1}`), 1008},
		"field of another":     {text(`{"t":"seen","ord":1,"text":"a"}`), 1008},
		"wrong case":           {text(`{"T":"beat"}`), 1008},
		"wrong type":           {text(`{"t":"seen","ord":"1"}`), 1008},
		"null":                 {text(`{"t":"typing","on":null}`), 1008},
		"negative":             {text(`{"t":"seen","ord":-1}`), 1008},
		"fraction":             {text(`{"t":"seen","ord":1.5}`), 1008},
		"too large a number":   {text(`{"t":"seen","ord":99999999999999999999}`), 1008},
		"a field twice":        {text(`{"t":"seen","ord":1,"ord":2}`), 1008},
		"half a character":     {text(`{"t":"say","id":"a","text":"\ud800"}`), 1008},
		"two frames in one":    {text(`{"t":"beat"}{"t":"beat"}`), 1008},
		"second hello":         {text(`{"t":"hello","token":"` + desktest.Token("x") + `"}`), 1008},
		"not UTF-8":            {text("{\"t\":\"say\",\"id\":\"a\",\"text\":\"\xff\xfe\"}"), 1007},
		"overlong UTF-8":       {text("{\"t\":\"say\",\"id\":\"a\",\"text\":\"\xc0\xaf\"}"), 1007},
		"binary":               {masked(0x82, `{"t":"beat"}`), 1003},
		"reserved bits":        {masked(0xf1, `{"t":"beat"}`), 1002},
		"reserved opcode":      {masked(0x83, "x"), 1002},
		"reserved control":     {masked(0x8b, "x"), 1002},
		"not masked":           {[]byte{0x81, 2, '{', '}'}, 1002},
		"large control":        {masked(0x89, strings.Repeat("x", 126)), 1002},
		"control in fragments": {masked(0x09, "x"), 1002},
		"continues nothing":    {masked(0x80, "x"), 1002},
		"starts over":          {append(masked(0x01, "{"), masked(0x81, "}")...), 1002},
		"too large":            {masked(0x81, strings.Repeat(" ", 17<<10)), 1009},
		"too large in parts":   {append(masked(0x01, strings.Repeat(" ", 9<<10)), masked(0x80, strings.Repeat(" ", 9<<10))...), 1009},
		"16 GB announced":      {huge(0x81, 16<<30), 1009},
		"2^63 announced":       {huge(0x81, 1<<63), 1002},
		"2^64-1 announced":     {huge(0x81, ^uint64(0)), 1002},
		"2^64-10 announced":    {huge(0x81, ^uint64(9)), 1002},
		"a flood of fragments": {append(masked(0x01, ""), bytes.Repeat(masked(0x00, ""), 80_000)...), 1008},
		"a flood of pings":     {bytes.Repeat(masked(0x89, ""), 500), 1008},
		"a flood of frames":    {bytes.Repeat(text(`{"t":"typing","on":true}`), 500), 1008},
	} {
		t.Run(name, func(t *testing.T) {
			r := enter(t, h, desktest.Token(name))
			r.write(c.bytes)
			if code, reason := r.closed(); code != c.code {
				t.Errorf("closed with %d %q, want %d", code, reason, c.code)
			}
		})
	}
	mo.say("still here?")
	mo.sees("still here?")
}

func TestHostileGreetings(t *testing.T) {
	h := startHub(t, func(o *chat.Options) { o.Limits.Hello = 300 * time.Millisecond })
	for name, first := range map[string]string{
		"says before hello":   `{"t":"say","id":"a","text":"b"}`,
		"beats before hello":  `{"t":"beat"}`,
		"no token":            `{"t":"hello"}`,
		"short token":         `{"t":"hello","token":"abc"}`,
		"long token":          `{"t":"hello","token":"` + strings.Repeat("a", 200) + `"}`,
		"token with a space":  `{"t":"hello","token":"` + strings.Repeat("a ", 20) + `"}`,
		"long conversation":   `{"t":"hello","token":"` + desktest.Token("x") + `","conversation":"` + strings.Repeat("a", 100) + `"}`,
		"nothing at all":      "",
		"half a frame, slow":  "slow",
		"pings and no hello.": "pings",
	} {
		t.Run(name, func(t *testing.T) {
			r, code := knock(t, h.addr, map[string]string{"Origin": site})
			if code != 101 {
				t.Fatalf("the hub answers %d", code)
			}
			switch first {
			case "":
			case "slow":
				go func() {
					for _, b := range masked(0x81, `{"t":"hello","token":"`+desktest.Token("x")+`"}`) {
						r.write([]byte{b})
						time.Sleep(50 * time.Millisecond)
					}
				}()
			case "pings":
				go func() {
					for range 20 {
						r.write(masked(0x89, ""))
						time.Sleep(50 * time.Millisecond)
					}
				}()
			default:
				r.text(first)
			}
			if code, reason := r.closed(); code != 1008 {
				t.Errorf("closed with %d %q, want 1008", code, reason)
			}
		})
	}
}

func TestOnlyListedOriginsGetASocket(t *testing.T) {
	h := startHub(t, func(o *chat.Options) {
		o.Origins = []string{"https://Shop.example/", "http://127.0.0.1:8081", "https://a.example:443", "ftp://no", "nonsense"}
	})
	for origin, want := range map[string]int{
		"https://shop.example":           101,
		"https://SHOP.example":           101,
		"http://127.0.0.1:8081":          101,
		"https://a.example":              101,
		"http://shop.example":            403,
		"https://shop.example:8443":      403,
		"https://shop.example.evil.test": 403,
		"https://evil.test/shop.example": 403,
		"https://xshop.example":          403,
		"http://127.0.0.1:8082":          403,
		"null":                           403,
		"":                               403,
		"nonsense":                       403,
	} {
		if _, code := knock(t, h.addr, map[string]string{"Origin": origin}); code != want {
			t.Errorf("origin %q gets %d, want %d", origin, code, want)
		}
	}
	if _, code := knock(t, h.addr, nil); code != 403 {
		t.Errorf("no origin gets %d", code)
	}
	if _, code := knock(t, h.addr, map[string]string{"Origin": "https://shop.example\r\nOrigin: https://evil.test"}); code != 403 {
		t.Errorf("two origins get %d", code)
	}
}
