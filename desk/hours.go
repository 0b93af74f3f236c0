package desk

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Hours are the times of a week in which a queue is open, in a zone, without
// the holidays. The zero value is always open. A value never changes.
//
// A time that the clocks skip in spring means the moment of the skip; one that
// comes twice in autumn means the first. A span may run past midnight. A
// holiday is closed from midnight to midnight: what began the evening before
// ends there.
type Hours struct {
	zone     *time.Location // nil: UTC
	days     [7][]span      // by time.Weekday, sorted; all empty: whole days
	holidays map[date]bool
}

// span is open time in minutes from a day's midnight; to may lie in the next
// day.
type span struct{ from, to int }

// date is a day of the calendar.
type date struct {
	year  int
	month time.Month
	day   int
}

const minutesOfDay = 24 * 60

// Weekdays are the names of days in ParseHours, Sunday first as in package
// time.
func Weekdays() [7]string { return [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

// ParseHours reads the hours of a week: for each day its spans, as in
// "09:00-12:30, 13:30-17:00", where an end that is not behind its beginning lies
// in the next day, and "" or a missing day is closed. No day at all is always
// open. Holidays are dates such as "2026-12-25".
func ParseHours(zone *time.Location, days map[string]string, holidays []string) (Hours, error) {
	h := Hours{zone: zone}
	names := Weekdays()
	for name, text := range days {
		day := slices.Index(names[:], name)
		if day < 0 {
			return Hours{}, Errorf(Invalid, "there is no day %q; the days are mon, tue, wed, thu, fri, sat and sun", name)
		}
		spans, err := parseSpans(text)
		if err != nil {
			return Hours{}, err
		}
		h.days[day] = spans
	}
	if len(days) > 0 && !h.weekly() {
		return Hours{}, Errorf(Invalid, "no day has open hours, so nobody would ever be served; leave the days out for a queue that is always open")
	}
	for _, text := range holidays {
		t, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return Hours{}, Errorf(Invalid, "%q is not a date; write it as 2026-12-25", text)
		}
		if h.holidays == nil {
			h.holidays = map[date]bool{}
		}
		h.holidays[dateOf(t)] = true
	}
	return h, nil
}

func parseSpans(text string) ([]span, error) {
	var spans []span
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		from, to, ok := strings.Cut(strings.TrimSpace(part), "-")
		a, okA := parseClock(from)
		b, okB := parseClock(to)
		if !ok || !okA || !okB || a == b || a == minutesOfDay {
			return nil, Errorf(Invalid, "%q is not a span of hours; write it as 09:00-17:00", part)
		}
		if b < a {
			b += minutesOfDay
		}
		spans = append(spans, span{a, b})
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return spans, nil
}

// parseClock reads "09:00" as minutes from midnight; "24:00" is the day's end.
func parseClock(text string) (int, bool) {
	hour, minute, ok := strings.Cut(strings.TrimSpace(text), ":")
	if !ok || len(hour) != 2 || len(minute) != 2 {
		return 0, false
	}
	h, errH := strconv.ParseUint(hour, 10, 8)
	m, errM := strconv.ParseUint(minute, 10, 8)
	n := int(h)*60 + int(m)
	return n, errH == nil && errM == nil && m < 60 && n <= minutesOfDay
}

// weekly reports whether days of the week have hours of their own.
func (h Hours) weekly() bool {
	return slices.ContainsFunc(h.days[:], func(s []span) bool { return len(s) > 0 })
}

// Always reports whether the hours have no end: no days and no holidays.
func (h Hours) Always() bool { return len(h.holidays) == 0 && !h.weekly() }

// Zone returns the zone in which the hours are meant.
func (h Hours) Zone() *time.Location {
	if h.zone == nil {
		return time.UTC
	}
	return h.zone
}

// Open reports whether t is within the hours. An end is not.
func (h Hours) Open(t time.Time) bool {
	opens, ok := h.Opens(t)
	return ok && opens.Equal(t)
}

// Opens returns t when it is open then, else the next opening. It is false
// when there is none.
func (h Hours) Opens(t time.Time) (time.Time, bool) {
	if h.Always() {
		return t, true
	}
	for from := range h.spans(t) {
		return latest(from, t), true
	}
	return time.Time{}, false
}

// Closes returns when the open time that holds t ends; t itself when it is
// closed then. It is false when there is no end.
func (h Hours) Closes(t time.Time) (time.Time, bool) {
	if h.Always() {
		return time.Time{}, false
	}
	end, until := t, t.Add(closesWithin)
	for from, to := range h.spans(t) {
		if from.After(end) {
			return end, true
		}
		if end = latest(end, to); end.After(until) {
			return time.Time{}, false
		}
	}
	return end, true
}

// closesWithin is how far ahead an end of open time is looked for: whole days
// that follow each other may have none.
const closesWithin = 400 * 24 * time.Hour

// Add returns the moment at which d of open time has passed since t; t itself
// for nothing or less. It is the zero time when that never comes.
func (h Hours) Add(t time.Time, d time.Duration) time.Time {
	switch {
	case d <= 0:
		return t
	case h.Always():
		return t.Add(d)
	}
	for from, to := range h.spans(t) {
		from = latest(from, t)
		if open := to.Sub(from); open < d {
			d -= max(open, 0)
			t = latest(t, to)
			continue
		}
		return from.Add(d)
	}
	return time.Time{}
}

// Between returns the open time from a to b, 0 when b is not after a.
func (h Hours) Between(a, b time.Time) time.Duration {
	if h.Always() {
		return max(b.Sub(a), 0)
	}
	var open time.Duration
	for from, to := range h.spans(a) {
		if !from.Before(b) {
			break
		}
		from = latest(from, a)
		if to.After(b) {
			to = b
		}
		if to.After(from) {
			open += to.Sub(from)
			a = to
		}
	}
	return open
}

// spans yields the open spans that end after t, in the order of their
// beginnings. They may overlap. It ends when no opening is left to come.
func (h Hours) spans(t time.Time) iter.Seq2[time.Time, time.Time] {
	return func(yield func(from, to time.Time) bool) {
		day := dateOf(t.In(h.Zone())).plus(-1) // it may run past midnight
		// Every week has an opening unless a holiday or a skipped hour takes
		// it, so that many weeks without one are the end.
		patience := 7 * (len(h.holidays) + 8)
		for idle := 0; idle < patience; idle++ {
			for _, s := range h.on(day) {
				from, to := h.moment(day, s.from), h.moment(day, s.to)
				if !to.After(t) || !to.After(from) {
					continue
				}
				if idle = 0; !yield(from, to) {
					return
				}
			}
			day = day.plus(1)
		}
	}
}

// on returns the spans that begin on a day.
func (h Hours) on(d date) []span {
	if h.holidays[d] {
		return nil
	}
	spans := h.days[d.weekday()]
	if len(spans) == 0 && !h.weekly() {
		return []span{{0, minutesOfDay}}
	}
	if h.holidays[d.plus(1)] {
		spans = slices.Clone(spans)
		for i := range spans {
			spans[i].to = min(spans[i].to, minutesOfDay)
		}
	}
	return spans
}

// moment returns when the clocks of the zone show so many minutes after a
// day's midnight.
func (h Hours) moment(d date, minutes int) time.Time {
	if minutes >= minutesOfDay {
		d, minutes = d.plus(1), minutes-minutesOfDay
	}
	t := time.Date(d.year, d.month, d.day, 0, minutes, 0, 0, h.Zone())
	begin, end := t.ZoneBounds()
	shown := t.Hour()*60 + t.Minute()
	switch {
	case dateOf(t) != d && dateOf(t) == d.plus(-1), dateOf(t) == d && shown < minutes:
		return end // skipped, and t lies before the skip
	case dateOf(t) != d, shown != minutes:
		return begin // skipped, and t lies behind it
	case begin.IsZero():
		return t
	}
	_, before := begin.Add(-time.Second).Zone()
	_, after := t.Zone()
	first := t.Add(time.Duration(after-before) * time.Second)
	if first.Before(begin) {
		return first
	}
	return t
}

func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return date{y, m, d}
}

func (d date) plus(days int) date {
	return dateOf(time.Date(d.year, d.month, d.day+days, 0, 0, 0, 0, time.UTC))
}

func (d date) weekday() time.Weekday {
	return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC).Weekday()
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
