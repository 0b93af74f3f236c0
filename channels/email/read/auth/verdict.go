package auth

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Microsoft is the word in a list of trusted servers for the header that
// Microsoft's servers write without naming themselves.
const Microsoft = "microsoft"

// The verdicts.
const (
	Pass    = "pass"
	Fail    = "fail"
	Unknown = ""
)

// Verdict says whether a trusted server proved that a mail comes from a
// domain. Only the topmost header counts: what is below may be the sender's.
func Verdict(headers []string, trusted []string, domain string) string {
	if len(headers) == 0 {
		return Unknown
	}
	r := Parse(headers[0])
	if !believed(r, trusted) {
		return Unknown
	}
	return r.verdict(strings.ToLower(domain))
}

// believed reports whether the server that wrote a header is trusted.
func believed(r Results, trusted []string) bool {
	if r.Server == "" {
		return slices.Contains(trusted, Microsoft) && r.microsoft()
	}
	return slices.ContainsFunc(trusted, func(t string) bool { return t != Microsoft && strings.EqualFold(t, r.Server) })
}

// microsoft reports whether a header without a server is of the form that
// Microsoft writes, which always begins with the finding about the envelope.
func (r Results) microsoft() bool { return len(r.All) > 1 && r.All[0].Method == "spf" }

// verdict follows DMARC (RFC 7489) where the server did, and else looks itself
// whether a signature or the envelope proves the domain.
func (r Results) verdict(domain string) string {
	for _, one := range r.All {
		if one.Method != "dmarc" {
			continue
		}
		from := one.Properties["header.from"]
		switch {
		case one.Value == "fail":
			return Fail
		case one.Value == "pass" && (from == "" || from == domain):
			return Pass
		case one.Value == "pass":
			return Unknown // the server looked at another sender than people see
		}
	}
	return r.aligned(domain)
}

// aligned decides where no DMARC was found.
func (r Results) aligned(domain string) string {
	failed := false
	for _, one := range r.All {
		proved := ""
		switch one.Method {
		case "dkim":
			proved = first(one.Properties["header.d"], afterAt(one.Properties["header.i"]))
		case "spf":
			proved = first(afterAt(one.Properties["smtp.mailfrom"]), one.Properties["smtp.helo"])
		default:
			continue
		}
		if one.Value == "pass" && SameOrganisation(proved, domain) {
			return Pass
		}
		failed = failed || one.Method == "spf" && (one.Value == "fail" || one.Value == "hardfail")
	}
	if failed {
		return Fail
	}
	return Unknown
}

// SameOrganisation reports whether two domains belong to one owner: they have
// the same registered domain.
func SameOrganisation(a, b string) bool {
	a, b = strings.Trim(strings.ToLower(a), "."), strings.Trim(strings.ToLower(b), ".")
	return a != "" && (a == b || organisation(a) == organisation(b))
}

// organisation returns the registered domain, or the domain itself where there
// is none.
func organisation(domain string) string {
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func afterAt(s string) string { return s[strings.LastIndexByte(s, '@')+1:] }
