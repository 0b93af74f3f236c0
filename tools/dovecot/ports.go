package dovecot

import (
	"fmt"
	"net"
)

// freePorts returns two loopback ports that nobody listened on a moment ago.
func freePorts() (plain, tls int, err error) {
	var ports [2]int
	for i := range ports {
		l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			return 0, 0, fmt.Errorf("find a free port: %w", err)
		}
		defer l.Close() //nolint:errcheck // nothing was accepted that could be lost
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports[0], ports[1], nil
}

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
