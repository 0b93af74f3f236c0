package chat

import (
	"net/http"
	"net/netip"
	"strings"
)

// maxHops bounds how far back a forwarding header is believed.
const maxHops = 32

// peerAddress returns the address that a connection comes from, as limits
// count it; invalid for what is no network address, such as a Unix socket.
func peerAddress(remote string) netip.Addr {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap()
}

// counted returns what limits count an address as: itself, and for IPv6 its
// /64, which is what one household or machine is given.
func counted(a netip.Addr) netip.Addr {
	a = a.WithZone("")
	if a.Is6() {
		return netip.PrefixFrom(a, 64).Masked().Addr()
	}
	return a
}

// proxies says whose word about the address of others counts.
type proxies []netip.Prefix

func (p proxies) trust(a netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(a.WithZone("")) {
			return true
		}
	}
	return false
}

// client returns the address that a request really comes from. A trusted proxy
// appends the address it saw to X-Forwarded-For, so the header is read from
// the right: the first address that is not a trusted proxy is the client.
// Whatever stands left of it may be invented.
func (p proxies) client(r *http.Request) netip.Addr {
	at := peerAddress(r.RemoteAddr)
	if !p.trust(at) {
		return at
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= max(0, len(hops)-maxHops); i-- {
		hop, err := parseHop(strings.TrimSpace(hops[i]))
		if err != nil {
			return at
		}
		at = hop
		if !p.trust(at) {
			return at
		}
	}
	return at
}

// parseHop reads an address that may carry a port.
func parseHop(s string) (netip.Addr, error) {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap(), nil
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return a.Unmap(), err
}
