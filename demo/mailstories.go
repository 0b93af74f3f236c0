package demo

import (
	"time"

	"hark/desk"
)

// movedAway is an address that the next server refuses: what is sent there
// comes to nothing, and the desk must say so.
const movedAway = "luca.moretti@old-studio.example"

// mailStory is what one customer writes by mail.
type mailStory struct {
	from      desk.Address
	cc        desk.Address
	ccAnswers bool // the one who was copied in answers first
	ago       time.Duration
	subject   string
	text      string
	html      string
	turns     []string // one for each answer
	away      string   // what a program says first
	forged    bool
	extra     []string

	attachments  []attachment
	alternatives []attachment
}

// mailHistory is what lay in the mailbox before there was a desk.
func mailHistory() []mailStory {
	const day = 24 * time.Hour
	return []mailStory{
		{
			from: desk.Address{Name: "Ana Björk", Mail: "ana.bjork@hemma.example"}, ago: 41 * day,
			subject: "Delivery to Åland",
			text:    "Hello,\n\ndo you deliver to Mariehamn, and what does it cost?\n\nThank you\nAna\n",
		},
		{
			from: desk.Address{Name: "Glassworks weekly", Mail: "news@glassworks.example"}, ago: 23 * day,
			subject: "New shades for the dark season",
			extra:   []string{"List-Id: Glassworks weekly <weekly.glassworks.example>", "List-Unsubscribe: <mailto:leave@glassworks.example>", "Precedence: bulk"},
			text:    "Opal is back, in three sizes.\n",
			html: `<html><body><h1>New shades for the dark season</h1><p>Opal is back, in three sizes.</p>` +
				`<p><a href="https://glassworks.example/opal">See them</a></p><img src="https://glassworks.example/pixel.gif" width="1" height="1"></body></html>`,
		},
	}
}

// mailWaiting is what waits when the desk opens.
func mailWaiting() []mailStory {
	return []mailStory{
		{
			from: desk.Address{Name: "Jürgen Weiß", Mail: "j.weiss@buero-weiss.example"}, ago: 95 * time.Minute,
			subject: "Rechnung für LY-K20417",
			text:    "Guten Tag,\n\nkönnten Sie uns die Rechnung bitte auf die Firma ausstellen?\n\nMit freundlichen Grüßen\nJürgen Weiß\n",
			html: `<html><head><title>Rechnung</title></head><body style="font-family:Arial"><p>Guten Tag,</p>` +
				`<p>könnten Sie uns die Rechnung bitte auf die <b>Firma</b> ausstellen?</p>` +
				`<table border="1"><tr><th>Artikel</th><th>Menge</th><th>Preis</th></tr><tr><td>Fjord, weiß</td><td>4</td><td>1.156,00 €</td></tr>` +
				`<tr><td>Leuchtmittel E27</td><td>8</td><td>47,20 €</td></tr></table>` +
				`<p>Mit freundlichen Grüßen<br>Jürgen Weiß</p><img src="https://mail.buero-weiss.example/open.gif?id=20417" width="1" height="1"></body></html>`,
			attachments: []attachment{{name: "Bestellung LY-K20417.pdf", media: "application/pdf", data: []byte(onePage)}},
			turns:       []string{"Vielen Dank, das ging schnell!\n\nJürgen Weiß"},
		},
		{
			from: desk.Address{Name: "Chloé Petit", Mail: "chloe.petit@courrier.example"}, ago: 52 * time.Minute,
			subject: "Dent in the shade, LY-R50233",
			text: "Hello,\n\nmy Ask arrived with a dent in the shade, see the photo.\n" +
				"Do I get a new shade, or must the whole lamp go back?\n\nBest\nChloé\n\n-- \nChloé Petit\n12 rue des Lilas, Ghent\n",
			attachments: []attachment{{name: "dent.png", media: "image/png", data: photo()}},
			turns: []string{
				"A new shade would be lovely, thank you. Shall I keep the old one until then?\n\nChloé",
				"Wonderful, I will wait for the parcel.\n\nChloé",
			},
		},
		{
			from: desk.Address{Name: "Lykta Support", Mail: "service@lykta-account.example"}, ago: 31 * time.Minute, forged: true,
			subject: "Your mailbox is almost full",
			extra:   []string{"Reply-To: accounts@quick-prize.example"},
			text:    "Your mailbox is almost full. Sign in to keep your mails: https://lykta.example/login\n",
			html: `<html><body><p>Your mailbox is <b>almost full</b>.</p>` +
				`<p>Sign in to keep your mails: <a href="http://lykta.example.login.quick-prize.example/a">https://lykta.example/login</a></p></body></html>`,
		},
		{
			from: desk.Address{Name: "Bo Lind", Mail: "bo.lind@interior.example"}, ago: 12 * time.Minute,
			subject: "Fwd: Shade sizes for the Moln",
			text: "Can you tell me which of these fits? The glassmaker wrote this.\n\nBo\n\n" +
				"---------- Forwarded message ---------\nFrom: Irma Glas <irma@glassworks.example>\nDate: Mon, 16 Nov 2026 at 09:12\n" +
				"Subject: Shade sizes for the Moln\nTo: Bo Lind <bo.lind@interior.example>\n\n" +
				"Dear Bo,\nthere are 22, 26 and 30 cm. Please ask Lykta which one your ring takes.\nIrma\n",
			turns: []string{"26 it is, then. Could you send me the drawing, too?\n\nBo", "Thank you!\n\nBo"},
		},
	}
}

