package visitor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// answerMax is the largest answer that is read whole, in bytes.
const answerMax = 16 << 20

// Error is why the hub did not do what a request asked.
type Error struct {
	Status int
	Code   string // see docs/visitor-protocol.md
	Text   string
	Retry  time.Duration // the same request may succeed after it; 0 never
}

func (e *Error) Error() string { return fmt.Sprintf("the hub says %s: %s", e.Code, e.Text) }

// Config is how the chat is now.
type Config struct {
	Open      bool      `json:"open"`
	OpensAt   time.Time `json:"opens_at"`
	Staffed   bool      `json:"staffed"`
	Lang      string    `json:"lang"`
	Languages []string  `json:"languages"`
	Notice    *Notice   `json:"notice"`
	Files     *struct {
		Limit int64 `json:"limit"`
		Count int   `json:"count"`
	} `json:"files"`
	Preview   bool `json:"preview"`
	ReadMarks bool `json:"read_marks"`
}

// Notice is what the visitor is to be shown before the first message.
type Notice struct {
	Version string `json:"version"`
	Lang    string `json:"lang"`
	Text    string `json:"text"`
}

// Config asks how the chat is for who is on a page.
func (c *Client) Config(ctx context.Context, page, lang string) (Config, error) {
	var f Config
	q := url.Values{"page": {page}, "lang": {lang}}
	b, err := c.ask(ctx, http.MethodGet, "/config?"+q.Encode(), nil, nil)
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(b, &f)
}

// Noticed returns the options of a visitor who has been shown what stands
// above the chat right now: it asks the hub what that is.
func Noticed(ctx context.Context, o Options) (Options, error) {
	c, err := New(o)
	if err != nil {
		return o, err
	}
	f, err := c.Config(ctx, o.Page, o.Lang)
	if err == nil && f.Notice != nil {
		o.Notice, o.Lang = f.Notice.Version, f.Notice.Lang
	}
	return o, err
}

// Upload sends a file for a message that is to come: see Say.
func (c *Client) Upload(ctx context.Context, name string, r io.Reader) (File, error) {
	var f File
	header := http.Header{"X-Hark-Token": {c.o.Token}, "X-Hark-Name": {url.PathEscape(name)}}
	b, err := c.ask(ctx, http.MethodPost, "/file", header, r)
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(b, &f)
}

// Download returns the bytes of a file of the conversation.
func (c *Client) Download(ctx context.Context, id string) ([]byte, error) {
	return c.ask(ctx, http.MethodGet, "/file/"+url.PathEscape(id), http.Header{"X-Hark-Token": {c.o.Token}}, nil)
}

// Transcript returns the visitor's copy of the conversation.
func (c *Client) Transcript(ctx context.Context, lang string) (string, error) {
	form := url.Values{"token": {c.o.Token}, "lang": {lang}}
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	b, err := c.ask(ctx, http.MethodPost, "/transcript", header, strings.NewReader(form.Encode()))
	return string(b), err
}

// ask sends a request as a page of the origin would.
func (c *Client) ask(ctx context.Context, method, path string, header http.Header, body io.Reader) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.o.Hub, "/")+path, body)
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	r.Header.Set("Origin", c.o.Origin)
	answer, err := c.web().Do(r)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(answer.Body, answerMax))
	if cerr := answer.Body.Close(); err == nil {
		err = cerr
	}
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		err = refusal(answer.StatusCode, b)
	}
	return b, err
}

func refusal(status int, b []byte) error {
	var f struct {
		Code    string `json:"code"`
		Text    string `json:"text"`
		RetryMS int64  `json:"retry_ms"`
	}
	if json.NewDecoder(bytes.NewReader(b)).Decode(&f) != nil {
		f.Code, f.Text = "unknown", "an answer that is not of the protocol"
	}
	return &Error{Status: status, Code: f.Code, Text: f.Text, Retry: time.Duration(f.RetryMS) * time.Millisecond}
}
