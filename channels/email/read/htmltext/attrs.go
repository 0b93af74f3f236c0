package htmltext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// attrs are the attributes that matter.
type attrs struct {
	class, id, style, kind, href, src, alt, name, background, width, height string
	hidden                                                                  bool
}

// attrMax is how much of an attribute is looked at.
const attrMax = 4 << 10

func readAttrs(z *html.Tokenizer, more bool) (a attrs) {
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if field := a.field(string(key)); field != nil && *field == "" {
			*field = string(value[:min(len(value), attrMax)])
		}
		a.hidden = a.hidden || string(key) == "hidden"
	}
	if a.style != "" {
		a.style = strings.ToLower(strings.Join(strings.Fields(a.style), ""))
	}
	a.class, a.id = strings.ToLower(a.class), strings.ToLower(a.id)
	return a
}

func (a *attrs) field(key string) *string {
	switch key {
	case "class":
		return &a.class
	case "id":
		return &a.id
	case "style":
		return &a.style
	case "type":
		return &a.kind
	case "href":
		return &a.href
	case "src":
		return &a.src
	case "alt":
		return &a.alt
	case "name":
		return &a.name
	case "background":
		return &a.background
	case "width":
		return &a.width
	case "height":
		return &a.height
	}
	return nil
}

// hides reports whether an element is not shown to anybody.
func (a *attrs) hides() bool {
	if a.hidden || a.style == "" {
		return a.hidden
	}
	for _, hiding := range []string{"display:none", "visibility:hidden", "mso-hide:all"} {
		if strings.Contains(a.style, hiding) {
			return true
		}
	}
	return zero(a.style, "max-height") && strings.Contains(a.style, "overflow:hidden") || zero(a.style, "opacity")
}

// zero reports whether a property of a style is nought.
func zero(style, property string) bool {
	value, _, _ := strings.Cut(styled(style, property), "!")
	n, err := strconv.ParseFloat(strings.TrimRight(value, "pxemt%"), 64)
	return err == nil && n == 0
}

// tiny reports whether a picture is too small to be seen.
func (a *attrs) tiny() bool {
	return pixel(a.width) && pixel(a.height) || pixel(styled(a.style, "width")) && pixel(styled(a.style, "height"))
}

// styled returns the value of a property, or "".
func styled(style, property string) string {
	for style != "" {
		var one string
		one, style, _ = strings.Cut(style, ";")
		if value, ok := strings.CutPrefix(one, property); ok && strings.HasPrefix(value, ":") {
			return value[1:]
		}
	}
	return ""
}

func pixel(s string) bool {
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.ToLower(strings.TrimSpace(s)), "px"), 64)
	return err == nil && n >= 0 && n <= 2
}
