package read

import (
	"slices"
	"strings"
)

// isReply reports whether a subject begins as answers do.
func isReply(subject string) bool { return slices.Contains(replies, prefix(subject)) }

// isForward reports whether a subject begins as mails do that hand on another.
func isForward(subject string) bool { return slices.Contains(forwards, prefix(subject)) }

// prefix returns the first word of a subject that ends with a colon, without
// a number that counts: "RE[2]: x" begins with "re".
func prefix(subject string) string {
	first, _, ok := strings.Cut(strings.ReplaceAll(subject, "：", ":"), ":")
	if !ok || len(first) > 24 {
		return ""
	}
	first, _, _ = strings.Cut(first, "[")
	first, _, _ = strings.Cut(first, "(")
	return strings.ToLower(strings.TrimSpace(first))
}

// replies and forwards are what mail programs put before a subject.
var (
	replies = []string{
		"re", "aw", "antw", "antwort", "sv", "vs", "ref", "res", "rif", "r", "odp", "odpověď", "ynt", "yanıt", "vá", "válasz", "на", "отв", "ответ", "відп", "απ", "σχετ", "תשובה", "رد", "回复", "回覆", "답장", "atb", "bls", "rép", "reply", "automatische antwort",
	}
	forwards = []string{
		"fwd", "fw", "wg", "wtr", "tr", "rv", "enc", "i", "doorst", "vb", "vl", "vs fwd", "pd", "podane dalej", "továbbítás", "i̇lt", "ilt", "пер", "пересл", "πρθ", "הועבר", "إعادة توجيه", "转发", "轉寄", "転送", "전달", "fs", "trs", "rvd", "weitergeleitet",
	}
)
