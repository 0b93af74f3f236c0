package main

import (
	"context"
	"strings"
	"time"

	"golang.org/x/net/html"

	"hark/channels/email/read/htmltext"
	"hark/desk"
)

// hardPage is HTML, and what it is like.
type hardPage struct{ name, html string }

// pages are what is written as text: hard ones as people send them, and those
// that strangers would send to bring a reader down.
func (p *plan) pages() []hardPage {
	n := 100_000
	if p.quick {
		n = 1000
	}
	var all []hardPage
	for name, s := range hardPages(p.quick) {
		all = append(all, hardPage{name, s})
	}
	return append(
		all,
		hardPage{"deep nesting", strings.Repeat("<div>", n) + "a"},
		hardPage{"deep quotes", strings.Repeat("<blockquote>a", n)},
		hardPage{"entities", strings.Repeat("&amp;", 2*n)},
		hardPage{"links", strings.Repeat("<a href='https://x.example/'>a</a>", n)},
		hardPage{"a long line", strings.Repeat("word ", 20*n)},
		hardPage{"open comments", strings.Repeat("<!--", n)},
	)
}

// htmlRound measures writing pages as text beside a walk over their tokens that
// does nothing.
func (t *parseTimes) htmlRound(ctx context.Context, pages []hardPage) error {
	var ours, bare, slowest, bareSlowest time.Duration
	for _, one := range pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		took, _ := measured(func() { htmltext.Render(one.html, htmltext.Options{Limit: desk.TextLimit}) })
		walked, _ := measured(func() { walkTokens(one.html) })
		ours, bare = ours+took, bare+walked
		if took > slowest {
			slowest, t.worstPage = took, one.name
		}
		bareSlowest = max(bareSlowest, walked)
	}
	t.html, t.bare = append(t.html, milliseconds(ours)), append(t.bare, milliseconds(bare))
	t.slowPage, t.slowBare = append(t.slowPage, milliseconds(slowest)), append(t.slowBare, milliseconds(bareSlowest))
	return nil
}

// walkTokens reads every token with its attributes and keeps nothing.
func walkTokens(s string) {
	z := html.NewTokenizer(strings.NewReader(s))
	for z.Next() != html.ErrorToken {
		z.Token()
	}
}

// printHTML prints the figures of pages.
func (t *parseTimes) printHTML(p *plan, pages []hardPage) error {
	mb := 0.0
	for _, one := range pages {
		mb += float64(len(one.html)) / 1e6
	}
	p.say("email-parse: the worst page is %s", t.worstPage)
	name := plural(len(pages), "page")
	if err := p.print(figure{Bench: "email-parse", Figure: "html", Case: name, Value: median(t.html) / mb, Unit: "ms/MB", Peer: "bare tokenizer", PeerValue: median(t.bare) / mb}); err != nil {
		return err
	}
	return p.print(figure{Bench: "email-parse", Figure: "html_worst", Case: name, Value: median(t.slowPage), Unit: "ms", Peer: "bare tokenizer", PeerValue: median(t.slowBare)})
}
