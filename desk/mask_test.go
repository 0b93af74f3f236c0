package desk

import (
	"strings"
	"testing"
)

func TestMask(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "card 4111111111111111 please", "card [card number removed: 16 digits] please"},
		{"spaces", "4111 1111 1111 1111", "[card number removed: 16 digits]"},
		{"dashes", "it is 4111-1111-1111-1111.", "it is [card number removed: 16 digits]."},
		{"no-break spaces", "4111\u00a01111\u00a01111\u00a01111", "[card number removed: 16 digits]"},
		{"zero width between", "4111\u200b1111\u200b11111111", "[card number removed: 16 digits]"},
		{"fullwidth digits", "４１１１１１１１１１１１１１１１", "[card number removed: 16 digits]"},
		{"arabic digits", "٤١١١١١١١١١١١١١١١", "[card number removed: 16 digits]"},
		{"american express", "378282246310005", "[card number removed: 15 digits]"},
		{"maestro, 19 digits", "6304000000000000000", "[card number removed: 19 digits]"},
		{"two cards", "4111111111111111 and 5555555555554444", "[card number removed: 16 digits] and [card number removed: 16 digits]"},
		{"card after an order number", "order 12 4111 1111 1111 1111", "order 12 [card number removed: 16 digits]"},
		{"card and its date", "4111 1111 1111 1111 12/29", "[card number removed: 16 digits] 12/29"},
		{"wrong check digit", "4111111111111112", "4111111111111112"},
		{"phone", "+46 70 123 45 67, call me", "+46 70 123 45 67, call me"},
		{"order number", "order 1000200030004000", "order 1000200030004000"},
		{"longer number", "parcel 411111111111111100001111", "parcel 411111111111111100001111"},
		{"new lines part numbers", "41111111\n11111111", "41111111\n11111111"},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Mask(tt.in); got != tt.want {
				t.Errorf("Mask(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestEveryKindIsMasked(t *testing.T) {
	const card = "4111111111111111"
	for _, b := range []Body{
		Message{Text: card, Author: card},
		Note{Text: card},
		ContactNamed{Name: card},
		ContactCreated{Name: card},
		ConversationOpened{Page: card},
		AccountCreated{Name: card, Display: card},
		DeskCreated{Name: card},
	} {
		secret, err := AppendSecret(nil, ConversationStream, Hub(), b.Masked(Mask))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(secret), card) {
			t.Errorf("%s keeps a card number", b.Kind())
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{"4111 1111 1111 1111", "a４１１１1111-11111111 b", "378282246310005\u200d1", "12 4111111111111111 3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Mask(s)
		if twice := Mask(once); twice != once {
			t.Fatalf("masking twice changes %q to %q", once, twice)
		}
		if strings.HasSuffix(Mask(s+"\n5555555555554444"), "5555555555554444") {
			t.Fatalf("a card number behind %q is kept", s)
		}
	})
}

func BenchmarkMask(b *testing.B) {
	s := strings.Repeat("I can see both charges; they are only reservations. Order 4471, 12 400 kr. ", 4)
	for b.Loop() {
		Mask(s)
	}
}
