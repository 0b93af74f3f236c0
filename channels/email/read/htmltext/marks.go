package htmltext

import (
	"slices"
	"strings"
)

// marks begins a span where a mail program says that it quotes or signs.
func (w *walker) marks(tag string, a attrs) {
	if w.mark.open() || w.span.Kind != 0 || void(tag) {
		return
	}
	kind, toEnd := marked(tag, a)
	if kind == 0 {
		return
	}
	w.out.block(1)
	w.flushNotes()
	w.out.block(2)
	w.span = Span{From: w.out.at(), Kind: kind, Guess: toEnd}
	if !toEnd {
		w.mark = element{tag, 1}
	}
}

// endSpan ends the span that we are in.
func (w *walker) endSpan() {
	if w.span.Kind == 0 {
		return
	}
	w.out.block(1)
	w.flushNotes()
	w.span.To = w.out.at()
	w.spans = append(w.spans, w.span)
	w.span = Span{}
}

// marked returns what an element is to a mail program. toEnd: everything until
// the end of the page belongs to it.
func marked(tag string, a attrs) (kind Kind, toEnd bool) {
	switch {
	case tag == "blockquote" && a.kind == "cite":
		return Quote, false
	case headsQuote(a):
		return Quote, true
	case holdsQuote(a):
		return Quote, false
	case holdsSignature(a):
		return Signature, false
	}
	return 0, false
}

// holdsQuote reports whether an element holds what is quoted.
func holdsQuote(a attrs) bool {
	return hasClass(a.class, "gmail_quote", "gmail_quote_container", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra",
		"moz-cite-prefix", "moz-forward-container", "freshdesk_quote", "quoted-reply", "ms-outlook-mobile-reference-message", "hey_quoted") ||
		slices.Contains([]string{"olk_src_body_section", "yahoo_quoted", "reply-intro", "isforwardcontent", "mail-editor-reference-message-container"}, unprefixed(a.id)) ||
		a.name == "messageReplySection"
}

// headsQuote reports whether an element stands before what is quoted, which
// goes on until the end: the block of From, Sent, To and Subject of Outlook.
func headsQuote(a attrs) bool {
	switch unprefixed(a.id) {
	case "divrplyfwdmsg", "appendonsend", "replytag":
		return true
	}
	return strings.Contains(a.style, "border-top:solid#e1e1e1") || strings.Contains(a.style, "border-top:solid#b5c4df") ||
		strings.Contains(a.style, "border:none;border-top:solid") && strings.Contains(a.style, "padding:3.0pt")
}

// holdsSignature reports whether an element holds a signature.
func holdsSignature(a attrs) bool {
	return hasClass(a.class, "gmail_signature", "moz-signature", "ms-outlook-mobile-signature", "protonmail_signature_block-user", "tutanota_signature") ||
		slices.Contains([]string{"signature", "applemailsignature", "ms-outlook-mobile-signature", "lineBreakAtBeginningOfSignature"}, unprefixed(a.id))
}

// hasClass reports whether one of the names is among the classes, also as
// programs rename it when they quote it.
func hasClass(classes string, names ...string) bool {
	for class := range strings.FieldsSeq(classes) {
		if slices.Contains(names, unprefixed(class)) {
			return true
		}
	}
	return false
}

// unprefixed takes off what Outlook puts before foreign names.
func unprefixed(s string) string {
	for strings.HasPrefix(s, "x_") {
		s = s[2:]
	}
	return s
}
