package main

import (
	"time"

	"hark/channels/chat"
	"hark/config"
)

// chatOptions are what the configuration says of the website chat.
func (h *hub) chatOptions(c config.Chat) chat.Options {
	o := chat.Options{
		Desk: h.desk, Origins: c.Origins, TrustedProxies: c.TrustedProxies, Limits: chatLimits(c.Limits),
		Notice: c.Notice.Version, Preview: c.Preview, ReadMarks: c.ReadMarks,
		LinkLife: time.Duration(c.LinkDays) * 24 * time.Hour, Log: h.o.Log,
	}
	if c.Files {
		o.FileLimit = int64(c.FileLimit)
	}
	return o
}

// chatLimits are the limits of the configuration. The bounds around what one
// visitor may write grow with it, so that it can be reached.
func chatLimits(l config.Limits) chat.Limits {
	const (
		frames = 4       // a message comes with what is typed and seen
		bytes  = 2 << 10 // of a message
	)
	limits := chat.DefaultLimits()
	limits.Connections, limits.PerAddress = l.Connections, l.PerAddress
	limits.Messages = chat.Rate{PerSecond: float64(l.MessagesPerMinute) / 60, Burst: float64(l.Burst)}
	limits.AddressMessages = atLeast(limits.AddressMessages, limits.Messages, 1)
	limits.Frames = atLeast(limits.Frames, limits.Messages, frames)
	limits.Bytes = atLeast(limits.Bytes, limits.Messages, bytes)
	return limits
}

// atLeast returns r, or n times the other rate where that is more.
func atLeast(r, other chat.Rate, n float64) chat.Rate {
	return chat.Rate{PerSecond: max(r.PerSecond, n*other.PerSecond), Burst: max(r.Burst, n*other.Burst)}
}
