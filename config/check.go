package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones are known on machines that bring none
)

// The functions below judge one value. Each returns what is wrong with it, to
// be followed by what would be right.

func is(s string) error { return fmt.Errorf("is %s", quote(s)) }

func notEmpty(s string) error {
	if s == "" {
		return errors.New("is empty")
	}
	return nil
}

func deskName(s string) error {
	if strings.TrimSpace(s) == "" || len(s) > 120 {
		return fmt.Errorf("has %d bytes", len(s))
	}
	return nil
}

func zone(s string) error {
	if s == "" {
		return nil
	}
	if _, err := time.LoadLocation(s); err != nil || s == "Local" {
		return is(s)
	}
	return nil
}

func version(s string) error {
	if s == "" || len(s) > 40 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") != "" {
		return is(s)
	}
	return nil
}

func noticeText(s string) error {
	if strings.TrimSpace(s) == "" || len(s) > noticeMax {
		return fmt.Errorf("has %d bytes", len(s))
	}
	return nil
}

// keyPress takes one key, two in a row, or several of these parted by commas;
// whether a terminal can send them is for the console to say.
func keyPress(s string) error {
	if s == "" || s == "," {
		return nil
	}
	for one := range strings.SplitSeq(s, ", ") {
		words := strings.Fields(one)
		if len(s) > 200 || len(words) == 0 || len(words) > 2 || one != strings.Join(words, " ") {
			return is(s)
		}
	}
	return nil
}

// hostPort takes an address to listen on: an IP address or localhost, so that
// it is plain who can reach it.
func hostPort(s string) error {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return is(s)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return is(s)
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "localhost" && host != "" {
		return fmt.Errorf("names the host %s, which is not an IP address", quote(host))
	}
	return nil
}

// Origin returns what is wrong with a site as a browser names it: scheme, host
// and unusual port.
func Origin(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return fmt.Errorf("holds %s, which is not a site", quote(s))
	case u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("holds %s, which does not begin with https:// or http://", quote(s))
	case strings.Contains(s, "*"):
		return fmt.Errorf("holds %s: every site is named by itself, without *", quote(s))
	case s != u.Scheme+"://"+u.Host:
		return fmt.Errorf("holds %s: a site ends behind its host, as in %s", quote(s), quote(u.Scheme+"://"+u.Host))
	}
	return nil
}

// parsePrefix reads an address or a range of addresses.
func parsePrefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, fmt.Errorf("holds %s, which is neither an address nor a range", quote(s))
	}
	return p.Masked(), nil
}

func absolute(s string) error {
	if !filepath.IsAbs(s) {
		return fmt.Errorf("is %s, which does not begin with /", quote(s))
	}
	return nil
}

func socketPath(s string) error {
	if err := absolute(s); err != nil || len(s) > 100 {
		return is(s)
	}
	return nil
}

func keyBackend(s string) error {
	if s == "memory" {
		return errors.New("is \"memory\", which only hark demo may use")
	}
	return among("keyring", "passphrase", "systemd", "command")(s)
}

func credential(s string) error {
	if s == "" || len(s) > 255 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "" || strings.Trim(s, ".") == "" {
		return is(s)
	}
	return nil
}

// Loopback reports whether only this machine can reach the web server.
func (c Chat) Loopback() bool {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}
