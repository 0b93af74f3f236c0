package demo

// story is what one customer came for. Words in braces stand for something
// that differs from customer to customer; see words.
type story struct {
	name  string // the customer's; "" for one who gives none
	page  string // where on the site they write
	open  []string
	turns []turn // one for each time they are answered
	photo string // the name of the picture that comes with the last of open; "" for none
	nudge string // said once when nobody answers; "" for one who waits
}

// turn holds what a customer may say to an answer; one of them is said. An
// empty one is silence.
type turn []string

// telling are the stories that show what a desk must cope with: a card number
// that must not be kept, text that attacks the terminal, other writing systems.
func telling() []story {
	return []story{
		{
			name: "Mo Farouk", page: "/lamps/ask",
			open: []string{
				"Hi! My payment failed twice but my bank says both went through.",
				"The card is 4111 1111 1111 1111 if that helps, {order} is the order.",
			},
			turns: []turn{
				{"ok. so I just wait for the second one to come back?", "And the first one is the real payment?"},
				{"Great, thanks for explaining!", "thank you, that is all I needed"},
			},
			nudge: "hello? it is two times € 289, so I am a bit nervous",
		},
		{
			name: "Eva \u202ednuL", page: "/",
			open: []string{
				"Hello\x1b[2J\x1b[H\x1b]0;gone\x07\x1b]52;c;aGFyaw==\x07 I only wanted to see what \x1b[31;5mthis\x1b[0m does on your side",
				"and this: \u009b31m\u009d52;c;aGFyaw==\u009c invoice_\u202efdp.exe \x1b[8mhidden\r overwritten",
			},
			turns: []turn{
				{"Well done then. \x1b]8;;http://bank.example\x1b\\https://lykta.example\x1b]8;;\x1b\\"},
				{""},
			},
		},
		{
			name: "田中 由美", page: "/lamps/fjord",
			open: []string{
				"こんにちは。Fjordのランプは日本の100Vでも使えますか？",
			},
			turns: []turn{
				{"ありがとうございます。電球は付属していますか？", "よかったです。東京まで何日かかりますか？"},
				{"わかりました。助かりました！", "ありがとうございました。"},
			},
			nudge: "もしもし、どなたかいらっしゃいますか？",
		},
		{
			name: "ليلى حداد", page: "/lamps/moln",
			open: []string{
				"مرحبا، هل يمكنني تغيير عنوان التوصيل؟ رقم الطلب {order}",
			},
			turns: []turn{
				{"العنوان الجديد هو شارع النور 12، الطابق الثالث"},
				{"شكرا جزيلا!", ""},
			},
		},
	}
}

