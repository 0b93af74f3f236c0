package auth_test

import (
	"testing"

	"golang.org/x/net/idna"

	"hark/channels/email/read/auth"
)

func TestVerdict(t *testing.T) {
	ours := []string{"mx.shop.example"}
	const google = "mx.google.com; dkim=pass header.i=@customer.co.uk header.s=s1 header.b=abc; spf=pass (google.com: domain of ana@customer.co.uk designates 192.0.2.1 as permitted sender) smtp.mailfrom=ana@customer.co.uk; dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=customer.co.uk"
	const microsoft = "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=customer.co.uk; dkim=pass (signature was verified) header.d=customer.co.uk;dmarc=pass action=none header.from=customer.co.uk;compauth=pass reason=100"
	for name, c := range map[string]struct {
		headers []string
		trusted []string
		want    string
	}{
		"none":                       {nil, ours, auth.Unknown},
		"dmarc passes":               {[]string{"mx.shop.example; dmarc=pass header.from=customer.co.uk"}, ours, auth.Pass},
		"dmarc fails":                {[]string{"mx.shop.example; dkim=pass header.d=customer.co.uk; dmarc=fail header.from=customer.co.uk"}, ours, auth.Fail},
		"case does not matter":       {[]string{"MX.Shop.Example 1; DMARC=Pass header.from=Customer.co.uk"}, ours, auth.Pass},
		"google":                     {[]string{google}, []string{"mx.google.com"}, auth.Pass},
		"google is not trusted":      {[]string{google}, ours, auth.Unknown},
		"nobody is trusted":          {[]string{google}, nil, auth.Unknown},
		"microsoft":                  {[]string{microsoft}, []string{auth.Microsoft}, auth.Pass},
		"microsoft is not trusted":   {[]string{microsoft}, ours, auth.Unknown},
		"microsoft fails":            {[]string{"spf=fail (x) smtp.mailfrom=evil.example; dkim=none (message not signed) header.d=none;dmarc=fail action=quarantine header.from=customer.co.uk"}, []string{auth.Microsoft}, auth.Fail},
		"a server called microsoft":  {[]string{"microsoft; dmarc=pass header.from=customer.co.uk"}, []string{auth.Microsoft}, auth.Unknown},
		"forged below":               {[]string{"mx.shop.example; dmarc=fail header.from=customer.co.uk", "mx.shop.example; dmarc=pass header.from=customer.co.uk"}, ours, auth.Fail},
		"forged below a foreign one": {[]string{"mx.other.example; dmarc=fail", "mx.shop.example; dmarc=pass header.from=customer.co.uk"}, ours, auth.Unknown},
		"another From was looked at": {[]string{"mx.shop.example; dmarc=pass header.from=evil.example"}, ours, auth.Unknown},
		"signature of the domain":    {[]string{"mx.shop.example; dkim=pass header.d=mail.customer.co.uk"}, ours, auth.Pass},
		"signature of another":       {[]string{"mx.shop.example; dkim=pass header.d=evil.co.uk"}, ours, auth.Unknown},
		"envelope of the domain":     {[]string{"mx.shop.example; spf=pass smtp.mailfrom=bounce@customer.co.uk"}, ours, auth.Pass},
		"envelope fails":             {[]string{"mx.shop.example; spf=fail smtp.mailfrom=customer.co.uk; dkim=none"}, ours, auth.Fail},
		"envelope fails, signed":     {[]string{"mx.shop.example; spf=fail smtp.mailfrom=list.example; dkim=pass header.d=customer.co.uk"}, ours, auth.Pass},
		"soft failure says nothing":  {[]string{"mx.shop.example; spf=softfail smtp.mailfrom=customer.co.uk"}, ours, auth.Unknown},
		"nothing was looked at":      {[]string{"mx.shop.example; none"}, ours, auth.Unknown},
		"a comment is no finding":    {[]string{"mx.shop.example (dmarc=pass; x); dmarc=fail (dmarc=pass) header.from=customer.co.uk"}, ours, auth.Fail},
		"a quote is no finding":      {[]string{"mx.shop.example; spf=none reason=\"; dmarc=pass header.from=customer.co.uk\""}, ours, auth.Unknown},
		"blanks around the sign":     {[]string{"mx.shop.example ; dmarc = pass header.from = customer.co.uk"}, ours, auth.Pass},
		"garbage":                    {[]string{"garbage"}, ours, auth.Unknown},
		"empty":                      {[]string{""}, []string{"", auth.Microsoft}, auth.Unknown},
		"only signs":                 {[]string{";=;;(=;(\\"}, ours, auth.Unknown},
	} {
		if got := auth.Verdict(c.headers, c.trusted, "customer.co.uk"); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestLooksLike(t *testing.T) {
	for domain, want := range map[string]bool{
		"lampshop.example":              false, // it is ours
		"mail.lampshop.example":         false, // and so is this
		"lamрshop.example":              true,  // a Cyrillic letter
		"1ampshop.example":              true,
		"Iampshop.example":              true,
		"larnpshop.example":             true,
		"lamp-shop.example":             true,
		"lämpshop.example":              true,
		"lampsh0p.example":              true,
		"lampshopp.example":             true,
		"lamshop.example":               true,
		"lampsohp.example":              true,
		"lampshop.example.evil.test":    true,
		"lampshop.example-support.test": true,
		"candleshop.example":            false,
		"customer.test":                 false,
		"":                              false,
	} {
		if got := auth.LooksLike(domain, "lampshop.example"); got != want {
			t.Errorf("%s: got %v", domain, got)
		}
	}
	if travels, err := idna.Punycode.ToASCII("lamрshop.example"); err != nil || !auth.LooksLike(travels, "lampshop.example") {
		t.Errorf("%s is not seen, %v", travels, err)
	}
	if auth.LooksLike("ab.example", "ac.example") {
		t.Error("short names differ in a letter all the time")
	}
}

func FuzzVerdict(f *testing.F) {
	f.Add("mx.shop.example; dmarc=pass (c) header.from=customer.example", "customer.example")
	f.Add("spf=pass smtp.mailfrom=x; dkim=\"a b\" header.d=y", "xn--a.example")
	f.Fuzz(func(t *testing.T, value, domain string) {
		for _, one := range auth.Parse(value).All {
			if one.Method == "" || one.Value == "" {
				t.Errorf("%+v is no finding", one)
			}
		}
		if got := auth.Verdict([]string{value}, []string{"other.example"}, domain); got != auth.Unknown && auth.Parse(value).Server != "other.example" {
			t.Errorf("a server that is not trusted decides: %q", got)
		}
		auth.LooksLike(domain, "shop.example")
	})
}
