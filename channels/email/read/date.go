package read

import (
	"net/mail"
	"strings"
	"time"

	"hark/channels/email/read/entity"
)

// date reads when the sender's clock says the mail was written.
func (m *Mail) date(h entity.Header) time.Time {
	value := line(h.Get("date"), markMax)
	if value == "" {
		return time.Time{}
	}
	t, ok := parseDate(value)
	if !ok {
		m.mended("its date cannot be read")
		return time.Time{}
	}
	return t.UTC()
}

// parseDate reads a date (RFC 5322, section 3.3) and what programs write
// instead. Years before 1980 and after 2100 are the fault of a clock.
func parseDate(value string) (time.Time, bool) {
	value = strings.ReplaceAll(value, " -0000", " +0000")
	t, err := mail.ParseDate(value)
	for _, layout := range []string{
		time.RFC3339, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", time.ANSIC, time.UnixDate,
		"Mon, 2 Jan 2006 15:04:05", "2 Jan 2006 15:04:05", "Mon, 2 Jan 2006 15:04:05 MST-07:00", "Mon, 2 Jan 2006 15:04:05 -07:00",
		"Mon, 2 January 2006 15:04:05 -0700", "Monday, 2 January 2006 15:04:05 -0700", "Mon, 02-Jan-2006 15:04:05 MST", "Mon, 2 Jan 2006 15.04.05 -0700",
	} {
		if err == nil {
			break
		}
		t, err = time.Parse(layout, value)
	}
	return t, err == nil && t.Year() >= 1980 && t.Year() <= 2100
}
