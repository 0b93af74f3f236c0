package when

import (
	"math"
	"strconv"
	"time"
)

// Choice is a time that is offered.
type Choice struct {
	Label  string    // such as "tomorrow 09:00"
	Phrase string    // what Parse reads as the same
	Until  time.Time // zero: until a reply
}

// Choices returns the times that are worth offering now, each once, soonest
// first; the last is until a reply.
func Choices(now time.Time) []Choice {
	var all []Choice
	for _, phrase := range []string{"1h", "3h", "today 18:00", "tomorrow 09:00", "mon 09:00", "1w"} {
		t, err := Parse(phrase, now)
		if err != nil || offered(all, t) {
			continue
		}
		all = append(all, Choice{Say(t, now), phrase, t})
	}
	return append(all, Choice{Label: "until a reply", Phrase: "reply"})
}

func offered(all []Choice, t time.Time) bool {
	for _, c := range all {
		if c.Until.Sub(t).Abs() < time.Minute {
			return true
		}
	}
	return false
}

// Say returns a time to come in words: "today 14:00", "tomorrow 09:00",
// "Friday 14:00", "24 December 09:00", or "until a reply" for the zero time.
// Parse reads them as the same minute.
func Say(t, now time.Time) string {
	if t.IsZero() {
		return "until a reply"
	}
	t = t.In(now.Location())
	switch days := daysBetween(now, t); {
	case days == 0:
		return "today " + t.Format("15:04")
	case days == 1:
		return "tomorrow " + t.Format("15:04")
	case days > 1 && days < 7:
		return t.Format("Monday 15:04")
	case t.Year() == now.Year():
		return t.Format("2 January 15:04")
	}
	return t.Format("2 January 2006 15:04")
}

// daysBetween counts the midnights between two times in the same zone.
func daysBetween(from, to time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(to).Sub(day(from)) / (24 * time.Hour))
}

// Long returns a length of time in words, rounded as people do: "40 seconds",
// "5 minutes", "3 hours", "2 days".
func Long(d time.Duration) string {
	switch d = max(d, 0); {
	case d < 90*time.Second:
		return count(d.Seconds(), "second")
	case d < 90*time.Minute:
		return count(d.Minutes(), "minute")
	case d < 36*time.Hour:
		return count(d.Hours(), "hour")
	}
	return count(d.Hours()/24, "day")
}

func count(n float64, unit string) string {
	whole := int(math.Round(n))
	if whole == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(whole) + " " + unit + "s"
}
