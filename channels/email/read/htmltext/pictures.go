package htmltext

import (
	"strings"

	"hark/channels/email/read/clean"
)

// watch counts what a page would fetch.
func (w *walker) watch(tag string, a attrs) {
	switch {
	case tag == "img" || tag == "image" || tag == "input" && remote(a.src):
		if remote(a.src) {
			w.remote++
			if a.tiny() || a.hides() || w.hidden.open() || watches(a.src) {
				w.trackers++
			}
		}
	case tag == "link" && remote(a.href) && strings.Contains(strings.ToLower(a.href), ".css"),
		remote(a.src), remote(a.background), strings.Contains(a.style, "url(http"), strings.Contains(a.style, "url('http"), strings.Contains(a.style, "url(\"http"):
		w.remote++
	}
}

func remote(address string) bool {
	s := strings.ToLower(strings.TrimSpace(address))
	return strings.HasPrefix(s, "http:") || strings.HasPrefix(s, "https:") || strings.HasPrefix(s, "//")
}

// watches reports whether an address is known for reporting who reads.
func watches(address string) bool {
	s := strings.ToLower(address)
	for _, known := range []string{
		"/wf/open", "/track/open", "/trackopen", "/open.aspx", "/open.php", "/open.gif", "/o.gif", "/e/o/", "/e/open", "/email/open", "/mailtrack", "mailtrack.io",
		"/pixel.gif", "/pixel.png", "/pixel?", "/beacon", "/spacer.gif?", "/1x1.", "/trk?", "/q/open", "list-manage.com/track", "hubspotemail.net/", "getnotify.com",
		"bananatag.com", "yesware.com/t", "mandrillapp.com/track", "google-analytics.com", "emltrk.com", "doubleclick.net", "/opens/", "/imp?",
	} {
		if strings.Contains(s, known) {
			return true
		}
	}
	return false
}

// picture names a picture where it stands.
func (w *walker) picture(a attrs) {
	if a.tiny() || a.hides() || remote(a.src) && watches(a.src) {
		return
	}
	name := clean.Line(a.alt)
	if cid, ok := strings.CutPrefix(a.src, "cid:"); ok && name == "" && w.o.Picture != nil {
		name = clean.Line(w.o.Picture(cid))
	}
	switch {
	case name != "":
		w.out.own("[" + clean.Cut(name, 200) + "]")
	case strings.HasPrefix(a.src, "cid:") || w.href != "":
		w.out.own("[picture]")
	}
}
