package chat

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"hark/desk"
)

// What pages of other origins may send. Nothing of it is ambient: there are no
// cookies, and every right comes from a token that the page sends itself.
const (
	headerToken = "X-Hark-Token" //nolint:gosec // it is a header's name
	headerName  = "X-Hark-Name"
	preflight   = 600 * time.Second
)

// shared lets pages of the listed origins use a handler. Everybody else is
// refused.
func (s *Server) shared(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		h.Set("Cache-Control", "no-store")
		if !s.origins[origin(r)] {
			s.log.Warn("a page of an origin that is not listed was refused")
			writeError(w, http.StatusForbidden, fault{Code: "origin", Text: "this page's origin is not in the desk's list of origins"})
			return
		}
		h.Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "GET, POST")
			h.Set("Access-Control-Allow-Headers", "Content-Type, "+headerToken+", "+headerName)
			h.Set("Access-Control-Max-Age", seconds(preflight))
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next(w, r)
	}
}

// fault is what a request that failed is answered with.
type fault struct {
	Code    string `json:"code"`
	Text    string `json:"text"`
	RetryMS int64  `json:"retry_ms,omitempty"`
}

func writeError(w http.ResponseWriter, status int, f fault) {
	if f.RetryMS > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt((f.RetryMS+999)/1000, 10))
	}
	writeJSON(w, status, f)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // to whom it does not reach, nothing can be said
}

// refuseRequest says why a request came to nothing.
func (s *Server) refuseRequest(w http.ResponseWriter, err error) {
	switch code := desk.CodeOf(err); {
	case errors.Is(err, errLargeFile):
		writeError(w, http.StatusRequestEntityTooLarge, fault{Code: "too_large", Text: err.Error()})
	case errors.Is(err, errStalled):
		writeError(w, http.StatusRequestTimeout, fault{Code: "slow", Text: err.Error(), RetryMS: millis(retryAfter)})
	case errors.Is(err, errCut):
		writeError(w, http.StatusBadRequest, fault{Code: string(desk.Invalid), Text: err.Error()})
	case code == desk.Invalid, code == desk.Denied:
		writeError(w, http.StatusBadRequest, fault{Code: string(desk.Invalid), Text: desk.Sentence(err)})
	case code == desk.NotFound:
		writeError(w, http.StatusNotFound, fault{Code: string(desk.NotFound), Text: desk.Sentence(err)})
	default:
		if code == desk.Internal {
			s.log.Error("a visitor's request failed", "error", err)
		}
		writeError(w, http.StatusServiceUnavailable, fault{
			Code: string(desk.Unavailable), Text: "the desk cannot do this right now; try again in a moment", RetryMS: millis(retryAfter),
		})
	}
}

// slowDown refuses what is too much at once.
func slowDown(w http.ResponseWriter, text string, wait time.Duration) {
	writeError(w, http.StatusTooManyRequests, fault{Code: "slow", Text: text, RetryMS: millis(wait)})
}

// polite answers an address that asks too often, and reports whether it does
// not.
func (s *Server) polite(w http.ResponseWriter, r *http.Request) bool {
	wait, ok := s.requests.take(time.Now(), s.addressOf(r))
	if !ok {
		slowDown(w, "these are many requests at once; try again in a moment", wait)
	}
	return ok
}
