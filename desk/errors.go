package desk

import (
	"errors"
	"fmt"
)

// Code classifies an error for programs; the message is for people.
type Code string

// The codes. A command's exit status follows from them.
const (
	Denied      Code = "denied"      // the role does not allow it
	NotFound    Code = "not_found"   // there is no such thing
	Conflict    Code = "conflict"    // somebody else was first
	Invalid     Code = "invalid"     // the input is wrong
	Unavailable Code = "unavailable" // it cannot be done now, but later
	NeedsYes    Code = "needs_yes"   // it can be done, once the person has said yes to what the sentence names
	Internal    Code = "internal"    // everything else
)

// Error is a failure with a sentence for the person who asked: what was wrong
// and, where there is one, the next step.
type Error struct {
	Code Code
	Msg  string
	Err  error
}

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Msg + ": " + e.Err.Error()
	}
	return e.Msg
}

func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an *Error with a formatted sentence; %w keeps a cause.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Msg: err.Error(), Err: nil}
}

// CodeOf returns the code of err, Internal when it has none and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	switch {
	case errors.Is(err, ErrConflict):
		return Conflict
	case errors.Is(err, ErrDuplicate):
		return Conflict
	}
	return Internal
}

// Sentence returns what to tell a person about err: the sentence of an *Error,
// a general one for anything else.
func Sentence(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Msg
	}
	return "something went wrong inside hark; the hub's log says more"
}
