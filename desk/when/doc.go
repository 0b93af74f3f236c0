// Package when reads the phrases with which people say until when something
// sleeps, and says times back in the same manner: "1h", "fri 14:00",
// "tomorrow", "24 dec 9:30", "2026-12-24", "reply".
//
// Every function takes the time of the person who asks, in that person's zone.
// Hours and minutes are counted, days are days of the calendar: in the night
// in which the clocks change, "tomorrow 09:00" is nine o'clock on the wall.
package when
