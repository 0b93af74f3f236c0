package outbox

import (
	"context"
	"io"
	"slices"

	"hark/channels/email/compose"
	"hark/desk"
)

// compose gathers what belongs to a mail and returns its bytes.
func (out *Outbox) compose(ctx context.Context, o compose.Options, u desk.Unposted, m desk.Message) ([]byte, error) {
	letter := *m.Mail
	if letter.Date.IsZero() {
		letter.Date = u.At
	}
	letter.Date = letter.Date.In(out.o.Zone)
	mail := compose.Mail{Text: m.Text, Letter: letter, Files: out.attached(ctx, m.Files)}
	parent, err := out.parent(ctx, u.Conversation, letter)
	if err != nil {
		return nil, err
	}
	if parent != nil && (letter.Quote || letter.Forward) {
		mail.Quoted = &compose.Quoted{Letter: *parent.Mail, Text: parent.Text}
	}
	if parent != nil {
		mail.Files = append(mail.Files, out.carried(ctx, letter, *parent)...)
	}
	return compose.Compose(o, mail)
}

// parent returns the mail that a letter answers or passes on, nil for none and
// for one that is gone.
func (out *Outbox) parent(ctx context.Context, conversation desk.ID, l desk.Letter) (*desk.Message, error) {
	if l.Parent.IsZero() || !l.Quote && !l.Forward && len(l.Carry) == 0 {
		return nil, nil
	}
	e, err := out.o.Desk.Item(ctx, conversation, l.Parent)
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m, ok := e.Body.(desk.Message)
	if moved, in := e.Body.(desk.MovedIn); in && moved.Message != nil {
		m, ok = *moved.Message, true
	}
	if !ok || m.Mail == nil {
		return nil, nil
	}
	return &m, nil
}

// attached returns the files that an agent put to the mail.
func (out *Outbox) attached(ctx context.Context, files []desk.File) []compose.File {
	var all []compose.File
	for _, f := range files {
		all = append(all, compose.File{Name: f.Name, Type: f.Type, Open: func() (io.ReadCloser, error) {
			return out.o.File(ctx, f.ID)
		}})
	}
	return all
}

// carried returns the parts and files of the parent that go along.
func (out *Outbox) carried(ctx context.Context, l desk.Letter, parent desk.Message) []compose.File {
	var all []compose.File
	for _, part := range parent.Mail.Parts {
		if slices.Contains(l.Carry, part.ID) {
			all = append(all, compose.File{Name: part.Name, Type: part.Type, Open: func() (io.ReadCloser, error) {
				return out.o.Part(ctx, l.Parent, part.N)
			}})
		}
	}
	files := slices.Clone(parent.Files)
	return append(all, out.attached(ctx, slices.DeleteFunc(files, func(f desk.File) bool { return !slices.Contains(l.Carry, f.ID) }))...)
}
