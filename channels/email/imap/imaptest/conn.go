package imaptest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
)

// Conn is the server's end of a connection.
type Conn struct {
	net.Conn
	// Command is what is being answered, without its tag and line end. A
	// literal stands in it as it came, after its announcement.
	Command string

	r      *bufio.Reader
	server *Server
	script Script
	tag    string
	verb   string

	mu   sync.Mutex // guards idle and writes
	idle bool
}

// next reads a command; false when there are no more.
func (c *Conn) next() bool {
	line, err := c.line()
	if err != nil {
		return false
	}
	tag, command, _ := strings.Cut(line, " ")
	c.tag, c.Command = tag, command
	words := strings.Fields(strings.ToUpper(command) + " . .")
	c.verb = words[0]
	if c.verb == "UID" {
		c.verb += " " + words[1]
	}
	c.server.heard(command)
	return true
}

// line reads a line with the literals that it announces.
func (c *Conn) line() (string, error) {
	line, err := c.r.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	open := strings.LastIndexByte(line, '{')
	if open < 0 || !strings.HasSuffix(line, "}") {
		return line, nil
	}
	count, flying := strings.CutSuffix(line[open+1:len(line)-1], "+")
	n, err := strconv.Atoi(count)
	if err != nil {
		return line, nil //nolint:nilerr // no literal after all
	}
	if !flying {
		c.Raw("+ go on\r\n")
	}
	literal := make([]byte, n)
	if _, err := io.ReadFull(c.r, literal); err != nil {
		return "", err
	}
	rest, err := c.line()
	return line + "\r\n" + string(literal) + rest, err
}

// reply answers the command as the script says, or soundly.
func (c *Conn) reply() {
	if reply, ok := c.script[c.verb]; ok {
		reply(c)
		return
	}
	c.Sound()
}

// Say writes lines; TAG stands for the command's tag and \n for a line end.
func (c *Conn) Say(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	c.Raw(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n"))
}

// Raw writes text as it is, but for TAG.
func (c *Conn) Raw(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = io.WriteString(c.Conn, strings.ReplaceAll(text, "TAG", c.tag)) // a client that left hears nothing
}

// tell says to a client in IDLE how many mails there are.
func (c *Conn) tell(n int) {
	c.mu.Lock()
	idle := c.idle
	c.mu.Unlock()
	if idle {
		c.Say("* %d EXISTS\n", n)
	}
}

func (c *Conn) setIdle(idle bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = idle
}

// wait reads and drops what the client says until it hangs up.
func (c *Conn) wait() { _, _ = io.Copy(io.Discard, c.r) }
