package fold

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// attributionMax is how long the words may be that say who wrote, in bytes.
const attributionMax = 500

// isAttribution reports whether words say who wrote what follows: they end as
// such words do and hold a verb of writing, or an address with a date.
func isAttribution(s string) bool {
	if len(s) > attributionMax {
		return false
	}
	s = strings.ToLower(s)
	colon := strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：")
	if !colon && !hasDate(s) {
		return false
	}
	if hasVerb(s) {
		return colon || endsWithVerb(s)
	}
	return colon && hasAddress(s) && hasDate(s)
}

// verbs are "wrote" as mail programs say it.
var verbs = []string{
	"wrote", "writes", "schrieb", "hat geschrieben", "geschrieben", "a écrit", "écrit", "escribió", "escribio", "ha scritto", "scrive", "escreveu",
	"schreef", "heeft geschreven", "skrev", "skreiv", "kirjoitti", "napisał", "napisała", "napisał(a)", "pisze", "napsal", "napsala", "napsal(a)",
	"napísal", "napísala", "napísal(a)", "írta", "írt", "a scris", "yazdı", "şunları yazdı", "написал", "написала", "написал(а)", "пишет", "написав",
	"написала", "пише", "написа", "έγραψε", "כתב", "כתבה", "כתב/ה", "كتب", "كتبت", "書きました", "のメール", "写道", "寫道", "작성", "썼습니다", "썼다", "님이", "đã viết", "viết",
	"เขียน", "menulis", "napisao", "napisala", "je napisao", "написао", "napisal", "rašė", "parašė", "rakstīja", "kirjutas", "va escriure", "escribiu", "نوشت", "ने लिखा", "shkroi", "skrifaði", "idatzi du",
}

func hasVerb(s string) bool {
	for _, v := range verbs {
		if i := strings.Index(s, v); i >= 0 && wordAt(s, i, len(v)) {
			return true
		}
	}
	return false
}

// endsWithVerb: some languages put the verb last, without a colon.
func endsWithVerb(s string) bool {
	s = strings.TrimRight(s, ".:： ")
	for _, v := range verbs {
		if strings.HasSuffix(s, v) && hasDate(s) && wordAt(s, len(s)-len(v), len(v)) {
			return true
		}
	}
	return false
}

// wordAt reports whether a word stands alone. Scripts without spaces have no
// such border.
func wordAt(s string, i, n int) bool {
	first, _ := utf8.DecodeRuneInString(s[i:])
	if !unicode.In(first, unicode.Latin, unicode.Cyrillic, unicode.Greek) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+n:])
	return !unicode.IsLetter(before) && !unicode.IsLetter(after)
}

// opens reports whether words begin as those do that say when and who.
func opens(s string) bool {
	first, _, _ := strings.Cut(strings.ToLower(s), " ")
	first = strings.TrimRight(first, ",.:")
	if slices.Contains([]string{
		"on", "am", "le", "el", "il", "em", "op", "den", "w", "dne", "dňa", "dana", "în", "pe", "tarihinde", "at", "a", "la", "no", "vào", "pada", "στις", "на", "від", "ב", "בתאריך",
		"в", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "ke", "to", "pe", "la", "su", "ma", "ti", "à", "dia", "ngày", "در", "في", "dnia", "lör", "fre", "tor", "ons", "tis", "mån", "sön", "quoting",
	}, first) {
		return true
	}
	if first != "" && digit(first[0]) {
		return true
	}
	_, rest, _ := strings.Cut(s, " ") // a day of the week in some language, then a number
	return utf8.RuneCountInString(first) <= 4 && rest != "" && digit(rest[0])
}

// hasDate reports whether a year or a time of day stands there.
func hasDate(s string) bool {
	for i := range len(s) {
		if i > 0 && digit(s[i-1]) || !digit(s[i]) {
			continue
		}
		n := i
		for n < len(s) && digit(s[n]) {
			n++
		}
		switch number := s[i:n]; {
		case n-i == 4 && (number[:2] == "19" || number[:2] == "20"):
			return true
		case n-i <= 2 && n+2 < len(s) && (s[n] == ':' || s[n] == '.' || s[n] == 'h') && digit(s[n+1]) && digit(s[n+2]):
			return true
		}
	}
	return false
}