// mailComing is what comes while the desk is open.
func mailComing() []mailStory {
	return []mailStory{
		{
			from:    desk.Address{Name: "Priya Raman", Mail: "priya@raman-architects.example"},
			subject: "Twelve Fjord for a reading room",
			text:    "Dear team,\n\nwe need twelve Fjord by 14 December. Is that possible, and is there a price for twelve?\n\nKind regards\nPriya Raman\n",
			away:    "I am on site until tomorrow and read mail in the evening.\n\nPriya Raman\n",
			turns:   []string{"That works for us. Please send the offer to this address.\n\nPriya"},
			alternatives: []attachment{{media: "text/calendar", data: []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n" +
				"UID:reading-room@raman-architects.example\r\nDTSTAMP:20261120T090000Z\r\nDTSTART:20261214T130000Z\r\nDTEND:20261214T140000Z\r\n" +
				"SUMMARY:Delivery of the lamps\r\nLOCATION:Reading room\r\nORGANIZER:mailto:priya@raman-architects.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")}},
		},
		{
			from: desk.Address{Name: "Tom Okafor", Mail: "tom@okafor-hotels.example"}, cc: desk.Address{Name: "Niamh Byrne", Mail: "niamh@okafor-hotels.example"}, ccAnswers: true,
			subject: "Flickering lamps in two rooms",
			text:    "Hello,\n\ntwo of the forty Moln flicker. My colleague Niamh (copied in) knows the rooms.\n\nTom\n",
			turns:   []string{"Hi, Niamh here: rooms 12 and 31, both on the dimmer. Tom is travelling.\n\nNiamh", "Changed the dimmer, all quiet. Thanks!\n\nTom"},
		},
		{
			from:    desk.Address{Name: "Luca Moretti", Mail: movedAway},
			subject: "Where is LY-P77120?",
			text:    "Ciao,\n\nthe tracking has not moved for four days. Where is my lamp?\n\nLuca\n",
		},
		{
			from:    desk.Address{Name: "田中 由美", Mail: "tanaka@akari.example"},
			subject: "Fjordの電源について",
			text:    "こんにちは。\n\nFjordのランプは日本の100Vでも使えますか？\n\n田中\n",
			turns:   []string{"ありがとうございます。一つ注文します。\n\n田中"},
		},
	}
}

// onePage is a small but whole PDF file.
const onePage = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n" +
	"4 0 obj<</Length 45>>stream\nBT /F 14 Tf 30 120 Td (Order LY-K20417) Tj ET\nendstream endobj\n" +
	"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
