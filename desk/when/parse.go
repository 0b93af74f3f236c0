package when

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/desk"
)

// Limits of a time that Parse returns.
const (
	Farthest = 366 * 24 * time.Hour
	Morning  = 9 // the hour of a day that is named without one
)

// phraseLimit is the longest phrase that is read, in bytes.
const phraseLimit = 64

// Parse returns the time that a phrase means, and the zero time for "reply",
// which is until somebody answers. Of a weekday or an hour it is the next one.
// The error says how a time is written.
func Parse(phrase string, now time.Time) (time.Time, error) {
	words := plainWords(phrase)
	if isReply(words) {
		return time.Time{}, nil
	}
	t, ok := parse(words, now)
	switch {
	case !ok:
		return t, desk.Errorf(desk.Invalid, "%.40q is not a time; say for example 1h, 14:00, tomorrow, fri 14:00, 24 dec or reply", phrase)
	case !t.After(now):
		return t, desk.Errorf(desk.Invalid, "%s is over; say a time to come", t.Format("2 January 2006 15:04"))
	case t.Sub(now) > Farthest:
		return t, desk.Errorf(desk.Invalid, "%s is more than a year away; say a time before that", t.Format("2 January 2006"))
	}
	return t, nil
}

// plainWords returns the words of a phrase that mean something.
func plainWords(phrase string) []string {
	if len(phrase) > phraseLimit {
		return nil
	}
	words := strings.Fields(strings.ToLower(strings.ReplaceAll(phrase, ",", " ")))
	return slices.DeleteFunc(words, func(w string) bool {
		switch w {
		case "at", "on", "in", "for", "until", "till", "a", "an", "the", "they", "customer":
			return true
		}
		return false
	})
}

func isReply(words []string) bool {
	return len(words) == 1 && (words[0] == "reply" || words[0] == "answer" || words[0] == "replies")
}

func parse(words []string, now time.Time) (time.Time, bool) {
	if len(words) == 0 {
		return time.Time{}, false
	}
	if t, ok := after(strings.Join(words, ""), now); ok {
		return t, true
	}
	hour, minute, rest, timed := cutClock(words)
	if len(rest) == 0 {
		return nextClock(hour, minute, now), timed
	}
	if !timed {
		hour, minute = Morning, 0
	}
	return onDay(rest, hour, minute, now)
}

var (
	spans  = regexp.MustCompile(`^(?:\d{1,4}[a-z]+)+$`)
	amount = regexp.MustCompile(`(\d{1,4})([a-z]+)`)
)

// after returns the time a duration such as 1h30m, 2days or 1w from now.
func after(s string, now time.Time) (time.Time, bool) {
	if !spans.MatchString(s) {
		return now, false
	}
	t := now
	for _, m := range amount.FindAllStringSubmatch(s, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return now, false
		}
		switch m[2] {
		case "m", "min", "mins", "minute", "minutes":
			t = t.Add(time.Duration(n) * time.Minute)
		case "h", "hr", "hrs", "hour", "hours":
			t = t.Add(time.Duration(n) * time.Hour)
		case "d", "day", "days":
			t = t.AddDate(0, 0, n)
		case "w", "week", "weeks":
			t = t.AddDate(0, 0, 7*n)
		default:
			return now, false
		}
	}
	return t, true
}

