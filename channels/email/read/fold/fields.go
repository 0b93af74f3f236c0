package fold

import "strings"

// fields are the fields of an earlier mail that were seen in a block.
type fields struct{ from, sent, to, subject, address bool }

// add takes a line and reports whether it is such a field.
func (f *fields) add(s string) bool {
	name, value, ok := strings.Cut(s, ":")
	if !ok {
		if name, value, ok = strings.Cut(s, "："); !ok {
			return false
		}
	}
	name = strings.ToLower(strings.Trim(name, "*_ \u00A0"))
	if len(name) > 40 {
		return false
	}
	switch fieldNames[name] {
	case 'f':
		f.from, f.address = true, hasAddress(value)
	case 's':
		f.sent = true
	case 't':
		f.to = true
	case 'b':
		f.subject = true
	case 'c':
	default:
		return false
	}
	return true
}

// block reports whether they make the block of a mail: from whom, about what
// and one more. People write "From: Berlin, To: Paris, Date: …" as well, so
// without a subject there must be an address.
func (f *fields) block() bool {
	switch {
	case !f.from:
		return false
	case f.subject:
		return f.sent || f.to
	}
	return f.address && f.sent && f.to
}

// Headed reports whether a text begins as quoted mails do: a few lines down
// stands from whom it was.
func Headed(text string) bool {
	const near = 8
	var seen fields
	n := 0
	for s := range strings.Lines(text[:min(len(text), 4<<10)]) {
		if strings.TrimSpace(s) == "" {
			continue
		}
		seen.add(strings.TrimSpace(s))
		if n++; seen.from || n == near {
			break
		}
	}
	return seen.from
}

// fieldNames are the names of the fields as mail programs translate them: from,
// sent, to, subject, copy.
var fieldNames = named(map[byte]string{
	'f': "from von de da van från fra lähettäjä od kimden gönderen от от кого від απο από מאת من 差出人 送信者 发件人 寄件者 寄件人 보낸사람 보낸 사람 발신 feladó expeditor dari từ จาก nuo saatja pošiljatelj šalje absender expéditeur remitente mittente remetente afzender avsändare",
	's': "sent date gesendet datum envoyé enviado enviada fecha inviato data verzonden skickat sendt dato lähetetty päivämäärä wysłano wysłane odesláno odoslané dátum elküldve küldve trimis gönderildi tarih gönderme отправлено дата надіслано изпратено στάλθηκε ημερομηνία נשלח תאריך التاريخ 送信日時 日時 日付 发送时间 发送日期 日期 寄件日期 時間 时间 보낸날짜 날짜 dikirim tanggal",
	't': "to an à para a aan till til vastaanottaja do komu pro címzett către kime alıcı кому до προς אל إلى 宛先 收件人 收件者 받는사람 받는 ke kepada prima destinataire destinatario destinatário empfänger",
	'b': "subject betreff objet asunto oggetto assunto onderwerp ämne emne aihe temat předmět predmet tárgy subiect konu тема θέμα נושא الموضوع 件名 主题 主旨 主題 제목 subjek perihal",
	'c': "cc kopie copie copia cópia kopia kopio dw másolat копия копія κοινοποίηση עותק 抄送 副本 참조 reply-to antwort priority wichtigkeit importance attachments anlagen",
})

func named(kinds map[byte]string) map[string]byte {
	all := map[string]byte{"보낸 사람": 'f', "받는 사람": 't', "보낸 날짜": 's', "от кого": 'f', "gönderme tarihi": 's', "gönderilme tarihi": 's', "de la": 'f', "תאריך שליחה": 's', "reply to": 'c'}
	for kind, names := range kinds {
		for name := range strings.FieldsSeq(names) {
			all[name] = kind
		}
	}
	return all
}
