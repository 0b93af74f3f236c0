package staff

import (
	"io"
	"strconv"
	"strings"

	"hark/desk"
	"hark/tui/safe"
)

type mailQuarantineCommand struct {
	ID    string `arg:"" optional:"" complete:"quarantined" help:"One of them, as the list names it; the first letters are enough."`
	Raw   bool   `xor:"do" help:"Write the bytes that there are of it."`
	Retry bool   `xor:"do" help:"Try to take it in once more."`
	Drop  string `xor:"do" placeholder:"REASON" help:"Give it up, and say why; that goes on record."`
	JSON  bool   `name:"json" help:"One JSON object a line."`
}

// Run lists what could not be taken in, or does something about one of it.
func (c *mailQuarantineCommand) Run(k *call) error {
	all, err := k.Quarantine(k.ctx)
	if err != nil {
		return err
	}
	if c.ID == "" {
		if c.Raw || c.Retry || c.Drop != "" {
			return desk.Errorf(desk.Invalid, "say which mail: hark mail quarantine ID; hark mail quarantine lists them")
		}
		return k.quarantine(all, c.JSON)
	}
	q, err := pickQuarantined(all, c.ID)
	if err != nil {
		return err
	}
	switch {
	case c.Raw:
		return k.quarantineRaw(q)
	case c.Retry:
		if err := k.RetryQuarantined(k.ctx, q.ID); err != nil {
			return err
		}
		return k.tell(q.ID.String() + " is tried again; hark mail status shows what comes of it")
	case c.Drop != "":
		if err := k.DropQuarantined(k.ctx, q.ID, c.Drop); err != nil {
			return err
		}
		return k.tell(q.ID.String() + " is given up")
	}
	return k.quarantine([]desk.Quarantined{q}, c.JSON)
}

// quarantine lists mails that could not be taken in.
func (k *call) quarantine(all []desk.Quarantined, json bool) error {
	t := [][]string{{"ID", "ACCOUNT", "FOLDER", "UID", "FAILED AT", "TRIES", "KEPT", "SINCE", "WHY"}}
	for _, q := range all {
		if json {
			if err := k.json(q); err != nil {
				return err
			}
			continue
		}
		t = append(t, []string{
			shortest(all, q.ID), printable(q.Account), safe.Line(q.Box).String(), strconv.FormatUint(uint64(q.UID), 10), printable(q.Stage),
			strconv.Itoa(q.Attempts), sizeWords(q.Size), q.At.In(k.zone).Format("2006-01-02 15:04"), safe.Line(q.Why).String(),
		})
	}
	if json {
		return nil
	}
	if len(all) == 0 {
		return k.tell("nothing is in quarantine")
	}
	return k.table(t)
}

func (k *call) quarantineRaw(q desk.Quarantined) error {
	r, err := k.QuarantineRaw(k.ctx, q.ID)
	if err != nil {
		return err
	}
	return k.pour(r)
}

// pour writes bytes as they are where no terminal reads them; a terminal is
// shown what is safe there.
func (k *call) pour(r io.ReadCloser) error {
	defer func() { _ = r.Close() }() // it was only read
	if k.width == 0 {
		_, err := io.Copy(k.out, r)
		return err
	}
	raw, err := io.ReadAll(io.LimitReader(r, shownMax+1))
	if err != nil {
		return err
	}
	cut := len(raw) > shownMax
	text := strings.ToValidUTF8(string(raw[:min(len(raw), shownMax)]), "\uFFFD")
	for line := range strings.SplitSeq(strings.TrimRight(text, "\r\n"), "\n") {
		if err := k.tell(safe.Line(strings.TrimRight(line, "\r")).String()); err != nil {
			return err
		}
	}
	if cut {
		_, err = io.WriteString(k.err, "hark: the rest is not shown on a terminal; write it into a file with > FILE\n")
	}
	return err
}

// shownMax is how much of raw bytes a terminal is shown.
const shownMax = 256 << 10

// idsMin is the shortest that an identifier is written.
const idsMin = 4

// shortest returns as many letters of an identifier as tell it from the others.
func shortest(all []desk.Quarantined, id desk.ID) string {
	s := id.String()
	n := idsMin
	for _, q := range all {
		other := q.ID.String()
		for q.ID != id && n < len(s) && other[:n] == s[:n] {
			n++
		}
	}
	return s[:n]
}

func pickQuarantined(all []desk.Quarantined, word string) (desk.Quarantined, error) {
	var found []desk.Quarantined
	for _, q := range all {
		if strings.HasPrefix(q.ID.String(), strings.ToLower(word)) {
			found = append(found, q)
		}
	}
	switch len(found) {
	case 0:
		return desk.Quarantined{}, desk.Errorf(desk.NotFound, "nothing in quarantine begins with %q; hark mail quarantine lists what is there", word)
	case 1:
		return found[0], nil
	}
	return desk.Quarantined{}, desk.Errorf(desk.Invalid, "%d mails in quarantine begin with %q; write more letters", len(found), word)
}
