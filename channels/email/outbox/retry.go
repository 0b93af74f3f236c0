package outbox

import (
	"math/rand/v2"
	"time"
)

// delays returns how long the outbox waits after each attempt that failed. They
// sum up to 48 hours, as senders are asked to go on for days (RFC 5321, section
// 4.5.4.1).
func delays() []time.Duration {
	d := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 2 * time.Hour}
	for range 11 {
		d = append(d, 4*time.Hour)
	}
	return d
}

// jitter is the part of a delay that is left to chance, so that many mails do
// not come back at the same moment.
const jitter = 0.2

// delay returns how long to wait after so many attempts, and false when there
// were enough.
func delay(tries int) (time.Duration, bool) {
	all := delays()
	if tries > len(all) {
		return 0, false
	}
	d := all[max(tries, 1)-1]
	return d + time.Duration(float64(d)*jitter*rand.Float64()), true
}
