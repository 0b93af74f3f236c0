package chat

import (
	"net/http"
	"net/netip"
	"sync"

	"hark/channels/chat/form"
)

// routes are what pages of other sites use beside the socket, and the pages
// for people without JavaScript.
func (s *Server) routes(mux *http.ServeMux) {
	for pattern, handle := range map[string]http.HandlerFunc{
		"GET /config": s.serveConfig, "OPTIONS /config": nil,
		"POST /file": s.serveUpload, "OPTIONS /file": nil,
		"GET /file/{id}": s.serveFile, "OPTIONS /file/{id}": nil,
		"POST /transcript": s.serveTranscript, "OPTIONS /transcript": nil,
	} {
		mux.HandleFunc(pattern, s.shared(handle))
	}
	mux.HandleFunc("GET /form", s.serveForm)
	mux.HandleFunc("POST /form", s.postForm)
	mux.HandleFunc("GET /c/{link}", s.serveTalk)
	mux.HandleFunc("POST /c/{link}", s.postTalk)
	mux.HandleFunc("GET /c/{link}/file/{id}", s.serveTalkFile)
	mux.HandleFunc("GET /c/{link}/transcript", s.serveTalkTranscript)
}

// addressOf returns what limits count a request's address as.
func (s *Server) addressOf(r *http.Request) netip.Addr { return counted(s.proxies.client(r)) }

// loadPages returns the pages, which are prepared when the first one is asked
// for. They are part of the program, so that they fail only in a program that
// was built wrong.
func loadPages() func() *form.Pages {
	return sync.OnceValue(func() *form.Pages {
		p, err := form.Load()
		if err != nil {
			panic(err)
		}
		return p
	})
}
