package main

import "fmt"

// siteNotices say how the chat gets onto a website; without that a new desk
// stays empty and does not say why.
func (h *hub) siteNotices() []string {
	var lines []string
	for _, words := range h.strangers() {
		lines = append(lines, words+" has no account here; hark user add makes one.")
	}
	lines = append(lines,
		"Put the chat on a page with this line:",
		fmt.Sprintf(`<script src="%s/widget.js" async></script>`, h.url()),
	)
	if len(h.o.File.Chat.Origins) == 0 {
		return append(lines, fmt.Sprintf(
			"No site may carry the chat yet: name it as chat.origins in %s, then hark stop and hark.", h.o.Place.File))
	}
	return lines
}
