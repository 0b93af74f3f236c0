package imaptest

import (
	"sync/atomic"
	"time"
)

// Say replies with lines; TAG stands for the command's tag and \n for a line
// end. Use Raw where every byte counts.
func Say(text string) Reply { return func(c *Conn) { c.Say("%s", text) } }

// Raw replies with text as it is, but for TAG.
func Raw(text string) Reply { return func(c *Conn) { c.Raw(text) } }

// Silence says text and then nothing ever.
func Silence(text string) Reply {
	return func(c *Conn) {
		c.Raw(text)
		c.wait()
	}
}

// HangUp says text and closes the connection.
func HangUp(text string) Reply {
	return func(c *Conn) {
		c.Raw(text)
		c.Close()
	}
}

// Drip says text one byte at a time, pausing before each.
func Drip(text string, pause time.Duration) Reply {
	return func(c *Conn) {
		for i := range len(text) {
			time.Sleep(pause)
			if _, err := c.Write([]byte{text[i]}); err != nil {
				return
			}
		}
		c.wait()
	}
}

// After says text and then answers soundly.
func After(text string) Reply {
	return func(c *Conn) {
		c.Say("%s", text)
		c.Sound()
	}
}

// Once replies so the first time on its connection, and soundly after that.
func Once(reply Reply) Reply {
	var used atomic.Bool
	return func(c *Conn) {
		if used.Swap(true) {
			c.Sound()
			return
		}
		reply(c)
	}
}
