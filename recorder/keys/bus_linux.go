package keys

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
)

// sessionBus refuses when there is no session bus to talk to: the library
// would start one. It looks where the library does.
func sessionBus() error {
	address := os.Getenv("DBUS_SESSION_BUS_ADDRESS")
	if address != "" && address != "autolaunch:" {
		return nil
	}
	runtime := "/run/user/" + strconv.Itoa(os.Getuid())
	for _, name := range []string{"/bus", "/dbus-session"} {
		if _, err := os.Stat(runtime + name); !errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	return fmt.Errorf("%w: no desktop session is running here (DBUS_SESSION_BUS_ADDRESS is not set)", ErrNoBackend)
}
