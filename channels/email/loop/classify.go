package loop

import (
	"slices"
	"strings"

	"hark/channels/email/read"
)

// Class says what kind of sender a mail has.
type Class struct {
	// Why says in words why it counts as automatic; empty for a person's.
	Why string
	// Muted says that it neither reopens nor notifies: an automatic answer or a
	// report about a mail.
	Muted bool
	// Bounce says that it reports what became of a mail of ours.
	Bounce bool
}

// Automatic reports whether no automatic answer may go to it.
func (c Class) Automatic() bool { return c.Why != "" }

// Classify looks at the marks of a mail. Own are the desk's addresses, in
// lower case.
func Classify(m *read.Mail, own []string) Class {
	for _, look := range []func(*read.Mail, []string) Class{reports, ours, answers, programs, lists, names} {
		if c := look(m, own); c.Automatic() {
			return c
		}
	}
	return Class{}
}

// reports are about mails: RFC 3464 and RFC 8098.
func reports(m *read.Mail, _ []string) Class {
	switch {
	case m.Report != nil && m.Report.Disposition:
		return Class{Why: "it reports that a mail was opened", Muted: true}
	case m.Report != nil:
		return Class{Why: "it is a delivery report", Muted: true, Bounce: true}
	case m.Marks.Report:
		return Class{Why: "it is a report of a mail server"}
	}
	return Class{}
}

// ours are mails that a desk sent by itself, and what claims to be from us.
func ours(m *read.Mail, own []string) Class {
	switch {
	case m.Marks.Loop != "" && (strings.Contains(m.Marks.Loop, "hark") || slices.Contains(own, m.Marks.Loop)):
		return Class{Why: "it passed a desk before (X-Hark-Loop)", Muted: true}
	case slices.Contains(own, m.From.Mail):
		return Class{Why: "it comes from our own address"}
	case m.Marks.Loop != "":
		return Class{Why: "it passed a program that marks what it sends (X-Loop)"}
	}
	return Class{}
}

// answers are marked by the programs that write them.
func answers(m *read.Mail, _ []string) Class {
	submitted, _, _ := strings.Cut(m.Marks.AutoSubmitted, ";")
	if i := strings.IndexAny(submitted, " \t("); i >= 0 {
		submitted = submitted[:i]
	}
	switch {
	case submitted == "auto-replied":
		return Class{Why: "it is an automatic answer (Auto-Submitted)", Muted: true}
	case m.Marks.Autoreply != "":
		return Class{Why: "it is an automatic answer (X-Autoreply)", Muted: true}
	case m.Marks.Precedence == "auto_reply" || m.Marks.Precedence == "auto-reply":
		return Class{Why: "it is an automatic answer (Precedence)", Muted: true}
	case submitted != "" && submitted != "no":
		// Exchange says auto-generated of absence notes, and forms say it of
		// what customers write: only the first answer something.
		return Class{Why: "a program wrote it (Auto-Submitted)", Muted: absence(m.Subject)}
	}
	return Class{}
}

// programs say by other fields that nobody wrote, or that nobody is to answer.
func programs(m *read.Mail, _ []string) Class {
	switch {
	case m.Marks.NullReturn:
		return Class{Why: "it has no sender to return to (Return-Path: <>)", Muted: absence(m.Subject)}
	case m.Marks.Suppress != "" && m.Marks.Suppress != "none":
		return Class{Why: "it asks for no automatic answer (X-Auto-Response-Suppress)", Muted: absence(m.Subject)}
	}
	return Class{}
}

// ByList is why a mail that came by a mailing list counts as automatic.
const ByList = "it came by a mailing list (List-Id)"

// lists write to many at once.
func lists(m *read.Mail, _ []string) Class {
	switch {
	case m.Marks.ListID != "":
		return Class{Why: ByList, Muted: absence(m.Subject)}
	case slices.Contains([]string{"bulk", "junk", "list"}, m.Marks.Precedence):
		return Class{Why: "it goes to many (Precedence)", Muted: absence(m.Subject)}
	case m.Marks.Unsubscribe:
		return Class{Why: "it goes to many (List-Unsubscribe)"}
	case m.Marks.Feedback != "":
		return Class{Why: "it goes to many (Feedback-ID)"}
	}
	return Class{}
}

// names are local parts behind which no person sits, and subjects that no
// person writes.
func names(m *read.Mail, _ []string) Class {
	for _, address := range []string{m.From.Mail, m.Sender.Mail, m.Marks.ReturnPath} {
		local, _, _ := strings.Cut(address, "@")
		local, _, _ = strings.Cut(local, "+")
		if machine(local) {
			return Class{Why: "nobody reads the address that it comes from"}
		}
	}
	if absence(m.Subject) {
		return Class{Why: "its subject is that of an automatic answer"}
	}
	return Class{}
}

// machine reports whether a local part is a program's.
func machine(local string) bool {
	plain := strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(local))
	return slices.Contains([]string{
		"mailerdaemon", "postmaster", "noreply", "donotreply", "dontreply", "nichtantworten", "keineantwort", "nepasrepondre",
		"noresponder", "nonrispondere", "naoresponda", "bounce", "bounces", "daemon", "nobody", "autoreply", "autoresponder",
	}, plain) || strings.HasPrefix(plain, "noreply") || strings.HasPrefix(plain, "donotreply")
}

// absence reports whether a subject begins as those of automatic answers do.
func absence(subject string) bool {
	s := strings.ToLower(strings.TrimSpace(subject))
	return slices.ContainsFunc([]string{
		"automatic reply", "auto reply", "auto-reply", "autoreply", "auto:", "out of office", "out of the office", "out-of-office",
		"automatische antwort", "abwesenheitsnotiz", "abwesend:", "abwesenheit:", "réponse automatique", "absence du bureau",
		"respuesta automática", "fuera de la oficina", "risposta automatica", "fuori sede", "resposta automática", "automatisch antwoord",
		"afwezig:", "autosvar", "automatiskt svar", "automatisk svar", "automaattinen vastaus", "odpowiedź automatyczna",
		"automatická odpověď", "automatikus válasz", "otomatik yanıt", "автоматический ответ", "автоответ", "自动答复", "自动回复",
		"自動応答", "自動回覆", "자동 회신",
	}, func(prefix string) bool { return strings.HasPrefix(s, prefix) })
}
