package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"hark/channels/chat/visitor"
)

// scene is one sample conversation.
type scene struct {
	name string
	page string
	says []string // the customer's; "> " before what the agent answers, "# " before a note, "+ " before tags, "! " before a priority
}

func scenes() []scene {
	return []scene{
		{"Lea Grün", "/", []string{"do you ship to Åland?", "> We do, in four days. Customs is on us.", "great, thanks!"}},
		{"", "/lamps/glimt", []string{"Καλημέρα! Μπορώ να βάλω το Glimt στο μπάνιο;"}},
		{"田中 由美", "/lamps/fjord", []string{"こんにちは。Fjordのランプは100Vで使えますか？"}},
		{"Tom Okafor", "/lamps/moln", []string{"The Moln flickers on our dimmer, at about half way down.", "> Which bulb is in it?", "the one that came with it"}},
		{"Petra Novák", "/", []string{"This is the third time I write. LY-R40127 was promised for last Tuesday."}},
		{"Mo Farouk", "/lamps/ask", []string{
			"Hi! My payment failed twice but my bank says both went through.",
			"> Sorry about that, Mo. Let me look at the two charges.",
			"+ +billing +vip", "! high",
			"# both are reservations, not captures; they lapse after 3 days",
			"the card is 4111 1111 1111 1111 if that helps, LY-K20417 is the order",
		}},
	}
}

// sceneWait bounds every wait of a scene.
const sceneWait = 20 * time.Second

// play lets the sample customers write, answers some, and leaves the console
// with the last conversation open and half an answer written.
func (s *studio) play(ctx context.Context) error {
	hub, err := s.hub(ctx)
	if err != nil {
		return err
	}
	for _, sc := range scenes() {
		if err := s.perform(ctx, hub, sc); err != nil {
			return err
		}
	}
	for _, step := range []struct{ keys, shows string }{
		{"ga", "Mo Farouk"},
		{"\r", "LY-K20417"},
		{"r", "reply to"},
		{"I can see both charges. They are only reserved, and the bank lets go of them within three days.", "three days."},
	} {
		if err := s.screen.Type(step.keys); err != nil {
			return err
		}
		if err := s.screen.WaitFor(ctx, step.shows); err != nil {
			return err
		}
	}
	return s.rest(ctx)
}

// rest waits until nothing on the screen changes any more.
func (s *studio) rest(ctx context.Context) error {
	for last := ""; ; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
		now := s.screen.Text()
		if now == last {
			return nil
		}
		last = now
	}
}

// perform plays one scene.
func (s *studio) perform(ctx context.Context, hub string, sc scene) error {
	ctx, cancel := context.WithTimeout(ctx, sceneWait)
	defer cancel()
	acked := make(chan struct{}, 16)
	o, err := visitor.Noticed(ctx, visitor.Options{
		Hub: hub, Origin: strings.TrimSuffix(s.page, "/"), Name: sc.name, Page: strings.TrimSuffix(s.page, "/") + sc.page,
		Handle: func(e visitor.Event) {
			if e.Kind == visitor.Acked {
				acked <- struct{}{}
			}
		},
	})
	if err != nil {
		return err
	}
	c, err := visitor.New(o)
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = c.Run(ctx) }() // it ends with ctx and says so
	defer func() { cancel(); <-ended }()
	for _, line := range sc.says {
		if err := s.speak(ctx, c, acked, line); err != nil {
			return fmt.Errorf("%s: %w", sc.name, err)
		}
	}
	return nil
}

func (s *studio) speak(ctx context.Context, c *visitor.Client, acked <-chan struct{}, line string) error {
	command := map[string][]string{
		"> ": {"send", "", line[2:]}, "# ": {"note", "", line[2:]},
		"+ ": append([]string{"tag", ""}, strings.Fields(line[2:])...), "! ": {"priority", "", line[2:]},
	}[line[:2]]
	if command != nil {
		id, err := s.newest(ctx)
		if err != nil {
			return err
		}
		command[1] = id
		_, err = s.hark(ctx, command...)
		return err
	}
	if _, err := c.Say(line); err != nil {
		return err
	}
	select {
	case <-acked:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// newest returns the conversation in which something happened last.
func (s *studio) newest(ctx context.Context) (string, error) {
	out, err := s.hark(ctx, "ls", "--json")
	if err != nil {
		return "", err
	}
	first, _, _ := strings.Cut(out, "\n")
	var row struct{ ID string }
	err = json.Unmarshal([]byte(first), &row)
	return row.ID, err
}

// script is how a page names the hub.
var script = regexp.MustCompile(`src="(http://[^"]+)/widget\.js"`)

// hub returns the hub's address, which the shop's page carries.
func (s *studio) hub(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.page, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return "", err
	}
	found := script.FindSubmatch(body)
	if found == nil {
		return "", fmt.Errorf("the shop's page %s carries no widget", s.page)
	}
	return string(found[1]), nil
}
