package ui

import (
	"net/url"

	"hark/tui/safe"
)

// PagePath writes the address of a page as staff know it: without the part
// that is the same for every page of a site.
func PagePath(page string) string {
	u, err := url.Parse(page)
	if err != nil || u.Host == "" || u.EscapedPath() == "" {
		return safe.Name(page).String()
	}
	if u.EscapedPath() == "/" {
		return safe.Name(u.Host).String()
	}
	return safe.Name(u.EscapedPath()).String()
}
