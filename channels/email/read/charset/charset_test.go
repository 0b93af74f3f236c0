package charset_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"hark/channels/email/read/charset"
)

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func TestText(t *testing.T) {
	russian := "Здравствуйте, мой заказ до сих пор не пришёл. Пожалуйста, проверьте, где он находится, и напишите мне ответ."
	japaneseText := "お世話になっております。注文した商品がまだ届いていません。"
	for name, c := range map[string]struct {
		in    []byte
		label string
		want  string
		how   string
	}{
		"ascii":                         {[]byte("hello"), "", "hello", charset.Declared},
		"utf-8":                         {[]byte("Grüße"), "utf-8", "Grüße", charset.Declared},
		"utf-8, undeclared":             {[]byte("Grüße"), "", "Grüße", charset.Declared},
		"utf-8 as ascii":                {[]byte("Grüße"), "us-ascii", "Grüße", charset.Declared},
		"utf-8 as latin 1":              {[]byte("Grüße an alle"), "iso-8859-1", "Grüße an alle", charset.Guessed},
		"utf-8 with a mark":             {[]byte("\uFEFFhello"), "utf-8", "hello", charset.Declared},
		"latin 1":                       {[]byte("Gr\xfc\xdfe"), "iso-8859-1", "Grüße", charset.Declared},
		"latin 1, undeclared":           {[]byte("Gr\xfc\xdfe"), "", "Grüße", charset.Guessed},
		"latin 1 as utf-8":              {[]byte("Gr\xfc\xdfe"), "utf-8", "Grüße", charset.Guessed},
		"windows quotes as latin 1":     {[]byte("\x93hi\x94 \x80"), "ISO-8859-1", "“hi” €", charset.Declared},
		"utf-8 cut at the end":          {[]byte("Grüße, schöne Tage, süße Träume, böse Wölfe, späte Züge, größer \xc3"), "utf-8", "Grüße, schöne Tage, süße Träume, böse Wölfe, späte Züge, größer \uFFFD", charset.Guessed},
		"koi8-r":                        {must(charmap.KOI8R.NewEncoder().Bytes([]byte(russian))), "koi8-r", russian, charset.Declared},
		"koi8-r, undeclared":            {must(charmap.KOI8R.NewEncoder().Bytes([]byte(russian))), "", russian, charset.Guessed},
		"windows-1251":                  {must(charmap.Windows1251.NewEncoder().Bytes([]byte(russian))), "windows-1251", russian, charset.Declared},
		"windows-1251 by another name":  {must(charmap.Windows1251.NewEncoder().Bytes([]byte(russian))), "win-1251", russian, charset.Declared},
		"windows-1251, unknown name":    {must(charmap.Windows1251.NewEncoder().Bytes([]byte(russian))), "x-nonsense", russian, charset.Guessed},
		"iso-2022-jp":                   {must(japanese.ISO2022JP.NewEncoder().Bytes([]byte(japaneseText))), "iso-2022-jp", japaneseText, charset.Declared},
		"iso-2022-jp, undeclared":       {must(japanese.ISO2022JP.NewEncoder().Bytes([]byte(japaneseText))), "", japaneseText, charset.Declared},
		"shift_jis":                     {must(japanese.ShiftJIS.NewEncoder().Bytes([]byte(japaneseText))), "Shift_JIS", japaneseText, charset.Declared},
		"shift_jis as cp932":            {must(japanese.ShiftJIS.NewEncoder().Bytes([]byte(japaneseText))), "cp932", japaneseText, charset.Declared},
		"gb2312":                        {must(simplifiedchinese.GBK.NewEncoder().Bytes([]byte("你好，世界"))), "gb2312", "你好，世界", charset.Declared},
		"big5":                          {must(traditionalchinese.Big5.NewEncoder().Bytes([]byte("你好，世界"))), "big5", "你好，世界", charset.Declared},
		"ks_c_5601-1987":                {must(korean.EUCKR.NewEncoder().Bytes([]byte("안녕하세요"))), "ks_c_5601-1987", "안녕하세요", charset.Declared},
		"ibm850":                        {must(charmap.CodePage850.NewEncoder().Bytes([]byte("Grüße"))), "cp850", "Grüße", charset.Declared},
		"label within the label":        {[]byte("Gr\xfc\xdfe"), "charset=iso-8859-1", "Grüße", charset.Declared},
		"label in quotes with language": {[]byte("Gr\xfc\xdfe"), "'iso-8859-1'", "Grüße", charset.Declared},
		"utf-7":                         {[]byte("Gr+APwA3w-e 1 +- 2"), "utf-7", "Grüße 1 + 2", charset.Declared},
		"utf-7, broken":                 {[]byte("a+\xff"), "utf-7", "a+ÿ", charset.Guessed},
	} {
		got, how := charset.Text(c.in, c.label, false)
		if got != c.want || how != c.how {
			t.Errorf("%s: got %q (%q), want %q (%q)", name, got, how, c.want, c.how)
		}
	}
}