// everyday are the stories that most of a day is made of.
func everyday() []story {
	return []story{
		{
			name: "{name}", page: "/lamps/ask", photo: "dent.png",
			open: []string{
				"Hi, my Ask came today but the shade has a dent on one side.",
				"It is order {order}. Do I get a new shade, or must the whole lamp go back?",
			},
			turns: []turn{
				{"Oh that is a relief. How long does the new shade take?", "Perfect. Is the photo good enough?"},
				{"Lovely, thank you so much!", "thanks, you were quick"},
			},
			nudge: "no hurry, I only want to know whether to keep the box",
		},
		{
			page: "/",
			open: []string{"do you ship to {place}?"},
			turns: []turn{
				{"great, and is customs on your side or mine?", "how long would that take?"},
				{"ok thanks", ""},
			},
			nudge: "anyone there?",
		},
		{
			name: "{name}", page: "/lamps/moln",
			open: []string{
				"The Moln flickers on our dimmer, at about half way down. With a plain switch it is fine.",
			},
			turns: []turn{
				{"It says 15-100 W on the dimmer. Is that the problem?", "The bulb is the one that came with it."},
				{"I will try one for LED then. Thanks!", "Makes sense. Could you send me the name of one that works?"},
				{"Thank you, ordering it now.", ""},
			},
		},
		{
			name: "{name}", page: "/lamps/glimt",
			open: []string{
				"Good morning. We are fitting out a small hotel in {place} and would like forty of the Glimt, wired.\n\nThree questions before I ask my partner:\n1. Is there a price for that many?\n2. Could they come in two deliveries, in March and in May?\n3. Is the brass lacquered? Guests will touch it.",
			},
			turns: []turn{
				{"That is very clear, thank you. Can I have it as a written offer?", "Good. And who do I write to about the invoice?"},
				{"Perfect. I will come back to you this week."},
			},
		},
		{
			page: "/lamps/fjord",
			open: []string{"hi", "is the fjord in stock in green"},
			turns: []turn{
				{"ok", "when then"},
				{""},
			},
			nudge: "?",
		},
		{
			name: "{name}", page: "/",
			open: []string{
				"This is the third time I write. {order} was promised for last Tuesday and nobody tells me anything.",
			},
			turns: []turn{
				{"And why did nobody say so when I asked the first time?", "Fine. When exactly?"},
				{"All right. Thank you for at least answering.", "ok. I hope it is true this time"},
			},
			nudge: "I am still waiting, as usual.",
		},
		{
			name: "{name}", page: "/lamps/fjord",
			open: []string{
				"Can you wrap a Fjord as a present and put a card in? It should arrive in {place} on Friday.",
			},
			turns: []turn{
				{"The card should say: For the long evenings. Your {friend}.", "Wonderful, how do I pay for the wrapping?"},
				{"You are a treasure. Thank you!", "Thanks!"},
			},
		},
		{
			name: "{name}", page: "/lamps/ask",
			open: []string{"Which bulb goes into the Ask? The old one says nothing any more."},
			turns: []turn{
				{"E27, right. Does it have to be 12 W or is less fine too?", "thanks! do you sell them?"},
				{"Got it, thank you.", ""},
			},
		},
		{
			page: "/lamps/moln",
			open: []string{"how do i send a lamp back? it is lovely but too big for the room"},
			turns: []turn{
				{"i still have the box, yes. order {order}", "do i pay for the parcel?"},
				{"thats easy, thanks", "thank you!"},
			},
			nudge: "it is the moln, bought two weeks ago",
		},
		{
			name: "{name}", page: "/",
			open: []string{
				"No question, I just wanted to tell you: the lamp we bought from you in 2019 fell down the stairs and it still works. Please tell the workshop.",
			},
			turns: []turn{
				{"Only the oak has a scar now. It suits it.", "Do that. Greetings from {place}!"},
				{""},
			},
		},
		{
			name: "{name}", page: "/lamps/glimt",
			open: []string{
				"Καλημέρα! Μπορώ να βάλω το Glimt στο μπάνιο, κοντά στον καθρέφτη;",
			},
			turns: []turn{
				{"Δηλαδή IP44, σωστά;", "Ευχαριστώ, θα ρωτήσω τον ηλεκτρολόγο."},
				{"Ευχαριστώ πολύ!"},
			},
		},
	}
}

// names are those of customers who give one.
func names() []string {
	return []string{
		"Ana Björk", "Kai Ek", "Lea Grün", "Bo Lind", "Inês Carvalho", "Tom Okafor", "Maja Nowak",
		"Zoë de Wit", "Søren Dahl", "Priya Raman", "Luca Moretti", "Chloé Petit", "Emre Yıldız",
		"Niamh Byrne", "Jürgen Weiß", "Aino Virtanen", "Ravi Shah", "Eszter Nagy", "Omar Haddad", "Petra Novák",
	}
}

func places() []string {
	return []string{"Åland", "Porto", "Ghent", "Kraków", "Cork", "Malmö", "Ljubljana", "Turku", "Bergen", "Graz"}
}

func friends() []string { return []string{"Ida", "Jonas", "Marie", "Henk", "Clara"} }
