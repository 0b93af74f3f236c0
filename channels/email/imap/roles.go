package imap

import (
	"context"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// Boxes lists the mailboxes.
func (b *box) Boxes(ctx context.Context) ([]BoxInfo, error) {
	var o *imap.ListOptions
	if b.extended && b.caps.SpecialUse {
		o = &imap.ListOptions{ReturnSpecialUse: true}
	}
	var lines []listed
	err := b.run(ctx, command{what: "list mailboxes", shown: "LIST …"}, func() error {
		err := b.lib.List("", "*", o).Close()
		lines = b.w.answer.mailboxes()
		return err
	})
	if err != nil {
		return nil, err
	}
	return withRoles(lines), nil
}

// withRoles finds out which mailbox is which: by what the server says, and for
// the roles it does not speak of by names. A role is played by one mailbox.
func withRoles(lines []listed) []BoxInfo {
	var boxes []BoxInfo
	taken := map[Role]bool{}
	for _, l := range lines {
		if slices.Contains(l.attrs, `\noselect`) || slices.Contains(l.attrs, `\nonexistent`) {
			continue
		}
		role := specialUse(l.attrs)
		if taken[role] {
			role = ""
		}
		taken[role] = role != ""
		boxes = append(boxes, BoxInfo{Name: l.name, Role: role})
	}
	for role, names := range usualNames() {
		if taken[role] {
			continue
		}
		if i := bestName(boxes, names); i >= 0 {
			boxes[i].Role, boxes[i].Guessed = role, true
		}
	}
	return boxes
}

// specialUse reads the attributes of RFC 6154.
func specialUse(attrs []string) Role {
	for _, a := range attrs {
		switch a {
		case `\sent`:
			return RoleSent
		case `\drafts`:
			return RoleDrafts
		case `\junk`:
			return RoleJunk
		case `\trash`:
			return RoleTrash
		case `\archive`:
			return RoleArchive
		case `\all`:
			return RoleAll
		}
	}
	return ""
}

// usualNames are the names that programs and providers give, in lower case,
// the likeliest first.
func usualNames() map[Role][]string {
	return map[Role][]string{
		RoleSent: {
			"sent", "sent items", "sent messages", "sent mail", "sent-mail", "gesendet", "gesendete elemente",
			"gesendete objekte", "envoyés", "éléments envoyés", "messages envoyés", "enviados", "elementos enviados",
			"posta inviata", "inviata", "verzonden", "verzonden items", "wysłane", "отправленные", "已发送", "已发送邮件", "送信済み",
		},
		RoleDrafts: {"drafts", "draft", "entwürfe", "brouillons", "borradores", "bozze", "concepten", "rascunhos", "черновики", "草稿箱", "下書き"},
		RoleJunk: {
			"junk", "spam", "junk e-mail", "junk email", "bulk mail", "junk mail", "courrier indésirable",
			"correo no deseado", "posta indesiderata", "ongewenste e-mail", "спам", "垃圾邮件", "迷惑メール",
		},
		RoleTrash: {
			"trash", "deleted items", "deleted messages", "bin", "papierkorb", "gelöschte elemente", "corbeille",
			"éléments supprimés", "papelera", "elementos eliminados", "cestino", "prullenbak", "kosz", "корзина", "удаленные", "已删除", "ゴミ箱",
		},
		RoleArchive: {"archive", "archives", "archiv", "archivo", "archivio", "archief", "архив", "归档"},
	}
}

// bestName returns the mailbox with the likeliest name that plays no role yet,
// -1 for none. What stands before the last separator is a namespace.
func bestName(boxes []BoxInfo, names []string) int {
	for _, name := range names {
		for i, box := range boxes {
			own := box.Name[strings.LastIndexAny(box.Name, "./")+1:]
			if box.Role == "" && strings.EqualFold(own, name) {
				return i
			}
		}
	}
	return -1
}
