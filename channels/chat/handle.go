package chat

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/gobwas/ws"

	"hark/desk"
)

// sayWait is how long the desk may take over one message before the visitor
// is told to send it again.
const sayWait = 15 * time.Second

// handle does what a frame asks.
func (c *conn) handle(f frame) {
	switch {
	case f.T == "hello":
		c.hello(f)
	case c.visitor == nil:
		c.fail(ws.StatusPolicyViolation, "hello comes first")
	case f.T == "say":
		c.say(f)
	case f.T == "typing":
		c.s.desk.CustomerTyping(c.current(), f.On)
	case f.T == "unsent":
		c.unsent(f)
	case f.T == "seen":
		c.s.desk.Seen(c.current(), f.Ord)
	case f.T == "read":
		c.s.desk.Seen(c.current(), f.Ord)
		c.s.desk.ReadTo(c.current(), f.Ord)
	case f.T == "leave":
		c.leave()
	case f.T == "beat":
		c.reply(encode(beatFrame{"beat"}))
	}
}

func (c *conn) current() desk.ID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.conversation
}

func (c *conn) hello(f frame) {
	switch {
	case c.visitor != nil:
		c.fail(ws.StatusPolicyViolation, "hello comes once")
		return
	case !desk.ValidToken(f.Token):
		c.fail(ws.StatusPolicyViolation, "the token is malformed")
		return
	case len(f.Conversation) > 64:
		c.fail(ws.StatusPolicyViolation, "the conversation is malformed")
		return
	}
	c.visitor = c.s.visitors.join(f.Token, c)
	c.start(c.s.desk.Visitor(f.Token), f.Conversation, f.Ord)
	c.s.refresh(c.visitor)
	_ = c.net.SetReadDeadline(time.Now().Add(c.s.limits.Idle))
}

func (c *conn) say(f frame) {
	if wait, ok := c.allowed(); !ok {
		c.slow(f.ID, wait)
		return
	}
	ctx, cancel := context.WithTimeout(c.s.ctx, sayWait)
	defer cancel()
	words, err := c.words(f)
	var conversation desk.ID
	if err == nil {
		conversation, err = c.s.desk.Say(ctx, words)
	}
	if err != nil {
		c.refuse(f.ID, err)
		return
	}
	c.s.pending.sent(words.Files)
	c.reply(encode(okFrame{"ok", f.ID}))
	if conversation != c.current() {
		c.s.refresh(c.visitor)
	}
}

// words returns what a frame says, or why it cannot be said.
func (c *conn) words(f frame) (desk.Words, error) {
	w := desk.Words{
		Token: c.visitor.token, Client: f.ID, Text: f.Text, Name: f.Name, Mail: f.Mail, Page: page(f.Page),
	}
	for _, s := range f.Files {
		id, err := desk.ParseID(s)
		if err != nil || id.IsZero() {
			return w, desk.Errorf(desk.NotFound, "a file is no longer here; attach it again")
		}
		w.Files = append(w.Files, id)
	}
	first := c.s.desk.Visitor(c.visitor.token).Conversation.IsZero()
	var err error
	w.Notice, err = c.s.noticeShown(desk.NoticeRef{Version: f.Notice, Lang: f.Lang}, first)
	return w, err
}

// slow refuses what is too much at once, for now.
func (c *conn) slow(id string, wait time.Duration) {
	c.reply(encode(noFrame{
		T: "no", ID: id, Code: "slow", RetryMS: millis(wait),
		Text: "these are many messages at once; the rest follows by itself",
	}))
}

// leave ends the visitor's chat. That it did comes back as an item.
func (c *conn) leave() {
	if wait, ok := c.allowed(); !ok {
		c.slow("", wait)
		return
	}
	ctx, cancel := context.WithTimeout(c.s.ctx, sayWait)
	defer cancel()
	if err := c.s.desk.Leave(ctx, c.visitor.token); err != nil {
		c.refuse("", err)
	}
}

// unsentMax is how much of an unsent text is looked at, in bytes.
const unsentMax = 8 << 10

// unsent shows staff what stands in the visitor's field, where the notice that
// this conversation began with is the one that says so.
func (c *conn) unsent(f frame) {
	known := c.s.desk.Visitor(c.visitor.token)
	if !c.s.preview || known.Conversation.IsZero() || known.Notice.Version != c.s.notice || len(f.Text) > unsentMax {
		return
	}
	c.s.desk.Preview(known.Conversation, f.Text)
}

// allowed spends from the budgets of the visitor and of the address.
func (c *conn) allowed() (wait time.Duration, ok bool) {
	now := time.Now()
	c.visitor.mu.Lock()
	wait, ok = c.visitor.messages.take(now, c.s.limits.Messages, 1)
	c.visitor.mu.Unlock()
	if !ok {
		return wait, false
	}
	return c.s.messages.take(now, c.address)
}

// retryAfter is when a browser tries again what the desk could not take.
const retryAfter = 3 * time.Second

// refuse says why a message was not taken. Only what is wrong with the message
// itself is final; everything else is to be sent again, which is safe because
// the desk knows the message by its identifier.
func (c *conn) refuse(id string, err error) {
	no := noFrame{T: "no", ID: id, Code: string(desk.CodeOf(err)), Text: desk.Sentence(err)}
	if errors.Is(err, errNotice) {
		no.Code = "notice"
	}
	switch desk.CodeOf(err) {
	case desk.Invalid, desk.Denied, desk.NotFound, desk.NeedsYes:
	case desk.Unavailable, desk.Conflict:
		no.later()
	case desk.Internal:
		c.s.log.Error("a visitor's message was not taken", "error", err)
		no.later()
	}
	c.reply(encode(no))
}

// later makes the refusal one for now only.
func (n *noFrame) later() {
	n.Code, n.RetryMS = string(desk.Unavailable), millis(retryAfter)
	n.Text = "the desk cannot take messages right now; it is sent again by itself"
}

// pageMax is the longest address of a page that is kept.
const pageMax = 2048

// page returns the address of a page without what may be personal in it: user,
// query and fragment. What is no web address becomes "".
func page(s string) string {
	if s == "" || len(s) > pageMax {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	u.User, u.RawQuery, u.Fragment, u.RawFragment, u.ForceQuery = nil, "", "", "", false
	return strings.TrimSuffix(u.String(), "#")
}
