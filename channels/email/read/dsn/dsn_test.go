package dsn_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"hark/channels/email/read/dsn"
	"hark/channels/email/read/entity"
)

func TestParse(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"postfix": {
			"Reporting-MTA: dns; mx.example\nX-Postfix-Queue-ID: 1\n\nFinal-Recipient: rfc822; Ana@customer.example\nOriginal-Recipient: rfc822;ana@customer.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such\n    user\n",
			"{ana@customer.example failed 5.1.1 550 5.1.1 no such user}",
		},
		"two recipients": {
			"Reporting-MTA: x\n\n\nFinal-Recipient: rfc822;a@x.example\nAction: delayed\nStatus: 4.4.1\n\nFinal-Recipient: rfc822;b@x.example\nAction: delivered\nStatus: 2.0.0\n",
			"{a@x.example delayed 4.4.1 } {b@x.example delivered 2.0.0 }",
		},
		"exchange": {
			"Reporting-MTA: dns;x\r\n\r\nFinal-recipient: RFC822;a@x.example\r\nAction: failed\r\nStatus: 5.4.1\r\nDiagnostic-Code: smtp;550 5.4.1 Recipient address rejected\r\nX-Display-Name: A\r\n",
			"{a@x.example failed 5.4.1 550 5.4.1 Recipient address rejected}",
		},
		"words behind the code":    {"\n\nFinal-Recipient: rfc822; a@x.example\nAction: Failed (bad)\nStatus: 5.0.0 (mailbox is full)\n", "{a@x.example failed 5.0.0 mailbox is full}"},
		"an alias":                 {"Original-Recipient: rfc822;a@x.example\nFinal-Recipient: rfc822;a.b@inner.example\nAction: failed\n", "{a@x.example failed  }"},
		"no type of the address":   {"Final-Recipient: <a@x.example>\nAction: failed\n", "{a@x.example failed  }"},
		"international":            {"Final-Recipient: utf-8; ü@x.example\nAction: failed\nStatus: nonsense\n", "{ü@x.example failed  }"},
		"no address":               {"Final-Recipient: unknown\nAction: failed\n", ""},
		"no action":                {"Final-Recipient: rfc822;a@x.example\n", ""},
		"controls":                 {"Final-Recipient: rfc822;a@x.example\nAction: failed\nDiagnostic-Code: smtp; \x1b[31m550\u202e\n", "{a@x.example failed  [31m550}"},
		"nothing":                  {"", ""},
		"only words":               {"It did not work.", ""},
		"only blank lines":         {"\r\n\r\n\r\n", ""},
		"no blank line to the end": {"Reporting-MTA: x\nFinal-Recipient: rfc822;a@x.example\nAction: failed", "{a@x.example failed  }"},
	} {
		got := fmt.Sprint(dsn.Parse(c.in).Recipients)
		if got = got[1 : len(got)-1]; got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestDisposition(t *testing.T) {
	st := dsn.Parse("Reporting-UA: x\nFinal-Recipient: rfc822;a@x.example\nOriginal-Message-ID: <1@shop.example>\nDisposition: automatic-action/MDN-sent-automatically; Deleted/error\n")
	if !st.Disposition || st.OriginalID != "1@shop.example" || len(st.Recipients) != 1 || st.Recipients[0].Action != "deleted" {
		t.Errorf("got %+v", st)
	}
}

func TestWords(t *testing.T) {
	st := dsn.Words(entity.Header{{Name: "x-failed-recipients", Value: "a@x.example, B@x.example"}}, "")
	if got := fmt.Sprint(st.Recipients); got != "[{a@x.example failed  } {b@x.example failed  }]" {
		t.Errorf("exim: %s", got)
	}
	st = dsn.Words(nil, "Hi. This is the qmail-send program at x.\n\n<a@x.example>:\nNo mailbox. (#5.1.1)\n\n--- Below this line\n\n<b@x.example>:\nx\n")
	if got := fmt.Sprint(st.Recipients); got != "[{a@x.example failed 5.1.1 No mailbox. (#5.1.1)}]" {
		t.Errorf("qmail: %s", got)
	}
	if st := dsn.Words(nil, "<a@x.example>:\nhello"); len(st.Recipients) != 0 {
		t.Errorf("a letter is taken for a report: %+v", st)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\n")
	f.Add(strings.Repeat("Final-Recipient: rfc822; a@x.example\nAction: failed\n\n", 600))
	f.Fuzz(func(t *testing.T, s string) {
		st := dsn.Parse(s)
		if len(st.Recipients) > 500 {
			t.Errorf("%d recipients", len(st.Recipients))
		}
		for _, r := range st.Recipients {
			if strings.IndexFunc(r.Address+r.Action+r.Status+r.Diagnostic, unicode.IsControl) >= 0 || len(r.Diagnostic) > 500 {
				t.Errorf("%+q", r)
			}
		}
		dsn.Words(entity.Header{{Name: "x-failed-recipients", Value: s}}, s)
	})
}
