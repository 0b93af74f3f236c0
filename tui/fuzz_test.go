package tui

import (
	"io"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"
)

// FuzzInput holds the console to this: whatever bytes a terminal sends, it
// neither breaks nor hangs, and keys still do what they say afterwards.
func FuzzInput(f *testing.F) {
	for _, s := range []string{
		"jkjk\r", "r hello\rn note\r", "\x0bres\r", ":g\r\x1b", "\x1b[200~pasted\x1b[201~", "\x1b[200~never ended",
		"\x1b[<0;10;10M\x1b[<65;10;10M", "\x1b[<999999999;-1;0m", "\x1b[27;5;13~\x1b[13;2u\x1b[99999999999u", "\x1b]11;rgb:ff/ff\x1b\\",
		"\x1b[?2027;2$y\x1b[?1;2c", "\x1b[I\x1b[O\x1b[I", "gs\x0d\x0d\x0djjr", "gn", "??", "\x1bOP\x1bOQ", "\x9b31m\xff\xfe\x00", "\x1bP>|xterm\x1b\\",
		"/from:\x1b/", "xjjX", "aoz", "tb", "\x1a\x0c", "é漢👩‍👩‍👧\u202e",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		raw = raw[:min(len(raw), 1024)] // the rest would be more of the same
		cryptotest.SetGlobalRandom(t, 1)
		synctest.Test(t, func(t *testing.T) { survive(t, raw) })
	})
}

// survive sends bytes, then leaves whatever they opened and answers somebody.
func survive(t *testing.T, raw []byte) {
	c := start(t, setup{desk: shop, size: Size{W: 80, H: 24}})
	defer c.close()
	for len(raw) > 0 {
		n := min(len(raw), 64)
		if !c.takes(raw[:n]) {
			return // ctrl+c twice closes the console
		}
		raw = raw[n:]
	}
	if !c.takes([]byte("\x1b[201~\x1b\\\x18")) { // whatever was begun has an end
		return
	}
	for range 8 {
		time.Sleep(time.Second)
		if !c.takes([]byte("\x1b")) {
			return
		}
	}
	c.Resize(Size{W: 40, H: 10}).Resize(Size{W: 120, H: 40})
	c.Press("go.all").Sees("inbox·all").Press("help").Sees("help: ").Key("esc").Misses("help: ")
}

// takes sends bytes unless the console has ended.
func (c *console) takes(raw []byte) bool {
	sent := make(chan error, 1)
	go func() {
		_, err := c.keys.Write(raw)
		sent <- err
	}()
	c.settle()
	select {
	case err := <-c.ended:
		c.ended <- err
		_ = c.keys.CloseWithError(io.EOF)
		<-sent
		return false
	case err := <-sent:
		return err == nil
	default:
		c.t.Fatal("the console takes no more keys")
		return false
	}
}