func TestTextOfAPage(t *testing.T) {
	page := []byte("<html><head><meta http-equiv=Content-Type content=\"text/html; charset=windows-1250\"></head>\xb9</html>")
	if got, _ := charset.Text(page, "", true); !strings.Contains(got, "ą") {
		t.Errorf("the page's own charset is not believed: %q", got)
	}
	if got, _ := charset.Text(page, "iso-8859-1", true); !strings.Contains(got, "¹") {
		t.Errorf("the part's charset does not count first: %q", got)
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                                      "plain",
		"=?utf-8?Q?Gr=C3=BC=C3=9Fe_an?= alle":        "Grüße an alle",
		"=?UTF-8?b?R3LDvMOfZQ==?=":                   "Grüße",
		"=?utf-8?Q?=C3=BCber?=":                      "über",
		"=?utf-8?B?R3I=?= =?utf-8?B?w7zDn2U=?=":      "Grüße",
		"=?utf-8?B?R3LD?=\r\n =?utf-8?B?vMOfZQ==?=":  "Grüße", // a letter split over two words
		"=?utf-8?B?R3LDvMOfZQ?=":                     "Grüße",
		"=?iso-8859-1?Q?Gr=FC?= =?utf-8?Q?=C3=9Fe?=": "Grüße",
		"=?utf-8?Q?a?= b =?utf-8?Q?c?=":              "a b c",
		"\"=?utf-8?Q?a b?=\" <x@y>":                  "\"a b\" <x@y>",
		"a=?utf-8?Q?b?=c":                            "abc",
		"=?utf-8?Q?open":                             "=?utf-8?Q?open",
		"=?utf-8?X?abc?=":                            "=?utf-8?X?abc?=",
		"=?nonsense?Q?abc=FC?=":                      "abcü",
		"=?utf-8*de?Q?=C3=BC?=":                      "ü",
		"Gr\xfc\xdfe":                                "Grüße",
		"Grüße":                                      "Grüße",
		"=?iso-2022-jp?B?GyRCJDMkcxsoQg==?=":         "こん",
		"=?utf-8?Q??=":                               "",
		"what=?":                                     "what=?",
	} {
		if got := charset.Words(in); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("a =?utf-8?Q?=C3=BC?= =?iso-2022-jp?B?GyRCJDMkcxsoQg==?= \xff")
	f.Fuzz(func(t *testing.T, s string) {
		if got := charset.Words(s); !utf8.ValidString(got) {
			t.Errorf("%q is not UTF-8", got)
		}
	})
}

func FuzzText(f *testing.F) {
	f.Add([]byte("Gr\xfc\xdfe"), "iso-2022-jp", true)
	f.Add([]byte("+APw-"), "utf-7", false)
	f.Fuzz(func(t *testing.T, b []byte, label string, html bool) {
		if got, _ := charset.Text(b, label, html); !utf8.ValidString(got) {
			t.Errorf("%q is not UTF-8", got)
		}
	})
}
