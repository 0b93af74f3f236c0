package mailsync

import "time"

// window sizes start here and aim at windows of windowTime, so that between
// two of them there is time for news.
const (
	firstWindow = 32
	firstBytes  = 512 << 10
	leastWindow = 8
	leastBytes  = 128 << 10
	windowTime  = 700 * time.Millisecond
)

// pace is how much is asked for at once.
type pace struct {
	mails, mostMails int
	bytes, mostBytes int64
}

func newPace(l Limits) pace {
	return pace{
		mails: min(firstWindow, l.Window), mostMails: l.Window,
		bytes: min(firstBytes, l.WindowBytes), mostBytes: l.WindowBytes,
	}
}

// took adapts the pace to how long a window lasted.
func (p *pace) took(d time.Duration) {
	switch {
	case d > windowTime:
		p.mails, p.bytes = max(p.mails/2, leastWindow), max(p.bytes/2, leastBytes)
	case d < windowTime/3:
		p.mails, p.bytes = p.mails*2, p.bytes*2
	}
	p.mails, p.bytes = min(p.mails, p.mostMails), min(p.bytes, p.mostBytes)
}
