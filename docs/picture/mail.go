package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"hark/channels/email/imap"
	"hark/demo"
)

// sampleMail is a mail as people's programs write them: two forms of the words,
// a quote, a link that says another address, pictures from elsewhere, a file.
const sampleMail = `From: =?utf-8?q?Lov=C3=ADsa_Jonsd=C3=B3ttir?= <lovisa@heima.example>
To: Lykta <help@lykta.example>
Cc: Gunnar <gunnar@heima.example>
Subject: Two of three lamps arrived
Message-ID: <lamps-3@heima.example>
Date: %s
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="m"

--m
Content-Type: text/html; charset=utf-8

<p>Hello,</p><p>of the three lamps only two are here. The list of the parcel says three:</p>
<table><tr><th>Lamp</th><th>Pieces</th></tr><tr><td>Fjord</td><td>2</td></tr><tr><td>Moln</td><td>1</td></tr></table>
<p>Tracking: <a href="https://parcels.example/t/4471">parcels.example/t/4471</a></p>
<p>Lov&iacute;sa</p>
<img src="https://news.example/logo.png"><img src="https://news.example/o.gif" width="1" height="1">
<blockquote type="cite"><p>Your parcel has left us.</p><p>It should be with you on Thursday.</p></blockquote>
--m
Content-Type: application/pdf; name="parcel list.pdf"
Content-Disposition: attachment; filename="parcel list.pdf"
Content-Transfer-Encoding: base64

%s
--m--
`

// mailServer is how hark doctor names the demo's IMAP server.
var mailServer = regexp.MustCompile(`imap shop +127\.0\.0\.1:(\d+)`)

// mail lets the sample mail arrive, answers it halfway, and draws the screen.
func (s *studio) mail(ctx context.Context, path string) error {
	if err := s.deliver(ctx); err != nil {
		return err
	}
	for _, step := range []struct{ keys, shows string }{
		{"\x1b", "NAV"},
		{"ga", "Two of three lamps"},
		{"gg\r", "parcel list.pdf"},
		{"r", "Subject: Re:"},
		{"The third one left us a day later. It is with you tomorrow.", "tomorrow."},
	} {
		if err := s.screen.Type(step.keys); err != nil {
			return err
		}
		if err := s.screen.WaitFor(ctx, step.shows); err != nil {
			return err
		}
	}
	if err := s.rest(ctx); err != nil {
		return err
	}
	x, y := s.screen.Cursor()
	return write(path, []byte(svg(s.screen.Cells(), "hark", place{x, y, true})))
}

// deliver puts the sample mail into the demo's mailbox.
func (s *studio) deliver(ctx context.Context) error {
	out, err := s.hark(ctx, "doctor")
	if err != nil {
		return err
	}
	found := mailServer.FindStringSubmatch(out)
	if found == nil {
		return errors.New("hark doctor does not name the demo's mail server")
	}
	port, err := strconv.Atoi(found[1])
	if err != nil {
		return err
	}
	password, err := os.ReadFile(filepath.Join(s.data, "mail-password"))
	if err != nil {
		return err
	}
	box, err := imap.Dial(ctx, imap.Options{
		Host: "127.0.0.1", Port: port, Security: imap.Plain, User: demo.MailAddress,
		Secret: func(context.Context) (string, error) { return strings.TrimSpace(string(password)), nil },
	})
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	text := fmt.Sprintf(sampleMail, now.Format(time.RFC1123Z), base64.StdEncoding.EncodeToString([]byte(strings.Repeat("%PDF-1.7 ", 4000))))
	text = strings.ReplaceAll(text, "\n", "\r\n")
	return errors.Join(box.Append(ctx, "INBOX", nil, now, int64(len(text)), strings.NewReader(text)), box.Close())
}
