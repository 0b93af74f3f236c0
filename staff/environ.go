package staff

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// Environ returns the variables that tell the hub how to speak to the terminal
// at out. COLUMNS is there only when out is a terminal.
func Environ(out *os.File) []string {
	var env []string
	for _, name := range clientEnv() {
		if v := os.Getenv(name); v != "" && name != "COLUMNS" && name != "TERM" && len(name)+len(v) <= maxEnvBytes {
			env = append(env, name+"="+v)
		}
	}
	if w, _, err := term.GetSize(int(out.Fd())); err == nil {
		env = append(env, "COLUMNS="+strconv.Itoa(w))
	}
	return env
}

func (s *remote) sendEnv(e string) error {
	name, value, _ := strings.Cut(e, "=")
	return s.send("env", struct{ Name, Value string }{name, value})
}
