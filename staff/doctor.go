package staff

import (
	"bufio"
	"io"
	"slices"

	"hark/desk"
)

// Check says in words how one part is.
type Check struct {
	Part  string `json:"part"`
	OK    bool   `json:"ok"`
	Words string `json:"words"`
}

type doctorCommand struct {
	JSON bool `name:"json" help:"One JSON object a line."`
}

// Run says how the hub is.
func (c *doctorCommand) Run(k *call) error {
	if err := k.Allow(k.ctx, desk.ActDoctor); err != nil {
		return err
	}
	var checks []Check
	if k.s.o.Doctor != nil {
		checks = k.s.o.Doctor(k.ctx)
	}
	for _, l := range k.Lamps() {
		checks = append(checks, Check{l.Part, l.OK, l.Words})
	}
	if err := k.report(checks, c.JSON); err != nil {
		return err
	}
	if slices.ContainsFunc(checks, func(c Check) bool { return !c.OK }) {
		return quiet(ExitFailed)
	}
	return nil
}

// WriteChecks writes checks for a person or as JSON, and reports whether all
// is well. It serves a doctor that has no hub to ask.
func WriteChecks(w io.Writer, checks []Check, json bool, width int) (well bool, err error) {
	k := &call{out: bufio.NewWriter(w), width: width}
	if err := k.report(checks, json); err != nil {
		return false, err
	}
	well = !slices.ContainsFunc(checks, func(c Check) bool { return !c.OK })
	return well, k.out.Flush()
}

func (k *call) report(checks []Check, json bool) error {
	for _, c := range checks {
		if json {
			b, err := line(c)
			if err != nil {
				return err
			}
			if _, err := k.out.Write(b); err != nil {
				return err
			}
			continue
		}
		if err := k.tell(c.line(k.width)); err != nil {
			return err
		}
	}
	return nil
}

// line writes a check with its verdict in front; long words hang below it.
func (c Check) line(width int) string {
	verdict := "ok   "
	if !c.OK {
		verdict = "WRONG"
	}
	const indent = 22
	prefix := tableLine([]string{verdict, c.Part, "."}, []int{5, indent - 9, 1}, 0)
	prefix = prefix[:len(prefix)-1]
	return prefix + hang(c.Words, indent, width)
}

type stopCommand struct{}

// Run closes the desk for everybody.
func (c *stopCommand) Run(k *call) error {
	if err := k.Allow(k.ctx, desk.ActStop); err != nil {
		return err
	}
	k.s.o.Stop()
	return nil
}