// hasClock reports whether a time of day stands there.
func hasClock(s string) bool {
	for i := 1; i+2 < len(s); i++ {
		if (s[i] == ':' || s[i] == '.' || s[i] == 'h') && digit(s[i-1]) && digit(s[i+1]) && digit(s[i+2]) && (i+3 == len(s) || !digit(s[i+3])) {
			return true
		}
	}
	return false
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// hasAddress reports whether a mail address stands there.
func hasAddress(s string) bool {
	at := strings.IndexByte(s, '@')
	return at > 0 && at < len(s)-1 && s[at-1] != ' ' && s[at+1] != ' '
}

// isSeparator reports whether a line says that the original message follows.
func isSeparator(s string) bool { return dashed(s, originals) }

// isForward reports whether a line says that a message is handed on.
func isForward(s string) bool {
	if dashed(s, forwards) {
		return true
	}
	if len(s) > separatorMax {
		return false
	}
	s = strings.ToLower(strings.TrimRight(s, ":： "))
	return slices.Contains(beginForwards, s)
}

// separatorMax is how long a line that separates may be, in bytes.
const separatorMax = 100

// dashed reports whether a line is one of the words between hyphens.
func dashed(s string, words []string) bool {
	inner := strings.Trim(s, "-–—_=─ ")
	if len(s)-len(inner) < 4 || inner == "" {
		return false
	}
	inner = strings.ToLower(strings.TrimRight(inner, ": "))
	for _, w := range words {
		if inner == w || strings.HasPrefix(inner, w+" ") {
			return true
		}
	}
	return false
}

var originals = []string{
	"original message", "original email", "original appointment", "reply message", "ursprüngliche nachricht", "originalnachricht", "original-nachricht", "ursprüngliche mail", "message d'origine",
	"message d’origine", "message original", "courriel original", "mensaje original", "messaggio originale", "mensagem original", "oorspronkelijk bericht", "ursprungligt meddelande",
	"originalmeddelande", "opprinnelig melding", "oprindelig meddelelse", "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość", "původní zpráva", "původní e-mail",
	"pôvodná správa", "eredeti üzenet", "mesaj original", "mesajul original", "orijinal mesaj", "orijinal ileti", "исходное сообщение", "оригинальное сообщение", "первоначальное сообщение", "оригінальне повідомлення",
	"αρχικό μήνυμα", "הודעה מקורית", "الرسالة الأصلية", "元のメッセージ", "オリジナルメッセージ", "原始邮件", "原始郵件", "原邮件", "회신 메시지", "원본 메시지", "원본 메일", "pesan asli", "thư gốc", "izvorna poruka", "originalna poruka", "prvotno sporočilo",
}

var forwards = []string{
	"forwarded message", "forwarded email", "forwarded by", "weitergeleitete nachricht", "message transféré", "message transmis", "mensaje reenviado", "messaggio inoltrato", "mensagem encaminhada", "doorgestuurd bericht",
	"vidarebefordrat meddelande", "videresendt melding", "videresendt meddelelse", "välitetty viesti", "przekazana wiadomość", "wiadomość przekazana dalej", "přeposlaná zpráva",
	"továbbított üzenet", "пересылаемое сообщение", "пересланное сообщение", "переслане повідомлення", "iletilen mesaj", "转发邮件信息", "转发的邮件", "轉寄郵件", "転送メッセージ", "転送されたメッセージ", "전달된 메시지", "전달 메시지",
}

var beginForwards = []string{
	"begin forwarded message", "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail", "début du message transféré", "début du message réexpédié", "inizio messaggio inoltrato", "inicio del mensaje reenviado",
	"início da mensagem reencaminhada", "begin doorgestuurd bericht", "vidarebefordrat brev", "początek przekazywanej wiadomości", "начало переадресованного сообщения", "转发的邮件", "转发邮件", "転送されたメッセージ",
}

// isRule reports whether a line is drawn across.
func isRule(s string) bool {
	return utf8.RuneCountInString(s) >= 5 && (strings.Trim(s, "_") == "" || strings.Trim(s, "-") == "" || strings.Trim(s, "─") == "" || strings.Trim(s, "=") == "")
}

// sentFromMax is how long such a line may be, in bytes.
const sentFromMax = 160

// isSentFrom reports whether a telephone or a program wrote a line: it begins,
// or ends, as such lines do and names a device or a program.
func isSentFrom(s string) bool {
	if len(s) > sentFromMax {
		return false
	}
	s = strings.ToLower(strings.Trim(s, "*_[]<>. "))
	named := func(list []string, has func(string, string) bool) bool {
		return slices.ContainsFunc(list, func(p string) bool { return has(s, p) })
	}
	return (named(sentFroms, strings.HasPrefix) || named(sentEnds, strings.HasSuffix)) && named(devices, strings.Contains)
}

var sentFroms = []string{
	"sent from ", "sent with ", "sent via ", "get outlook for", "gesendet von ", "gesendet mit ", "diese nachricht wurde von meinem", "holen sie sich outlook", "envoyé de ", "envoyé depuis", "envoyé à partir de",
	"télécharger outlook", "enviado desde ", "enviado do ", "enviado a partir d", "obtener outlook", "obter o outlook", "inviato da", "verzonden vanaf ", "verstuurd vanaf ", "verzonden met ", "skickat från ",
	"sendt fra ", "lähetetty ", "wysłano z ", "wysłane z ", "odesláno z ", "odoslané z ", "отправлено с ", "отправлено из ", "надіслано з ", "изпратено от ", "发自我的", "發自我的", "從我的", "来自我的", "trimis de pe ", "poslano s ", "poslano z ", "στάλθηκε από", "נשלח מה", "أُرسلت من", "elküldve ", "küldve ", "dikirim dari ",
}

var sentEnds = []string{"gesendet", "から送信", "에서 보냄", "gönderildi", "küldve"}

var devices = []string{
	"iphone", "ipad", "android", "samsung", "galaxy", "huawei", "xiaomi", "pixel", "mobile", "mobil", "móvil", "celular", "cellulare", "handy", "smartphone", "phone", "telefon", "teléfono", "téléphone", "телефон", "айфон", "puhelime",
	"tablet", "blackberry", "outlook", "mail", "yahoo", "proton", "tutanota", "thunderbird", "windows", "手机", "手機", "アイフォン", "아이폰",
}
