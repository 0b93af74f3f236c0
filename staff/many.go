package staff

import (
	"bufio"
	"io"
	"strings"

	"hark/desk"
)

// stdin is the word that stands for identifiers or text on standard input.
const stdin = "-"

// idMax is the longest line of standard input that is taken for an identifier.
const idMax = 4096

// many are the conversations of a command that takes several.
type many struct {
	IDs []string `arg:"" name:"id" complete:"id" help:"The conversations; - reads them from standard input, one a line."`
}

func (m many) reads() bool { return hasStdin(m.IDs) }

func hasStdin(words []string) bool {
	for _, w := range words {
		if w == stdin {
			return true
		}
	}
	return false
}

// each does something to every conversation, writes one line a conversation,
// and goes on behind those that fail: each is named, and the exit status is
// that of the first. do returns what to say behind the conversation's number.
func (k *call) each(ids []string, do func(c *desk.Conversation) (string, error)) error {
	if len(ids) == 1 && ids[0] != stdin {
		return k.one(ids[0], do)
	}
	status := ExitOK
	err := k.eachID(ids, func(id string) error {
		err := k.one(id, do)
		switch {
		case err == nil:
			return k.out.Flush()
		case k.ctx.Err() != nil:
			return err
		}
		if status == ExitOK {
			status = ExitStatus(err)
		}
		return k.named(id, err)
	})
	if err == nil && status != ExitOK {
		return quiet(status)
	}
	return err
}

// one does something to one conversation and says so.
func (k *call) one(id string, do func(c *desk.Conversation) (string, error)) error {
	c, err := k.Resolve(id)
	if err != nil {
		return err
	}
	done, err := do(c)
	if err != nil {
		return err
	}
	return k.tell(k.Short(c.ID) + done)
}

// named tells which conversation something failed for.
func (k *call) named(id string, err error) error {
	if err := k.out.Flush(); err != nil { // the order of the lines is that of the input
		return err
	}
	_, e := io.WriteString(k.err, "hark: "+printable(id)+": "+desk.Sentence(err)+"\n")
	return e
}

// eachID calls do with every identifier, those of standard input as they come.
func (k *call) eachID(ids []string, do func(id string) error) error {
	read := false
	for _, id := range ids {
		if id != stdin {
			if err := do(id); err != nil {
				return err
			}
			continue
		}
		if read {
			continue
		}
		read = true
		if err := k.lines(do); err != nil {
			return err
		}
	}
	return nil
}

// lines calls do with the first word of every line of standard input.
func (k *call) lines(do func(word string) error) error {
	in := bufio.NewScanner(k.in)
	in.Buffer(nil, idMax)
	for in.Scan() {
		words := strings.Fields(in.Text())
		if len(words) == 0 {
			continue
		}
		if err := do(words[0]); err != nil {
			return err
		}
	}
	if in.Err() != nil {
		return desk.Errorf(desk.Invalid, "standard input does not hold one identifier a line: %w", in.Err())
	}
	return nil
}

// last takes the last word of a command that names its conversations first.
func last(words []string, what string) (ids []string, value string, err error) {
	if len(words) < 2 {
		return nil, "", desk.Errorf(desk.Invalid, "a conversation and %s are needed", what)
	}
	n := len(words) - 1
	return words[:n], words[n], nil
}
