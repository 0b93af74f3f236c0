package desk

import (
	"math/rand/v2"
	"testing"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func hours(t *testing.T, zoneName string, days map[string]string, holidays ...string) Hours {
	t.Helper()
	h, err := ParseHours(zone(t, zoneName), days, holidays)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// at reads a local time in the zone of h; where it comes twice, the first.
func (h Hours) at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, h.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func office() map[string]string {
	return map[string]string{"mon": "09:00-12:30,13:30-17:00", "tue": "09:00-17:00", "wed": "09:00-17:00", "fri": "22:00-02:00"}
}

func TestHoursOpens(t *testing.T) {
	h := hours(t, "Europe/Berlin", office(), "2026-11-25", "2026-11-28")
	for _, tt := range []struct{ at, opens string }{
		{"2026-11-23 08:59", "2026-11-23 09:00"}, // a Monday
		{"2026-11-23 09:00", "2026-11-23 09:00"},
		{"2026-11-23 12:29", "2026-11-23 12:29"},
		{"2026-11-23 12:30", "2026-11-23 13:30"},
		{"2026-11-23 17:00", "2026-11-24 09:00"},
		{"2026-11-24 17:00", "2026-11-27 22:00"}, // Wednesday is a holiday, Thursday closed
		{"2026-11-28 00:00", "2026-11-30 09:00"}, // the holiday cuts Friday's night
		{"2026-12-05 01:59", "2026-12-05 01:59"}, // Friday's night in Saturday
		{"2026-12-05 02:00", "2026-12-07 09:00"},
	} {
		got, ok := h.Opens(h.at(t, tt.at))
		if want := h.at(t, tt.opens); !ok || !got.Equal(want) {
			t.Errorf("at %s opens %v, %v; want %v", tt.at, got, ok, want)
		}
		if open := h.Open(h.at(t, tt.at)); open != (tt.at == tt.opens) {
			t.Errorf("at %s open is %v", tt.at, open)
		}
	}
}

func TestHoursAddAndBetween(t *testing.T) {
	h := hours(t, "Europe/Berlin", office(), "2026-11-25")
	for _, tt := range []struct {
		from string
		d    time.Duration
		to   string
	}{
		{"2026-11-23 10:00", time.Hour, "2026-11-23 11:00"},
		{"2026-11-23 12:00", time.Hour, "2026-11-23 14:00"},
		{"2026-11-23 12:00", 30 * time.Minute, "2026-11-23 12:30"},
		{"2026-11-22 03:00", time.Minute, "2026-11-23 09:01"},
		{"2026-11-24 16:00", 2 * time.Hour, "2026-11-27 23:00"},
		{"2026-11-24 16:00", 5 * time.Hour, "2026-11-28 02:00"},
		{"2026-11-24 16:00", 6 * time.Hour, "2026-11-30 10:00"},
	} {
		from, to := h.at(t, tt.from), h.at(t, tt.to)
		if got := h.Add(from, tt.d); !got.Equal(to) {
			t.Errorf("%s and %v of open time is %v; want %v", tt.from, tt.d, got, to)
		}
		if got := h.Between(from, to); got != tt.d {
			t.Errorf("from %s to %s is %v; want %v", tt.from, tt.to, got, tt.d)
		}
		if got := h.Between(to, from); got != 0 {
			t.Errorf("backwards: %v", got)
		}
	}
}

// The clocks of Berlin go from 02:00 to 03:00 on 29 March and from 03:00 back
// to 02:00 on 25 October 2026.
func TestHoursWhenTheClocksChange(t *testing.T) {
	whole := hours(t, "Europe/Berlin", map[string]string{"sat": "00:00-24:00", "sun": "00:00-24:00"})
	for day, want := range map[string]time.Duration{"2026-03-29": 23 * time.Hour, "2026-10-25": 25 * time.Hour, "2026-10-18": 24 * time.Hour} {
		from := whole.at(t, day+" 00:00")
		if got := whole.Between(from, from.AddDate(0, 0, 1)); got != want {
			t.Errorf("%s has %v; want %v", day, got, want)
		}
	}
	night := hours(t, "Europe/Berlin", map[string]string{"sun": "01:00-02:30"})
	for day, want := range map[string]time.Duration{"2026-03-29": time.Hour, "2026-10-25": 90 * time.Minute} {
		from := night.at(t, day+" 00:00")
		if got := night.Between(from, from.AddDate(0, 0, 1)); got != want {
			t.Errorf("the night of %s has %v; want %v", day, got, want)
		}
	}
	skipped := hours(t, "Europe/Berlin", map[string]string{"sun": "02:10-02:40"})
	opens, ok := skipped.Opens(skipped.at(t, "2026-03-27 00:00"))
	if want := skipped.at(t, "2026-04-05 02:10"); !ok || !opens.Equal(want) {
		t.Errorf("hours that were skipped open %v, %v; want a week later, %v", opens, ok, want)
	}
}

// Havana's and Beirut's clocks change at midnight, Samoa had no 30 December 2011.
func TestHoursAtOddMidnights(t *testing.T) {
	always := map[string]string{"sun": "00:00-24:00", "mon": "00:00-24:00", "tue": "00:00-24:00", "wed": "00:00-24:00", "thu": "00:00-24:00", "fri": "00:00-24:00", "sat": "00:00-24:00"}
	for zone, from := range map[string]string{
		"America/Havana": "2025-10-28 12:00", "Asia/Beirut": "2025-10-24 12:00", "Africa/Cairo": "2025-04-23 12:00",
		"Pacific/Apia": "2011-12-28 12:00", "America/Sao_Paulo": "2018-11-01 12:00",
	} {
		h := hours(t, zone, always)
		a := h.at(t, from)
		b := a.Add(8 * 24 * time.Hour)
		if got := h.Between(a, b); got != b.Sub(a) {
			t.Errorf("%s: %v of %v is open", zone, got, b.Sub(a))
		}
		for m := a; m.Before(b); m = m.Add(time.Minute) {
			if !h.Open(m) {
				t.Fatalf("%s: closed at %v", zone, m)
			}
		}
	}
}

func TestHoursWithoutAny(t *testing.T) {
	now := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	var zero Hours
	if opens, ok := zero.Opens(now); !zero.Open(now) || !ok || !opens.Equal(now) || !zero.Always() {
		t.Error("the zero value is not always open")
	}
	if got := zero.Add(now, time.Hour); !got.Equal(now.Add(time.Hour)) {
		t.Errorf("an hour later is %v", got)
	}
	if _, ends := zero.Closes(now); ends {
		t.Error("the zero value closes")
	}
	only := hours(t, "UTC", nil, "2026-11-23", "2026-11-24")
	if opens, _ := only.Opens(now); !opens.Equal(time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("with holidays alone it opens %v", opens)
	}
	// Made by hand, a week whose only span has no length: it ends all the same.
	never := Hours{days: [7][]span{{{60, 60}}}}
	if _, ok := never.Opens(now); ok || never.Open(now) || !never.Add(now, time.Hour).IsZero() || never.Between(now, now.AddDate(9, 0, 0)) != 0 {
		t.Error("hours that never open do")
	}
}

func TestHoursClose(t *testing.T) {
	h := hours(t, "UTC", map[string]string{"mon": "09:00-12:00,12:00-17:00", "tue": "22:00-24:00", "wed": "00:00-06:00"})
	for _, tt := range []struct{ at, closes string }{
		{"2026-11-23 10:00", "2026-11-23 17:00"},
		{"2026-11-23 17:00", "2026-11-23 17:00"},
		{"2026-11-24 23:00", "2026-11-25 06:00"},
	} {
		if got, ok := h.Closes(h.at(t, tt.at)); !ok || !got.Equal(h.at(t, tt.closes)) {
			t.Errorf("at %s closes %v, %v; want %s", tt.at, got, ok, tt.closes)
		}
	}
	if _, ends := hours(t, "UTC", map[string]string{"mon": "00:00-24:00", "tue": "00:00-24:00", "wed": "00:00-24:00", "thu": "00:00-24:00", "fri": "00:00-24:00", "sat": "00:00-24:00", "sun": "00:00-24:00"}).Closes(time.Now()); ends {
		t.Error("whole days have an end")
	}
}

func TestHoursRefused(t *testing.T) {
	for _, days := range []map[string]string{
		{"monday": "09:00-17:00"},
		{"mon": "9-17"},
		{"mon": "09:00"},
		{"mon": "09:00-09:00"},
		{"mon": "09:60-10:00"},
		{"mon": "09:00-25:00"},
		{"mon": "24:00-01:00"},
		{"mon": "09:00-10:00,"},
		{"mon": "+9:00-10:00"},
		{"mon": ""},
	} {
		if h, err := ParseHours(nil, days, nil); CodeOf(err) != Invalid {
			t.Errorf("%v: %+v, %v", days, h, err)
		}
	}
	if _, err := ParseHours(nil, nil, []string{"25.12.2026"}); CodeOf(err) != Invalid {
		t.Errorf("a holiday that is no date: %v", err)
	}
}

// Every minute of some weeks around a change of the clocks, looked at one by
// one, adds up to what Between and Add say.
func TestHoursAgreeWithTheClockOnTheWall(t *testing.T) {
	h := hours(t, "Europe/Berlin", map[string]string{
		"mon": "08:00-12:00,11:00-13:30", "tue": "06:00-06:30", "thu": "13:00-20:00", "fri": "20:00-04:00", "sat": "03:00-05:00,23:00-06:00",
	}, "2026-10-22", "2026-11-01")
	start := h.at(t, "2026-10-12 00:00")
	const minutes = 28 * 24 * 60
	before := make([]int, minutes+1) // open minutes before the minute
	for i := range minutes {
		before[i+1] = before[i]
		if h.Open(start.Add(time.Duration(i) * time.Minute)) {
			before[i+1]++
		}
	}
	if before[minutes] == 0 || before[minutes] == minutes {
		t.Fatal("never or always open")
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		i := random.IntN(minutes)
		j := i + random.IntN(minutes-i)
		a, b := start.Add(time.Duration(i)*time.Minute), start.Add(time.Duration(j)*time.Minute)
		want := time.Duration(before[j]-before[i]) * time.Minute
		if got := h.Between(a, b); got != want {
			t.Fatalf("from %v to %v: %v, minute by minute %v", a, b, got, want)
		}
		d := want + time.Minute
		end := h.Add(a, d)
		if got := h.Between(a, end); got != d || !h.Open(end.Add(-time.Second)) {
			t.Fatalf("%v of open time after %v is %v, between them %v", d, a, end, got)
		}
	}
}

func FuzzParseHours(f *testing.F) {
	for _, s := range []string{"09:00-17:00", "22:00-02:00, 08:00-09:00", "00:00-24:00", "9-5", ""} {
		f.Add(s, "2026-12-25")
	}
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, spans, holiday string) {
		h, err := ParseHours(time.UTC, map[string]string{"sun": spans}, []string{holiday})
		if err != nil {
			return
		}
		opens, ok := h.Opens(now)
		if !ok || !h.Open(opens) || opens.Before(now) {
			t.Fatalf("%q opens %v, %v", spans, opens, ok)
		}
		if end := h.Add(now, 100*time.Hour); h.Between(now, end) != 100*time.Hour {
			t.Fatalf("%q: 100 h end %v", spans, end)
		}
	})
}
