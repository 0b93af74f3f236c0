package invite_test

import (
	"strings"
	"testing"
	"unicode"

	"hark/channels/email/read/invite"
)

// calendar wraps properties as calendars do.
func calendar(method string, lines ...string) string {
	return "BEGIN:VCALENDAR\r\nMETHOD:" + method + "\r\nBEGIN:VTIMEZONE\r\nDTSTART:19700101T000000\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n" +
		strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:second\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

func TestParse(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"whole": {
			calendar("REQUEST", `SUMMARY:Lamp\, and\nmore`, "DTSTART;TZID=Europe/Berlin:20261123T140000", "DTEND;TZID=Europe/Berlin:20261123T150000", "LOCATION:Room 4", `ORGANIZER;CN="Ek; Ana":mailto:ana@shop.example`),
			"[Invitation: Lamp, and more\nWhen: 2026-11-23 14:00 to 15:00 (Europe/Berlin)\nWhere: Room 4\nOrganiser: Ek; Ana <ana@shop.example>]",
		},
		"universal time":  {calendar("REQUEST", "DTSTART:20261123T140000Z", "DTEND:20261124T150000Z"), "[Invitation: without a name\nWhen: 2026-11-23 14:00 to 2026-11-24 15:00 (UTC)]"},
		"two zones":       {calendar("REQUEST", "DTSTART;TZID=A:20261123T140000", "DTEND;TZID=B:20261123T150000"), "[Invitation: without a name\nWhen: 2026-11-23 14:00 (A) to 2026-11-23 15:00 (B)]"},
		"all day":         {calendar("PUBLISH", "SUMMARY:x", "DTSTART;VALUE=DATE:20261123", "DTEND;VALUE=DATE:20261124"), "[Appointment: x\nWhen: 2026-11-23, all day]"},
		"several days":    {calendar("CANCEL", "SUMMARY:x", "DTSTART;VALUE=DATE:20261123", "DTEND;VALUE=DATE:20261126"), "[Cancelled: x\nWhen: 2026-11-23 to 2026-11-25]"},
		"again and again": {calendar("", "SUMMARY:x", "DTSTART:20261123T140000", "RRULE:FREQ=WEEKLY"), "[Invitation: x\nWhen: 2026-11-23 14:00, and again]"},
		"answer":          {calendar("REPLY", "SUMMARY:x", "ATTENDEE;PARTSTAT=ACCEPTED;CN=Ana:mailto:ana@shop.example"), "[Answer to an invitation: x\nAna <ana@shop.example>: accepted]"},
		"folded line":     {calendar("REQUEST", "SUMMARY:a long\r\n  name"), "[Invitation: a long name]"},
		"alarm within":    {calendar("REQUEST", "BEGIN:VALARM", "SUMMARY:not this", "END:VALARM", "SUMMARY:this"), "[Invitation: this]"},
		"controls":        {calendar("REQUEST", "SUMMARY:a\x1b[31m\u202eb"), "[Invitation: a[31mb]"},
		"unreadable time": {calendar("REQUEST", "SUMMARY:x", "DTSTART:soon"), "[Invitation: x]"},
		"line feeds only": {strings.ReplaceAll(calendar("REQUEST", "SUMMARY:x"), "\r", ""), "[Invitation: x]"},
	} {
		e, ok := invite.Parse(c.in)
		if got := e.String(); !ok || got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	for _, in := range []string{"", "hello", "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\nEND:VTODO\nEND:VCALENDAR"} {
		if e, ok := invite.Parse(in); ok {
			t.Errorf("%q: %+v", in, e)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(calendar("REQUEST", "SUMMARY:x", "DTSTART;TZID=\"a:b\":20261123T140000", "ORGANIZER;CN=x:mailto:y"))
	f.Fuzz(func(t *testing.T, s string) {
		e, _ := invite.Parse(s)
		if text := e.String(); len(text) > 20_000 || strings.IndexFunc(strings.ReplaceAll(text, "\n", ""), unicode.IsControl) >= 0 {
			t.Errorf("%q", text)
		}
	})
}
