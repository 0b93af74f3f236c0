package chat

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"unicode/utf8"
)

func TestFramesAreReadExactly(t *testing.T) {
	for text, want := range map[string]frame{
		`{"t":"hello","token":"abc","conversation":"c","ord":12}`:           {T: "hello", Token: "abc", Conversation: "c", Ord: 12},
		"\t{ \"token\" : \"abc\" ,\r\n \"t\":\"hello\" } ":                  {T: "hello", Token: "abc"},
		`{"t":"say","id":"1","text":"a\"\\\/\b\f\n\r\tb"}`:                  {T: "say", ID: "1", Text: "a\"\\/\b\f\n\r\tb"},
		`{"t":"say","id":"1","text":"\u00e5 \ud83d\ude00 \uABcd å😀"}`:       {T: "say", ID: "1", Text: "å 😀 \uabcd å😀"},
		`{"t":"say","id":"1","text":"","name":"N","page":"http://a.test/"}`: {T: "say", ID: "1", Name: "N", Page: "http://a.test/"},
		`{"t":"typing","on":true}`:                                          {T: "typing", On: true},
		`{"t":"typing","on":false}`:                                         {T: "typing"},
		`{"t":"seen","ord":0}`:                                              {T: "seen"},
		`{"t":"seen","ord":9007199254740991}`:                               {T: "seen", Ord: maxOrd},
		`{"t":"beat"}`:                                                      {T: "beat"},
		`{"t":"leave"}`:                                                     {T: "leave"},
		`{"t":"read","ord":3}`:                                              {T: "read", Ord: 3},
		`{"t":"unsent","text":""}`:                                          {T: "unsent"},
		`{"t":"say","id":"1","text":"","files":[]}`:                         {T: "say", ID: "1"},
		`{"files" : [ "a" ,"b"] ,"t":"say","id":"1","text":"", "mail":"m@x.test","notice":"2","lang":"de"}`: {
			T: "say", ID: "1", Files: []string{"a", "b"}, Mail: "m@x.test", Notice: "2", Lang: "de",
		},
	} {
		if got, err := parseFrame([]byte(text)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %+v, %v", text, got, err)
		}
	}
}

func TestWhatIsNoFrameIsRefused(t *testing.T) {
	for text, want := range map[string]error{
		``:                                      errNotObject,
		`null`:                                  errNotObject,
		`{}`:                                    errType,
		`{"t":"beat"`:                           errNotObject,
		`{"t":"beat",}`:                         errString,
		`{,"t":"beat"}`:                         errString,
		`{"t":"beat"} x`:                        errNotObject,
		`{"t" "beat"}`:                          errNotObject,
		`{t:"beat"}`:                            errString,
		`{"t":"beat" "on":true}`:                errNotObject,
		`{"t":1}`:                               errString,
		`{"t":{}}`:                              errString,
		`{"t":"seen","ord":01}`:                 errNumber,
		`{"t":"seen","ord":+1}`:                 errNumber,
		`{"t":"seen","ord":1e3}`:                errNotObject,
		`{"t":"seen","ord":9007199254740992}`:   errNumber,
		`{"t":"seen","ord":}`:                   errNumber,
		`{"t":"seen"}`:                          errFieldShape,
		`{"t":"typing","on":1}`:                 errBool,
		`{"t":"typing","on":True}`:              errBool,
		`{"t":"say","id":"a"}`:                  errFieldShape,
		`{"t":"beat","token":"a"}`:              errFieldShape,
		`{"t":"beat","__proto__":"a"}`:          errFieldName,
		`{"t":"beat","t":"beat"}`:               errTwice,
		"{\"t\":\"be\nat\"}":                    errString,
		"{\"t\":\"\xff\"}":                      errString,
		`{"t":"\x"}`:                            errString,
		`{"t":"\u12"}`:                          errString,
		`{"t":"\u12g4"}`:                        errString,
		`{"t":"\ud800x"}`:                       errString,
		`{"t":"\udc00\ud800"}`:                  errString,
		`{"t":"\ud800\u0041"}`:                  errString,
		`{"t":"beat\`:                           errString,
		`{"t":"beat\u`:                          errString,
		`{"t":"seen","ord":111111111111111111}`: errNumber,
		`{"t":"leave","ord":1}`:                 errFieldShape,
		`{"t":"typing","files":["a"]}`:          errFieldShape,
		`{"t":"say","files":"a"}`:               errList,
		`{"t":"say","files":["a"`:               errList,
		`{"t":"say","files":["a" "b"]}`:         errList,
		`{"t":"say","files":["a",]}`:            errString,
		`{"t":"say","files":[,"a"]}`:            errString,
		`{"t":"say","files":[["a"]]}`:           errString,
		`{"t":"say","files":[1]}`:               errString,
		`{"t":"say","files":["","","","","","","","","","",""]}`: errList,
		`{"t":"say","files":["a"],"files":[]}`:                   errTwice,
	} {
		if got, err := parseFrame([]byte(text)); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v (read as %+v)", text, err, want, got)
		}
	}
}

// FuzzFrame holds the parser to the standard library: what it takes is JSON
// that means the same, and it never takes what is not.
func FuzzFrame(f *testing.F) {
	f.Add([]byte(`{"t":"hello","token":"abc","conversation":"c","ord":12}`))
	f.Add([]byte(`{"t":"say","id":"1","text":"a\"\\\/\b\f\n\r\t\u00e5\ud83d\ude00"}`))
	f.Add([]byte(`{"t":"typing","on":true}`))
	f.Add([]byte(`{"t":"seen","ord":0}`))
	f.Add([]byte(`{"t":"say","id":"1","text":"","files":["a","\u00e5"],"mail":"m","notice":"1","lang":"de"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := parseFrame(bytes.Clone(b))
		if err != nil {
			return
		}
		var want struct {
			T, Token, Conversation, ID, Text, Name, Page, Mail, Notice, Lang string
			Ord                                                              uint64
			Files                                                            []string
			On                                                               bool
		}
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if err := d.Decode(&want); err != nil {
			t.Fatalf("%q is taken, but is no JSON: %v", b, err)
		}
		same := slices.Equal(got.Files, want.Files)
		got.Files, want.Files = nil, nil
		if !same || !reflect.DeepEqual(got, frame{
			T: want.T, Token: want.Token, Conversation: want.Conversation, Ord: want.Ord, ID: want.ID, Text: want.Text,
			Name: want.Name, Page: want.Page, Mail: want.Mail, Notice: want.Notice, Lang: want.Lang, On: want.On,
		}) {
			t.Fatalf("%q is read as %+v, and by encoding/json as %+v", b, got, want)
		}
		if !utf8.ValidString(got.Text) {
			t.Fatalf("%q gives text that is not UTF-8", b)
		}
	})
}
