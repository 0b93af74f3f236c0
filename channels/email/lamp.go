package email

import (
	"fmt"
	"time"

	"hark/channels/email/mailsync"
	"hark/desk"
)

// light tells every screen how an account is.
func (s *Server) light(a *account, status mailsync.Status) {
	l := desk.Lamp{Part: "mail " + a.Name, OK: status.State.Well() || status.State == desk.MailConnecting, Words: s.words(status)}
	if before := a.lamp.Swap(&l); before == nil || *before != l {
		s.o.Desk.SetLamp(l)
	}
}

func (s *Server) zone() *time.Location {
	if s.o.Zone == nil {
		return time.Local
	}
	return s.o.Zone
}

// progress says how far a first sync is.
func progress(status mailsync.Status) string {
	if status.Total == 0 {
		return "fetching mail"
	}
	text := fmt.Sprintf("fetched %d of %d", status.Done, status.Total)
	if status.Rate >= 1 {
		text += fmt.Sprintf(", %.0f a second", status.Rate)
	}
	return text
}
