package when_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the machine may have no zones

	"hark/desk"
	"hark/desk/when"
)

// wednesday is 4 November 2026, ten in the morning, in Berlin.
func wednesday(t testing.TB) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2026, 11, 4, 10, 0, 0, 0, zone)
}

const form = "2006-01-02 15:04"

func TestParse(t *testing.T) {
	now := wednesday(t)
	for phrase, want := range map[string]string{
		"1h": "2026-11-04 11:00", "90 min": "2026-11-04 11:30", "1h30m": "2026-11-04 11:30", "in 2 hours": "2026-11-04 12:00",
		"for 3 days": "2026-11-07 10:00", "1w": "2026-11-11 10:00", "1w 1d": "2026-11-12 10:00",
		"14:00": "2026-11-04 14:00", "9:30": "2026-11-05 09:30", "2pm": "2026-11-04 14:00", "9 am": "2026-11-05 09:00", "12am": "2026-11-05 00:00", "12pm": "2026-11-04 12:00", "noon": "2026-11-04 12:00",
		"today 18:00": "2026-11-04 18:00", "tonight": "2026-11-04 18:00", "this": "",
		"tomorrow": "2026-11-05 09:00", "tomorrow at 8.15": "2026-11-05 08:15", "Tomorrow noon": "2026-11-05 12:00",
		"fri": "2026-11-06 09:00", "FRI 14:00": "2026-11-06 14:00", "on friday, 14:00": "2026-11-06 14:00",
		"wed 14:00": "2026-11-04 14:00", "wed 9:00": "2026-11-11 09:00", "wed": "2026-11-11 09:00", "next wed 14:00": "2026-11-11 14:00",
		"next week": "2026-11-09 09:00", "next mon": "2026-11-09 09:00",
		"2026-12-24": "2026-12-24 09:00", "2026-12-24 14:00": "2026-12-24 14:00", "24 dec": "2026-12-24 09:00", "dec 24 9:30": "2026-12-24 09:30", "24. december 8am": "2026-12-24 08:00", "3 nov": "2027-11-03 09:00", "24 dec 2026 10:00": "2026-12-24 10:00",
		"reply": "0001-01-01 00:00", "until a reply": "0001-01-01 00:00", "until they answer": "0001-01-01 00:00",
		"": "", "14": "", "soon": "", "25:00": "", "9:75": "", "13pm": "", "0am": "", "1x": "", "31 feb": "", "0 dec": "", "t": "", "m 14:00": "",
		"today 9:00": "", "2025-12-24": "", "2028-01-01": "", "9999d": "", "0m": "", "24 dec 20260": "", "next": "",
	} {
		got, err := when.Parse(phrase, now)
		switch {
		case want == "" && err == nil:
			t.Errorf("%q was read as %s", phrase, got.Format(form))
		case want == "" && desk.CodeOf(err) != desk.Invalid:
			t.Errorf("%q: %v is no sentence for people", phrase, err)
		case want != "" && err != nil:
			t.Errorf("%q: %v", phrase, err)
		case want != "" && got.Format(form) != want:
			t.Errorf("%q: got %s, want %s", phrase, got.Format(form), want)
		}
	}
}

// TestDaysAreOfTheCalendar crosses the night of 25 October 2026, which has 25
// hours in Berlin.
func TestDaysAreOfTheCalendar(t *testing.T) {
	now := wednesday(t).AddDate(0, 0, -11) // Saturday, 24 October
	for phrase, want := range map[string]time.Duration{"1d": 25 * time.Hour, "24h": 24 * time.Hour, "tomorrow 10:00": 25 * time.Hour} {
		got, err := when.Parse(phrase, now)
		if err != nil || got.Sub(now) != want {
			t.Errorf("%q is %s away (%v), want %s", phrase, got.Sub(now), err, want)
		}
	}
}

func TestSay(t *testing.T) {
	now := wednesday(t)
	for text, want := range map[string]string{
		"2026-11-04 14:00": "today 14:00", "2026-11-05 09:00": "tomorrow 09:00", "2026-11-10 09:00": "Tuesday 09:00",
		"2026-11-11 09:00": "11 November 09:00", "2027-01-02 09:00": "2 January 2027 09:00",
	} {
		at, err := time.ParseInLocation(form, text, now.Location())
		if err != nil {
			t.Fatal(err)
		}
		got := when.Say(at.UTC(), now)
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
		if back, err := when.Parse(got, now); err != nil || !back.Equal(at) {
			t.Errorf("%q is read as %v (%v)", got, back, err)
		}
	}
	if got := when.Say(time.Time{}, now); got != "until a reply" {
		t.Errorf("got %q", got)
	}
}

func TestChoices(t *testing.T) {
	now := wednesday(t)
	for _, now := range []time.Time{now, now.Add(12 * time.Hour), now.AddDate(0, 0, 4).Add(-time.Hour)} {
		all := when.Choices(now)
		for i, c := range all {
			got, err := when.Parse(c.Phrase, now)
			if err != nil || !got.Equal(c.Until) {
				t.Errorf("%q is %v (%v), not %v", c.Phrase, got, err, c.Until)
			}
			if i > 0 && i < len(all)-1 && !c.Until.After(all[i-1].Until) {
				t.Errorf("%v comes after %v", c, all[i-1])
			}
		}
		if len(all) < 4 || !all[len(all)-1].Until.IsZero() {
			t.Errorf("choices: %v", all)
		}
	}
}

func TestLong(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-1: "0 seconds", time.Second: "1 second", 89 * time.Second: "89 seconds", 95 * time.Second: "2 minutes",
		time.Hour: "60 minutes", 3*time.Hour + 20*time.Minute: "3 hours", 50 * time.Hour: "2 days",
	} {
		if got := when.Long(d); got != want {
			t.Errorf("%s: got %q, want %q", d, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1h", "fri 14:00", "24 dec 2026 9pm", "reply", "9999w", "next week", "2026-02-30"} {
		f.Add(s, int64(1793000000))
	}
	f.Fuzz(func(t *testing.T, phrase string, unix int64) {
		now := time.Unix(unix%(1<<36), 0).UTC()
		got, err := when.Parse(phrase, now)
		if err != nil || got.IsZero() {
			return
		}
		if !got.After(now) || got.Sub(now) > when.Farthest {
			t.Errorf("%q is %s at %s", phrase, got, now)
		}
		if got.Year() > 9999 {
			return
		}
		back, err := when.Parse(when.Say(got, now), now)
		if got.Second() == 0 && got.Nanosecond() == 0 && (err != nil || !back.Equal(got)) {
			t.Errorf("%q is %s, said as %q, read as %s (%v)", phrase, got, when.Say(got, now), back, err)
		}
	})
}
