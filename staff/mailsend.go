package staff

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"hark/desk"
	"hark/tui/safe"
)

// recipients are who else gets a mail, and what about.
type recipients struct {
	To      []string `sep:"none" placeholder:"ADDRESS" help:"Who gets it, instead of whom hark proposes; several with commas or several times."`
	Cc      []string `sep:"none" placeholder:"ADDRESS" help:"Who gets a copy."`
	Bcc     []string `sep:"none" placeholder:"ADDRESS" help:"Who gets a copy that the others do not hear of."`
	Subject string   `help:"The subject, instead of the one hark proposes."`
	Attach  []string `sep:"none" placeholder:"FILE" complete:"file" help:"A file of yours that goes along; several times for several."`
	Outside bool     `help:"Yes, also to addresses that this desk has never had to do with."`
	JSON    bool     `name:"json" help:"A JSON object with what was sent."`
}

// into puts the recipients into a mail that hark has proposed.
func (r recipients) into(k *call, o desk.Outgoing) (desk.Outgoing, error) {
	for _, f := range []struct {
		words []string
		field *[]desk.Address
		add   bool
	}{{r.To, &o.To, false}, {r.Cc, &o.Cc, true}, {r.Bcc, &o.Bcc, true}} {
		all, err := desk.ParseAddresses(strings.Join(f.words, ","))
		if err != nil {
			return o, err
		}
		switch {
		case len(all) == 0:
		case f.add:
			*f.field = slices.Concat(*f.field, all)
		default:
			*f.field = all
		}
	}
	if r.Subject != "" {
		o.Subject = r.Subject
	}
	o.Outside = r.Outside
	for _, path := range r.Attach {
		f, err := k.upload(path, "file")
		if err != nil {
			return o, err
		}
		o.Files = append(o.Files, f.ID)
	}
	return o, nil
}

// mailText is what a mail says, which may be nothing where files go along.
type mailText struct {
	Text []string `arg:"" optional:"" help:"The text; - reads standard input. Put -- in front of one that begins with a dash."`
}

func (t mailText) reads() bool { return words(t).reads() }

// above puts the text above the signature of the account.
func (t mailText) above(k *call, o desk.Outgoing) (desk.Outgoing, error) {
	text, err := words(t).read(k)
	if err != nil {
		return o, err
	}
	if below := k.signature(o.Account); below != "" {
		text = strings.TrimRight(text, "\n") + "\n\n" + below
	}
	o.Text = text
	return o, nil
}

type replyCommand struct {
	on
	mailText
	recipients
	All   bool `help:"Also to everybody else who had the mail."`
	Quote bool `default:"true" negatable:"" help:"The mail that is answered stands below the text."`
}

// Run answers the newest mail of a conversation.
func (c *replyCommand) Run(k *call) error {
	row, err := c.find(k)
	if err != nil {
		return err
	}
	o, err := k.ReplyDraft(k.ctx, row.ID, c.All)
	o.Quote = c.Quote && !o.Parent.IsZero()
	if err != nil {
		return err
	}
	return k.finish(row.ID, o, c.recipients, c.mailText)
}

type forwardCommand struct {
	on
	mailText
	recipients
	Item string `help:"Which mail, by its number as hark cat -n shows it; the newest that came without it."`
}

// Run passes a mail on to somebody else.
func (c *forwardCommand) Run(k *call) error {
	if len(c.To) == 0 {
		return desk.Errorf(desk.Invalid, "to whom? hark forward ID --to ADDRESS")
	}
	row, item, err := aMail{c.on, c.Item}.one(k, newestIn)
	if err != nil {
		return err
	}
	o, err := k.ForwardDraft(k.ctx, row.ID, item)
	if err != nil {
		return err
	}
	return k.finish(row.ID, o, c.recipients, c.mailText)
}

type mailSendCommand struct {
	mailText
	recipients
	From string `complete:"account" placeholder:"ACCOUNT" help:"The mail account it goes out from; needed where there are several."`
}

// Run writes a new mail.
func (c *mailSendCommand) Run(k *call) error {
	return k.finish(desk.ID{}, desk.Outgoing{Account: c.From}, c.recipients, c.mailText)
}

// finish puts what the command line says into a mail that hark has proposed,
// and sends it.
func (k *call) finish(id desk.ID, o desk.Outgoing, r recipients, t mailText) error {
	o, err := r.into(k, o)
	if err == nil {
		o, err = t.above(k, o)
	}
	if err != nil {
		return err
	}
	return k.mail(id, o, r.JSON)
}

// signature is what stands below the mails of an account, of the only one for
// "".
func (k *call) signature(account string) string {
	all := k.MailAccounts()
	for _, a := range all {
		if (a.Name == account || account == "" && len(all) == 1) && a.Signature != "" {
			return "-- \n" + strings.TrimRight(a.Signature, "\n")
		}
	}
	return ""
}

// mail sends a mail, says who is new among its recipients and who is missing,
// and how it is taken back.
func (k *call) mail(about desk.ID, o desk.Outgoing, json bool) error {
	diff, err := k.Recipients(k.ctx, about, o)
	if err != nil {
		return err
	}
	id, item, err := k.SendMail(k.ctx, about, o)
	if desk.CodeOf(err) == desk.NeedsYes {
		return desk.Errorf(desk.NeedsYes, "%s --outside says yes", desk.Sentence(err)) // the sentence is a question
	}
	if err != nil {
		return err
	}
	if json {
		return k.json(sentJSON(id, item, o, diff))
	}
	for _, d := range []struct {
		words string
		who   []desk.Address
	}{{"new among the recipients: ", diff.Added}, {"had the last mail and do not get this one: ", diff.Dropped}} {
		if len(d.who) > 0 && !about.IsZero() && !o.Forward {
			if _, err := io.WriteString(k.err, d.words+addresses(d.who)+"\n"); err != nil {
				return err
			}
		}
	}
	return k.tell(fmt.Sprintf("%s: mail to %s; hark mail undo %s takes it back within %d s",
		k.Short(id), addresses(o.Everyone()), k.Short(id), int(desk.MailUndo.Seconds())))
}

func sentJSON(id, item desk.ID, o desk.Outgoing, diff desk.Recipients) any {
	return struct {
		Conversation string   `json:"conversation"`
		Item         string   `json:"item"`
		To           []string `json:"to"`
		Cc           []string `json:"cc,omitempty"`
		Bcc          []string `json:"bcc,omitempty"`
		Subject      string   `json:"subject"`
		Added        []string `json:"added,omitempty"`
		Dropped      []string `json:"dropped,omitempty"`
	}{id.String(), item.String(), mailsOnly(o.To), mailsOnly(o.Cc), mailsOnly(o.Bcc), o.Subject, mailsOnly(diff.Added), mailsOnly(diff.Dropped)}
}

// mailsOnly are addresses without names.
func mailsOnly(all []desk.Address) []string {
	mails := make([]string, len(all))
	for i, a := range all {
		mails[i] = a.Mail
	}
	return mails
}

// addresses writes addresses for a terminal.
func addresses(all []desk.Address) string {
	texts := make([]string, len(all))
	for i, a := range all {
		texts[i] = safe.Name(a.String()).String()
	}
	return strings.Join(texts, ", ")
}
