package imap

import (
	"io"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"hark/tools/dovecot"
)

// BenchmarkRaw fetches a mailbox of a real server, and beside it the same by
// the library alone: what measuring and mending cost is the difference.
func BenchmarkRaw(b *testing.B) {
	s := dovecot.ForTest(b)
	o := account(b, s, "ann", Plain)
	box := open(b, o)
	const mails = 1000
	text := letter("bench") + strings.Repeat("All work and no play makes a dull desk, and that is the rest.\r\n", 400)
	var uids []uint32
	for i := range mails {
		put(b, box, text)
		uids = append(uids, uint32(i+1))
	}
	b.Run("here", func(b *testing.B) {
		b.SetBytes(int64(mails * len(text)))
		b.ReportAllocs()
		for b.Loop() {
			got, err := box.Raw(b.Context(), uids, false, 1<<20, swallow)
			if err != nil || len(got) != mails {
				b.Fatal(len(got), err)
			}
		}
	})
	b.Run("library", func(b *testing.B) {
		lib := bareLibrary(b, o)
		b.SetBytes(int64(mails * len(text)))
		b.ReportAllocs()
		for b.Loop() {
			fetchByLibrary(b, lib, uids)
		}
	})
}

// bareLibrary signs in by the library alone.
func bareLibrary(b *testing.B, o Options) *imapclient.Client {
	lib, err := imapclient.DialInsecure(net.JoinHostPort(o.Host, strconv.Itoa(o.Port)), nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := lib.Close(); err != nil {
			b.Error(err)
		}
	})
	if err := lib.Login(o.User, dovecot.Password).Wait(); err != nil {
		b.Fatal(err)
	}
	if _, err := lib.Select("INBOX", nil).Wait(); err != nil {
		b.Fatal(err)
	}
	return lib
}

func fetchByLibrary(b *testing.B, lib *imapclient.Client, uids []uint32) {
	options := &imap.FetchOptions{
		UID: true, RFC822Size: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}},
	}
	for set := range windows(uids) {
		cmd := lib.Fetch(set, options)
		for mail := cmd.Next(); mail != nil; mail = cmd.Next() {
			for item := mail.Next(); item != nil; item = mail.Next() {
				if body, ok := item.(imapclient.FetchItemDataBodySection); ok {
					if _, err := io.Copy(io.Discard, body.Literal); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
		if err := cmd.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
