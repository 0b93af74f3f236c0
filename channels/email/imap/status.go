package imap

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
)

// Status responses (RFC 3501, section 7.1): how a command ended, and what a
// server says in between.

// ownTag begins the tags of commands that the library does not know of; its
// own begin with T.
const ownTag = "H"

func isStatus(kind string) bool {
	switch kind {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		return true
	}
	return false
}

// tagged passes on how a command ended, written so that nobody can misread it:
// Microsoft's servers send response codes that are none.
func (w *wire) tagged(tag string, rest []byte) error {
	if strings.EqualFold(tag, "DONE") {
		return nil // the server had ended the IDLE before and wonders at that
	}
	word, text := cutWord(rest)
	kind := strings.ToUpper(string(word))
	if !isStatus(kind) || !isTag(tag) {
		return w.broke(errors.New("a line that is no answer"))
	}
	code, args, words := splitCode(string(text))
	w.answer.code(code, args)
	if strings.HasPrefix(tag, ownTag) {
		w.reply(tag + " " + kind + " " + string(text))
		return nil
	}
	w.endIdle()
	line := tag + " " + kind + " "
	if code != "" && kind != "OK" {
		line += "[" + code + "] "
	}
	w.out = append(w.out[:0], line+clean(words)+"\r\n"...)
	if words == "" {
		w.out = append(w.out[:0], line+"-\r\n"...)
	}
	return nil
}

// isTag tells whether a word can be the tag of a command of ours.
func isTag(word string) bool {
	number, library := strings.CutPrefix(word, "T")
	if !library {
		number, library = strings.CutPrefix(word, ownTag)
	}
	_, err := strconv.ParseUint(number, 10, 64)
	return library && err == nil
}

// endIdle tells an IDLE that waits for news that its command is over.
func (w *wire) endIdle() {
	select {
	case w.idled <- struct{}{}:
	default: // said already, or nobody idles
	}
}

// untagged takes what a server says in between.
func (w *wire) untagged(kind, text string) {
	code, args, words := splitCode(text)
	w.answer.code(code, args)
	if kind == "BYE" {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.bye = clean(words)
	}
}

// goOn passes on a request to continue, if one was waited for.
func (w *wire) goOn(text []byte) {
	if own, library := w.answer.continues(); own {
		w.reply(string(text))
	} else if library {
		w.out = append(w.out[:0], "+ go on\r\n"...)
	}
}

// reply hands a line to a command that the library does not know of.
func (w *wire) reply(line string) {
	select {
	case w.own <- line:
	default: // nobody waits for so many
	}
}

// splitCode separates the response code from the words after it. What stands
// in brackets and is no code is part of the words.
func splitCode(text string) (code, args, words string) {
	if !strings.HasPrefix(text, "[") {
		return "", "", text
	}
	inside, words, closed := strings.Cut(text[1:], "]")
	code, args, _ = strings.Cut(inside, " ")
	code = strings.ToUpper(code)
	if !closed || !isCode(code) {
		return "", "", strings.NewReplacer("[", "(", "]", ")").Replace(text)
	}
	return code, args, strings.TrimSpace(words)
}

// isCode tells whether s can be the name of a response code.
func isCode(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && r != '.' && (r < '0' || r > '9') && (r < 'A' || r > 'Z')
	})
}

// flagsOf returns the flags between parentheses, without those that no server
// may send.
func flagsOf(list []byte) []string {
	var flags []string
	for word := range bytes.FieldsSeq(bytes.Trim(list, "() ")) {
		if isFlag(word) {
			flags = append(flags, string(word))
		}
	}
	return flags
}

// isFlag tells whether a word is a flag as RFC 3501 writes them.
func isFlag(word []byte) bool {
	name := bytes.TrimPrefix(word, []byte(`\`))
	if string(word) == `\*` {
		return true
	}
	return len(name) > 0 && !bytes.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`(){%*"\[]`, r)
	})
}
