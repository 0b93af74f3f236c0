package posting

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"hark/channels/email/outbox"
)

// sentServer is a Sent mailbox that outlives the children. As a real one it
// takes whatever is appended, also twice.
type sentServer struct {
	*httptest.Server
	mu   sync.Mutex
	have map[string]int // copies by Message-ID
}

func newSentServer(t *testing.T) *sentServer {
	t.Helper()
	s := &sentServer{have: map[string]int{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// ServeHTTP answers a look-up, or takes a copy.
func (s *sentServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil && r.Method == http.MethodPost {
		return // half a mail is none
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method == http.MethodPost {
		s.have[messageID(b)]++
		return
	}
	if s.have[r.URL.Query().Get("id")] == 0 {
		http.NotFound(w, r)
	}
}

func (s *sentServer) copies() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.have
}

// sentClient reaches the server from a child.
type sentClient struct{ url string }

var _ outbox.Sent = sentClient{}

// FindSent implements outbox.Sent.
func (c sentClient) FindSent(ctx context.Context, messageID, _ string) (string, error) {
	status, err := c.ask(ctx, http.MethodGet, c.url+"?id="+url.QueryEscape(messageID), nil)
	if err != nil || status != http.StatusOK {
		return "", err
	}
	return messageID, nil
}

// AppendSent implements outbox.Sent.
func (c sentClient) AppendSent(ctx context.Context, _ time.Time, b []byte) error {
	status, err := c.ask(ctx, http.MethodPost, c.url, b)
	if err == nil && status != http.StatusOK {
		err = errors.New("the copy was not taken")
	}
	return err
}

// FilesSent implements outbox.Sent.
func (sentClient) FilesSent() bool { return false }

func (c sentClient) ask(ctx context.Context, method, url string, body []byte) (int, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}
