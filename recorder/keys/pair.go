package keys

import (
	"errors"

	"hark/desk"
)

// Pair names one key: what is kept of one stream in one retention class is
// sealed under it and is gone when it is destroyed.
type Pair struct {
	Stream desk.ID
	Class  desk.Class
}

// ErrNoKey says that a stream and class have no key: nothing was sealed for
// them yet, or the key was destroyed.
var ErrNoKey = errors.New("there is no key for this stream and class")
