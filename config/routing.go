package config

import (
	"fmt"
	"time"

	"hark/desk"
)

// Waiting returns how customers wait and find an agent, in the desk's words.
func (c Config) Waiting() (desk.Routing, error) {
	zone := time.Local
	if c.Desk.Zone != "" {
		var err error
		if zone, err = time.LoadLocation(c.Desk.Zone); err != nil {
			return desk.Routing{}, fmt.Errorf("desk.zone: %w", err)
		}
	}
	r := desk.DefaultRouting()
	r.Offers, r.AcceptWithin, r.Grace, r.WrapUp = c.Routing.Offers, c.Routing.AcceptWithin, c.Routing.Grace, c.Routing.WrapUp
	r.Strategy = desk.Strategy(c.Routing.Strategy)
	r.Capacity[desk.Chat] = c.Routing.Chats
	if c.Routing.OfferMails {
		r.Capacity[desk.Email] = c.Routing.Mails
	}
	for _, q := range c.Queues {
		line, err := q.line(zone)
		if err != nil {
			return desk.Routing{}, fmt.Errorf("queues.%s: %w", q.Name, err)
		}
		r.Queues = append(r.Queues, line)
	}
	return r, nil
}

// line returns the queue in the desk's words.
func (q Queue) line(zone *time.Location) (desk.Queue, error) {
	hours, err := q.hours(zone)
	return desk.Queue{
		Name: q.Name, Title: q.Title, Members: q.Members, Pages: q.Pages, Hours: hours,
		FirstReply: q.FirstReply, NextReply: q.NextReply, MailReply: q.MailReply, Warn: float64(q.Warn) / 100,
	}, err
}
