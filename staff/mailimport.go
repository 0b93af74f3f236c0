package staff

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"hark/desk"
)

// Here is what a command needs of the person's own machine before the hub can
// run it: a password typed at the terminal, or mail in their files.
type Here struct {
	Account string   // the mail account that is meant
	Path    string   // a file or a Maildir to send along; empty for standard input
	Args    []string // the command as the hub runs it, its bytes on standard input
}

// MailImport is mail that somebody brings in.
type MailImport struct {
	Account string    // that it belongs to; empty for the only one
	From    io.Reader // an mbox file, or a tar archive of files with one mail each
	Size    int64     // of From in bytes; 0 when it is not known
	// Progress is told how far it has come, often. It must not block long.
	Progress func(MailImported)
}

// MailImported counts what an import has done.
type MailImported struct {
	Account string `json:"account"`
	Mails   int    `json:"mails"`  // in the file
	New     int    `json:"new"`    // that were not here
	Known   int    `json:"known"`  // that an import brought before
	Failed  int    `json:"failed"` // too large, or empty
	Bytes   int64  `json:"bytes"`
}

type mailImportCommand struct {
	Path    string `arg:"" complete:"file" name:"file" help:"An mbox file or a Maildir of yours; - reads an mbox file, or a tar archive of a Maildir, from standard input."`
	Account string `complete:"account" help:"The mail account that the mails belong to; needed where there are several."`
	Size    int64  `hidden:""`
	JSON    bool   `name:"json" help:"A JSON object with what was done."`
}

func (c *mailImportCommand) reads() bool { return true }

// here has the client read the file: the hub may be somebody else's, or on
// another machine.
func (c *mailImportCommand) here() Here {
	h := Here{Account: c.Account, Args: []string{"mail", "import", stdin}}
	if c.Path != stdin {
		h.Path = c.Path
	}
	if c.Account != "" {
		h.Args = append(h.Args, "--account="+c.Account)
	}
	if c.JSON {
		h.Args = append(h.Args, "--json")
	}
	return h
}

// Run brings mails in.
func (c *mailImportCommand) Run(k *call) error {
	if err := k.Allow(k.ctx, desk.ActImport); err != nil {
		return err
	}
	if c.Path != stdin {
		return desk.Errorf(desk.Invalid, "plain ssh cannot read your files; send them through standard input: hark mail import - < FILE, or tar c MAILDIR | hark mail import -")
	}
	if k.s.o.ImportMail == nil {
		return desk.Errorf(desk.Unavailable, "this desk has no mail account; add a [mail.NAME] to hark.toml")
	}
	if err := k.knowsAccount(c.Account); err != nil {
		return err
	}
	meter := &importMeter{w: k.err, live: k.width > 0, size: c.Size, began: time.Now()}
	done, err := k.s.o.ImportMail(k.ctx, MailImport{Account: c.Account, From: k.in, Size: c.Size, Progress: meter.show})
	meter.end()
	if err != nil {
		if done.Mails > 0 {
			return desk.Errorf(desk.CodeOf(err), "%s; %d mails are in, and the same import goes on behind them", desk.Sentence(err), done.New+done.Known)
		}
		return err
	}
	if c.JSON {
		return k.json(done)
	}
	return k.tell(importWords(done))
}

func importWords(d MailImported) string {
	words := fmt.Sprintf("%d mails: %d new, %d here already", d.Mails, d.New, d.Known)
	if d.Failed > 0 {
		words += fmt.Sprintf(", %d left out because they are empty or too large", d.Failed)
	}
	if d.New > 0 {
		words += "; hark mail status shows them being read"
	}
	return words
}

// importMeter tells a person how far an import is.
type importMeter struct {
	w     io.Writer
	live  bool // on a terminal: one line that changes
	size  int64
	began time.Time

	mu    sync.Mutex
	at    time.Time // of the last telling
	shown bool
}

// How often progress is told, on a terminal and elsewhere.
const (
	meterTick = 250 * time.Millisecond
	meterSlow = 10 * time.Second
)

func (m *importMeter) show(d MailImported) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now, pause := time.Now(), meterSlow
	if m.live {
		pause = meterTick
	}
	if now.Sub(m.at) < pause && !m.at.IsZero() || now.Sub(m.began) < pause && m.at.IsZero() {
		return
	}
	m.at = now
	words := fmt.Sprintf("%d mails, %s", d.Mails, sizeWords(d.Bytes))
	if m.size > 0 {
		words += fmt.Sprintf(" of %s (%d%%)", sizeWords(m.size), min(100*d.Bytes/m.size, 100))
	}
	if spent := now.Sub(m.began).Seconds(); spent > 1 {
		words += fmt.Sprintf(", %.0f a second", float64(d.Mails)/spent)
	}
	end := "\n"
	if m.live {
		words, end = "\r"+words+strings.Repeat(" ", max(60-len(words), 0)), ""
		m.shown = true
	}
	_, _ = io.WriteString(m.w, words+end) // a client that is gone ends the import by itself
}

// end leaves the line on which progress was told.
func (m *importMeter) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.shown {
		_, _ = io.WriteString(m.w, "\n")
	}
}
