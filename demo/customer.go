package demo

import (
	"context"
	"math/rand/v2"
	"strings"
	"time"
)

// How long people take, before Pace.
const (
	perLetter  = 55 * time.Millisecond // typing
	longestTyp = 6 * time.Second       // one writes while another thing goes on
	perRead    = 22 * time.Millisecond // a letter of an answer
	quiet      = 3 * time.Second       // after the last of several answers
	patience   = 100 * time.Second     // until a customer asks whether anybody is there
	linger     = 45 * time.Second      // before a customer who has done closes the page
)

// line is what a customer writes through; chatLine is the real one.
type line interface {
	say(text string)
	// send says something with a file of these bytes.
	send(text, name string, data []byte)
	typing(on bool)
	// answers carries what staff write, and closes never.
	answers() <-chan string
}

// customer lives through one story.
type customer struct {
	story story
	line  line
	rng   *rand.Rand
	pace  float64
}

// live returns when the story is over or ctx ends. A customer writes first,
// and after that only when answered, but for one reminder: an unattended desk
// falls silent by itself.
func (c *customer) live(ctx context.Context) {
	if !c.tell(ctx, c.story.open) {
		return
	}
	for _, t := range c.story.turns {
		if !c.heard(ctx, c.story.nudge) {
			return
		}
		c.story.nudge = ""
		if say := t[c.rng.IntN(len(t))]; say != "" && !c.tell(ctx, []string{say}) {
			return
		}
	}
	c.pause(ctx, linger)
}

// tell types and sends one message after another.
func (c *customer) tell(ctx context.Context, texts []string) bool {
	for i, text := range texts {
		if i > 0 && !c.pause(ctx, time.Second) {
			return false
		}
		c.line.typing(true)
		ok := c.pause(ctx, min(time.Duration(len([]rune(text)))*perLetter, longestTyp))
		c.line.typing(false)
		if !ok {
			return false
		}
		if i == len(texts)-1 && c.story.photo != "" {
			c.line.send(text, c.story.photo, photo())
			c.story.photo = ""
			continue
		}
		c.line.say(text)
	}
	return true
}

// heard waits for an answer, and for the answers that follow it at once; it
// returns when they have been read.
func (c *customer) heard(ctx context.Context, nudge string) bool {
	letters := 0
	var remind <-chan time.Time
	if nudge != "" {
		remind = time.After(c.take(patience))
	}
	var done <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return false
		case text := <-c.line.answers():
			letters += len([]rune(text))
			done = time.After(c.take(quiet + time.Duration(letters)*perRead))
			remind = nil
		case <-remind:
			remind = nil
			if !c.tell(ctx, []string{nudge}) {
				return false
			}
		case <-done:
			return true
		}
	}
}

// pause waits as long as a person would; it returns false when ctx ends.
func (c *customer) pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(c.take(d)):
		return true
	}
}

// take makes a duration one of a person: no two are the same.
func (c *customer) take(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.7 + 0.6*c.rng.Float64()) / c.pace)
}

// fill puts this customer's own words into a story.
func fill(s story, rng *rand.Rand) story {
	pick := func(from []string) string { return from[rng.IntN(len(from))] }
	const letters = "ABCDEFGHKLMNPRSTUVWXYZ"
	order := "LY-" + string(letters[rng.IntN(len(letters))]) + digits(rng, 5)
	words := strings.NewReplacer("{name}", pick(names()), "{order}", order, "{place}", pick(places()), "{friend}", pick(friends()))
	s.name, s.nudge = words.Replace(s.name), words.Replace(s.nudge)
	s.open = replaceAll(words, s.open)
	turns := make([]turn, len(s.turns))
	for i, t := range s.turns {
		turns[i] = replaceAll(words, t)
	}
	s.turns = turns
	return s
}

func replaceAll(r *strings.Replacer, texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = r.Replace(t)
	}
	return out
}

func digits(rng *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + rng.IntN(10))
	}
	return string(b)
}
