package staff

import (
	"slices"
	"strings"

	"hark/desk"
	"hark/tui/safe"
)

// completeMax is how many candidates of a kind a shell is given.
const completeMax = 500

// completeCommand lists what of the desk can be typed somewhere. It is for the
// shells, which ask at every tab.
type completeCommand struct {
	Kinds []string `arg:"" optional:"" passthrough:"" name:"kind"`
}

// Run writes a candidate a line, and behind a tab what it is.
func (c *completeCommand) Run(k *call) error {
	for _, kind := range c.Kinds {
		for i, candidate := range k.candidates(kind) {
			if i == completeMax {
				break
			}
			if err := k.tell(candidate); err != nil {
				return err
			}
		}
	}
	return nil
}

// candidates returns what a kind of word can be, of what the desk knows. A kind
// that is not known has none.
func (k *call) candidates(kind string) []string {
	switch kind {
	case "+tag", "-tag":
		all := slices.Clone(k.Tags())
		for i := range all {
			all[i] = kind[:1] + all[i]
		}
		return all
	case "id":
		return k.idCandidates()
	case "offer":
		return k.rowCandidates(k.Offers())
	case "tag":
		return k.Tags()
	case "queue":
		return k.queueCandidates()
	case "name":
		return append([]string{"me", "nobody"}, k.nameCandidates()...)
	case "view":
		all := []string{string(desk.Mine), string(desk.Unassigned), string(desk.All), string(desk.Done)}
		for _, v := range k.Views() {
			all = append(all, printable(v.Name)+"\t"+printable(v.Query))
		}
		return all
	case "search":
		return k.searchCandidates()
	case "account":
		return k.accountCandidates()
	case "quarantined":
		return k.quarantineCandidates()
	}
	return nil
}

func (k *call) idCandidates() []string {
	w, err := k.Window(desk.All, 0, completeMax)
	if err != nil {
		return nil
	}
	return k.rowCandidates(w.Rows)
}

func (k *call) rowCandidates(rows []*desk.Conversation) []string {
	all := make([]string, len(rows))
	for i, r := range rows {
		all[i] = k.Short(r.ID) + "\t" + safe.Name(r.Name).String() + ", " + string(r.Status)
	}
	return all
}

func (k *call) nameCandidates() []string {
	var all []string
	for _, a := range k.Who() {
		all = append(all, a.Account.Name+"\t"+safe.Name(a.Account.Display).String())
	}
	return all
}

func (k *call) queueCandidates() []string {
	var all []string
	for _, q := range k.Queues() {
		if q.Queue.Name != "" {
			all = append(all, q.Queue.Name+"\t"+safe.Name(q.Queue.Title).String())
		}
	}
	return all
}

func (k *call) accountCandidates() []string {
	var all []string
	for _, a := range k.MailAccounts() {
		all = append(all, printable(a.Name)+"\t"+safe.Name(a.Address.Mail).String())
	}
	return all
}

func (k *call) quarantineCandidates() []string {
	kept, err := k.Quarantine(k.ctx)
	if err != nil {
		return nil
	}
	var all []string
	for _, q := range kept {
		all = append(all, shortest(kept, q.ID)+"\t"+safe.Line(q.Why).String())
	}
	return all
}

// searchCandidates are the words of the search language.
func (k *call) searchCandidates() []string {
	var all []string
	for _, is := range []string{"open", "new", "waiting", "snoozed", "resolved", "unassigned", "mine", "unread", "offered", "breached"} {
		all = append(all, "is:"+is)
	}
	for _, p := range desk.Priorities() {
		all = append(all, "priority:"+string(p))
	}
	for _, ch := range []desk.Channel{desk.Chat, desk.Email, desk.Voice} {
		all = append(all, "ch:"+string(ch))
	}
	for field, values := range map[string][]string{"tag": k.Tags(), "queue": k.queueCandidates(), "to": k.nameCandidates()} {
		for _, v := range values {
			word, _, _ := strings.Cut(v, "\t")
			all = append(all, field+":"+word)
		}
	}
	slices.Sort(all)
	return append(all, "from:", "before:", "after:")
}