var clock = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d{2}))?(am|pm)?$`)

// cutClock takes the hour from the end of the words: 14:00, 9.30, 2pm, noon.
func cutClock(words []string) (hour, minute int, rest []string, ok bool) {
	last, rest := words[len(words)-1], words[:len(words)-1]
	if len(rest) > 0 && (last == "am" || last == "pm") {
		last, rest = rest[len(rest)-1]+last, rest[:len(rest)-1]
	}
	switch last {
	case "noon":
		return 12, 0, rest, true
	case "tonight", "evening":
		return 18, 0, slices.Concat(rest, []string{"today"}), true
	}
	m := clock.FindStringSubmatch(last)
	if m == nil || m[2] == "" && m[3] == "" {
		return 0, 0, words, false
	}
	hour, _ = strconv.Atoi(m[1])   // one or two digits
	minute, _ = strconv.Atoi(m[2]) // two digits, or none for 0
	switch {
	case m[3] == "" && hour < 24, m[3] != "" && hour >= 1 && hour <= 12:
	default:
		return 0, 0, words, false
	}
	if m[3] != "" {
		hour %= 12
	}
	if m[3] == "pm" {
		hour += 12
	}
	return hour, minute, rest, minute < 60
}

// at returns an hour of the day that is days after the one of t.
func at(t time.Time, days, hour, minute int) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d+days, hour, minute, 0, 0, t.Location())
}

func nextClock(hour, minute int, now time.Time) time.Time {
	if t := at(now, 0, hour, minute); t.After(now) {
		return t
	}
	return at(now, 1, hour, minute)
}

// onDay returns an hour of the day that the words name.
func onDay(words []string, hour, minute int, now time.Time) (time.Time, bool) {
	if len(words) == 1 {
		switch words[0] {
		case "today":
			return at(now, 0, hour, minute), true
		case "tomorrow", "tmr":
			return at(now, 1, hour, minute), true
		}
		if wd, ok := weekday(words[0]); ok {
			return onWeekday(wd, hour, minute, now), true
		}
	}
	if len(words) == 2 && words[0] == "next" {
		if words[1] == "week" {
			return onWeekday(time.Monday, hour, minute, at(now, 0, 23, 59)), true
		}
		if wd, ok := weekday(words[1]); ok {
			return onWeekday(wd, hour, minute, at(now, 0, 23, 59)), true
		}
	}
	return onDate(words, hour, minute, now)
}

func onWeekday(wd time.Weekday, hour, minute int, now time.Time) time.Time {
	days := (int(wd) - int(now.Weekday()) + 7) % 7
	if t := at(now, days, hour, minute); t.After(now) {
		return t
	}
	return at(now, days+7, hour, minute)
}

func weekday(s string) (time.Weekday, bool) {
	for wd := time.Sunday; wd <= time.Saturday; wd++ {
		if begins(s, wd.String(), 2) {
			return wd, true
		}
	}
	return 0, false
}

func month(s string) (time.Month, bool) {
	for m := time.January; m <= time.December; m++ {
		if begins(s, m.String(), 3) {
			return m, true
		}
	}
	return 0, false
}

// begins reports whether s, of least letters at least, begins a name.
func begins(s, name string, least int) bool {
	return len(s) >= least && strings.HasPrefix(strings.ToLower(name), s)
}

// onDate returns an hour of a date: 2026-12-24, 24 dec, dec 24, 24 december
// 2026. Without a year it is the next such day.
func onDate(words []string, hour, minute int, now time.Time) (time.Time, bool) {
	if len(words) == 1 {
		t, err := time.Parse(time.DateOnly, words[0])
		y, m, d := t.Date()
		return time.Date(y, m, d, hour, minute, 0, 0, now.Location()), err == nil
	}
	if len(words) != 2 && len(words) != 3 {
		return now, false
	}
	m, ok := month(words[1])
	number := words[0]
	if !ok {
		m, ok = month(words[0])
		number = words[1]
	}
	day, err := strconv.Atoi(strings.TrimSuffix(number, "."))
	if !ok || err != nil {
		return now, false
	}
	year := now.Year()
	if len(words) == 3 {
		if year, err = strconv.Atoi(words[2]); err != nil || year < 1 || year > 9999 {
			return now, false
		}
	}
	t := time.Date(year, m, day, hour, minute, 0, 0, now.Location())
	if len(words) == 2 && !t.After(now) {
		t = time.Date(year+1, m, day, hour, minute, 0, 0, now.Location())
	}
	return t, t.Month() == m && day > 0
}
