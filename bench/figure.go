package main

import (
	"math"
	"slices"
	"time"
)

// figure is one line of output. The last three stand where a peer ran beside
// hark in the same run.
type figure struct {
	Bench     string  `json:"bench"`
	Figure    string  `json:"figure"`
	Case      string  `json:"case"`
	Value     float64 `json:"value"`
	Unit      string  `json:"unit"`
	Peer      string  `json:"peer,omitempty"`
	PeerValue float64 `json:"peer_value,omitempty"`
	Ratio     float64 `json:"ratio,omitempty"` // value by peer_value
}

// print writes a figure. A measurement that came to nothing is not a figure.
func (p *plan) print(f figure) error {
	f.Value, f.PeerValue = significant(f.Value), significant(f.PeerValue)
	if f.PeerValue != 0 {
		f.Ratio = significant(f.Value / f.PeerValue)
	}
	return p.out.Encode(f)
}

// significant rounds to four digits: more would only look exact.
func significant(v float64) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

// median returns the middle of the values.
func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	n := len(v)
	switch {
	case n == 0:
		return 0
	case n%2 == 1:
		return v[n/2]
	}
	return (v[n/2-1] + v[n/2]) / 2
}

// samples are durations that were measured one by one.
type samples []time.Duration

// quantile returns the value that the share q of the samples does not exceed,
// in milliseconds.
func (s samples) quantile(q float64) float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	i := int(math.Ceil(q*float64(len(sorted)))) - 1
	return milliseconds(sorted[min(max(i, 0), len(sorted)-1)])
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
