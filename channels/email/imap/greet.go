package imap

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// greeter speaks with a server until it has let us in. That part of the
// conversation holds the secret, so it is spoken here and not by the library,
// which begins where somebody is signed in already.
type greeter struct {
	w    *wire
	n    int             // commands so far
	caps map[string]bool // in upper case; nil when they must be asked for
	said []string        // whatever tells what kind of server this is
	in   bool            // the server knows us without a password
	// hurry ends the connection when all of this takes too long; it rests while
	// the secret is fetched, which can be a person's work.
	hurry *time.Timer
}

// maxTalk is how many lines a server may say to one command before it has let
// us in.
const maxTalk = 1000

// refusal is a NO or BAD.
type refusal struct{ code, text string }

func (r *refusal) Error() string { return r.text }

// greeting reads the server's first words.
func (g *greeter) greeting() error {
	line, err := g.read()
	if err != nil {
		return err
	}
	kind, text, ok := statusOf(line, "*")
	g.said = append(g.said, text)
	switch {
	case !ok:
		return g.w.broke(errors.New("it does not greet as a mail server does"))
	case kind == "BYE":
		_, _, words := splitCode(text)
		return g.w.saidBye(clean(words))
	}
	g.in = kind == "PREAUTH"
	g.learn(text)
	return nil
}

// read reads a line, without literals: those that a server may send here are
// read over.
func (g *greeter) read() (string, error) {
	g.w.size = 0
	line, err := g.w.line()
	if err != nil {
		g.w.failRead(err)
		return "", g.w.lost()
	}
	g.w.pace.nextLine()
	text, size := literalAt(trimEnd(line))
	g.w.ring.add("S: ", text)
	whole := string(text)
	if size == noLiteral || strings.HasPrefix(whole, "* OK") {
		return whole, nil
	}
	if size > int64(g.w.limits.Line) {
		g.w.fail(g.w.tooBig(size))
		return "", g.w.lost()
	}
	if _, err := io.CopyN(io.Discard, g.w.in, size); err != nil {
		g.w.failRead(err)
		return "", g.w.lost()
	}
	rest, err := g.read()
	return whole + rest, err
}

// ask sends a command and reads its answer. shown is what of it may be
// remembered. Whatever else must be sent, when the server says that it may go
// on, comes from more.
func (g *greeter) ask(command, shown string, more func(challenge string) (string, error)) error {
	g.n++
	tag := ownTag + strconv.Itoa(g.n)
	g.w.note("%s %s", tag, shown)
	if _, err := io.WriteString(g.w, tag+" "+command+"\r\n"); err != nil {
		return g.w.lost()
	}
	for range maxTalk {
		line, err := g.read()
		if err != nil {
			return err
		}
		if challenge, ok := strings.CutPrefix(line, "+"); ok {
			if err := g.goOn(strings.TrimSpace(challenge), more); err != nil {
				return err
			}
			continue
		}
		kind, text, ok := statusOf(line, tag)
		if !ok {
			g.untagged(line)
			continue
		}
		if kind == "OK" {
			g.learn(text)
			g.said = append(g.said, text)
			return nil
		}
		code, _, words := splitCode(text)
		return &refusal{code: code, text: clean(words)}
	}
	return g.w.broke(errors.New("it talks and does not answer"))
}

// goOn sends what the server waits for.
func (g *greeter) goOn(challenge string, more func(string) (string, error)) error {
	if more == nil {
		return g.w.broke(errors.New("it waits for more than there is"))
	}
	reply, err := more(challenge)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(g.w, reply+"\r\n"); err != nil {
		return g.w.lost()
	}
	return nil
}

// untagged takes what the server says beside its answer.
func (g *greeter) untagged(line string) {
	word, rest, _ := strings.Cut(strings.TrimPrefix(line, "* "), " ")
	switch strings.ToUpper(word) {
	case "CAPABILITY":
		g.setCaps(rest)
	case "ID":
		g.said = append(g.said, rest)
	case "BYE":
		_, _, words := splitCode(rest)
		g.w.mu.Lock()
		defer g.w.mu.Unlock()
		g.w.bye = clean(words)
	}
}

// learn takes the capabilities from a response code, if there are.
func (g *greeter) learn(text string) {
	if code, args, _ := splitCode(text); code == "CAPABILITY" {
		g.setCaps(args)
	}
}

func (g *greeter) setCaps(list string) {
	g.caps = map[string]bool{}
	for word := range strings.FieldsSeq(strings.ToUpper(list)) {
		g.caps[word] = true
	}
}

// needCaps asks for the capabilities, unless they were said already.
func (g *greeter) needCaps() error {
	if g.caps != nil {
		return nil
	}
	if err := g.ask("CAPABILITY", "CAPABILITY", nil); err != nil {
		return err
	}
	if g.caps == nil {
		return g.w.broke(errors.New("it does not say what it can do"))
	}
	return nil
}

// statusOf reads a status response with the tag.
func statusOf(line, tag string) (kind, text string, ok bool) {
	first, rest := cutWord([]byte(line))
	if !bytes.EqualFold(first, []byte(tag)) {
		return "", "", false
	}
	word, text2 := cutWord(rest)
	kind = strings.ToUpper(string(word))
	return kind, string(text2), isStatus(kind)
}
