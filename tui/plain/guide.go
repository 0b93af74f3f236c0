package plain

import (
	"fmt"
	"strings"
)

// Guide returns the commands as the tables of docs/plain.md.
func Guide() string {
	var b strings.Builder
	for _, g := range groups() {
		fmt.Fprintf(&b, "\n### %s\n\n| command | what it does |\n| --- | --- |\n", strings.ToUpper(g[:1])+g[1:])
		for _, c := range table() {
			if c.group == g {
				fmt.Fprintf(&b, "| `%s` | %s |\n", c.usage(), c.help)
			}
		}
	}
	return b.String() + "\n"
}
