package plain

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"

	"hark/desk"
	"hark/tui/safe"
)

// typed is a line, the end of the input, or what is wrong with a line.
type typed struct {
	text string
	err  error
	end  bool
}

// lineLimit is the longest line that is read, in bytes: that of a message.
const lineLimit = desk.TextLimit

// readLines reads lines until the input or ctx ends. Reading stays a line
// ahead of the reader.
func readLines(ctx context.Context, in io.Reader) <-chan typed {
	lines := make(chan typed)
	r := bufio.NewReaderSize(in, lineLimit)
	go func() {
		for {
			l := readLine(r)
			select {
			case lines <- l:
			case <-ctx.Done():
				return
			}
			if l.end {
				return
			}
		}
	}()
	return lines
}

// readLine reads a line. One that is too long is read to its end and refused.
// A last line without an end is a line.
func readLine(r *bufio.Reader) typed {
	raw, err := r.ReadSlice('\n')
	long := false
	for errors.Is(err, bufio.ErrBufferFull) {
		long = true
		_, err = r.ReadSlice('\n')
	}
	switch {
	case long:
		return typed{err: desk.Errorf(desk.Invalid, "that line is longer than %d bytes; send it in parts", lineLimit)}
	case err != nil && len(raw) == 0:
		return typed{end: true, err: err}
	}
	return typed{text: safe.Input(strings.TrimRight(string(raw), "\r\n"))}
}
