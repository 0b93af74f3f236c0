package config

import (
	"slices"
)

// Complaint says what does not fit together in a configuration.
type Complaint struct {
	Key   string
	Wrong string
	Right string
}

// Validate returns what does not fit together in values that are each
// possible.
func (c Config) Validate() []Complaint {
	return slices.Concat(c.Chat.complaints(), c.Keys.complaints(), c.Staff.complaints(), complaintsOf(c.Queues), c.mailComplaints())
}

func (c Chat) complaints() []Complaint {
	all := c.Notice.complaints()
	add := func(key, wrong, right string) { all = append(all, Complaint{key, wrong, right}) }
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		have, lacks := "chat.tls.cert", "chat.tls.key"
		if c.TLS.Cert == "" {
			have, lacks = lacks, have
		}
		add(have, "stands without "+lacks, "set both, or neither")
	}
	if !c.Loopback() && c.TLS.Cert == "" {
		add("chat.listen", c.Listen+" can be reached from other machines, and there is no TLS",
			"set chat.tls.cert and chat.tls.key, or listen on 127.0.0.1 behind a proxy that has a certificate")
	}
	if c.Preview && c.Notice.Version == "" && len(c.Notice.Text) == 0 {
		add("chat.preview", "shows staff what visitors have not sent, and no notice tells visitors so",
			"set chat.notice.version and chat.notice.text.en, or leave preview out")
	}
	return all
}

func (n Notice) complaints() []Complaint {
	switch {
	case n.Version == "" && len(n.Text) > 0:
		return []Complaint{{"chat.notice.text", "stands without chat.notice.version", `set the version, such as "1", and another whenever the text changes`}}
	case n.Version != "" && len(n.Text) == 0:
		return []Complaint{{"chat.notice.version", "stands without a text", "set chat.notice.text.en"}}
	case len(n.Text) > 0 && n.Text["en"] == "":
		return []Complaint{{"chat.notice.text", "has no en, which is read where a visitor's language is missing", "set chat.notice.text.en"}}
	}
	return nil
}

func (k Keys) complaints() []Complaint {
	if k.Backend == "command" && len(k.Command) == 0 {
		return []Complaint{{"keys.backend", `is "command", and keys.command does not say which`, `set keys.command, such as ["pass", "show", "hark"]`}}
	}
	return nil
}

func (s Staff) complaints() []Complaint {
	if s.Group != "" && s.Socket == "" {
		return []Complaint{{
			"staff.group", "cannot enter the private folder that the socket lies in",
			`set staff.socket to a path that the group can reach, such as "/run/hark/desk.sock"`,
		}}
	}
	return nil
}

// complaintsOf says what does not fit together in the queues.
func complaintsOf(queues []Queue) []Complaint {
	var all []Complaint
	catch := ""
	for i, q := range queues {
		key := "queues." + q.Name
		if !q.opens() {
			all = append(all, Complaint{key + ".hours", "never open", "name a span for one day at least, or leave hours out for always"})
		}
		if len(q.Pages) == 0 && catch != "" {
			all = append(all, Complaint{key, "has no pages, so all that no other queue has are its; queues." + catch + " has them already", "set " + key + ".pages"})
		}
		if len(q.Pages) == 0 {
			catch = q.Name
		}
		all = append(all, taken(key, q, queues[:i])...)
	}
	return all
}

// taken says which pages a queue names twice, or an earlier one has already.
func taken(key string, q Queue, earlier []Queue) []Complaint {
	var all []Complaint
	for i, page := range q.Pages {
		if slices.Contains(q.Pages[:i], page) {
			all = append(all, Complaint{key + ".pages", "holds " + quote(page) + " twice", "name it once"})
		}
		for _, e := range earlier {
			if slices.Contains(e.Pages, page) {
				all = append(all, Complaint{key + ".pages", "holds " + quote(page) + ", which queues." + e.Name + " has already", "name each page in one queue"})
			}
		}
	}
	return all
}
