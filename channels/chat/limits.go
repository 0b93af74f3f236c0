package chat

import "time"

// Rate is how often something may happen: a burst at once, then so many a
// second.
type Rate struct {
	PerSecond float64
	Burst     float64
}

// Limits bound what strangers can cost. A zero field takes the value of
// DefaultLimits.
type Limits struct {
	Frame       int // bytes of one message of the socket
	Connections int // open connections in all
	PerAddress  int // open connections of one address

	Messages        Rate // what one visitor writes
	AddressMessages Rate // what one address writes
	AddressConnects Rate // sockets that one address opens
	Uploads         Rate // files that one address sends
	Requests        Rate // other requests of one address
	Forms           Rate // what one address writes without a script
	Frames          Rate // frames of any kind on one connection
	Bytes           Rate // bytes received on one connection

	Uploading     int   // files that one address sends at the same time
	VisitorFiles  int64 // bytes that one visitor has sent and no message has
	AddressFiles  int64 // the same of one address
	PendingFiles  int64 // and of all
	PendingNumber int   // how many files that may be

	Hello time.Duration // until the first frame
	Ping  time.Duration // between pings to an idle connection
	Idle  time.Duration // without a sign of life until it is closed
	Write time.Duration // for one frame to leave
	Stall time.Duration // that a body that is sent or taken may stop for
	Whole time.Duration // for a whole body
	Close time.Duration // for everybody to be told that the hub goes
}

// DefaultLimits suit a site behind which people write by hand.
func DefaultLimits() Limits {
	return Limits{
		Frame:           16 << 10,
		Connections:     20_000,
		PerAddress:      100,
		Messages:        Rate{PerSecond: 1, Burst: 20},
		AddressMessages: Rate{PerSecond: 20, Burst: 200},
		AddressConnects: Rate{PerSecond: 5, Burst: 100},
		Uploads:         Rate{PerSecond: 0.5, Burst: 20},
		Requests:        Rate{PerSecond: 5, Burst: 60},
		Forms:           Rate{PerSecond: 0.05, Burst: 10},
		Frames:          Rate{PerSecond: 20, Burst: 100},
		Bytes:           Rate{PerSecond: 32 << 10, Burst: 256 << 10},
		Uploading:       4,
		VisitorFiles:    50 << 20,
		AddressFiles:    100 << 20,
		PendingFiles:    1 << 30,
		PendingNumber:   10_000,
		Hello:           10 * time.Second,
		Ping:            30 * time.Second,
		Idle:            90 * time.Second,
		Write:           15 * time.Second,
		Stall:           20 * time.Second,
		Whole:           10 * time.Minute,
		Close:           5 * time.Second,
	}
}

// withDefaults fills the fields that are zero.
func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	fill(&l.Frame, d.Frame)
	fill(&l.Connections, d.Connections)
	fill(&l.PerAddress, d.PerAddress)
	fill(&l.Messages, d.Messages)
	fill(&l.AddressMessages, d.AddressMessages)
	fill(&l.AddressConnects, d.AddressConnects)
	fill(&l.Uploads, d.Uploads)
	fill(&l.Requests, d.Requests)
	fill(&l.Forms, d.Forms)
	fill(&l.Uploading, d.Uploading)
	fill(&l.VisitorFiles, d.VisitorFiles)
	fill(&l.AddressFiles, d.AddressFiles)
	fill(&l.PendingFiles, d.PendingFiles)
	fill(&l.PendingNumber, d.PendingNumber)
	fill(&l.Frames, d.Frames)
	fill(&l.Bytes, d.Bytes)
	fill(&l.Hello, d.Hello)
	fill(&l.Ping, d.Ping)
	fill(&l.Idle, d.Idle)
	fill(&l.Write, d.Write)
	fill(&l.Stall, d.Stall)
	fill(&l.Whole, d.Whole)
	fill(&l.Close, d.Close)
	return l
}

func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
